from django.apps import AppConfig


class FiguresConfig(AppConfig):
    name = "shelters.figures"
    label = "figures"
