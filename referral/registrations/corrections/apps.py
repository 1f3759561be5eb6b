from django.apps import AppConfig


class CorrectionsConfig(AppConfig):
    name = "referral.registrations.corrections"
    label = "corrections"
    default_auto_field = "django.db.models.BigAutoField"
