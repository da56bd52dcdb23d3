"""Rates of points, firms, zones and months, worked by hand; the page that shows them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from jiulong.cases.models import Task
from jiulong.monitoring.models import Alarm, Point
from jiulong.organisation.models import Unit
from jiulong.validity.engine.rates import Counts
from jiulong.validity.models import DayStatistic
from jiulong.validity.rates import DEFINITIONS, Rates, rates, seen
from tests.cases.notices.case import make_case
from tests.factories import (
    make_enterprise,
    make_factor,
    make_finding,
    make_outfall,
    make_point,
    make_unit,
)
from tests.pages.html import Page
from tests.people import People, make_people

FIRST, LAST = date(2026, 3, 1), date(2026, 3, 10)
#: 00:00 of 11 March in Zhangzhou.
NOW = datetime(2026, 3, 10, 16, tzinfo=UTC)
ALL = 0xFFFFFF


def a_day(point: Point, on: date, n_valid: int = 24, n_expected: int = 24, **bits: int) -> None:
    DayStatistic.objects.create(
        point=point, factor=make_factor(), on=on, valid=n_valid * 4 >= n_expected * 3 > 0,
        n_expected=n_expected, n_valid=n_valid, ratio=0, method="weighted", rule="hj356-2019",
        invalid=bits, computed_at=NOW, over=True,
    )  # fmt: skip


@dataclass
class Town:
    people: People
    first: Point
    second: Point
    batch: Point


@pytest.fixture
def town(db: None) -> Town:
    people = make_people()
    zone, firm = (
        make_unit(Unit.Kind.ZONE, name="Zone"),
        make_unit(Unit.Kind.ENTERPRISE, name="Firm"),
    )
    first, second = people.point, people.other_point
    batch = make_point(make_outfall(make_enterprise(name="Batch", street=zone)),
                       discharge="intermittent", operator=firm)  # fmt: skip
    a_day(first, FIRST)
    # 24 due, 4 missing, 6 flagged of which 2 are missing too; 3 of the 8 doubtful are marked
    a_day(first, LAST, 16, missing=0b1111, flag=0b11111100, mark=0b111)
    # 8 dry hours were not due: 16 due, 16 received, 10 valid
    a_day(second, LAST, 10, flow_zero=0xFF, qc=0b111111 << 8)
    # a batch expects 6 of its own; 18 dry hours are no part of them
    a_day(batch, date(2026, 2, 28), 6, 6, flow_zero=ALL ^ 0b111111)
    Point.objects.update(active_from=datetime(2026, 2, 27, 16, tzinfo=UTC))
    return Town(people, first, second, batch)


def by(town: Town, what: Any, first: date = FIRST) -> dict[str, Rates]:
    points = [town.first.pk, town.second.pk, town.batch.pk]
    return {row.label: row for row in rates(points, first, LAST, what, now=NOW)}


def hours(row: Rates) -> tuple[int, int, int, int, int]:
    counts = row.counts
    return counts.due, counts.received, counts.valid, counts.doubtful, counts.marked


def test_it_counts_hours_that_were_due_received_valid_doubtful_and_marked(town: Town) -> None:
    found = {row.point: row for row in by(town, "point", date(2026, 2, 1)).values()}
    assert {point: hours(row) for point, row in found.items()} == {
        town.first: (48, 44, 40, 8, 3),
        town.second: (16, 16, 10, 0, 0),
        town.batch: (6, 6, 6, 0, 0),
    }
    # 44/48 = 0.91666…; 40/44 = 0.9090…; 40/48 = 0.8333… < 0.9; 3/8 = 0.375
    shares = [found[town.first].share(rate) for rate in DEFINITIONS]
    assert shares[:3] == [Decimal("0.9167"), Decimal("0.9091"), Decimal("0.8333")]
    assert shares[4] == Decimal("0.375")
    assert found[town.first].falls_short("transmission_validity")
    assert not found[town.batch].falls_short("transmission_validity")


def test_it_groups_by_firm_zone_and_month(town: Town) -> None:
    early = date(2026, 2, 1)
    by_zone = {row.key: hours(row)[:3] for row in by(town, "zone", early).values()}
    zone = Unit.objects.get(kind=Unit.Kind.ZONE)
    assert by_zone == {"": (64, 60, 50), str(zone.pk): (6, 6, 6)}
    by_firm = [hours(row)[:3] for row in by(town, "operator", early).values()]
    assert sorted(by_firm) == [(6, 6, 6), (64, 60, 50)]
    assert {key: hours(row)[:3] for key, row in by(town, "month", early).items()} == {
        "2026-02": (6, 6, 6),
        "2026-03": (64, 60, 50),
    }
    assert len(by(town, "enterprise", early)) == 3
    assert [hours(row)[:3] for row in by(town, "", early).values()] == [(70, 66, 56)]


def test_online_is_the_time_in_service_without_an_offline_finding(town: Town) -> None:
    # 1-10 March are 240 h. Offline 28 Feb 20:00 – 1 Mar 06:00 (6 h of March), and 9 Mar 12:00 on
    # (36 h, open): 198/240 = 0.825 < 0.9. Withdrawn findings do not count.
    start = datetime(2026, 2, 28, 12, tzinfo=UTC)
    make_finding(town.first, rule="offline", started_at=start, ended_at=start + timedelta(hours=10))
    make_finding(town.first, rule="offline", started_at=NOW - timedelta(hours=36))
    make_finding(town.first, rule="offline", started_at=NOW - timedelta(hours=90), withdrawn_at=NOW)
    found = {row.point: row for row in by(town, "point").values()}
    assert found[town.first].counts.of("online") == (198 * 3600, 240 * 3600)
    assert found[town.first].share("online") == Decimal("0.825")
    assert found[town.second].share("online") == 1
    # A point that went into service on the 6th: 120 h.
    Point.objects.filter(pk=town.second.pk).update(active_from=NOW - timedelta(days=5))
    assert {row.point: row for row in by(town, "point").values()}[
        town.second
    ].counts.service_s == 120 * 3600


def test_feedback_is_of_answers_that_were_due(town: Town) -> None:
    outfall = town.first.outfall
    make_point(outfall, position=Point.Position.INFLUENT)  # an alarm is counted once
    alarm = Alarm.objects.create(
        outfall=outfall, family="limit", kind="EXD", severity="serious", rules=["x"],
        started_at=NOW, last_at=NOW, raised_at=NOW,
    )  # fmt: skip
    case = make_case(
        source="monitoring", source_ref=f"alarm/{alarm.pk}", enterprise=outfall.enterprise
    )
    due = NOW - timedelta(days=2)
    theirs, bureau = outfall.enterprise.unit, make_unit()
    for key, unit, due_at, done_at, late in (
        ("in-time", theirs, due, due - timedelta(hours=1), False),
        ("late", theirs, due, due + timedelta(hours=1), True),
        ("never", theirs, due, None, None),
        ("has-time", theirs, NOW + timedelta(hours=1), None, None),
        ("not-theirs", bureau, due, None, None),
    ):
        Task.objects.create(case=case, key=key, name=key, unit=unit, state="open", due_at=due_at,
                            done_at=done_at, late=late)  # fmt: skip
    found = {row.point: row for row in by(town, "point").values()}
    assert found[town.first].counts.of("feedback") == (1, 3)
    assert found[town.first].share("feedback") == Decimal("0.3333")
    assert found[town.second].share("feedback") is None


def test_everybody_sees_the_rates_of_their_own_points_alone(town: Town) -> None:
    people = town.people
    assert {row.point for row in seen(people.owner, FIRST, LAST, "point")} == {town.first}
    assert {row.point for row in seen(people.sibling, FIRST, LAST, "point")} == {town.second}
    assert len(seen(people.officer, FIRST, LAST, "point")) == 3
    assert [row.point for row in seen(people.officer, FIRST, LAST, "point", q="Batch")] == [
        town.batch
    ]


def test_the_page_shows_rates_with_what_they_mean(town: Town, client: Client) -> None:
    client.force_login(town.people.officer)
    query = "?since=2026-03-01&until=2026-03-10"
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(f"/rates/{query}&sort=-transmission")
    page = Page(answer)
    assert "91.67" in page.text
    assert "40/48" in page.text
    assert all(str(one.text) in page.text for one in DEFINITIONS.values())
    assert len(asked) <= 20
    for how in ("enterprise", "operator", "zone", "month", "nonsense"):
        assert client.get(f"/rates/{query}&by={how}").status_code == 200
    sheet = load_workbook(io.BytesIO(client.get(f"/rates/{query}&as=xlsx").content)).active
    assert sheet is not None
    assert [row[3] for row in sheet.iter_rows(min_row=2, values_only=True)][:1] == [0.9167]
    client.force_login(town.people.sibling)
    assert "91.67" not in Page(client.get(f"/rates/{query}")).text


def test_counts_add_up() -> None:
    one = Counts(1, 2, 3, 4, 5, 6, 7, 8, 9)
    assert one + one == Counts(2, 4, 6, 8, 10, 12, 14, 16, 18)
