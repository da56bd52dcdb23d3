"""Every threshold of the judge, by name, with its reason (A11: DOMAIN catalogue of alarms)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from jiulong.monitoring.models import Period

#: A frame is late when three intervals passed without one, but never sooner than the five minutes
#: in which a logger must have reconnected (HJ 354-2019, network acceptance).
LATE_INTERVALS: Final = 3
LATE_FLOOR: Final = timedelta(minutes=5)
#: Offline: no frame for more than 30 minutes is a warning, for more than 2 hours serious (alarm
#: catalogue, class OFF). Loggers that report seldom get `LATE_INTERVALS` of their interval.
OFFLINE_AFTER: Final = timedelta(minutes=30)
OFFLINE_SERIOUS_AFTER: Final = timedelta(hours=2)
#: An hour is complete or missing this long after its end: the line may still be catching up.
MISSING_GRACE: Final = timedelta(minutes=30)
#: A day needs 75 % of its hours (HJ 356-2019): more than 6 of 24 missing breaks it.
MISSING_SERIOUS_HOURS: Final = 6
#: Data are late when they come more than an hour after the end of what they speak of: the hour
#: after it is judged by then.
LATE_DATA_AFTER: Final = timedelta(hours=1)
#: Late frames of one point that come within this of each other are one event, one back-fill.
LATE_DATA_PAUSE: Final = timedelta(hours=1)
#: A logger's clock may run ahead by so much. A value dated later than it was received by more is
#: kept and shown in tables, but is no fact of its time: neither judged nor a current value.
CLOCK_AHEAD: Final = timedelta(minutes=10)
#: From 90 % of the limit a value is near it (class NEAR).
NEAR_RATIO: Final = Decimal("0.90")
#: More than twice the limit is serious (class SEV), as are three hours in a row (class EXC).
SERIOUS_MULTIPLE: Final = Decimal(1)
SERIOUS_HOURS: Final = 3

#: How long a reading of each period speaks for at least, from its time on.
LENGTH: Final = {
    Period.REALTIME: timedelta(0),
    Period.MINUTE: timedelta(minutes=1),  # at least; the point says how many minutes
    Period.HOUR: timedelta(hours=1),
    Period.DAY: timedelta(days=1),
}
