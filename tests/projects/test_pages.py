"""Pages of projects: what they show, to whom, in how many queries; and forms that do."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from jiulong.organisation.models import ReadRecord
from jiulong.projects import actions, queries
from jiulong.projects.models import Light, MonthReport, Project
from tests.evidence.pictures import jpeg
from tests.projects.scene import Scene, make_matter, make_project, plan

#: More projects and months do not take more queries than this.
LIST_QUERIES = 18
PAGE_QUERIES = 36


def page(client: Client, name: str, *args: object, status: int = 200) -> str:
    answer = client.get(reverse(f"projects:{name}", args=args))
    assert answer.status_code == status
    return answer.content.decode()


@pytest.fixture
def year(scene: Scene) -> Scene:
    """The scene in the running year: a plan, and the month that is judged reported."""
    today = timezone.localdate()
    month = queries.month_of(today)
    if month.year != 2026:
        plan(scene.project, month.year)
    actions.report_month(actor=scene.staff, project=scene.project, month=month, done=Decimal(3))
    return scene


def test_the_list_shows_the_light_first_in_few_queries(
    year: Scene, english: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _n in range(3):
        make_project(lead_unit=year.project.lead_unit)
    english.force_login(year.staff, backend="jiulong.organisation.login.Passwords")
    with django_assert_max_num_queries(LIST_QUERIES):  # type: ignore[operator]
        told = page(english, "projects")
    assert year.project.name in told
    assert told.index("light-word") < told.index(year.project.name)
    found = english.get(reverse("projects:projects"), {"light": "none"}).content.decode()
    assert year.project.name not in found


def test_who_sees_which(year: Scene, client: Client) -> None:
    address = reverse("projects:project", args=[year.project.pk])
    for user, status in (
        (year.staff, 200), (year.office, 200), (year.observer, 200), (year.leader, 200),
        (year.sibling, 404), (year.outsider, 404),
    ):  # fmt: skip
        client.force_login(user, backend="jiulong.organisation.login.Passwords")
        assert client.get(address).status_code == status
        assert client.get(reverse("projects:projects")).status_code in {200, 403}
    assert list(queries.visible(year.sibling)) == list(queries.visible(year.outsider)) == []


def test_the_page_says_why_the_light_is_as_it_is(
    year: Scene, english: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    matter = make_matter()
    actions.raise_obstacle(
        actor=year.staff, project=year.project, matter=matter, title="No money",
        data={"issue": "loan"},
    )  # fmt: skip
    actions.override_light(
        actor=year.office, project=year.project, colour="green", reason="A typhoon",
        until=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    english.force_login(year.office, backend="jiulong.organisation.login.Passwords")
    with django_assert_max_num_queries(PAGE_QUERIES):  # type: ignore[operator]
        told = page(english, "project", year.project.pk)
    light = Light.objects.get(project=year.project)
    for words in ("Behind plan", light.explanation[0]["value"].rstrip("0").rstrip("."),
                  "set by hand", "A typhoon", "No money", "Raise an obstacle"):  # fmt: skip
        assert words in told, words
    english.force_login(year.observer, backend="jiulong.organisation.login.Passwords")
    told = page(english, "project", year.project.pk)
    assert "Raise an obstacle</summary>" not in told
    assert "Back to the computed colour" not in told


def test_a_month_is_reported_from_a_phone_with_a_photo(scene: Scene, english: Client) -> None:
    month = queries.reporting_month(timezone.localdate())
    if month.year != 2026:
        plan(scene.project, month.year)
    english.force_login(scene.staff, backend="jiulong.organisation.login.Passwords")
    address = reverse("projects:report", args=[scene.project.pk, f"{month:%Y-%m}"])
    assert "Planned to the end of the month" in english.get(address).content.decode()
    answer = english.post(address, {"done": "-4"})
    assert (answer.status_code, MonthReport.objects.count()) == (422, 0)
    photo = SimpleUploadedFile("site.jpg", jpeg(), "image/jpeg")
    answer = english.post(address, {"done": "70", "node_done": "Walls", "photo": photo})
    assert answer.status_code == 303
    made = MonthReport.objects.get()
    assert (made.done, made.state, made.node_done) == (70, "submitted", "Walls")
    english.force_login(scene.office, backend="jiulong.organisation.login.Passwords")
    assert scene.project.name in page(english, "due")
    answer = english.post(reverse("projects:confirm", args=[made.pk]), {"next": "due"})
    assert answer.headers["Location"] == reverse("projects:due")
    made.refresh_from_db()
    assert made.confirmed_by == scene.office


def test_what_is_not_reported_is_listed(scene: Scene) -> None:
    today = date(2026, 3, 10)
    (row,) = queries.unreported(scene.staff, today)
    assert (row.project, row.month, row.due_on, row.late) == (
        scene.project, date(2026, 2, 1), date(2026, 3, 5), True,
    )  # fmt: skip
    assert queries.unreported(scene.sibling, today) == []


FORM = {
    "code": "N-9", "name": "New", "level": "city", "kind": "new", "industry": "transport",
    "stage": "planned", "total_investment": "900",
}  # fmt: skip


def test_forms_list_change_plan_and_move(scene: Scene, english: Client) -> None:
    english.force_login(scene.keeper, backend="jiulong.organisation.login.Passwords")
    lead = scene.project.lead_unit_id
    answer = english.post(reverse("projects:new"), {**FORM, "lead_unit": lead})
    assert (answer.status_code, "This field" in answer.content.decode()) == (422, True)
    given = {**FORM, "lead_unit": lead, "zone": scene.project.zone_id}
    answer = english.post(reverse("projects:new"), given)
    made = Project.objects.get(code="N-9")
    assert answer.headers["Location"] == reverse("projects:project", args=[made.pk])
    answer = english.post(reverse("projects:change", args=[made.pk]), {**given, "bond_used": "5"})
    assert answer.status_code == 422
    answer = english.post(
        reverse("projects:change", args=[made.pk]),
        {**given, "construction_permit_on": "2026-01-01"},
    )
    assert answer.status_code == 303
    year = timezone.localdate().year
    answer = english.post(reverse("projects:plan", args=[made.pk, year]), {"investment": "1200"})
    assert (answer.status_code, made.plans.get().months.count()) == (303, 12)
    move = reverse("projects:move", args=[made.pk, "prepare"])
    assert english.post(move, {"on": timezone.localdate().isoformat()}).status_code == 303
    assert english.get(move).status_code == 404  # it has moved on
    made.refresh_from_db()
    assert made.stage == "preparing"


def test_contacts_are_masked_and_read_with_a_reason(scene: Scene, english: Client) -> None:
    Project.objects.filter(pk=scene.project.pk).update(
        contact_name="林工", contact_phone="13800001234"
    )
    english.force_login(scene.staff, backend="jiulong.organisation.login.Passwords")
    told = page(english, "project", scene.project.pk)
    assert ("138****1234" in told, "13800001234" in told) == (True, False)
    address = reverse("projects:contact", args=[scene.project.pk])
    assert "13800001234" not in english.post(address, {"reason": ""}).content.decode()
    assert "13800001234" in english.post(address, {"reason": "Site visit"}).content.decode()
    record = ReadRecord.objects.get()
    assert (record.user, record.reason) == (scene.staff, "Site visit")


def test_the_form_shows_masks_and_keeps_what_they_hide(scene: Scene, english: Client) -> None:
    stored = {"contact_name": "林工", "contact_phone": "13800001234"}
    Project.objects.filter(pk=scene.project.pk).update(**stored)
    english.force_login(scene.keeper, backend="jiulong.organisation.login.Passwords")
    address = reverse("projects:change", args=[scene.project.pk])
    told = english.get(address).content.decode()
    assert ("138****1234" in told, "13800001234" in told) == (True, False)
    project = scene.project
    given = {
        **FORM, "code": project.code, "zone": project.zone_id, "lead_unit": project.lead_unit_id,
        "planned_start_on": "2025-09-01", "planned_finish_on": "2027-06-30",
        "construction_permit_on": "2025-08-20", "contact_name": "林*",
        "contact_phone": "138****1234", "total_investment": "5000",
        "supervising_unit": project.supervising_unit_id,
    }  # fmt: skip
    assert english.post(address, given).status_code == 303
    found = Project.objects.values(*stored).get(pk=project.pk)
    assert found == stored
    assert english.post(address, {**given, "contact_phone": "13900005678"}).status_code == 303
    assert Project.objects.get(pk=project.pk).contact_phone == "13900005678"


def test_the_rules_are_shown_with_their_sources_and_compared(year: Scene, english: Client) -> None:
    english.force_login(year.observer, backend="jiulong.organisation.login.Passwords")
    told = page(english, "lights")
    for words in ("Yinchuan rules", "Xinhuang rules", "Yellow card", "qlbk.net", "In force"):
        assert words in told, words
    counts = {one.spec.code: one.counts for one in queries.compare(
        year.observer, timezone.localdate()).sets}  # fmt: skip
    assert sum(counts["yinchuan-2025"].values()) == 1


@pytest.mark.parametrize("form", ["docx", "pdf"])
def test_briefs_are_printed(year: Scene, client: Client, form: str) -> None:
    client.force_login(year.observer, backend="jiulong.organisation.login.Passwords")
    heads = {"docx": b"PK", "pdf": b"%PDF"}
    for name, args in (("brief", [year.project.pk]), ("leader", [year.leader.pk])):
        answer = client.get(reverse(f"projects:{name}", args=[*args, form]))
        assert answer.content.startswith(heads[form])
    assert client.get(reverse("projects:leader", args=["0", form])).status_code == 404
    assert client.get(reverse("projects:brief", args=[year.project.pk, "txt"])).status_code == 404


def test_an_obstacle_is_raised_by_its_form(scene: Scene, english: Client) -> None:
    matter = make_matter()
    english.force_login(scene.staff, backend="jiulong.organisation.login.Passwords")
    address = reverse("projects:obstacle", args=[scene.project.pk, matter.code])
    given: dict[str, Any] = {"title": "No money", "severity": "important"}
    assert english.post(address, given).status_code == 422
    assert english.post(address, {**given, "issue": "loan"}).status_code == 303
    assert "No money" in page(english, "obstacles")
    other = reverse("projects:obstacle", args=[scene.project.pk, "duban.instruction"])
    assert english.get(other).status_code == 404
