from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GatewayConfig(AppConfig):
    name = "jiulong.gateway"
    label = "gateway"

    def ready(self) -> None:
        from jiulong.evidence import sources  # noqa: PLC0415 - models load first
        from jiulong.gateway.journal import read_entry  # noqa: PLC0415
        from jiulong.gateway.panels import point_panel  # noqa: PLC0415
        from jiulong.gateway.sealing import JournalSource  # noqa: PLC0415
        from jiulong.monitoring import frames, panels  # noqa: PLC0415
        from jiulong.pages.navigation import STATIONS, Entry, add  # noqa: PLC0415

        sources.register(JournalSource())
        frames.register(read_entry)
        panels.add(point_panel)
        for order, (name, label, icon) in enumerate(
            [
                ("gateway:loggers", _("Loggers"), "server"),
                ("gateway:commands", _("Commands"), "terminal"),
                ("gateway:quarantine", _("Quarantine"), "inbox"),
            ]
        ):
            add(Entry(group="acquire", name=name, label=label, icon=icon, order=30 + order,
                      verb=STATIONS))  # fmt: skip
