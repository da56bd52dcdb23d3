"""What instruments say: points, their limits, their readings, and what was found in them."""

from jiulong.monitoring.models.findings import Alarm, AlarmRule, Finding, Severity
from jiulong.monitoring.models.limits import (
    OUTLETS,
    Limit,
    PermitLimit,
    PermittedLoad,
    Standard,
    StandardAssignment,
    StandardLimit,
    Statistic,
)
from jiulong.monitoring.models.points import Factor, Outfall, Point
from jiulong.monitoring.models.readings import Discrepancy, Period, PointState, Reading, Watch

__all__ = [
    "OUTLETS",
    "Alarm",
    "AlarmRule",
    "Discrepancy",
    "Factor",
    "Finding",
    "Limit",
    "Outfall",
    "Period",
    "PermitLimit",
    "PermittedLoad",
    "Point",
    "PointState",
    "Reading",
    "Severity",
    "Standard",
    "StandardAssignment",
    "StandardLimit",
    "Statistic",
    "Watch",
]
