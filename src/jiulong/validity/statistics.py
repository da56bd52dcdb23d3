"""The worker of days and months: exactly once, woken by readings and by what people hand in.

`step` does one piece of work in one transaction: it notes which days new readings touch and which
ended, computes the next of them, writes what changed and judges it by days. `anew` computes a
stretch of time from nothing, many points at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Min

from jiulong.evidence.locks import Lock
from jiulong.evidence.models import Cursor
from jiulong.monitoring import also, following, thresholds
from jiulong.monitoring.models import Period, Point
from jiulong.monitoring.rejudging import rejudge
from jiulong.validity import arithmetic, dayrules, sql
from jiulong.validity.accepted import accept
from jiulong.validity.computing import Result, results
from jiulong.validity.context import Context, context
from jiulong.validity.dayrules import Stretch
from jiulong.validity.engine.rules import RuleSet
from jiulong.validity.keeping import Causes, Kept, Key, keep, standing, stretches
from jiulong.validity.models import Cause, DueDay
from jiulong.validity.months import compute_months, months_of
from jiulong.validity.runs import Run, midnight, runs_of, zone
from jiulong.validity.substitutes import Substitutes

CURSOR: Final = "statistics"
#: How far the calendar is: the last day that was noted as ended, counted from 0001-01-01.
CALENDAR: Final = "statistics-days"
#: Days of points of one step: about a quarter of a second of work.
STEP_DAYS: Final = 400
#: After midnight the last hour of the day is still on its way.
ENDED_AFTER: Final = timedelta(minutes=15)
#: A minute that comes later than this was not there when its hour was looked at.
LATE_MINUTES: Final = timedelta(minutes=70)
DAY: Final = timedelta(days=1)


class RebuiltError(RuntimeError):
    """Readings were dropped, to be made again, while days were computed from them."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a piece of work did: days of points; results that are new, changed and revised."""

    days: int = 0
    fresh: int = 0
    changed: int = 0
    revised: int = 0
    months: int = 0

    def __add__(self, other: Done) -> Done:
        both = zip(astuple(self), astuple(other), strict=True)
        return Done(*(mine + theirs for mine, theirs in both))


def tell(point_id: int, first_day: date, last_day: date, cause: str) -> None:
    """What upkeep says has changed: these days are due, and the worker wakes at commit."""
    days = (last_day - first_day).days + 1
    DueDay.objects.bulk_create(
        (DueDay(point_id=point_id, on=first_day + n * DAY, cause=cause[:60]) for n in range(days)),
        ignore_conflicts=True,
        batch_size=1000,
    )
    also.wake()


def step(now: datetime, *, most: int = STEP_DAYS) -> bool:
    """Compute the next days, at most `most`; whether there may be more. One transaction.

    Raises:
        RebuiltError: the recorder began anew meanwhile; nothing of this step stays.
    """
    with transaction.atomic():
        recorded, position = _positions()
        if recorded < position or not _locked():  # readings are being made again: wait for them
            return False
        position = _touched(recorded, position)
        _ended(now)
        due = _due(most)
        if due:
            compute(due, now)
        if _positions()[0] < recorded:
            raise RebuiltError("readings are being made again")
    return bool(due) or position < recorded


def compute(due: Causes, now: datetime) -> Done:
    """Compute days of points and keep what changed. Within the caller's transaction.

    Where limits were set back in time, the hours of these days are judged anew as well.
    """
    rejudge(_limited(due), now)
    held = context()
    runs = list(held.under_rules(runs_of(due)))
    if not runs:
        return Done(days=len(due))
    whole = [run for run, _rules in runs]
    stands = standing(whole)
    kept = keep(list(computed(runs, held, now, stands)), stands, due, held, now)
    _cascade(whole, kept)
    arithmetic.tell(_pairs(kept), now)
    months = compute_months(_months(kept, due), held, now)
    if moved := _asked_again(stretches(kept.results), due, stands):
        for rule in dayrules.registered():
            rule(moved, now)
    return Done(len(due), len(kept.fresh), len(kept.changed), kept.revised, months)


def _limited(due: Causes) -> dict[int, tuple[datetime, datetime]]:
    """From when to when limits changed, by point; days between are looked at with them."""
    days: dict[int, list[date]] = defaultdict(list)
    for (point, on), causes in due.items():
        if Cause.LIMITS in causes:
            days[point].append(on)
    return {p: (midnight(min(on)), midnight(max(on) + DAY)) for p, on in days.items()}


def _asked_again(moved: Sequence[Stretch], due: Causes, stands: Iterable[Key]) -> Sequence[Stretch]:
    """With days whose limits changed: rules are asked of them, though the statistics are the same.

    One stretch of a point and factor, so that no day is asked of twice.
    """
    days = {key for key, causes in due.items() if Cause.LIMITS in causes}
    if not days:
        return moved
    also_asked = (Stretch(p, f, on, on) for p, f, on in stands if (p, on) in days)
    whole: dict[tuple[int, int], Stretch] = {}
    for one in (*moved, *also_asked):
        held = whole.setdefault(one[:2], one)
        first, last = min(held.first, one.first), max(held.last, one.last)
        whole[one[:2]] = held._replace(first=first, last=last)
    return [whole[key] for key in sorted(whole)]


