"""Every write of monitoring by people. `actor` None is the machine's command line alone.

The judge writes findings itself; see `keeping`.
"""

from jiulong.monitoring.actions.findings import (
    AlreadyAcknowledgedError,
    acknowledge_alarm,
    acknowledge_finding,
)
from jiulong.monitoring.actions.limits import assign_standard, set_limit, set_permitted_load
from jiulong.monitoring.actions.points import create_outfall, create_point, retire_point

__all__ = [
    "AlreadyAcknowledgedError",
    "acknowledge_alarm",
    "acknowledge_finding",
    "assign_standard",
    "create_outfall",
    "create_point",
    "retire_point",
    "set_limit",
    "set_permitted_load",
]
