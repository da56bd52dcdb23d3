"""Every read of the desk. All take the viewer and show only what is theirs."""

from jiulong.duty.queries.queue import (
    FAMILIES,
    ORDERS,
    Clock,
    Counted,
    Waiting,
    alarm,
    counted,
    queue,
    standing,
    waiting,
)
from jiulong.duty.queries.shifts import (
    Line,
    cameras,
    colleagues,
    current_shift,
    lines,
    may_take,
    on_duty,
    shift,
    shifts,
)

__all__ = [
    "FAMILIES",
    "ORDERS",
    "Clock",
    "Counted",
    "Line",
    "Waiting",
    "alarm",
    "cameras",
    "colleagues",
    "counted",
    "current_shift",
    "lines",
    "may_take",
    "on_duty",
    "queue",
    "shift",
    "shifts",
    "standing",
    "waiting",
]