def computed(
    runs: Sequence[tuple[Run, RuleSet]], held: Context, now: datetime, stands: Iterable[Key]
) -> Iterator[Result]:
    points = {run.point for run, _rules in runs}
    start, end = min(run.start for run, _ in runs), max(run.end for run, _ in runs)
    stand_ins = Substitutes.between(points, start, end)
    rules_of = dict(runs)
    before: dict[int, set[tuple[int, date]]] = defaultdict(set)
    for point, factor, on in stands:
        before[point].add((factor, on))
    for accepted in accept(runs, held, now, before):
        run, rules = accepted.run, rules_of[accepted.run]
        complete = partial(stand_ins.complete, run.point, run.first, rules)
        yield from results(accepted, rules, complete)


def _pairs(kept: Kept) -> list[tuple[Result | None, Result]]:
    """Before and after of all that is new or changed."""
    return [*((None, fresh) for fresh in kept.fresh), *kept.changed]


def _months(kept: Kept, due: Causes) -> set[tuple[int, int, date]]:
    """Months of days that changed; of ended days also where nothing did: one more day counts."""
    found = set(months_of(result[:3] for result in kept.results))
    ended = {key for key, causes in due.items() if Cause.ENDED in causes}
    if ended:
        unchanged = standing([Run(point, on, 1) for point, on in ended])
        found |= set(months_of(unchanged))
    return found


def _cascade(runs: Sequence[Run], kept: Kept) -> None:
    """Note the later days whose load stands in for one and may rest on what changed."""
    first: dict[tuple[int, int], date] = {}
    pairs = _pairs(kept)
    last: dict[int, list[date]] = defaultdict(list)
    for run in runs:
        last[run.point].append(run.last)
    for before, after in pairs:
        if _own_load(before) != _own_load(after):
            key = after[:2]
            first[key] = min(first.get(key, after.on), after.on)
    for key, on in first.items():
        # What follows within the same run was computed with it.
        first[key] = min(end for end in last[key[0]] if end >= on)
    if first:
        parameters: dict[str, Any] = {
            "points": [point for point, _ in first],
            "factors": [factor for _, factor in first],
            "firsts": list(first.values()),
        }
        with connection.cursor() as cursor:
            cursor.execute(sql.DEPENDENT, parameters)


def _own_load(result: Result | None) -> Decimal | None:
    return result.load_kg if result is not None and result.valid else None


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int(Lock.STATISTICS)])
        return bool(cursor.fetchone()[0])


def _positions() -> tuple[int, int]:
    """How far the recorder is, and how far we are."""
    names = [following.SOURCE, CURSOR]
    found = dict(Cursor.objects.filter(name__in=names).values_list("name", "position"))
    return found.get(following.SOURCE, 0), found.get(CURSOR, 0)


def _touched(recorded: int, after: int) -> int:
    """Note the days that new readings fall into; where the cursor stands then."""
    batches = following.following(after, recorded, frames=following.STEP_FRAMES)
    if not batches.fresh:
        return after
    upto = batches.upto
    with connection.cursor() as cursor:
        parameters: dict[str, Any] = {
            "zone": str(zone()), "after": after, "upto": upto,
            "periods": [int(Period.HOUR), int(Period.DAY)], "minute": int(Period.MINUTE),
            "late": LATE_MINUTES, "ended": ENDED_AFTER, "ahead": thresholds.CLOCK_AHEAD,
        }  # fmt: skip
        cursor.execute(sql.TOUCHED, parameters)
        cursor.execute(sql.CONTRADICTED, parameters)
    Cursor.objects.update_or_create(name=CURSOR, defaults={"position": upto})
    return upto


def _ended(now: datetime) -> None:
    """Note the days that ended since the last look, of every point in service."""
    yesterday = (now - ENDED_AFTER).astimezone(zone()).date() - DAY
    cursor, _made = Cursor.objects.get_or_create(
        name=CALENDAR, defaults={"position": yesterday.toordinal() - 1}
    )
    days = range(cursor.position + 1, yesterday.toordinal() + 1)
    if not days:
        return
    with connection.cursor() as database:
        for day in map(date.fromordinal, days):
            bounds: dict[str, Any] = {
                "on": day, "start": midnight(day), "end": midnight(day + DAY),
            }  # fmt: skip
            database.execute(sql.ENDED, bounds)
    Cursor.objects.filter(name=CALENDAR).update(position=days[-1])


def _due(most: int) -> dict[tuple[int, date], list[str]]:
    """The next days with their causes, taken off the list."""
    with connection.cursor() as cursor:
        cursor.execute(sql.NEXT, {"most": most})
        due = {(point, on): causes for point, on, causes in cursor}
        if due:
            points, days = zip(*due, strict=True)
            cursor.execute(sql.DONE, {"points": list(points), "days": list(days)})
    return due


def anew(
    points: Sequence[int], since: date, until: date, now: datetime, cause: str = Cause.RULES
) -> Done:
    """Compute all days of points from `since` to `until`, both included, in one transaction."""
    days = (until - since).days + 1
    every: Mapping[tuple[int, date], list[str]] = {
        (point, since + n * DAY): [cause] for point in points for n in range(days)
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [int(Lock.STATISTICS)])
        return compute(every, now)


def earliest() -> date | None:
    """The first local day of any point in service."""
    first = Point.objects.aggregate(first=Min("active_from"))["first"]
    return None if first is None else first.astimezone(zone()).date()
