"""The finding that the laboratory and the instrument do not say the same."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm, Severity

RULE: Final = "laboratory_differs"


@register
class LaboratoryDiffers(RaisedRule):
    """Raised when a laboratory's result is entered, never from readings."""

    code = RULE
    name = _("Laboratory differs")
    meaning = _(
        "The laboratory's value of a sample lies farther from the online value of that hour than "
        "a comparison allows."
    )
    severity = Severity.SERIOUS
    kind = "LAB"
    family = Alarm.Family.DATA
    respond = "1 working_days"
    close = "5 working_days"
    source = "HJ 355-2019, table 1"
