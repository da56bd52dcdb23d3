from django.apps import AppConfig


class SimulatorConfig(AppConfig):
    name = "jiulong.simulator"
    label = "simulator"
