"""Values over the range of their instrument (alarm catalogue RANGE), as it marks them itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import Window, register
from jiulong.monitoring.judgements.hours import HourRuns
from jiulong.monitoring.judgements.runs import Key, Stretch
from jiulong.monitoring.judgements.sieve import Segment, Truths
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

    def segments(
        self, stretches: dict[Key, Stretch], window: Window, hits: Truths | None, back: timedelta
    ) -> list[Segment]:
        # Hours that are marked so are none of the usable: where there is one, all are looked at.
        sieve = window.sieve
        return [
            segment for segment in super().segments(stretches, window, hits, back)
            if sieve is None or segment.key in sieve.over_range
            or stretches[segment.key].going_on or not sieve.covers(segment, back)
        ]  # fmt: skip

    def condition(self, setting: Setting) -> str:  # noqa: ARG002
        return f"mark = '{OVER}'"
