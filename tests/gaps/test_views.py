"""Pages of gaps: who gets which answer, what they say, what a form may do."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import ProgrammingError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiulong.evidence.models import Event
from jiulong.gaps import actions, proofs
from jiulong.gaps.models import Gap, HistoryRequest, MonthProof
from jiulong.monitoring.models import Period
from tests.almighty import almighty, altered
from tests.factories import make_logger
from tests.gaps.conftest import Line, at, look
from tests.pages.html import Page
from tests.pages.policy import inline
from tests.people import People, make_people

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


@pytest.fixture
def people(line: Line) -> People:
    """The owner's point misses two hours and the last minutes; the sibling's has all."""
    made = make_people()
    line.hours(made.point, 0, 10, but={3, 4})
    minutes = [at(0) + timedelta(minutes=10 * n) for n in range(57)]
    line.sends(made.point, minutes, Period.MINUTE)
    line.hours(made.other_point, 0, 10)
    look(10.5)
    make_logger(made.point)
    return made


def client_of(people: People, role: str, language: str = "en") -> Client:
    client = Client()
    client.cookies["django_language"] = language
    client.force_login(getattr(people, role))
    return client


def get(people: People, role: str, path: str, **headers: Any) -> Any:
    return client_of(people, role).get(path, headers=headers)


def test_it_lists_to_each_what_is_theirs(people: People) -> None:
    rows = {
        role: len(Page(get(people, role, "/gaps/")).all("#rows tbody tr"))
        for role in ("owner", "officer", "observer", "sibling")
    }
    own, foreign = (
        Gap.objects.filter(point=point).count() for point in (people.point, people.other_point)
    )
    assert own > 0 == foreign
    assert rows["owner"] == rows["officer"] == rows["observer"] == own
    assert people.point.code not in get(people, "sibling", "/gaps/").content.decode()


def test_it_tells_a_sibling_the_same_as_of_what_does_not_exist(people: People) -> None:
    gap = Gap.objects.order_by("pk")[0]
    code = people.point.code
    for path in (f"/gaps/{gap.pk}/", f"/points/{code}/gaps/", f"/points/{code}/gaps/proof.pdf"):
        statuses = [get(people, who, path).status_code for who in ("owner", "officer", "sibling")]
        assert statuses == [200, 200, 404], path


def test_it_shows_the_month_hour_by_hour(people: People) -> None:
    response = get(people, "owner", f"/points/{people.point.code}/gaps/?month=2026-03")
    text = response.content.decode()
    assert not inline(Page(response))
    assert text.count('class="heat-gap"') == 3  # two hours, and the one without minutes
    assert "Missing: 6 readings" in text or "Missing: 3 readings" in text
    assert text.count('<tr><th scope="row">03-') == 31


@pytest.mark.parametrize("month", ["2026-13", "x", "9999-01", "1066-10"])
def test_it_takes_nonsense_for_this_month(people: People, month: str) -> None:
    response = get(people, "owner", f"/points/{people.point.code}/gaps/?month={month}")
    assert response.status_code == 200


def test_it_asks_by_hand_from_the_page(people: People) -> None:
    gap = Gap.objects.get(period=Period.HOUR)
    path = f"/gaps/{gap.pk}/"
    officer = client_of(people, "officer")
    assert officer.post(path, {"reason": ""}).status_code == 422
    assert officer.post(path, {"reason": "复核"}).status_code == 302
    assert HistoryRequest.objects.get().gap == gap
    assert "复核" not in get(people, "owner", path).content.decode()
    assert "2061" in get(people, "owner", path).content.decode()
    assert client_of(people, "owner").post(path, {"reason": "x"}).status_code == 403
    assert client_of(people, "sibling").post(path, {"reason": "x"}).status_code == 404


def test_it_lists_every_point_s_month(people: People) -> None:
    text = get(people, "officer", "/gaps/months/?month=2026-03").content.decode()
    assert "80.00" in text  # hours of the owner's point
    assert "100.00" in text
    assert (
        people.other_point.code
        not in get(people, "owner", "/gaps/months/?month=2026-03").content.decode()
    )


def test_it_records_a_month_once_and_again_when_it_changed(people: People, line: Line) -> None:
    path = f"/points/{people.point.code}/gaps/prove/?month=2026-03"
    officer = client_of(people, "officer")
    assert client_of(people, "owner").post(path).status_code == 403
    assert officer.post(path).status_code == 302
    assert officer.post(path).status_code == 302
    proof = MonthProof.objects.get()
    assert proof.digest == proofs.digest(proof.content)
    hours = next(row for row in proof.content["rows"] if row["period"] == "hour")
    assert (hours["expected"], hours["live"], hours["never"], hours["share"]) == (
        10,
        8,
        2,
        "0.8000",
    )
    event = Event.objects.get(verb="prove_month")
    assert event.data["sha256"] == proof.digest
    line.sends(people.point, [at(3), at(4)], received_at=at(20))
    look(10.5)
    assert officer.post(path).status_code == 302
    assert [one.number for one in MonthProof.objects.all()] == [2, 1]
    assert altered() == ""
    with almighty("gaps_monthproof"):
        MonthProof.objects.filter(number=1).update(content={"rows": []})
    assert f"{people.point.code} 2026-03" in altered()
    for attempt in (lambda: MonthProof.objects.update(digest="0"), MonthProof.objects.all().delete):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            attempt()


def test_it_proves_no_month_that_is_not_over(people: People) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError):
        actions.prove_month(actor=None, points=[people.point], month=MARCH, now=at(12))


def test_it_proves_every_point_when_the_month_is_over(people: People) -> None:
    assert not proofs.step(at(24 * 23))  # 2 April: back-fill may come yet
    assert proofs.step(at(24 * 26))
    assert MonthProof.objects.count() == 2
    assert not proofs.step(at(24 * 26))


@pytest.mark.parametrize(("kind", "magic"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_it_prints(people: People, kind: str, magic: bytes) -> None:
    path = f"/points/{people.point.code}/gaps/proof.{kind}?month=2026-03"
    response = get(people, "owner", path)
    assert response.content[:4].startswith(magic)
    assert get(people, "owner", path.replace(kind, "exe", 1)).status_code == 404


def test_its_pages_cost_the_same_however_many_gaps(people: People) -> None:
    gap = Gap.objects.get(period=Period.HOUR)
    officer = client_of(people, "officer")

    def cost(path: str) -> int:
        officer.get(path)
        with CaptureQueriesContext(connection) as queries:
            assert officer.get(path).status_code == 200
        return len(queries)

    paths = ["/gaps/", f"/points/{people.point.code}/gaps/?month=2026-03", "/gaps/months/"]
    before = [cost(path) for path in paths]
    for n in range(20):
        gap.pk = None
        gap.start = at(20 + n)
        gap.end = at(21 + n)
        gap.remaining = [[gap.start, gap.end]]
        gap.save(force_insert=True)
    assert [cost(path) for path in paths] == before
    assert max(before) <= 16


def test_it_answers_programs_alike(people: People) -> None:
    gap = Gap.objects.get(period=Period.HOUR)
    owner = client_of(people, "owner")
    listed = owner.get("/api/gaps?state=missing&period=hour").json()
    assert (listed["total"], listed["items"][0]["left"]) == (1, 2)
    assert owner.get("/api/gaps?state=nonsense").status_code in {400, 422}
    assert client_of(people, "sibling").get(f"/api/gaps/{gap.pk}").status_code == 404
    code = people.point.code
    rows = owner.get(f"/api/points/{code}/completeness?month=2026-03").json()
    assert [(row["period"], row["expected"], row["never"]) for row in rows] == [
        ("minute", 60, 3), ("hour", 10, 2),
    ]  # fmt: skip
    asked = owner.post(f"/api/gaps/{gap.pk}/ask", {"reason": "x"}, content_type="application/json")
    assert asked.status_code == 403
    officer = client_of(people, "officer")
    asked = officer.post(
        f"/api/gaps/{gap.pk}/ask", {"reason": "x"}, content_type="application/json"
    )
    assert (asked.status_code, asked.json()["state"]) == (200, "asked")
