"""Are the statistics what the readings give, and the revisions what was told of them?

Reads and computes, writes nothing. Days that are not over, or due to be computed, are left out:
they are on their way.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from jiulong.evidence.models import Event
from jiulong.monitoring.models import Factor, Point
from jiulong.validity.computing import Result
from jiulong.validity.context import context
from jiulong.validity.keeping import FACTS, Standing, digest, plain, standing
from jiulong.validity.models import DayStatistic, DueDay, Revision
from jiulong.validity.runs import runs_of
from jiulong.validity.statistics import computed

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is not as it should be: of which day, and what."""

    point: int
    factor: int
    on: date
    what: str
    stands: object = None
    expected: object = None

    def told(self) -> str:
        """In one line."""
        point, factor = Point.objects.get(pk=self.point), Factor.objects.get(pk=self.factor)
        place = f"{point.code} {factor.code} {self.on}"
        return f"{place} {self.what}: {self.stands!r}, expected {self.expected!r}"


def check(points: Sequence[int], since: date, until: date, now: datetime) -> Iterator[Fault]:
    """Faults of the days of these points from `since` to `until`, both included."""
    on_their_way = set(DueDay.objects.filter(point__in=points).values_list("point_id", "on"))
    days = range((until - since).days + 1)
    every = ((point, since + n * DAY) for point in points for n in days)
    held = context()
    runs = list(held.under_rules(runs_of(day for day in every if day not in on_their_way)))
    if runs:
        stands = standing([run for run, _rules in runs])
        results = {result[:3]: result for result in computed(runs, held, now, stands)}
        for key in sorted(stands.keys() | results.keys()):
            yield from _compared(key, stands.get(key), results.get(key))
    yield from _revisions(points, since, until)


def _compared(
    key: tuple[int, int, date], stands: Standing | None, result: Result | None
) -> Iterator[Fault]:
    if stands is None or result is None:
        if result is None or result.over:
            yield Fault(*key, "row", stands and "there", result and "there")
        return
    if not result.over or not stands.result.over:
        return
    for name in FACTS:
        found, expected = getattr(stands.result, name), getattr(result, name)
        if found != expected:
            yield Fault(*key, name, plain(found), plain(expected))


def _revisions(points: Sequence[int], since: date, until: date) -> Iterator[Fault]:
    """Every revision is as its event tells; none is missing; the day is as the last one left it."""
    rows = Revision.objects.filter(point__in=points, on__gte=since, on__lte=until).order_by("id")
    revisions = {row.pk: row for row in rows}
    events = Event.objects.filter(verb="revise_day", subject="validity.revision")
    told = {
        int(subject): data["sha256"]
        for subject, data in events.filter(
            subject_id__in=[str(pk) for pk in revisions]
        ).values_list("subject_id", "data")
    }
    counts: dict[tuple[int, int, date], int] = {}
    for pk, row in revisions.items():
        key = (row.point_id, row.factor_id, row.on)
        counts[key] = counts.get(key, 0) + 1
        if told.get(pk) != digest(row):
            yield Fault(*key, f"revision {row.number}", digest(row), told.get(pk))
    days = DayStatistic.objects.filter(
        point__in=points, on__gte=since, on__lte=until, revision__gt=0
    )
    numbers = {(day.point_id, day.factor_id, day.on): day.revision for day in days}
    for key in sorted(counts.keys() | numbers.keys()):
        if counts.get(key, 0) != numbers.get(key, 0):
            yield Fault(*key, "revisions", counts.get(key, 0), numbers.get(key, 0))
