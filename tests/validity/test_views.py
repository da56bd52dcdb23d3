"""Pages of days: what they show, to whom, in how many queries."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from jiulong.monitoring.models import Period
from jiulong.monitoring.queries import points
from jiulong.organisation.models import User
from jiulong.upkeep.actions import mark_data
from jiulong.validity import queries
from jiulong.validity.models import Revision
from tests.factories import make_factor
from tests.upkeep.made import accept
from tests.validity.conftest import FLOW, Station, at

Settle = Callable[[datetime], None]


@pytest.fixture
def judged(station: Station, settle: Settle) -> Station:
    """1 March over the limit, and revised by a mark; 2 March too few hours; 3 March of minutes."""
    station.hours(1, *[60.0] * 12, *[52.0] * 12)
    station.hours(2, *[40.0] * 10)
    station.hours(3, *[45.0] * 23)
    minutes = [(at(3, 23, 10 * n), {**FLOW, "w01018": 45.0}) for n in range(6)]
    station.write(Period.MINUTE, minutes)
    settle(at(4, 13))
    mark = mark_data(
        actor=station.people.owner, point=station.point, kind="fault", started_at=at(1, 0),
        ended_at=at(1, 4), explanation="late", factors=[make_factor("w01018")], now=at(4, 14),
    )  # fmt: skip
    accept(mark, now=at(4, 14))
    settle(at(4, 14))
    return station


def client(user: User, language: str = "en") -> Client:
    made = Client()
    made.cookies["django_language"] = language
    made.force_login(user)
    return made


def text(judged: Station, path: str, user: User | None = None) -> str:
    answer = client(user or judged.people.officer).get(path)
    assert answer.status_code == 200, path
    return str(answer.content.decode())


def days(judged: Station, query: str = "") -> str:
    return reverse("validity:days", args=[judged.point.code]) + f"?month=2026-03{query}"


def day(judged: Station, on: int) -> str:
    return reverse("validity:day", args=[judged.point.code, date(2026, 3, on)])


def test_the_month_shows_means_against_limits(judged: Station) -> None:
    page = text(judged, days(judged))
    assert "55.2" in page  # (8 · 60 + 12 · 52) ÷ 20
    assert "10/24" in page
    one = text(judged, days(judged, "&factor=w01018"))
    assert "0.10" in one  # times over 50
    assert "Not received · Too few valid hours" in one
    assert "2 of" in one
    assert "2026-02" in one


def test_the_day_opens_down_to_frames_and_marks(judged: Station) -> None:
    page = text(judged, day(judged, 1))
    mark = Revision.objects.get(on=date(2026, 3, 1)).causes[0].partition("/")[2]
    assert reverse("upkeep:mark", args=[mark]) in page
    assert "39744 ÷ 720" in page  # Σ C·Q ÷ ΣQ at 36 m³ an hour
    assert "= 55.2" in page
    assert "HJ 356-2019" in page
    assert "56 → 55.2" in page
    assert page.count('class="does-not-count"') == 4
    assert "from minutes" in text(judged, day(judged, 3))
    assert "Nothing was computed" in text(judged, day(judged, 20))


def test_revisions_are_listed_with_their_cause(judged: Station) -> None:
    page = text(judged, reverse("validity:revisions"))
    assert "56 → 55.2" in page
    assert "Mark" in page


def test_the_point_shows_its_last_days(judged: Station, settle: Settle) -> None:
    address = reverse("monitoring:point", args=[judged.point.code])
    assert "days-panel" not in text(judged, address)  # March is long ago


def test_a_file_has_a_row_a_day_and_factor(judged: Station) -> None:
    answer = client(judged.people.officer).get(days(judged, "&as=xlsx"))
    sheet = load_workbook(BytesIO(answer.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:5] == ("Day", "Factor", "Unit", "Valid", "Mean")
    assert [row[3] for row in rows[1:]] == ["yes", "no", "yes"]
    assert Decimal(str(rows[1][4])) == Decimal("55.2")


@pytest.mark.parametrize("path", ["days", "day"])
def test_others_do_not_see_it(judged: Station, path: str) -> None:
    people = judged.people
    address = days(judged) if path == "days" else day(judged, 1)
    assert client(people.owner).get(address).status_code == 200
    assert client(judged.operator).get(address).status_code == 200
    assert client(people.sibling).get(address).status_code == 404
    assert Client().get(address).status_code == 302
    assert not queries.revisions(people.sibling).exists()
    assert queries.revisions(people.owner).count() == 2


def test_what_is_no_month_is_told(judged: Station) -> None:
    address = reverse("validity:days", args=[judged.point.code])
    for month in ("2026-13", "0001-01", "9999-12"):
        assert f"{month} is no month like 2026-03" in text(judged, f"{address}?month={month}")
    wrong = client(judged.people.officer).get(f"{day(judged, 1)}?factor=w99999")
    assert wrong.status_code == 404
    assert client(judged.people.officer).get("/points/nowhere/days/").status_code == 404


def test_pages_cost_few_queries(judged: Station, django_assert_max_num_queries: Any) -> None:
    officer = client(judged.people.officer)
    for address, most in ((days(judged), 14), (day(judged, 1), 26)):
        officer.get(address)
        with django_assert_max_num_queries(most):
            officer.get(address)


def test_what_other_floors_ask(judged: Station) -> None:
    cod, people = make_factor("w01018"), judged.people
    assert points(people.officer).exists()
    expected = sum(row.load_kg or 0 for row in queries.days(
        people.officer, judged.point, cod, date(2026, 3, 1), date(2026, 3, 3)))  # fmt: skip
    assert queries.load_to_date(judged.point, cod, 2026) == expected
    hours = queries.accepted_hours(people.owner, judged.point, cod, date(2026, 3, 1))
    assert [line.counts for line in hours] == [False] * 4 + [True] * 20
    (month,) = queries.months(people.owner, judged.point, cod, date(2026, 1, 1), date(2026, 3, 1))
    assert (month.n_valid, month.n_expected) == (2, 3)
