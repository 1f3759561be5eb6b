from django.apps import AppConfig


class StaysConfig(AppConfig):
    name = "shelters.stays"
    label = "stays"
    default_auto_field = "django.db.models.BigAutoField"
