"""Every threshold of the judge, by name, with its reason (A11: DOMAIN catalogue of alarms)."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Final

from jiulong.monitoring.models import Alarm, Period

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

#: Near the limit is an event when it lasts (class NEAR).
NEAR_HOURS: Final = 6
#: The same value so many hours on end, or a day that hardly moves (class CONST).
CONSTANT_HOURS: Final = 6
CONSTANT_DAY_HOURS: Final = 24
CONSTANT_VARIATION: Final = Decimal("0.01")
#: Nothing measured for so many hours while water flows (class ZERO).
ZERO_HOURS: Final = 4
#: A step of more than three standard deviations of the day before, and of more than half the value
#: before it, while flow moved by less than half (class JUMP).
JUMP_DEVIATIONS: Final = Decimal(3)
JUMP_SHARE: Final = Decimal("0.50")
JUMP_HOURS: Final = 24
#: One factor may exceed the whole it is part of by this before it contradicts it (class LOGIC): two
#: instruments within their errors of ±10 % each (HJ 355-2019, table 1) may cross.
LOGIC_SHARE: Final = Decimal("0.20")
LOGIC_HOURS: Final = 3
#: A load that is told while no water flows, and an instrument that goes on finding other values
#: (spread over mean) while none does (class LOGIC; our own numbers).
LOAD_HOURS: Final = 2
DRY_HOURS: Final = 6
DRY_SPREAD: Final = Decimal("0.10")
#: Treated water may hold more of a thing than what came in by this, within the errors of both
#: instruments and the time between them (class LOGIC; our own number).
INFLUENT_SHARE: Final = Decimal("0.20")
#: Marks of at least so many hours of a month are held against what was measured in them: this share
#: of those hours would have been over the limit (class MARK; our own numbers).
MARKED_HOURS: Final = 6
MARKED_SHARE: Final = Decimal("0.80")
#: Hours marked over the range of the instrument (class RANGE).
RANGE_HOURS: Final = 1
#: Device faults within so many days that make a station one to look at (class FREQ).
FAULTS: Final = 3
FAULT_DAYS: Final = 7
#: A run of hours is broken by a silence of this many hours.
SILENT_HOURS: Final = 6
#: Days in a row over the limit (class EXC), and the days in which those over it are counted.
CONTINUOUS_DAYS: Final = 2
COUNTED_DAYS: Final = 30
#: A substance of class 1 of GB 8978-1996 (table 1) is severe over the limit at any multiple:
#: mercury, alkyl mercury, cadmium, chromium, hexavalent chromium, arsenic, lead, nickel, beryllium,
#: silver.
CLASS_ONE: Final = frozenset(
    {
        "w20111", "w20113", "w20115", "w20116", "w20117", "w20119", "w20120", "w20121", "w20127",
        "w20126",
    }
)  # fmt: skip
#: A pause this long between the findings of one family at one outfall makes two alarms of them;
#: it is data without findings: shorter ones would make a new alarm of every night.
HYSTERESIS: Final = {
    Alarm.Family.LIMIT: timedelta(hours=24),
    Alarm.Family.LINE: timedelta(hours=2),
    Alarm.Family.DATA: timedelta(hours=24),
    Alarm.Family.DEVICE: timedelta(hours=24),
    Alarm.Family.MARK: timedelta(hours=24),
}
#: What was found so long after it was over is news of the past: a warning of it opens no case.
STALE_AFTER: Final = timedelta(hours=24)

#: How long a reading of each period speaks for at least, from its time on.
LENGTH: Final = {
    Period.REALTIME: timedelta(0),
    Period.MINUTE: timedelta(minutes=1),  # at least; the point says how many minutes
    Period.HOUR: timedelta(hours=1),
    Period.DAY: timedelta(days=1),
}
