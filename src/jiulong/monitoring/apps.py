from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MonitoringConfig(AppConfig):
    name = "jiulong.monitoring"
    label = "monitoring"

    def ready(self) -> None:
        from jiulong.cases import triggers  # noqa: PLC0415 - apps are loaded by now
        from jiulong.monitoring import tallies  # noqa: PLC0415
        from jiulong.monitoring.casework import (  # noqa: PLC0415
            MonitoringFindings,
            ReinstatedFindings,
            offer_kinds,
        )
        from jiulong.monitoring.register_panels import (  # noqa: PLC0415
            enterprise_panel,
            find_points,
        )
        from jiulong.monitoring.sections import register_sections  # noqa: PLC0415
        from jiulong.pages.navigation import WATER, Entry, add  # noqa: PLC0415
        from jiulong.registers import panels, providers  # noqa: PLC0415

        panels.add("enterprise", enterprise_panel, order=10)
        providers.register(
            providers.Provider(
                key="points", label=_("Points"), icon="droplet", find=find_points, order=20
            )
        )
        register_sections()
        tallies.register()
        triggers.register(MonitoringFindings())
        triggers.register(ReinstatedFindings())
        offer_kinds()
        add(
            Entry(
                group="observe",
                name="monitoring:points",
                label=_("Points"),
                icon="droplet",
                verb=WATER,
                order=10,
            )
        )
        add(
            Entry(
                group="observe",
                name="monitoring:findings",
                label=_("Findings"),
                icon="alert-triangle",
                verb=WATER,
                order=20,
            )
        )
        add(
            Entry(
                group="observe",
                name="monitoring:alarms",
                label=_("Alarms"),
                icon="bell",
                verb=WATER,
                order=15,
            )
        )
