from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "jiulong.demo"
    label = "demo"
