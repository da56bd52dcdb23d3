"""What a failed check makes invalid: back to the last passed check, forward to the next passed one.

HJ 356-2019 §6. The windows themselves stand in `upkeep.spans`, which is as pure as this.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from jiulong.upkeep.spans import Check, Window, windows

__all__ = ["Check", "Window", "touched", "windows"]


def touched(spans: Iterable[Window], start: datetime, length: timedelta) -> bool:
    """Whether any of the windows reaches into the interval that begins at `start`.

    A window's end is excluded: an hour that begins with the passed check counts again, one in which
    the check was passed midway does not.
    """
    return any(begins < start + length and (ends is None or start < ends) for begins, ends in spans)
