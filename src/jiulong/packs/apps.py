from django.apps import AppConfig


class PacksConfig(AppConfig):
    name = "jiulong.packs"
    label = "packs"
