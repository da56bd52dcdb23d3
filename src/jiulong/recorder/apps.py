from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecorderConfig(AppConfig):
    name = "jiulong.recorder"
    label = "recorder"

    def ready(self) -> None:
        from jiulong.monitoring.factors import seed_factors  # noqa: PLC0415 - models load first

        post_migrate.connect(seed_factors, sender=self)
