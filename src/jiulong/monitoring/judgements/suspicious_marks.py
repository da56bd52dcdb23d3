"""Suspicious marks (alarm catalogue MARK); raised by those who see it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm


@register
class SuspiciousMarks(RaisedRule):
    """No reading shows it: floors above raise it with `monitoring.raising`."""

    code = "suspicious_marks"
    name = _("Suspicious marks")
    meaning = _("Values are marked only when they are over the limit, or too many are marked.")
    kind = "MARK"
    family = Alarm.Family.MARK
    respond = "2 working_days"
    close = "5 working_days"
    source = "DOMAIN A11"
