from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "jiulong.gateway"
    label = "gateway"
