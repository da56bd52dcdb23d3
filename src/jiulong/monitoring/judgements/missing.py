"""Missing data (alarm catalogue MISS): an hour whose hourly or minute readings did not come.

Hours are looked at once they are over and the grace has passed. Hours in a row are one finding,
which ends with the first complete hour. Data that come later leave the finding as it was found,
and are counted in it: `detail` = {expected, received, hours, filled_at}.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import Rule, Window, register
from jiulong.monitoring.models import Alarm, Finding, Period, Point, Watch

HOUR: Final = timedelta(hours=1)

#: How many of the expected minute and hour readings each hour has, split parts counted once.
RECEIVED: Final = """
SELECT c.point, c.hour, sum(least(c.n, CASE c.period WHEN 1 THEN 60 / p.minute_interval ELSE 1 END))
FROM (
    SELECT r.point, r.period, date_trunc('hour', r.at, 'UTC') AS hour, count(DISTINCT r.at) AS n
    FROM unnest(%(points)s::int[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
         AS s(point, first, last)
    JOIN reading r ON r.point = s.point AND r.period IN (1, 2)
         AND r.at >= s.first AND r.at < s.last
         AND r.at >= %(first)s AND r.at < %(last)s
    GROUP BY 1, 2, 3
) c JOIN monitoring_point p ON p.id = c.point
GROUP BY c.point, c.hour
"""
#: Where a point that is new to the judge starts: its first interval reading in service.
BEGIN: Final = """
SELECT p.id, f.at
FROM monitoring_point p
CROSS JOIN LATERAL (
    SELECT min(first) AS at FROM (
        SELECT (SELECT r.at FROM reading r
                WHERE r.point = p.id AND r.period = k.period AND r.at >= p.active_from
                ORDER BY r.at LIMIT 1) AS first
        FROM (VALUES (1), (2)) AS k(period)
    ) firsts
) f
WHERE p.id = ANY(%(points)s) AND f.at IS NOT NULL
"""

Counts = dict[int, dict[datetime, int]]


@register
class Missing(Rule):
    """Fewer readings than an hour should have."""

    code = "missing"
    name = _("Missing data")
    meaning = _("Hourly or minute data of an hour had not come 30 minutes after its end.")
    kind = "GAP"
    family = Alarm.Family.LINE
    respond = "next_day 12:00"
    close = "1 working_days"
    source = "HJ 356-2019"
    thresholds = {
        "grace": thresholds.MISSING_GRACE,
        "serious_hours": thresholds.MISSING_SERIOUS_HOURS,
    }

    def judge(self, window: Window) -> Iterable[Finding]:
        yield from self._filled_later(window)
        due = _hour(window.horizon - self._setting(window)["grace"])
        _begin(window)
        watches = list(
            Watch.objects.filter(hours_until__lt=due).select_related("point").order_by("pk")
        )
        if watches:
            yield from self._past_hours(watches, due, window)

    def _past_hours(self, watches: list[Watch], due: datetime, window: Window) -> Iterator[Finding]:
        stretches = [
            (watch.point_id, watch.hours_until or due, _end_of_service(watch.point, due))
            for watch in watches
        ]
        counts = _received(stretches)
        standing = {
            finding.point_id: finding
            for finding in Finding.objects.filter(rule=self.code, ended_at=None)
        }
        for watch, (point, first, end) in zip(watches, stretches, strict=True):
            hours = {
                first + n * HOUR: counts[point].get(first + n * HOUR, 0)
                for n in range(max(0, (end - first) // HOUR))
            }
            yield from self._hours_of(watch.point, hours, standing.get(point), window)
            watch.hours_until = due
        Watch.objects.bulk_update(watches, ["hours_until"], batch_size=500)

    def _hours_of(
        self, point: Point, hours: dict[datetime, int], current: Finding | None, window: Window
    ) -> Iterator[Finding]:
        """`hours` are readings by hour, without gaps; `current` is the finding that stands open."""
        expected = _expected(point)
        for hour, came in hours.items():
            if came >= expected:
                if current is not None:
                    current.ended_at = hour
                    _settle(current, window.horizon)
                    yield self._graded(current, window)
                current = None
                continue
            if current is None:
                nothing = {"hours": 0, "expected": 0, "received": 0}
                known = window.known_at(hour + HOUR + self._setting(window)["grace"])
                current = self.new(
                    point_id=point.pk, started_at=hour, found_at=known, detail=nothing
                )
            current.last_at = hour
            current.detail["hours"] += 1
            current.detail["expected"] += expected
            current.detail["received"] += came
        if current is not None and hours:
            yield self._graded(current, window)

    def _filled_later(self, window: Window) -> Iterator[Finding]:
        """Count again what came into hours that were found missing."""
        findings = _lacking(self.code, window)
        if not findings:
            return
        counts = _received([(f.point_id, f.started_at, f.last_at + HOUR) for f in findings])
        for finding in findings:
            hours = counts[finding.point_id].items()
            came = sum(n for at, n in hours if finding.started_at <= at <= finding.last_at)
            if came == finding.detail["received"]:
                continue
            finding.detail = {**finding.detail, "received": came}
            _settle(finding, window.horizon)
            finding.save(update_fields=["detail"])  # the same finding may go on in this window
            yield finding

    def _setting(self, window: Window) -> Setting:
        return window.settings.at(self.code, window.horizon)

    def _graded(self, finding: Finding, window: Window) -> Finding:
        serious = finding.detail["hours"] > self._setting(window)["serious_hours"]
        finding.severity = Finding.Severity.SERIOUS if serious else self.severity
        return finding


def _settle(finding: Finding, now: datetime) -> None:
    """Note when the last of the data came, once the finding can grow no more."""
    complete = finding.detail["received"] >= finding.detail["expected"]
    if complete and finding.ended_at is not None:
        finding.detail["filled_at"] = now.isoformat()


def _lacking(code: str, window: Window) -> list[Finding]:
    """Findings that still lack data and into whose time new interval data may have come."""
    stretches = [s for s in window.touched if s.period in {Period.MINUTE, Period.HOUR}]
    if not stretches:
        return []
    lacking = Q(last_at__gte=_hour(min(s.first for s in stretches)))
    found = Finding.objects.filter(
        lacking & ~Q(detail__has_key="filled_at"),
        rule=code,
        point__in={s.point for s in stretches},
        started_at__lte=max(s.last for s in stretches),
    )
    return list(found)


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _expected(point: Point) -> int:
    """Readings of a complete hour: its minute data and the hour itself."""
    return 60 // point.minute_interval + 1


def _end_of_service(point: Point, due: datetime) -> datetime:
    return due if point.active_to is None else min(due, _hour(point.active_to))


def _begin(window: Window) -> None:
    """Set where points begin that are judged for the first time."""
    heard = {stretch.point: stretch.first_received for stretch in reversed(window.touched)}
    new = set(heard) - set(Watch.objects.filter(point__in=heard).values_list("point", flat=True))
    Watch.objects.bulk_create(
        [Watch(point_id=point, heard_at=heard[point]) for point in new], ignore_conflicts=True
    )
    fresh = Watch.objects.filter(point__in=heard, hours_until=None)
    if not (waiting := {watch.point_id: watch for watch in fresh}):
        return
    with connection.cursor() as cursor:
        cursor.execute(BEGIN, {"points": list(waiting)})
        for point, at in cursor.fetchall():
            # A logger that comes into service within an hour owes nothing for that hour.
            waiting[point].hours_until = _hour(at + HOUR - timedelta(microseconds=1))
    Watch.objects.bulk_update(waiting.values(), ["hours_until"], batch_size=500)


def _received(stretches: Sequence[tuple[int, datetime, datetime]]) -> Counts:
    """Readings by point and hour, in stretches (point, from, to) that do not overlap."""
    parameters: dict[str, Any] = {
        "points": [point for point, _first, _last in stretches],
        "firsts": [first for _point, first, _last in stretches],
        "lasts": [last for _point, _first, last in stretches],
        "first": min(first for _point, first, _last in stretches),
        "last": max(last for _point, _first, last in stretches),
    }
    counts: Counts = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(RECEIVED, parameters)
        for point, hour, came in cursor:
            counts[point][hour] = int(came)
    return counts
