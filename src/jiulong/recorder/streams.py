"""What times a stream (a point's readings of one period) has, as far as must be remembered."""

from __future__ import annotations

from typing import Final

#: A time further ahead of its arrival is a clock gone astray, not the present: a day covers time
#: zones and drift.
AHEAD_US: Final = 24 * 3600 * 1_000_000
NEVER: Final = -(1 << 62)
FOREVER: Final = 1 << 62


class Stream:
    """Every time that a stream has lies at or before `newest`, or from `astray` to `last`.

    So a frame between the two, or after all, cannot meet another one and need not be looked up.
    A single frame dated 2099 does not make all that come after it look like late ones.
    Times are in µs since 1970 UTC.
    """

    __slots__ = ("astray", "last", "newest", "overtaken")

    def __init__(self, newest: int | None, astray: int | None, last: int | None) -> None:
        self.newest = NEVER if newest is None else newest
        self.astray = FOREVER if astray is None else astray
        self.last = NEVER if last is None else last
        self.overtaken = False  # the present has reached what was astray: better read anew

    def add(self, at: int, received_at: int) -> bool:
        """Add a time; whether it is new for certain. False: it may be there already."""
        new = at > self.last or self.newest < at < self.astray
        if at > self.newest:
            present = at <= received_at + AHEAD_US
            if present and at < self.astray:
                self.newest = at
            else:
                self.overtaken = self.overtaken or present
                self.astray = min(self.astray, at)
        self.last = max(self.last, at)
        return new
