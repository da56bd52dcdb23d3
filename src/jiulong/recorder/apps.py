from django.apps import AppConfig
from django.db.models.signals import post_migrate


class RecorderConfig(AppConfig):
    name = "jiulong.recorder"
    label = "recorder"

    def ready(self) -> None:
        from datetime import timedelta  # noqa: PLC0415

        from jiulong.evidence import chores  # noqa: PLC0415
        from jiulong.monitoring.factors import seed_factors  # noqa: PLC0415 - models load first
        from jiulong.recorder.partitions import make_partitions  # noqa: PLC0415

        post_migrate.connect(seed_factors, sender=self)
        chores.register(
            chores.Chore("partitions", timedelta(hours=1), lambda now: make_partitions(now) > 0)
        )
