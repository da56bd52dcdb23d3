from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "jiulong.api"
    label = "api"
