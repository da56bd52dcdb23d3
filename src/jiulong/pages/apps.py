from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "jiulong.pages"
    label = "pages"
