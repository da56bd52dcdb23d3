from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "jiulong.portal"
    label = "portal"
