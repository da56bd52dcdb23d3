"""What the rates are made of, per point and month: three questions to the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import F, Q

from jiulong.cases.models import Task
from jiulong.monitoring import casework
from jiulong.monitoring.models import Alarm, Point
from jiulong.validity.engine.rates import Counts
from jiulong.validity.runs import midnight, zone

ONE_DAY: Final = timedelta(days=1)
#: How a case names the alarm it is about, before the number.
ABOUT: Final = casework.about_alarm(0).removesuffix("0")

#: A point's month.
Key = tuple[int, date]

#: Hours by point and month, of days that are over. Hours known to be dry were not due; a batch
#: expects none of them anyway.
HOURS: Final = """
WITH bits AS (
    SELECT s.point_id, date_trunc('month', s."on")::date AS month, s.n_expected, s.n_valid,
        p.discharge = 'continuous' AS always,
        coalesce((s.invalid->>'flow_zero')::int, 0) AS dry,
        coalesce((s.invalid->>'missing')::int, 0) AS missing,
        coalesce((s.invalid->>'flag')::int, 0) AS flagged,
        coalesce((s.invalid->>'mark')::int, 0) AS marked
    FROM validity_daystatistic s JOIN monitoring_point p ON p.id = s.point_id
    WHERE s.point_id = ANY(%(points)s) AND s."on" BETWEEN %(first)s AND %(last)s AND s.over
), hours AS (
    SELECT point_id, month, n_valid,
        greatest(n_expected - CASE WHEN always THEN bit_count(dry::bit(24)) ELSE 0 END, 0) AS due,
        bit_count((missing & ~dry)::bit(24)) AS missing,
        bit_count(((missing | flagged) & ~dry)::bit(24)) AS doubtful,
        bit_count(((missing | flagged) & ~dry & marked)::bit(24)) AS marked
    FROM bits
)
SELECT point_id, month, sum(due), sum(greatest(due - missing, 0)), sum(n_valid), sum(doubtful),
    sum(marked)
FROM hours GROUP BY point_id, month
"""

#: Seconds in service and without an offline finding, by point and span of time.
SERVICE: Final = """
WITH spans AS (
    SELECT p.id AS point_id, m.month, tstzrange(
        greatest(p.active_from, m.start), least(p.active_to, m.stop)
    ) AS span
    FROM monitoring_point p CROSS JOIN
        unnest(%(months)s::date[], %(starts)s::timestamptz[], %(stops)s::timestamptz[])
        AS m(month, start, stop)
    WHERE p.id = ANY(%(points)s) AND p.active_from < m.stop
        AND (p.active_to IS NULL OR p.active_to > m.start)
), silent AS (
    SELECT s.point_id, s.month, range_agg(
        s.span * tstzrange(f.started_at, coalesce(f.ended_at, %(now)s))
    ) AS spans
    FROM spans s JOIN monitoring_finding f ON f.point_id = s.point_id AND f.rule = 'offline'
        AND f.withdrawn_at IS NULL AND f.started_at < upper(s.span)
        AND coalesce(f.ended_at, %(now)s) > greatest(lower(s.span), f.started_at)
    GROUP BY s.point_id, s.month
)
SELECT s.point_id, s.month, extract(epoch FROM upper(s.span) - lower(s.span))::bigint,
    coalesce((
        SELECT sum(extract(epoch FROM upper(one) - lower(one))) FROM unnest(o.spans) AS one
    ), 0)::bigint
FROM spans s LEFT JOIN silent o USING (point_id, month)
"""


@dataclass(frozen=True)
class Span:
    """Local days, and the moment up to which time has passed."""

    first: date
    last: date
    now: datetime

    def months(self) -> Iterator[tuple[date, datetime, datetime]]:
        """Each month's first day, and from when to when it lies in the span and in the past."""
        start = self.first
        while start <= self.last:
            following = (start.replace(day=1) + timedelta(days=32)).replace(day=1)
            stop = min(following, self.last + ONE_DAY)
            if midnight(start) < self.now:
                yield start.replace(day=1), midnight(start), min(midnight(stop), self.now)
            start = following


def counts(points: Collection[int], span: Span) -> dict[Key, Counts]:
    """What was counted of each point in each month. Four queries, however many points."""
    found: defaultdict[Key, Counts] = defaultdict(Counts)
    for one in (_hours(points, span), _service(points, span), _answers(points, span)):
        for key, counted in one:
            found[key] += counted
    return dict(found)


def _hours(points: Collection[int], span: Span) -> Iterator[tuple[Key, Counts]]:
    asked = {"points": list(points), "first": span.first, "last": span.last}
    for point, month, due, received, valid, doubtful, marked in _rows(HOURS, asked):
        yield (
            (point, month),
            Counts(
                due=int(due),
                received=int(received),
                valid=int(valid),
                doubtful=int(doubtful),
                marked=int(marked),
            ),
        )


def _service(points: Collection[int], span: Span) -> Iterator[tuple[Key, Counts]]:
    months = list(span.months())
    asked = {
        "points": list(points),
        "months": [month for month, _start, _stop in months],
        "starts": [start for _month, start, _stop in months],
        "stops": [stop for _month, _start, stop in months],
        "now": span.now,
    }
    for point, month, service, silent in _rows(SERVICE, asked):
        yield (point, month), Counts(service_s=service, online_s=service - silent)


def _answers(points: Collection[int], span: Span) -> Iterator[tuple[Key, Counts]]:
    """Tasks of enterprises and operators in cases about alarms, by the month they were due in.

    An alarm is of an outfall: it is counted at the first point of it, effluent before others.
    """
    theirs = Q(unit=F("case__enterprise__unit")) | Q(unit__operated_points__isnull=False)
    tasks = (
        Task.objects.filter(
            theirs,
            case__source=casework.NAME,
            case__source_ref__startswith=ABOUT,
            due_at__gte=midnight(span.first),
            due_at__lt=midnight(span.last + ONE_DAY),
        )
        .exclude(state=Task.State.DROPPED)
        .exclude(done_at=None, due_at__gt=span.now)  # time is left
        .distinct()
        .values_list("pk", "case__source_ref", "due_at", "done_at", "late")
    )
    listed = list(tasks)
    numbers = {int(about.removeprefix(ABOUT)) for _pk, about, *_rest in listed}
    outfalls = dict(Alarm.objects.filter(pk__in=numbers).values_list("pk", "outfall"))
    at = _first_points(points)
    for _pk, about, due_at, done_at, late in listed:
        if due_at is None:
            continue
        point = at.get(outfalls.get(int(about.removeprefix(ABOUT)), 0))
        if point is not None:
            month = due_at.astimezone(zone()).date().replace(day=1)
            yield (point, month), Counts(asked=1, answered=int(done_at is not None and not late))


def _first_points(points: Collection[int]) -> dict[int, int]:
    """Outfall → the point at which its alarms are counted."""
    rows = Point.objects.filter(pk__in=points).values_list("outfall", "position", "pk")
    found: dict[int, int] = {}
    for outfall, _other, pk in sorted(
        (outfall, position != Point.Position.EFFLUENT, pk) for outfall, position, pk in rows
    ):
        found.setdefault(outfall, pk)
    return found


def _rows(sql: str, asked: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found
