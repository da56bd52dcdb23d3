from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "jiulong.registers"
    label = "registers"
