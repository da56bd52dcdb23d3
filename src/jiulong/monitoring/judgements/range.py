"""Over the range (alarm catalogue RANGE); raised by those who see it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm


@register
class Range(RaisedRule):
    """No reading shows it: floors above raise it with `monitoring.raising`."""

    code = "range"
    name = _("Over the range")
    meaning = _(
        "The instrument marked its values as over its range, or its range does not fit the limit."
    )
    kind = "RANGE"
    family = Alarm.Family.DEVICE
    respond = "24 hours"
    close = "5 working_days"
    source = "DOMAIN A11"
