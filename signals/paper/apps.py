from django.apps import AppConfig


class PaperConfig(AppConfig):
    name = "signals.paper"
    label = "paper"
