"""Near the limit (alarm catalogue NEAR): hours on end close below it, as if held there."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.hours import LimitedHourRuns
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

    def condition(self, setting: Setting) -> str:
        return (
            "coalesce(flow, 1) > 0 AND maximum > 0"
            f" AND value::text::numeric BETWEEN maximum * {setting['ratio']} AND maximum"
        )

    def bound(self, setting: Setting) -> str:  # noqa: ARG002
        return "maximum"
