"""Values over the range of their instrument (alarm catalogue RANGE), as it marks them itself."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.hours import HourRuns
from jiulong.monitoring.models import Alarm
from jiulong.monitoring.numbers import USABLE_MARKS

#: HJ 212-2017, table 8: over the upper range.
OVER: Final = "T"


@register
class OverRange(HourRuns):
    """Hours marked T in a row are one finding. A range that does not fit is `range`."""

    code = "over_range"
    name = _("Over the range")
    meaning = _("An hourly mean was marked as over the upper range of its instrument.")
    kind = "RANGE"
    family = Alarm.Family.DEVICE
    respond = "24 hours"
    close = "5 working_days"
    source = "HJ 212-2017, table 8"
    hours = "hours"
    thresholds = {"hours": thresholds.RANGE_HOURS}
    marks = USABLE_MARKS | {OVER}

    def condition(self, setting: Setting) -> str:  # noqa: ARG002
        return f"mark = '{OVER}'"
