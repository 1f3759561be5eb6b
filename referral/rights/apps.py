from django.apps import AppConfig


class RightsConfig(AppConfig):
    name = "referral.rights"
    label = "rights"
