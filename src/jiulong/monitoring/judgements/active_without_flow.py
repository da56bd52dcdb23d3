"""A hint (alarm catalogue LOGIC): an instrument that finds ever other values while none flows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import Window, register
from jiulong.monitoring.judgements.hours import HourRuns
from jiulong.monitoring.judgements.runs import Key, Stretch
from jiulong.monitoring.judgements.sieve import Sieve, Truths
from jiulong.monitoring.models import Point, Severity
from jiulong.monitoring.numbers import LOGARITHMIC


@register
class ActiveWithoutFlow(HourRuns):
    """Either the flow meter errs, or the water that is measured is not what is discharged.

    No alarm: standing water changes by itself. Who discharges by batch has such hours every day.
    """

    code = "active_without_flow"
    name = _("Values vary without flow")
    meaning = _("For six hours no water flowed, and yet the values varied: a hint, no alarm.")
    kind = "LOGIC"
    family = None
    respond = close = ""
    severity = Severity.INFORMATION
    hours = "hours"
    thresholds = {"hours": thresholds.DRY_HOURS, "spread": thresholds.DRY_SPREAD}

    def looked_at(self, window: Window) -> dict[Key, Stretch]:
        found = super().looked_at(window)
        by_batch = set(
            Point.objects.filter(
                pk__in={point for point, _factor in found},
                discharge=Point.Discharge.INTERMITTENT,
            ).values_list("pk", flat=True)
        )
        return {key: stretch for key, stretch in found.items() if key[0] not in by_batch}

    def judges(self, code: str) -> bool:
        return code not in LOGARITHMIC

    def may_hold(
        self,
        sieve: Sieve,
        stretches: dict[Key, Stretch],  # noqa: ARG002
        setting: Setting,
    ) -> Truths | None:
        return sieve.held(sieve.flow <= 0, self.span(setting))

    def condition(self, setting: Setting) -> str:  # noqa: ARG002
        return "coalesce(flow <= 0, false)"

    def told(self, setting: Setting) -> str:
        moved = f"max(value) OVER run - min(value) OVER run > {setting['spread']} * avg(value)"
        return super().told(setting).replace(") AS hit", f" AND {moved} OVER run) AS hit", 1)
