from django.apps import AppConfig


class ValidityConfig(AppConfig):
    name = "jiulong.validity"
    label = "validity"
