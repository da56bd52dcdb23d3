from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "jiulong.duty"
    label = "duty"
