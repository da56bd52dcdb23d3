"""What enterprises and operating firms do for their stations."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PortalConfig(AppConfig):
    name = "jiulong.portal"
    label = "portal"

    def ready(self) -> None:
        from jiulong.monitoring import also  # noqa: PLC0415
        from jiulong.pages.navigation import Entry, add  # noqa: PLC0415 - apps are loaded by now
        from jiulong.portal import logged_checks  # noqa: PLC0415
        from jiulong.portal.panels import effect_panel  # noqa: PLC0415
        from jiulong.upkeep import panels  # noqa: PLC0415

        panels.add(effect_panel)
        also.register("logged-checks", logged_checks.step)
        add(
            Entry(
                group="observe",
                name="portal:stations",
                label=_("My stations"),
                icon="building-factory",
                order=5,
                verb="mark_data",
            )
        )
