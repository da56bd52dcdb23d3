from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "jiulong.cases"
    label = "cases"
