"""Cases by the API: who may, what is told, what follows."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from jiulong.api.actions import create_token
from jiulong.cases import actions
from jiulong.cases.models import Case
from jiulong.organisation.models import User
from tests.cases.matters import District, make_district, make_matter
from tests.factories import NOW

pytestmark = pytest.mark.django_db


class Program:
    """A program with a person's token."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        _token, words = create_token(actor=None, owner=user, name="test")
        self.headers = {"Authorization": f"Bearer {words}", "Accept-Language": "en"}

    def get(self, path: str, **query: Any) -> HttpResponse:
        return self.client.get(path, query, headers=self.headers)

    def post(self, path: str, **body: Any) -> HttpResponse:
        return self.client.post(path, body, content_type="application/json", headers=self.headers)


@pytest.fixture
def district() -> District:
    return make_district()


@pytest.fixture
def case(district: District) -> Case:
    matter = make_matter(fields=[
        {"key": "caller", "type": "person", "what": "phone", "label": "来电"},
    ])  # fmt: skip
    filed = actions.file_case(
        actor=district.dispatcher, matter=matter, title="路面破损", data={"caller": "13812345678"},
        now=NOW,
    )  # fmt: skip
    return actions.assign_case(actor=district.dispatcher, case=filed, now=NOW)


def test_it_lists_and_shows_to_each_what_they_may_see(district: District, case: Case) -> None:
    seen = {
        who: (
            Program(getattr(district, who)).get("/api/cases").json()["total"],
            Program(getattr(district, who)).get(f"/api/cases/{case.pk}").status_code,
        )
        for who in ("handler", "sibling", "supervisor")
    }
    assert seen == {"handler": (1, 200), "sibling": (0, 404), "supervisor": (1, 200)}


def test_it_masks_persons_and_says_what_can_be_done(district: District, case: Case) -> None:
    found = Program(district.handler).get(f"/api/cases/{case.pk}").json()
    assert (found["data"], found["lead"], found["turn_verb"]) == (
        {"caller": "138****5678"}, "urban", "handle_case",
    )  # fmt: skip
    assert found["moves"][0]["action"] == "accept"
    assert [step["verb"] for step in found["timeline"]] == ["assign", "file"]
    assert "13812345678" not in str(found)


def test_it_files_once_however_often_it_is_sent(district: District, case: Case) -> None:
    program = Program(district.handler)
    given = {"matter": "test.matter", "title": "井盖缺失", "client_id": "abc"}
    answers = [program.post("/api/cases", **given) for _n in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    assert program.post("/api/cases", matter="moon", title="x").status_code == 422
    assert Program(district.verifier).post("/api/cases", **given).status_code == 403


def test_it_moves_a_case_as_its_page_would(district: District, case: Case) -> None:
    program, path = Program(district.handler), f"/api/cases/{case.pk}"
    accepted = program.post(f"{path}/accept", version=case.version)
    assert (accepted.status_code, accepted.json()["stage"]) == (200, "accepted")
    stale = program.post(f"{path}/feedback", text="在修", version=case.version)
    assert (stale.status_code, "meanwhile" in stale.json()["detail"]) == (409, True)
    wrong = program.post(f"{path}/close")
    assert wrong.status_code == 403
    silent = program.post(f"{path}/reply", answer=" ")
    assert (silent.status_code, silent.json()["errors"][0]["where"]) == (422, "body.answer")
    replied = program.post(f"{path}/reply", answer="已修复")
    assert replied.json()["stage"] == "replied"
    again = program.post(f"{path}/reply", answer="已修复")
    assert again.status_code == 409


def test_it_assigns_by_codes(district: District, case: Case) -> None:
    program, path = Program(district.dispatcher), f"/api/cases/{case.pk}"
    given = program.post(
        f"{path}/assign", lead="housing", supports=["urban"], handler="sibling", clock="2 days"
    )
    assert (given.status_code, given.json()["lead"]) == (200, "housing")
    assert program.post(f"{path}/assign", lead="moon").json()["errors"][0]["where"] == "body.lead"
    assert program.post(f"{path}/explode").status_code == 422


def test_a_sibling_moves_nothing(district: District, case: Case) -> None:
    answer = Program(district.sibling).post(f"/api/cases/{case.pk}/accept")
    assert answer.status_code == 404
    assert Case.objects.get(pk=case.pk).stage == "assigned"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("action", "body"),
    [
        ("assign", {"lead": "housing", "clock": "99999 months"}),
        ("assign", {"lead": "housing", "clock": "soon"}),
        ("assign", {"lead": "\0"}),
        ("assign", {"lead": "housing", "note": "\0"}),
    ],
)
def test_what_cannot_be_is_refused(
    district: District, case: Case, action: str, body: dict[str, Any]
) -> None:
    answer = Program(district.dispatcher).post(f"/api/cases/{case.pk}/{action}", **body)
    assert answer.status_code == 422


@pytest.mark.parametrize("until", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59-12:00"])
def test_no_extension_ends_outside_of_time(district: District, case: Case, until: str) -> None:
    answer = Program(district.handler).post(
        f"/api/cases/{case.pk}/ask_extension", until=until, reason="雨"
    )
    assert answer.status_code == 422
