"""Failed check (alarm catalogue QC); raised by those who see it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm


@register
class FailedCheck(RaisedRule):
    """No reading shows it: floors above raise it with `monitoring.raising`."""

    code = "failed_check"
    name = _("Failed check")
    meaning = _(
        "A check of an instrument failed: values back to the last passed one are not valid."
    )
    kind = "QC"
    family = Alarm.Family.DEVICE
    respond = "24 hours"
    close = ""
    source = ""
