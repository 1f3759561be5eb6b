from django.apps import AppConfig


class ReferralsConfig(AppConfig):
    name = "referral.cases.referrals"
    label = "referrals"
