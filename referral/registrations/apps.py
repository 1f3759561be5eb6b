from django.apps import AppConfig


class RegistrationsConfig(AppConfig):
    name = "referral.registrations"
    default_auto_field = "django.db.models.BigAutoField"
