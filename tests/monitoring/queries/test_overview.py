"""The numbers of the home page, and the discharge strip."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from jiulong.monitoring.models import Finding, Period, PointState
from jiulong.monitoring.queries import overview
from jiulong.monitoring.queries.strip import StripCell, discharge_strip
from tests.factories import (
    NOW,
    hours,
    make_finding,
    make_limit,
    make_point,
    make_user,
    write_readings,
)
from tests.people import People

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LATER = NOW + 20 * MINUTE


def test_it_counts_what_is_live_and_what_is_wrong(people: People) -> None:
    PointState.objects.create(point=people.point, heard_at=NOW)
    PointState.objects.create(point=people.other_point, heard_at=NOW - 10 * MINUTE)
    make_point()
    make_point(active_to=NOW - HOUR)
    serious = make_finding(
        people.point,
        severity=Finding.Severity.SERIOUS,
        acknowledged_at=NOW,
        started_at=NOW - 2 * HOUR,
    )
    warning = make_finding(people.point, rule="offline", started_at=NOW - 3 * HOUR)
    ended = make_finding(people.other_point, ended_at=NOW, started_at=NOW - 4 * HOUR)
    seen = overview(people.officer, NOW)
    assert (seen.live, seen.late, seen.offline, seen.points) == (1, 1, 1, 3)
    assert (seen.open_findings, seen.points_with_findings, seen.unacknowledged) == (2, 1, 1)
    assert seen.open_by_severity == {"information": 0, "warning": 1, "serious": 1}
    assert seen.open_by_rule == {"hour_exceedance": 1, "offline": 1}
    assert seen.newest == (serious, warning, ended)


def test_everybody_counts_what_is_theirs(people: People) -> None:
    make_finding(people.point)
    write_readings(people.point, Period.REALTIME, [(NOW - MINUTE, {"w01018": 1.0})])
    write_readings(people.point, Period.HOUR, hours(NOW - 5 * HOUR, 1))
    mine, theirs = overview(people.owner, NOW), overview(people.sibling, NOW)
    assert (mine.points, mine.open_findings, mine.frames_hour, mine.frames_day) == (1, 1, 1, 2)
    assert (theirs.points, theirs.open_findings, theirs.frames_day) == (1, 0, 0)
    assert (len(theirs.newest), len(theirs.strip)) == (0, 0)
    assert overview(AnonymousUser(), NOW).points == 0


def test_it_takes_as_many_queries_for_many_as_for_one(
    db: None, django_assert_num_queries: Any
) -> None:
    viewer = make_user()
    for _ in range(5):
        target = make_point()
        make_limit(target)
        make_finding(target)
        write_readings(target, Period.HOUR, hours(NOW - 5 * HOUR, 60))
    with django_assert_num_queries(10):
        seen = overview(viewer, NOW)
        assert [str(row.point.outfall.enterprise) for row in seen.strip]
        assert [str(row.point.outfall.enterprise) for row in seen.newest]


def test_the_strip_shows_the_worst_outfalls_hour_by_hour(people: People) -> None:
    start = NOW - 24 * HOUR
    for target in (people.point, people.other_point):
        make_limit(target, "w01018", "50")
        make_limit(target, "w01001", "9", minimum="6")
    rows = [
        (start, {"w01018": 40.0, "w01001": 7.0}),
        (start + HOUR, {"w01018": 45.0, "w01001": 9.5}),
        (start + 2 * HOUR, {"w01018": 46.0, "w01001": 7.0}),
        (start + 3 * HOUR, {"w01018": 61.5, "w01001": 7.0}),
    ]
    write_readings(people.point, Period.HOUR, rows)
    write_readings(people.point, Period.HOUR, hours(start + 4 * HOUR, 99), marks="D")
    write_readings(people.other_point, Period.HOUR, hours(start, 49))
    first, second = discharge_strip(people.officer, LATER)
    assert (first.point, second.point) == (people.point, people.other_point)
    assert (first.worst, len(first.cells)) == (Decimal("1.23"), 24)
    assert first.cells[:6] == (
        StripCell(start, "kept", Decimal("0.80"), "w01018"),
        StripCell(start + HOUR, "over", None, "w01001"),
        StripCell(start + 2 * HOUR, "near", Decimal("0.92"), "w01018"),
        StripCell(start + 3 * HOUR, "over", Decimal("1.23"), "w01018"),
        StripCell(start + 4 * HOUR, "invalid", None, "w01018"),
        StripCell(start + 5 * HOUR, "missing", None, ""),
    )
    assert [row.point for row in discharge_strip(people.owner, LATER)] == [people.point]
    assert [row.point for row in discharge_strip(people.officer, LATER, rows=1)] == [people.point]


def test_the_strip_goes_by_the_limit_of_the_day(db: None) -> None:
    target = make_point()
    make_limit(target, maximum="10", valid_to=date(2026, 3, 1))
    make_limit(target, maximum="100", valid_from=date(2026, 3, 2))
    write_readings(target, Period.HOUR, hours(NOW - 2 * HOUR, 50))
    (row,) = discharge_strip(make_user(), LATER)
    assert [cell.ratio for cell in row.cells if cell.ratio] == [Decimal("0.50")]


@pytest.mark.parametrize("offset", [timedelta(0), 59 * MINUTE])
def test_the_strip_holds_whole_hours(db: None, offset: timedelta) -> None:
    target = make_point()
    make_limit(target)
    write_readings(target, Period.HOUR, hours(NOW - HOUR, 50, 50))
    (row,) = discharge_strip(make_user(), NOW + offset)
    assert row.cells[-1] == StripCell(NOW - HOUR, "near", Decimal("1.00"), "w01018")
