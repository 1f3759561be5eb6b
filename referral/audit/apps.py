from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "referral.audit"
    default_auto_field = "django.db.models.BigAutoField"
