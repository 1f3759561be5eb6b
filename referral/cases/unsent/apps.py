from django.apps import AppConfig


class UnsentConfig(AppConfig):
    name = "referral.cases.unsent"
    label = "unsent"
