"""Hourly exceedance (alarm catalogue EXH): a warning to the enterprise."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.judgements.base import register
from jiulong.monitoring.judgements.exceedance import Exceedance
from jiulong.monitoring.models import Limit, Period


@register
class HourExceedance(Exceedance):
    """Hours in a row over the limit are one finding; the first that keeps it ends it."""

    code = "hour_exceedance"
    name = _("Hourly exceedance")
    meaning = _("An hourly mean is outside the limit for hourly means that held on that day.")
    kind = "EXH"
    respond = "2 hours"
    close = "same_day"
    source = "GB/T 8170-2008 §4.3.1"
    period = Period.HOUR
    statistic = Limit.Statistic.HOUR
    thresholds = {
        "serious_multiple": thresholds.SERIOUS_MULTIPLE,
        "serious_hours": thresholds.SERIOUS_HOURS,
    }
