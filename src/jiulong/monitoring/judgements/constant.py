"""Constant values (alarm catalogue CONST): an instrument that stands still, or is held."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.hours import HourRuns
from jiulong.monitoring.judgements.runs import Key, Stretch
from jiulong.monitoring.judgements.sieve import ROOM, Sieve, Truths
from jiulong.monitoring.numbers import LOGARITHMIC


@register
class Constant(HourRuns):
    """The same value six hours on end, or a variation below 1 % over a day; water must flow."""

    code = "constant"
    name = _("Constant value")
    meaning = _("The same hourly mean six times on end, or hardly any variation over a day.")
    kind = "CONST"
    thresholds = {
        "hours": thresholds.CONSTANT_HOURS,
        "day_hours": thresholds.CONSTANT_DAY_HOURS,
        "variation": thresholds.CONSTANT_VARIATION,
    }
    hours = "day_hours"

    def width(self, setting: Setting) -> int:
        return int(setting["hours"])

    def condition(self, setting: Setting) -> str:  # noqa: ARG002 - `told` says it all
        return "true"

    def may_hold(
        self,
        sieve: Sieve,
        stretches: dict[Key, Stretch],
        setting: Setting,
    ) -> Truths | None:
        hours, day = int(setting["hours"]), int(setting["day_hours"])
        still = sieve.value == sieve.value[sieve.before()]
        same = sieve.held(still, hours - 1) & (sieve.place >= hours - 1)
        # Of n values none lies farther from another than √2n standard deviations.
        least, most = sieve.extremes(day)
        within = float(setting["variation"]) * most * (2 * day) ** 0.5 * (1 + ROOM)
        even = (sieve.place >= day - 1) & (most - least <= within)
        even &= sieve.each(lambda key: key not in stretches or _moves(stretches[key].code))
        found: Truths = (sieve.value > 0) & (same | even)
        return found

    def told(self, setting: Setting) -> str:
        hours, day = int(setting["hours"]), int(setting["day_hours"])
        same = _last(hours)
        slack = thresholds.SILENT_HOURS
        # The whole day stands still: pH does so by itself, on its logarithmic scale.
        return f"""
            (value > 0
             AND ((count(*) OVER {same} = {hours}
                   AND min(value) OVER {same} = max(value) OVER {same}
                   AND at - min(at) OVER {same} <= interval '{hours - 1 + slack} hours'
                   AND bool_and(coalesce(flow, 1) > 0) OVER {same})
               OR (count(*) OVER run = {day}
                   AND at - min(at) OVER run <= interval '{day - 1 + slack} hours'
                   AND factor <> ALL(%(logarithmic)s::smallint[])
                   AND bool_and(coalesce(flow, 1) > 0) OVER run
                   AND stddev_pop(value) OVER run
                       < {setting["variation"]} * avg(value) OVER run))) AS hit,
            NULL::float8 AS bound, min(at) OVER {same} AS since"""


def _moves(code: str) -> bool:
    """Whether a day of it moves by itself."""
    return code not in LOGARITHMIC


def _last(hours: int) -> str:
    return f"(PARTITION BY n ORDER BY at ROWS {hours - 1} PRECEDING)"
