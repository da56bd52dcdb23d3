from django.apps import AppConfig


class BenchConfig(AppConfig):
    name = "jiulong.bench"
    label = "bench"
