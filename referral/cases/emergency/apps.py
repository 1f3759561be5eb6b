from django.apps import AppConfig


class EmergencyConfig(AppConfig):
    name = "referral.cases.emergency"
    label = "emergency"
