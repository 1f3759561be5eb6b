from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "referral.cases.documents"
    label = "documents"
