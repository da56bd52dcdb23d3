"""Jumps (alarm catalogue JUMP): a step that neither the day before nor the flow explains."""

from __future__ import annotations

import numpy as np
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.hours import HourRuns
from jiulong.monitoring.judgements.runs import Key, Stretch
from jiulong.monitoring.judgements.sieve import ROOM, Sieve, Truths
from jiulong.monitoring.numbers import LOGARITHMIC


@register
class Jump(HourRuns):
    """|Δ| above three standard deviations of the day before and above half the value before."""

    code = "jump"
    name = _("Jump")
    meaning = _("A value moved by more than half and more than usual from one hour to the next.")
    kind = "JUMP"
    hours = "hours"
    thresholds = {
        "hours": thresholds.JUMP_HOURS,
        "deviations": thresholds.JUMP_DEVIATIONS,
        "share": thresholds.JUMP_SHARE,
    }

    def judges(self, code: str) -> bool:
        return code not in LOGARITHMIC

    def span(self, setting: Setting) -> int:
        return super().span(setting) + 1

    def width(self, setting: Setting) -> int:  # noqa: ARG002 - a jump is one hour
        return 1

    def may_hold(
        self,
        sieve: Sieve,
        stretches: dict[Key, Stretch],  # noqa: ARG002
        setting: Setting,
    ) -> Truths | None:
        before = sieve.value[sieve.before()]
        return np.abs(sieve.value - before) > float(setting["share"]) * before * (1 - ROOM)

    def condition(self, setting: Setting) -> str:  # noqa: ARG002 - `told` says it all
        return "true"

    def told(self, setting: Setting) -> str:
        hours, share = int(setting["hours"]), setting["share"]
        rows = f"ROWS BETWEEN {hours} PRECEDING AND 1 PRECEDING"
        before = f"(PARTITION BY n ORDER BY at {rows})"
        reach = hours + thresholds.SILENT_HOURS
        return f"""
            (count(*) OVER {before} = {hours}
             AND at - min(at) OVER {before} <= interval '{reach} hours'
             AND at - lag(at) OVER whole <= interval '1 hour'
             AND abs(value - lag(value) OVER whole)
                 > greatest({setting["deviations"]} * stddev_samp(value) OVER {before},
                            {share} * lag(value) OVER whole)
             AND (flow IS NULL OR lag(flow) OVER whole IS NULL
                  OR (flow > 0 AND abs(flow - lag(flow) OVER whole)
                                   <= {share} * lag(flow) OVER whole))) AS hit,
            lag(value) OVER whole AS bound, at AS since"""
