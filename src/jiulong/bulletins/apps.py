from django.apps import AppConfig


class BulletinsConfig(AppConfig):
    name = "jiulong.bulletins"
    label = "bulletins"
