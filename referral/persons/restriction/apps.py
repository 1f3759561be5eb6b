from django.apps import AppConfig


class RestrictionConfig(AppConfig):
    name = "referral.persons.restriction"
    label = "restriction"
    default_auto_field = "django.db.models.BigAutoField"
