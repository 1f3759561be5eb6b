from django.apps import AppConfig


class FamilyConfig(AppConfig):
    name = "referral.cases.family"
    label = "family"
