from django.apps import AppConfig


class DestructionConfig(AppConfig):
    name = "referral.retention.destruction"
    label = "destruction"
    default_auto_field = "django.db.models.BigAutoField"
