from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class GapsConfig(AppConfig):
    name = "jiulong.gaps"
    label = "gaps"

    def ready(self) -> None:
        from datetime import timedelta  # noqa: PLC0415 - apps are loaded by now

        from jiulong.evidence import chores, verifying  # noqa: PLC0415
        from jiulong.gaps import asking, proofs, tracking  # noqa: PLC0415
        from jiulong.gaps.panels import point_panel  # noqa: PLC0415
        from jiulong.monitoring import also, panels  # noqa: PLC0415
        from jiulong.pages.navigation import STATIONS, Entry, add  # noqa: PLC0415

        also.register("gaps", tracking.step)
        chores.register(chores.Chore("history", every=timedelta(minutes=1), step=asking.step))
        chores.register(chores.Chore("proofs", every=timedelta(hours=1), step=proofs.step))
        verifying.register("month_proofs", _("Month proofs"), proofs.check)
        panels.add(point_panel)
        add(
            Entry(
                group="acquire",
                name="gaps:gaps",
                label=_("Gaps"),
                icon="circle-dashed",
                order=36,
                verb=STATIONS,
            )
        )
