from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "referral.cases.regions"
    label = "regions"
