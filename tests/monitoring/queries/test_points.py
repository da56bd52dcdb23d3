"""Points for lists, maps and their own page."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser

from jiulong.monitoring.models import Finding, Limit, Period, Point, PointState
from jiulong.monitoring.queries import (
    limit_history,
    limits_in_force,
    map_rows,
    point,
    point_rows,
    points,
    visible_points,
    worst_ratio,
)
from jiulong.organisation.models import Unit, User
from jiulong.registers.models import Enterprise
from tests.factories import (
    NOW,
    make_enterprise,
    make_factor,
    make_finding,
    make_limit,
    make_outfall,
    make_point,
    make_unit,
    make_user,
    write_readings,
)
from tests.people import People

MINUTE = timedelta(minutes=1)


def found(viewer: Any, **filters: Any) -> list[Point]:
    return list(points(viewer, now=NOW, **filters))


def hear(target: Point, minutes_ago: int) -> Point:
    PointState.objects.create(point=target, heard_at=NOW - minutes_ago * MINUTE)
    return target


def test_everybody_sees_what_is_theirs(people: People) -> None:
    both = {people.point, people.other_point}
    assert set(found(people.officer)) == set(found(people.observer)) == both
    assert found(people.owner) == [people.point]
    assert found(people.sibling) == [people.other_point]


def test_strangers_see_nothing(people: People) -> None:
    inactive = make_user(User.Role.OFFICER, is_active=False)
    homeless = make_user(User.Role.ENTERPRISE, None)
    for viewer in (AnonymousUser(), inactive, homeless):
        assert found(viewer) == []
        assert not visible_points(viewer).exists()


def test_a_point_of_others_does_not_exist(people: People) -> None:
    assert point(people.owner, people.point.code, now=NOW) == people.point
    with pytest.raises(Point.DoesNotExist):
        point(people.sibling, people.point.code, now=NOW)


@pytest.mark.parametrize(
    ("minutes", "interval", "state"),
    [
        (5, 60, "live"),
        (6, 60, "late"),
        (30, 60, "late"),
        (31, 60, "offline"),
        (170, 3600, "live"),
        (181, 3600, "offline"),
        (25, 600, "live"),
    ],
)
def test_it_says_live_late_or_offline(db: None, minutes: int, interval: int, state: str) -> None:
    hear(make_point(realtime_interval_s=interval), minutes)
    (row,) = point_rows(points(make_user(), now=NOW), now=NOW)
    assert row.state == state


def test_a_point_never_heard_is_offline(db: None) -> None:
    make_point()
    (row,) = point_rows(points(make_user(), now=NOW), now=NOW)
    assert (row.state, row.heard_at, row.light) == ("offline", None, "cinnabar")


def test_it_filters(db: None) -> None:
    viewer, street = make_user(), make_unit(Unit.Kind.STREET)
    steel = make_enterprise(trade=Enterprise.Trade.STEEL, street=street, name="九龙 Steel works")
    one = hear(make_point(make_outfall(steel, name="North gate"), name="Total outlet"), 1)
    two = hear(make_point(), 10)
    make_limit(two, "w21003")
    make_finding(two)
    make_finding(one, ended_at=NOW)
    assert found(viewer, trade="steel") == found(viewer, street=street.code) == [one]
    assert found(viewer, state="live") == [one]
    assert found(viewer, state="late") == found(viewer, factor="w21003") == [two]
    assert found(viewer, has_findings=True) == [two]
    assert found(viewer, has_findings=False) == [one]
    assert found(viewer, q="九龙") == found(viewer, q="steel NORTH total") == [one]
    assert found(viewer, q="steel nowhere") == found(viewer, state="nonsense") == []
    assert found(viewer, q=two.code) == [two]


def test_retired_points_are_asked_for(db: None) -> None:
    gone = make_point(active_to=NOW - MINUTE)
    assert found(make_user()) == []
    assert found(make_user(), retired=True) == [gone]


def test_it_sorts_what_is_wrong_first(db: None) -> None:
    viewer = make_user()
    fine, late, warned, serious = [hear(make_point(), n) for n in (1, 10, 1, 1)]
    make_finding(warned)
    make_finding(serious, severity=Finding.Severity.SERIOUS)
    assert found(viewer) == found(viewer, sort="nonsense") == [serious, warned, late, fine]
    assert found(viewer, sort="-light") == [fine, late, warned, serious]
    assert found(viewer, sort="code") == [fine, late, warned, serious]
    assert found(viewer, sort="-code") == [serious, warned, late, fine]
    assert found(viewer, sort="heard")[0] == late
    lights = [row.light for row in point_rows(points(viewer, now=NOW), now=NOW)]
    assert lights == ["cinnabar", "amber", "amber", "jade"]


def test_current_values_stand_beside_their_limit(db: None) -> None:
    target = hear(make_point(), 1)
    make_limit(target, "w01018", "50")
    make_limit(target, "w01001", "9", minimum="6")
    make_limit(target, "w21003", "5", statistic=Limit.Statistic.DAY)
    values = {"w01018": 46.0, "w01001": 9.3, "w21003": 2.5, "w21011": 1.0}
    write_readings(target, Period.REALTIME, [(NOW - MINUTE, values)], marks={"w21003": "D"})
    write_readings(target, Period.HOUR, [(NOW - 61 * MINUTE, {"w01018": 1.0, "w21001": 7.0})])
    (row,) = point_rows(points(make_user(), now=NOW), now=NOW)
    assert [(v.factor.code, v.value, v.ratio, v.standing, v.period.name) for v in row.values] == [
        ("w01018", Decimal("46.0"), Decimal("0.92"), "near", "REALTIME"),
        ("w21003", Decimal("2.5"), Decimal("0.50"), "invalid", "REALTIME"),
        ("w21011", Decimal("1.0"), None, "unlimited", "REALTIME"),
        ("w21001", Decimal("7.0"), None, "unlimited", "HOUR"),
        ("w01001", Decimal("9.3"), None, "over", "REALTIME"),
    ]
    assert (row.light, worst_ratio(row)) == ("amber", Decimal("0.92"))
    assert row.value_of("w01018") == row.values[0]
    assert row.value_of("w99999") is None


def test_split_frames_make_one_set_of_values(db: None) -> None:
    target = make_point()
    write_readings(target, Period.REALTIME, [(NOW - MINUTE, {"w01018": 1.0})])
    write_readings(target, Period.REALTIME, [(NOW - MINUTE, {"w21003": 2.0})], part=1)
    (row,) = point_rows([point(make_user(), target.code, now=NOW)], now=NOW)
    assert [v.factor.code for v in row.values] == ["w01018", "w21003"]


def test_history_and_clocks_ahead_are_not_current(db: None) -> None:
    target = make_point()
    write_readings(target, Period.REALTIME, [(NOW - timedelta(hours=25), {"w01018": 1.0})])
    write_readings(target, Period.REALTIME, [(NOW + timedelta(hours=1), {"w01018": 1.0})])
    (row,) = point_rows(points(make_user(), now=NOW), now=NOW)
    assert row.values == ()


def test_an_instant_limit_goes_before_an_hourly_one(db: None) -> None:
    target = make_point()
    make_limit(target, maximum="50")
    make_limit(target, maximum="100", statistic=Limit.Statistic.INSTANT)
    write_readings(target, Period.REALTIME, [(NOW - MINUTE, {"w01018": 50.0})])
    (row,) = point_rows(points(make_user(), now=NOW), now=NOW)
    assert row.values[0].ratio == Decimal("0.50")


def test_it_knows_the_limits_of_a_day(db: None) -> None:
    target = make_point()
    old = make_limit(target, maximum="60", valid_to=date(2026, 3, 9))
    new = make_limit(target, maximum="50", valid_from=date(2026, 3, 10))
    assert limits_in_force(target, NOW) == [new]
    assert limits_in_force(target, NOW - timedelta(days=1)) == [old]
    assert limit_history(target) == [new, old]


def test_the_map_shows_place_and_light(people: People) -> None:
    outfall = people.point.outfall
    assert map_rows(people.owner, now=NOW) == [
        {
            "code": people.point.code,
            "name": people.point.name,
            "enterprise": outfall.enterprise.name,
            "trade": "food",
            "longitude": outfall.longitude,
            "latitude": outfall.latitude,
            "state": "offline",
            "light": "cinnabar",
            "findings": 0,
        }
    ]


@pytest.mark.parametrize("count", [1, 6])
def test_a_page_of_points_takes_four_queries(
    db: None, django_assert_num_queries: Any, count: int
) -> None:
    make_factor()
    for _ in range(count):
        target = make_point()
        make_limit(target)
        write_readings(target, Period.REALTIME, [(NOW - MINUTE, {"w01018": 1.0})])
        make_finding(target)
    viewer = make_user()
    with django_assert_num_queries(4):
        rows = point_rows(points(viewer, now=NOW)[:10], now=NOW)
        assert [str(row.point.outfall.enterprise) for row in rows]
        assert [str(row.values[0].limit and row.values[0].factor) for row in rows]
    with django_assert_num_queries(1):
        map_rows(viewer, now=NOW)
