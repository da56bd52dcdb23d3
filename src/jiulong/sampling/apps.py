from django.apps import AppConfig


class SamplingConfig(AppConfig):
    name = "jiulong.sampling"
    label = "sampling"
