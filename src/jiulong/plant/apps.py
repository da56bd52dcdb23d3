from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlantConfig(AppConfig):
    name = "jiulong.plant"
    label = "plant"

    def ready(self) -> None:
        from datetime import timedelta  # noqa: PLC0415 - apps are loaded by now

        from jiulong.evidence.chores import Chore, register  # noqa: PLC0415
        from jiulong.monitoring import also, overlays, panels  # noqa: PLC0415
        from jiulong.pages.navigation import STATIONS, WATER, Entry, add  # noqa: PLC0415
        from jiulong.plant import asking, checks, judging, sensing, watching  # noqa: F401, PLC0415
        from jiulong.plant.panels import parameter_ticks, point_panel  # noqa: PLC0415

        also.register("plant", sensing.step)
        minute = timedelta(minutes=1)
        register(Chore("plant", every=minute, step=watching.step))
        register(Chore("doors", every=10 * minute, step=watching.explain_doors))
        register(Chore("parameters", every=minute, step=asking.step))
        checks.register()
        panels.add(point_panel)
        overlays.register("parameters", parameter_ticks)
        for order, name, label, icon, verb in (
            (40, "plant:filings", _("Parameter filings"), "adjustments", STATIONS),
            (42, "plant:sections", _("River sections"), "ripple", WATER),
        ):
            add(Entry(group="observe", name=name, label=label, icon=icon, order=order, verb=verb))
