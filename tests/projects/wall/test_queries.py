"""The year of the wall: what stands in it, month by month, and for whom."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiulong.organisation.models import Unit, User
from jiulong.projects import stages, wall_queries, wall_shown
from jiulong.projects.models import Colour, LightOverride, MonthReport
from tests.factories import make_unit, make_user
from tests.projects.wall.scene import (
    NOW,
    TODAY,
    YEAR,
    district,
    enter,
    make_project,
    plan_mark,
    tell,
)

pytestmark = pytest.mark.django_db


def shown(viewer: User, **query: str) -> list[wall_shown.Row]:
    wall = wall_queries.wall(viewer, YEAR, TODAY)
    return wall_shown.rows(wall, wall_shown.read(wall, query, viewer))


def test_it_shows_each_viewer_their_own_and_everything_to_who_sees_all() -> None:
    street, bureau, other = make_unit(Unit.Kind.STREET), make_unit(), make_unit()
    mine = make_project(street, bureau)
    theirs = make_project(unit=other, supervising_unit=bureau)
    nobodys = make_project()
    names = {
        "bureau": make_user(User.Role.LEADER, bureau),
        "other": make_user(User.Role.LEADER, other),
        "street": make_user(User.Role.STREET_STAFF, street),
        "supervisor": make_user(User.Role.SUPERVISOR),
        "enterprise": make_user(User.Role.ENTERPRISE, bureau),
    }
    found = {
        name: [one["code"] for one in wall_queries.year(viewer, YEAR, TODAY)["projects"]]
        for name, viewer in names.items()
    }
    assert found == {
        "bureau": [mine.code, theirs.code],
        "other": [theirs.code],
        "street": [mine.code],
        "supervisor": [mine.code, theirs.code, nobodys.code],
        "enterprise": [],
    }
    # Nor may a name of a unit be read from what a viewer is shown.
    assert list(wall_queries.year(names["other"], YEAR, TODAY)["units"].values()) == [other.name]


def test_it_tells_a_year_month_by_month() -> None:
    project = make_project(stage=stages.BUILDING)
    enter(project, (stages.PREPARING, date(2025, 12, 1)), (stages.STARTED, date(YEAR, 5, 6)),
          (stages.BUILDING, date(YEAR, 8, 1)))  # fmt: skip
    tell(project, [100, 150, 150, 400], colours=["green", "green", "red", "green", "yellow"])
    MonthReport.objects.filter(month=date(YEAR, 4, 1)).update(state=MonthReport.State.RETURNED)
    LightOverride.objects.create(
        project=project, colour=Colour.YELLOW, reason="汛期", since=date(YEAR, 3, 20),
        until=date(YEAR, 4, 15), by_name="x", at=NOW,
    )  # fmt: skip
    plan_mark(project, "封顶", date(YEAR, 6, 30))
    told = wall_queries.year(make_user(User.Role.SUPERVISOR), YEAR, TODAY)
    one = json.loads(json.dumps(told, cls=DjangoJSONEncoder))["projects"][0]
    assert told["through"] == 10
    assert one["stages"] == "222233344444"
    assert one["lights"] == "ggygynnnnnnn"  # by hand at the end of March, no longer in April
    assert one["plan"] == 120_000
    assert one["planned"][:3] == [10_000, 20_000, 30_000]
    assert one["done"][:5] == [10_000, 15_000, 15_000, 15_000, 15_000]  # April was returned
    assert one["behind"][:4] == [0, 5, 15, 25]
    assert one["behind"][10:] == [0, 0]  # months that nobody has judged yet
    assert one["marks"] == [["封顶", "2026-06-30", None]]


def test_the_newest_month_stands_as_of_today() -> None:
    project = make_project()
    tell(project, [100] * 10, colours=["green"] * 10)
    LightOverride.objects.create(
        project=project, colour=Colour.RED, reason="停工", since=date(YEAR, 11, 10),
        until=date(YEAR, 12, 31), by_name="x", at=NOW,
    )  # fmt: skip
    told = wall_queries.year(make_user(User.Role.SUPERVISOR), YEAR, TODAY)
    assert told["projects"][0]["lights"] == "gggggggggrnn"


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["项目1", "项目4", "项目2", "项目5", "项目3", "项目6"]),
        ({"light": "red"}, ["项目1", "项目4"]),
        ({"light": "red", "month": "5"}, []),
        ({"light": "green", "month": "5", "q": "项目6"}, ["项目6"]),
        ({"level": "province"}, []),
        ({"stage": "building", "light": "yellow"}, ["项目2", "项目5"]),
        ({"zone": "nowhere"}, ["项目1", "项目4", "项目2", "项目5", "项目3", "项目6"]),
        ({"month": "99"}, ["项目1", "项目4", "项目2", "项目5", "项目3", "项目6"]),
    ],
)
def test_it_filters_by_the_address(query: dict[str, str], names: list[str]) -> None:
    district(6)
    rows = shown(make_user(User.Role.SUPERVISOR), **query)
    assert [row.course.name for row in rows] == names


def test_it_filters_by_zone_unit_and_leader() -> None:
    made = district(6)
    made[1].leader_post = "张副区长"
    made[1].save()
    viewer = make_user(User.Role.SUPERVISOR)
    zone, unit = made[0].zone.code, made[0].lead_unit.code
    assert [row.course.pk for row in shown(viewer, zone=zone)] == [made[0].pk, made[3].pk]
    assert len(shown(viewer, unit=unit)) == 6
    assert [row.course.pk for row in shown(viewer, leader="张副区长")] == [made[1].pk]


def test_nonsense_in_the_address_is_told() -> None:
    district(3)
    viewer = make_user(User.Role.SUPERVISOR)
    wall = wall_queries.wall(viewer, YEAR, TODAY)
    asked = wall_shown.read(wall, {"light": "pink", "month": "x", "view": "3d"}, viewer)
    assert [one.filter.name for one in asked.complaints] == ["light"]
    assert (asked.month, asked.view) == (10, "map")


def test_it_counts_lights_batches_and_money() -> None:
    made = district(6)
    made[0].batch = "expanding"
    made[0].save()
    rows = shown(make_user(User.Role.SUPERVISOR))
    counts = wall_shown.Counts(rows, 10)
    assert [(code, n) for code, _tone, _word, _meaning, n in counts.lights] == [
        ("red", 2), ("yellow", 2), ("green", 2), ("none", 0),
    ]  # fmt: skip
    assert [(code, n) for code, _word, n in counts.batches] == [
        ("planned", 0), ("signed", 0), ("started", 5), ("producing", 0), ("expanding", 1),
    ]  # fmt: skip
    money = [int(value) for value in (counts.year_plan, counts.planned, counts.done)]
    assert money == [7200, 6000, 4400]
    assert (counts.done_share, counts.planned_share) == (Decimal("61.1"), Decimal("83.3"))
    assert [row.course.name for row in wall_shown.lagging(rows, 3)] == ["项目1", "项目4", "项目2"]
    assert [(one.key, len(one.rows)) for one in wall_shown.grouped(rows, "light")] == [
        ("red", 2), ("yellow", 2), ("green", 2),
    ]  # fmt: skip
    may = wall_shown.course_of_year(rows[0].wall, rows)[4]
    assert [may.planned, may.done] == [Decimal(3000), Decimal(2200)]
    assert may.lights == {"green": 6}


def test_who_left_the_list_is_there_until_then() -> None:
    project = make_project(dropped_on=date(YEAR, 7, 9))
    make_project(dropped_on=date(YEAR - 1, 12, 31))
    make_project(filed_at=datetime(YEAR + 1, 1, 9, tzinfo=UTC))
    viewer = make_user(User.Role.SUPERVISOR)
    assert [row.course.pk for row in shown(viewer, month="6")] == [project.pk]
    assert shown(viewer, month="7") == []


def test_another_year_has_its_own_months() -> None:
    district(1)
    viewer = make_user(User.Role.SUPERVISOR)
    assert wall_queries.year(viewer, YEAR - 1, TODAY)["through"] == 12
    assert wall_queries.year(viewer, YEAR + 1, TODAY)["through"] == 1
    # On the third of January the newest month that has been judged is November.
    assert wall_queries.year(viewer, YEAR, date(YEAR + 1, 1, 3))["through"] == 11


@pytest.mark.parametrize("count", [3, 30])
def test_it_asks_the_database_nine_times_whatever_there_is(count: int) -> None:
    district(count)
    viewer = make_user(User.Role.SUPERVISOR)
    with CaptureQueriesContext(connection) as asked:
        told: dict[str, Any] = wall_queries.year(viewer, YEAR, TODAY)
    assert len(told["projects"]) == count
    assert len(asked) == 9
