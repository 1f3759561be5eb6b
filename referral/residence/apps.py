from django.apps import AppConfig


class ResidenceConfig(AppConfig):
    name = "referral.residence"
    default_auto_field = "django.db.models.BigAutoField"
