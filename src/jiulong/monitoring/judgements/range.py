"""Range does not fit (alarm catalogue RANGE); raised by those who see it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm


@register
class Range(RaisedRule):
    """No reading shows it: floors above raise it with `monitoring.raising`."""

    code = "range"
    name = _("Range does not fit")
    meaning = _("The measuring range of an instrument is not two to three times its limit.")
    kind = "RANGE"
    family = Alarm.Family.DEVICE
    respond = "24 hours"
    close = "5 working_days"
    source = ""
