from django.apps import AppConfig


class RetentionConfig(AppConfig):
    name = "referral.retention"
    label = "retention"
