"""The handling clock of a case, worked out from its events alone: at any date, by anybody.

Pure functions over (verb, time, data) as `evidence.Event` keeps them. `assign`, `send_back` and
`reopen` start a clock and say its limit in `data["clock"]`; `suspend` and `resume` pause it;
`extend` sets a new last day in `data["until"]`; `reply` stops it, `return` takes it away. So the
rules of a matter may change: what a case was told it keeps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from jiulong.calendar.clocks import Calendar, Limit, Measure, Pause, deadline, shift
from jiulong.cases.schema import Rung

#: Verbs of events that the clock listens to.
HEARD: Final = frozenset(
    {"assign", "return", "send_back", "reopen", "suspend", "resume", "extend", "reply", "close",
     "withdraw", "merge", "join"}
)  # fmt: skip


@dataclass(frozen=True)
class Beat:
    """One event that the clock listens to."""

    verb: str
    at: datetime
    data: dict[str, Any]


@dataclass(frozen=True)
class HandlingClock:
    """How the clock stands after the events that were told.

    `serial` counts the ladders: a new limit, an extension and a resumption each begin one.
    """

    start: datetime | None = None
    limit: Limit | None = None
    pauses: tuple[Pause, ...] = field(default=())
    stopped_at: datetime | None = None
    serial: int = 0

    @property
    def running(self) -> bool:
        """Whether it runs or is paused; not once it was answered."""
        return self.limit is not None and self.stopped_at is None

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].end is None

    def due(self, calendar: Calendar) -> datetime | None:
        """When the time is up; None without a limit, and while it is paused."""
        if self.start is None or self.limit is None:
            return None
        return deadline(self.start, self.limit, calendar, self.pauses)


def told(beats: Iterable[Beat]) -> HandlingClock:
    """The clock after these events, given in the order in which they happened."""
    clock = HandlingClock()
    for beat in beats:
        clock = _hear(clock, beat)
    return clock


def _hear(clock: HandlingClock, beat: Beat) -> HandlingClock:
    match beat.verb:
        case "assign" if not beat.data.get("clock"):
            pass  # within the same unit: a person was named, the promise stands
        case "assign" | "send_back" | "reopen":
            clock = _start(clock, beat)
        case "return" | "withdraw" | "merge":
            clock = HandlingClock(serial=clock.serial)
        case "suspend":
            clock = replace(clock, pauses=(*clock.pauses, Pause(beat.at, None)))
        case "resume" if clock.paused:
            pauses = (*clock.pauses[:-1], Pause(clock.pauses[-1].start, beat.at))
            clock = replace(clock, pauses=pauses, serial=clock.serial + 1)
        case "extend" if clock.limit is not None:
            # A new last day is a clock of days from the day on which it was approved.
            days = (date.fromisoformat(beat.data["until"]) - _day(beat)).days
            limit = Limit(max(days, 0), Measure.DAYS)
            serial = clock.serial + 1
            clock = replace(clock, start=beat.at, limit=limit, pauses=(), serial=serial)
        case "join" if beat.data.get("clock") and clock.running:
            limit, serial = Limit.parse(beat.data["clock"]), clock.serial + 1
            clock = replace(clock, limit=limit, serial=serial)
        case "reply" | "close":
            clock = replace(clock, stopped_at=clock.stopped_at or beat.at)
    return clock


def _start(clock: HandlingClock, beat: Beat) -> HandlingClock:
    limit = beat.data.get("clock")
    if not limit:
        return HandlingClock(serial=clock.serial)
    return HandlingClock(start=beat.at, limit=Limit.parse(limit), serial=clock.serial + 1)


def _day(beat: Beat) -> date:
    return date.fromisoformat(beat.data["on"])


@dataclass(frozen=True)
class Step:
    """The next rung of a ladder, and when it comes."""

    index: int
    at: datetime


def next_step(
    ladder: list[Rung],
    done: int,
    severity: str,
    span: tuple[datetime, datetime],
    calendar: Calendar,
) -> Step | None:
    """The first rung from index `done` on that is still to come; None: no more.

    `span` is the start of the clock and its deadline. A reminder that would stand before the clock
    even began is left out: four hours have no "one working day before".
    """
    start, due = span
    for index, rung in enumerate(ladder[done:], start=done):
        if rung.severities and severity not in rung.severities:
            continue
        at = rung_at(rung, due, calendar)
        if at > start:
            return Step(index, at)
    return None


def rung_at(rung: Rung, due: datetime, calendar: Calendar) -> datetime:
    """When a rung comes, for a deadline."""
    if rung.at == "0":
        return due
    limit = Limit.parse(rung.at[1:])
    return shift(due, limit, calendar, -1 if rung.at[0] == "-" else 1)
