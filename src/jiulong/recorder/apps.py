from django.apps import AppConfig


class RecorderConfig(AppConfig):
    name = "jiulong.recorder"
    label = "recorder"
