"""Times in which what an instrument says does not count, whatever the cause. Standard library only.

HJ 356-2019: when a check of an instrument fails, its values are invalid back to the last check that
it passed and forward to the next one that it passes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

#: When an instrument was checked, and whether it passed.
Check = tuple[datetime, bool]
Window = tuple[datetime, datetime | None]


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


def windows(checks: Iterable[Check]) -> list[Window]:
    """What failed checks of one instrument make invalid: from passed check to passed check.

    Checks may come in any order; of two at the same moment the failed one counts first, so that a
    check that is done again at once and passed ends the window. Where no check was passed before,
    nothing says that the values were ever true; what is known begins with the first check itself.

    Returns: (start included, end excluded or None where none was passed since), in order, apart.
    """
    found: list[Window] = []
    passed: datetime | None = None
    start: datetime | None = None  # of the window that stands open
    for at, ok in sorted(checks):
        if not ok:
            if start is None:
                start = at if passed is None else passed
            continue
        if start is not None:
            _close(found, start, at)
            start = None
        passed = at
    if start is not None:
        _close(found, start, None)
    return found


def _close(found: list[Window], start: datetime, end: datetime | None) -> None:
    """Add a window; one that begins where the last ended (fail, pass, fail) continues it."""
    if found and found[-1][1] == start:
        start = found.pop()[0]
    if start != end:
        found.append((start, end))
