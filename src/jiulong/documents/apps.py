from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "jiulong.documents"
    label = "documents"
