"""Pages of the casework: who sees what, what each says, what it costs."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.test import Client

from jiulong.cases.models import Case, MatterType
from jiulong.evidence.actions import record_event
from tests.cases.matters import District
from tests.cases.views.conftest import MONDAY, Enter
from tests.pages.html import Page

pytestmark = pytest.mark.django_db

PAGES = [
    "/cases/", "/cases/todo/", "/cases/map/", "/cases/map.json", "/cases/board/", "/cases/ledgers/",
    "/cases/statistics/", "/cases/new/",
]  # fmt: skip


@pytest.mark.parametrize("address", [*PAGES, "/cases/supervision/", "/cases/1/", "/cases/1/print/"])
def test_it_asks_a_stranger_to_sign_in(client: Client, address: str) -> None:
    answer = client.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"/account/login/?next={address}")


@pytest.mark.parametrize("address", [*PAGES, "/cases/supervision/", "/cases/ledgers/test.matter/"])
def test_every_page_stands_empty_and_full(
    district: District, matter: MatterType, enter: Enter, address: str
) -> None:
    assert enter(district.supervisor).get(address).status_code == 200


@pytest.mark.parametrize("address", [*PAGES, "/cases/supervision/", "/cases/ledgers/test.matter/"])
def test_every_page_stands_with_a_case(
    district: District, case: Case, enter: Enter, address: str
) -> None:
    assert enter(district.supervisor).get(address).status_code == 200


@pytest.mark.parametrize(
    ("who", "status"),
    [("handler", 200), ("leader", 200), ("supervisor", 200), ("sibling", 200), ("dispatcher", 200)],
)
def test_who_may_see_the_case(
    district: District, case: Case, enter: Enter, who: str, status: int
) -> None:
    """Housing has a task in it, so the sibling sees it here."""
    assert enter(getattr(district, who)).get(f"/cases/{case.pk}/").status_code == status


def test_a_sibling_without_a_part_in_it_sees_nothing(
    district: District, case: Case, enter: Enter
) -> None:
    case.tasks.filter(unit=district.housing).delete()
    Case.objects.filter(pk=case.pk).update(involved=[district.urban.pk, district.desk.pk])
    sibling = enter(district.sibling)
    for address in (f"/cases/{case.pk}/", f"/cases/{case.pk}/print/", f"/cases/{case.pk}/note/"):
        assert sibling.get(address).status_code == 404
    for address in ("/cases/", "/cases/board/", "/cases/ledgers/test.matter/"):
        assert case.title not in Page(sibling.get(address)).text
    assert sibling.get("/cases/map.json").json() == {"points": []}


def test_supervision_is_for_supervisors(district: District, case: Case, enter: Enter) -> None:
    seen = {
        who: enter(getattr(district, who)).get("/cases/supervision/").status_code
        for who in ("supervisor", "handler", "leader", "dispatcher")
    }
    assert seen == {"supervisor": 200, "handler": 403, "leader": 403, "dispatcher": 403}


def test_the_case_page_says_what_it_is_and_what_is_next(
    district: District, case: Case, enter: Enter
) -> None:
    page = Page(enter(district.handler).get(f"/cases/{case.pk}/"))
    assert page.one("h1").text == "路面破损"
    assert [dot.text for dot in page.all(".road .is-here")] == ["In hand"]
    assert page.one(".moves .btn-primary").text == "Reply"
    assert "138****5678" in page.text
    assert "13812345678" not in page.text
    whats = [one.text for one in page.all(".timeline-head strong")]
    assert whats == ["Accept", "Assign", "File"]
    assert [row.one(".task-name").text for row in page.all("tbody tr")] == ["Look", "└Fix"]


def test_the_timeline_goes_by_time_whenever_it_was_written(
    district: District, case: Case, enter: Enter
) -> None:
    record_event(
        actor=district.dispatcher, verb="note", subject=case, data={"text": "先前"},
        at=MONDAY - timedelta(hours=1),
    )  # fmt: skip
    page = Page(enter(district.handler).get(f"/cases/{case.pk}/"))
    whats = [one.text for one in page.all(".timeline-head strong")]
    assert whats == ["Accept", "Assign", "File", "Add a note"]


def test_the_case_page_costs_so_many_queries(
    district: District, case: Case, enter: Enter, django_assert_max_num_queries
) -> None:
    client = enter(district.handler)
    with django_assert_max_num_queries(28):
        client.get(f"/cases/{case.pk}/")


def test_it_prints_as_a_dossier(district: District, case: Case, enter: Enter) -> None:
    page = Page(enter(district.supervisor).get(f"/cases/{case.pk}/print/"))
    assert page.one("h1").text == "路面破损"
    assert [row.all("td")[2].text.split()[0] for row in page.all(".log tbody tr")] == [
        "File", "Assign", "Accept",
    ]  # fmt: skip


def test_the_dossier_is_taken_out_by_who_may_see_the_case(
    district: District, case: Case, enter: Enter
) -> None:
    answer = enter(district.handler).post(f"/cases/{case.pk}/dossier/")
    assert answer["Content-Disposition"] == f'attachment; filename="case-{case.pk}.zip"'
    with ZipFile(BytesIO(b"".join(answer.streaming_content))) as archive:
        assert "路面破损" in archive.read("index.html").decode()
        assert b"13812345678" not in archive.read("index.html")
    Case.objects.filter(pk=case.pk).update(involved=[], handler=None)
    assert enter(district.sibling).post(f"/cases/{case.pk}/dossier/").status_code == 404
