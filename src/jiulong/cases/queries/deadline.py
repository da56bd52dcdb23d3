"""How a deadline was reckoned, step by step, for who must keep it and who must judge it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from jiulong.calendar.clocks import Calendar, Limit, Measure, Pause
from jiulong.cases import clockwork, moves, rules
from jiulong.cases.models import Case
from jiulong.organisation.rules import Viewer

#: More days in a row than this are not named one by one.
MOST_DAYS: Final = 20
SATURDAY: Final = 5


@dataclass(frozen=True, slots=True)
class Reckoning:
    """A deadline and what went into it."""

    start: datetime
    limit: Limit
    pauses: tuple[Pause, ...]
    due: datetime | None
    first_day: date | None
    skipped: tuple[date, ...]
    worked: tuple[date, ...]
    stopped_at: datetime | None


def reckoning(viewer: Viewer, case: Case, calendar: Calendar) -> Reckoning | None:
    """How the case's promise was reckoned, from its events alone; None without a clock."""
    if not rules.sees(viewer, case):
        return None
    clock = clockwork.told(moves.beats(case.pk))
    if clock.start is None or clock.limit is None:
        return None
    due = clock.due(calendar)
    by_day = clock.limit.measure not in {Measure.HOURS, Measure.WORKING_HOURS}
    first = calendar.local(clock.start).date() + timedelta(days=1)
    skipped, worked = _days(clock, due, calendar) if due else ((), ())
    return Reckoning(
        start=clock.start,
        limit=clock.limit,
        pauses=clock.pauses,
        due=due,
        first_day=first if by_day else None,
        skipped=skipped,
        worked=worked,
        stopped_at=clock.stopped_at,
    )


def _days(
    clock: clockwork.HandlingClock, due: datetime, calendar: Calendar
) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Weekdays that were holidays, and weekends that were worked, between start and deadline."""
    if clock.start is None or clock.limit is None or clock.limit.measure == Measure.HOURS:
        return (), ()
    if clock.limit.by is not None and clock.limit.measure == Measure.DAYS:
        return (), ()  # that very day, be it a holiday
    first, last = calendar.local(clock.start).date(), calendar.local(due).date()
    days = [first + timedelta(days=n) for n in range(1, (last - first).days + 1)]
    resting = [d for d in days if d.weekday() < SATURDAY and not calendar.is_working_day(d)]
    made_up = [d for d in days if d.weekday() >= SATURDAY and calendar.is_working_day(d)]
    return tuple(resting[:MOST_DAYS]), tuple(made_up[:MOST_DAYS])
