"""Near the limit (alarm catalogue NEAR): hours on end close below it, as if held there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.exceedance import limits_of
from jiulong.monitoring.judgements.hours import LimitedHourRuns
from jiulong.monitoring.judgements.runs import Key, Stretch
from jiulong.monitoring.judgements.sieve import ROOM, Sieve, Truths
from jiulong.monitoring.models import Severity
from jiulong.monitoring.numbers import LOGARITHMIC


@register
class NearLimit(LimitedHourRuns):
    """An hour over the limit ends it: that is an exceedance."""

    code = "near_limit"
    name = _("Close to the limit")
    meaning = _("Hourly means stay between 90 % and 100 % of the limit for six hours or more.")
    kind = "NEAR"
    severity = Severity.INFORMATION
    close = "24 hours"
    hours = "hours"
    thresholds = {"hours": thresholds.NEAR_HOURS, "ratio": thresholds.NEAR_RATIO}

    def judges(self, code: str) -> bool:
        return code not in LOGARITHMIC

    def may_hold(
        self, sieve: Sieve, stretches: dict[Key, Stretch], setting: Setting
    ) -> Truths | None:
        low, high, _least = sieve.bounds(limits_of(stretches))
        from_on = low * float(setting["ratio"]) * (1 - ROOM)
        near = (sieve.value >= from_on) & (sieve.value <= high * (1 + ROOM))
        return sieve.held(near & ~(sieve.flow <= 0), self.span(setting))

    def condition(self, setting: Setting) -> str:
        return (
            "coalesce(flow, 1) > 0 AND maximum > 0"
            f" AND value::text::numeric BETWEEN maximum * {setting['ratio']} AND maximum"
        )

    def bound(self, setting: Setting) -> str:  # noqa: ARG002
        return "maximum"
