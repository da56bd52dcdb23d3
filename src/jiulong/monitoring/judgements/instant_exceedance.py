"""Instantaneous exceedance (GB 18918-2002, amendment in force from 2026-03-01)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.exceedance import Exceedance
from jiulong.monitoring.models import Limit, Period


@register
class InstantExceedance(Exceedance):
    """Only where a limit for instantaneous values was set; real-time values are held against it."""

    code = "instant_exceedance"
    name = _("Instantaneous exceedance")
    meaning = _("A real-time value is outside the limit for instantaneous values of that day.")
    kind = "EXI"
    respond = "2 hours"
    close = "same_day"
    source = "GB 18918-2002, amendment in force from 2026-03-01"
    period = Period.REALTIME
    statistic = Limit.Statistic.INSTANT
    thresholds = {"serious_multiple": thresholds.SERIOUS_MULTIPLE}
