from django.apps import AppConfig


class MonitoringConfig(AppConfig):
    name = "jiulong.monitoring"
    label = "monitoring"
