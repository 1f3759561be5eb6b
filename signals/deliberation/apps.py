from django.apps import AppConfig


class DeliberationConfig(AppConfig):
    name = "signals.deliberation"
    default_auto_field = "django.db.models.BigAutoField"
