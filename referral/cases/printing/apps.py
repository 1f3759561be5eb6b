from django.apps import AppConfig


class PrintingConfig(AppConfig):
    name = "referral.cases.printing"
    label = "printing"
