from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "jiulong.desk"
    label = "desk"
