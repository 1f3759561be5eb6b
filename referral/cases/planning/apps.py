from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "referral.cases.planning"
    label = "planning"
