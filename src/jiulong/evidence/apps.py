from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "jiulong.evidence"
    label = "evidence"
