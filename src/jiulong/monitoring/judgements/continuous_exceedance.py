"""Continuous exceedance (alarm catalogue EXC): three hours in a row over the limit."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.exceedance import may_be_outside
from jiulong.monitoring.judgements.hours import LimitedHourRuns
from jiulong.monitoring.judgements.runs import Key, Stretch
from jiulong.monitoring.judgements.sieve import Sieve, Truths
from jiulong.monitoring.models import Alarm, Severity


@register
class ContinuousExceedance(LimitedHourRuns):
    """From the first of the hours on; the days in a row are `continuous_days`."""

    code = "continuous_exceedance"
    name = _("Continuous exceedance")
    meaning = _("Three or more hourly means in a row are outside the limit.")
    kind = "EXC"
    family = Alarm.Family.LIMIT
    severity = Severity.SERIOUS
    respond = "1 hours"
    close = "5 working_days"
    hours = "hours"
    thresholds = {"hours": thresholds.SERIOUS_HOURS}

    def may_hold(
        self, sieve: Sieve, stretches: dict[Key, Stretch], setting: Setting
    ) -> Truths | None:
        return sieve.held(may_be_outside(sieve, stretches), self.span(setting))

    def condition(self, setting: Setting) -> str:  # noqa: ARG002
        return (
            "value::text::numeric NOT BETWEEN coalesce(minimum, '-Infinity')"
            " AND coalesce(maximum, 'Infinity')"
        )

    def bound(self, setting: Setting) -> str:  # noqa: ARG002
        return "CASE WHEN value::numeric < minimum THEN minimum ELSE maximum END"
