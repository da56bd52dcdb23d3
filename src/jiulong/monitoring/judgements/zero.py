"""Zero values (alarm catalogue ZERO): nothing is measured while water flows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.hours import HourRuns
from jiulong.monitoring.judgements.runs import Key, Stretch
from jiulong.monitoring.judgements.sieve import Sieve, Truths
from jiulong.monitoring.numbers import LOGARITHMIC


@register
class Zero(HourRuns):
    """Nought, or below it by the drift of the zero, four hours on end with flow."""

    code = "zero"
    name = _("Zero value")
    meaning = _("Nothing was measured for four hours or more while water flowed.")
    kind = "ZERO"
    hours = "hours"
    thresholds = {"hours": thresholds.ZERO_HOURS}

    def judges(self, code: str) -> bool:
        return code not in LOGARITHMIC

    def may_hold(
        self,
        sieve: Sieve,
        stretches: dict[Key, Stretch],  # noqa: ARG002
        setting: Setting,
    ) -> Truths | None:
        return sieve.held((sieve.value <= 0) & (sieve.flow > 0), self.span(setting))

    def condition(self, setting: Setting) -> str:  # noqa: ARG002
        return "value <= 0 AND coalesce(flow, 0) > 0"
