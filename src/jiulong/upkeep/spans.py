"""Times in which what an instrument says does not count, whatever the cause."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` (included) to `end` (excluded; None: still so) values are invalid.

    Args:
        factor: id of the factor; None: all factors of the point.
        reason: `mark` (a device mark) or `qc` (from the last passed check to the next).
        reference: what says so, as `upkeep.mark/17`.
    """

    point: int
    factor: int | None
    start: datetime
    end: datetime | None
    reason: str
    reference: str
