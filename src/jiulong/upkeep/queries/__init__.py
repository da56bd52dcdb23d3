"""Every read of upkeep."""

from jiulong.upkeep.queries.counting import (
    ManualDay,
    MarkShare,
    invalid_spans,
    last_pass,
    manual_days,
    mark_share,
    mark_shares,
    marks_in_effect,
)
from jiulong.upkeep.queries.scope import own_points, visible_points

__all__ = [
    "ManualDay",
    "MarkShare",
    "invalid_spans",
    "last_pass",
    "manual_days",
    "mark_share",
    "mark_shares",
    "marks_in_effect",
    "own_points",
    "visible_points",
]
