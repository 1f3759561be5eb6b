from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "referral.notices"
    default_auto_field = "django.db.models.BigAutoField"
