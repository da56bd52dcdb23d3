"""Public tracking: how far, whose, until when – and nothing of anybody."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from jiulong.cases import tracking
from jiulong.cases.actions import (
    accept_case,
    assign_case,
    close_case,
    file_case,
    merge_case,
    reply_case,
    withdraw_case,
)
from jiulong.cases.models import Case
from jiulong.cases.tracking_views import MOST
from jiulong.organisation.models import Unit, User
from tests.cases.reporting.district import HERE, District, make_district
from tests.factories import NOW, make_unit, make_user
from tests.pages.html import Page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    cache.clear()


@pytest.fixture
def english(client: Client) -> Client:
    client.cookies["django_language"] = "en"
    return client


def filed(people: District, **given: object) -> Case:
    return file_case(
        actor=people.worker, matter=people.matter, title="王小明家门口井盖",
        about="电话 13800000000", place=HERE, data={"kind": "cover"}, address="王小明家", now=NOW,
        **given,
    )  # fmt: skip


def test_it_tells_stage_dates_and_unit_and_nothing_personal(english: Client) -> None:
    case = filed(make_district())
    answer = english.get("/track/", {"number": case.tracking})
    page = Page(answer)
    assert answer.status_code == 200
    assert (page.one("h2").text, page.one(".light").text) == ("Street problem", "Filed")
    assert page.one("li[aria-current=step] span").text == "Filed"
    assert page.all("dd")[1].text == "网格中心"
    text = answer.content.decode()
    assert [word for word in ("王小明", "13800000000", case.number) if word in text] == []


def test_it_understands_how_people_write_a_number(english: Client) -> None:
    case = filed(make_district())
    number = case.tracking or ""
    spoken = f" {number[:4].lower()}-{number[4:8]} {number[8:]} "
    found = tracking.track(make_user(User.Role.OBSERVER), spoken)
    assert found is not None
    assert found.tracking == number
    assert tracking.clean("too short") == ""


@pytest.mark.parametrize("number", ["", "AAAAAAAAAAAA", "0000", "A" * 40, "'; --"])
def test_it_knows_no_other_number(english: Client, number: str) -> None:
    filed(make_district())
    answer = english.get("/track/", {"number": number})
    assert answer.status_code == (404 if number else 200)
    assert Page(answer).all("h2") == []


def test_it_shows_nothing_of_a_matter_that_is_not_public(english: Client) -> None:
    people = make_district()
    case = filed(people)
    people.matter.spec = {**people.matter.spec, "public": None}
    people.matter.save()
    assert english.get("/track/", {"number": case.tracking}).status_code == 404


def closed(people: District) -> Case:
    """A case that its reporter may rate."""
    lead = make_unit(Unit.Kind.DEPARTMENT, name="城管局")
    handler = make_user(User.Role.HANDLER, lead)
    case = assign_case(actor=people.dispatcher, case=filed(people), lead=lead, now=NOW)
    case = accept_case(actor=handler, case=case, now=NOW)
    case = reply_case(actor=handler, case=case, answer="王小明家门口已修好", now=NOW)
    return close_case(actor=people.dispatcher, case=case, result="solved", now=NOW)


def test_it_tells_the_result_in_the_words_of_the_pack(english: Client) -> None:
    case = closed(make_district(verify=None))
    page = Page(english.get("/track/", {"number": case.tracking}))
    assert (page.one(".light").text, page.all("dd")[-1].text) == ("Closed", "Solved")
    assert "王小明" not in page.text
    assert page.all("section a.btn") == []


def test_it_leads_the_reporter_to_confirm_and_rate(english: Client) -> None:
    people = make_district(verify=None)
    case = closed(people)
    english.force_login(people.worker)
    page = Page(english.get("/track/", {"number": case.tracking}))
    assert page.one("section a.btn")["href"] == f"/cases/{case.pk}/"
    english.force_login(people.neighbour)
    page = Page(english.get("/track/", {"number": case.tracking}))
    assert page.all("section a.btn") == []


def test_it_follows_what_was_merged_and_says_what_was_withdrawn(english: Client) -> None:
    people = make_district()
    case, other = filed(people), filed(people)
    merge_case(actor=people.dispatcher, case=case, into=other, reason="重复", now=NOW)
    page = Page(english.get("/track/", {"number": case.tracking}))
    assert "more than once" in page.text
    assert page.one(".light").text == "Filed"
    withdraw_case(actor=people.worker, case=other, reason="误报", now=NOW)
    page = Page(english.get("/track/", {"number": other.tracking}))
    assert page.one(".light").text == "Withdrawn"


def test_it_lets_an_address_ask_so_often_and_no_more(english: Client) -> None:
    for _ in range(MOST):
        assert english.get("/track/", {"number": "AAAAAAAAAAAA"}).status_code == 404
    answer = english.get("/track/", {"number": "AAAAAAAAAAAA"})
    assert (answer.status_code, answer["Retry-After"]) == (429, "60")
    assert english.get("/track/").status_code == 200
    other = english.get("/track/", {"number": "AAAAAAAAAAAA"}, REMOTE_ADDR="10.0.0.9")
    assert other.status_code == 404
