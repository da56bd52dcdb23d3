from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "jiulong.upkeep"
    label = "upkeep"
