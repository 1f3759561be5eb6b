from django.apps import AppConfig


class TermsConfig(AppConfig):
    name = "referral.terms"
    label = "terms"
