from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "referral.cases"
