from django.apps import AppConfig


class SimulationConfig(AppConfig):
    name = "shelters.simulation"
    label = "simulation"
