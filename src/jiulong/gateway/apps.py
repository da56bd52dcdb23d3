from django.apps import AppConfig


class GatewayConfig(AppConfig):
    name = "jiulong.gateway"
    label = "gateway"

    def ready(self) -> None:
        from jiulong.evidence import sources  # noqa: PLC0415 - models load first
        from jiulong.gateway.journal import read_entry  # noqa: PLC0415
        from jiulong.gateway.sealing import JournalSource  # noqa: PLC0415
        from jiulong.monitoring import frames  # noqa: PLC0415

        sources.register(JournalSource())
        frames.register(read_entry)
