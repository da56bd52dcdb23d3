"""Station opened (alarm catalogue DOOR); raised by those who see it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm


@register
class Door(RaisedRule):
    """No reading shows it: floors above raise it with `monitoring.raising`."""

    code = "door"
    name = _("Station opened")
    meaning = _("The station was opened without a work order, or its camera was dark or moved.")
    kind = "DOOR"
    family = Alarm.Family.DEVICE
    respond = "same_day"
    close = "3 working_days"
    source = ""
