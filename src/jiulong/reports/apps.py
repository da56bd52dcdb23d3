from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "jiulong.reports"
    label = "reports"
