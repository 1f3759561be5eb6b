from django.apps import AppConfig


class MergingConfig(AppConfig):
    name = "referral.persons.merging"
    label = "merging"
    default_auto_field = "django.db.models.BigAutoField"
