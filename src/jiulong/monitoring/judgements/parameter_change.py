"""Parameter changed (alarm catalogue PARAM); raised by those who see it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm


@register
class ParameterChange(RaisedRule):
    """No reading shows it: floors above raise it with `monitoring.raising`."""

    code = "parameter_change"
    name = _("Parameter changed")
    meaning = _("A reported slope, intercept or range differs from the filed one.")
    kind = "PARAM"
    family = Alarm.Family.DEVICE
    respond = "same_day"
    close = "5 working_days"
    source = ""
