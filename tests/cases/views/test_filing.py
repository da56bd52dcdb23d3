"""New cases by their form: who may file what, what is asked, what is near."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jiulong.cases.models import Case, MatterType
from tests.cases.matters import District
from tests.cases.views.conftest import Enter
from tests.pages.html import Page

pytestmark = pytest.mark.django_db

NEW = "/cases/new/test.matter/"
GIVEN = {"title": "井盖缺失", "kind": "road", "severity": "urgent"}


def test_the_tiles_are_what_the_viewer_may_file(
    district: District, matter: MatterType, enter: Enter
) -> None:
    page = Page(enter(district.handler).get("/cases/new/"))
    assert [one["href"] for one in page.all("a.tile")] == [NEW]
    for address in ("/cases/new/", NEW):
        assert enter(district.verifier).get(address).status_code == 403


def test_a_retired_or_unknown_matter_has_no_form(
    district: District, matter: MatterType, enter: Enter
) -> None:
    client = enter(district.handler)
    assert client.get("/cases/new/moon/").status_code == 404
    MatterType.objects.update(retired_at=timezone.now())
    assert client.get(NEW).status_code == 404


def test_it_files_what_the_form_says(district: District, matter: MatterType, enter: Enter) -> None:
    answer = enter(district.handler).post(
        NEW, {**GIVEN, "longitude": "117.65", "latitude": "24.51", "address": "路口"}
    )
    case = Case.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/cases/{case.pk}/")
    assert (case.title, case.data, case.severity, case.longitude, case.filed_by) == (
        "井盖缺失", {"kind": "road"}, "urgent", 117.65, district.handler,
    )  # fmt: skip


def test_it_says_what_is_missing(district: District, matter: MatterType, enter: Enter) -> None:
    answer = enter(district.handler).post(
        NEW, {**GIVEN, "title": "", "kind": "", "longitude": "117.65"}
    )
    assert answer.status_code == 422
    assert [one.text for one in Page(answer).all(".field-error")] == [
        "This field is required.",
        "This field is required.",
        "A place has a longitude and a latitude.",
    ]
    assert not Case.objects.exists()


def test_the_same_form_sent_twice_is_one_case(
    district: District, matter: MatterType, enter: Enter
) -> None:
    client = enter(district.handler)
    token = Page(client.get(NEW)).one("input[name=client_id]")["value"]
    for _n in range(2):
        client.post(NEW, {**GIVEN, "client_id": token})
    assert Case.objects.count() == 1


def test_it_hints_at_what_is_near_before_it_files(
    district: District, case: Case, enter: Enter
) -> None:
    Case.objects.filter(pk=case.pk).update(filed_at=timezone.now() - timedelta(hours=5))
    client = enter(district.handler)
    here = {"longitude": "117.6502", "latitude": "24.51"}
    hint = Page(client.get("/cases/near/test.matter/", here))
    assert hint.one("li").text == f"{case.number} 路面破损 20 m away, filed 5 hours ago"
    answer = client.post(NEW, {**GIVEN, **here})
    assert (answer.status_code, Case.objects.count()) == (200, 1)
    assert "It is another one" in Page(answer).text
    client.post(NEW, {**GIVEN, **here, "sure": "1"})
    assert Case.objects.count() == 2


def test_far_old_and_foreign_cases_are_no_hint(
    district: District, case: Case, enter: Enter
) -> None:
    now = timezone.now()
    client = enter(district.handler)

    def near(**here: str) -> int:
        return len(Page(client.get("/cases/near/test.matter/", here)).all("li"))

    at = {"longitude": "117.65", "latitude": "24.51"}
    Case.objects.filter(pk=case.pk).update(filed_at=now - timedelta(days=31))
    assert near(**at) == 0
    Case.objects.filter(pk=case.pk).update(filed_at=now)
    assert near(**at) == 1
    assert near(longitude="117.66", latitude="24.51") == 0
    assert near(longitude="x", latitude="24.51") == 0
    Case.objects.filter(pk=case.pk).update(involved=[], handler=None, filed_by=None)
    assert near(**at) == 0
