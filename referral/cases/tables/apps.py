from django.apps import AppConfig


class TablesConfig(AppConfig):
    name = "referral.cases.tables"
    label = "tables"
