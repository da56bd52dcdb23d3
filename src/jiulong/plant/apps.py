from django.apps import AppConfig


class PlantConfig(AppConfig):
    name = "jiulong.plant"
    label = "plant"
