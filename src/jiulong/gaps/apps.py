from django.apps import AppConfig


class GapsConfig(AppConfig):
    name = "jiulong.gaps"
    label = "gaps"
