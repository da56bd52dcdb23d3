"""The rules of what plants and stations show; `watching` and `comparing` raise their findings."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements.base import RaisedRule, register
from jiulong.monitoring.models import Alarm

#: Less flow than this (L/s) is a drip of the meter, not water that leaves the plant.
FLOW_MIN: Final = Decimal("0.1")
#: Flow is taken from readings of this long before.
FLOW_WITHIN: Final = timedelta(minutes=30)
#: Parameters that differ or ranges are told once; a door counts from the first report on.
PARAMETER: Final = "parameter_change"
RANGE: Final = "range"
DOOR: Final = "door"
#: The range of an analyser should be two to three times the limit (HJ 355-2019; DOMAIN A2).
RANGE_TIMES: Final = (Decimal(2), Decimal(3))


@register
class PlantOff(RaisedRule):
    """A treatment unit stands still while water leaves the plant."""

    code = "plant_off"
    name = _("Treatment stands still")
    meaning = _("A treatment unit was off for longer than it may while water flowed out.")
    kind = "PLANT"
    family = Alarm.Family.DEVICE
    respond = "2 hours"
    close = "1 working_days"
    source = "《水污染防治法》第八十三条; HJ 212-2017 2021"
    thresholds = {"flow_min_l_per_s": FLOW_MIN, "flow_within": FLOW_WITHIN}
