"""The list as a sheet: out, changed by hand, in again; every fault at its cell."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from jiulong.projects import actions, importing
from jiulong.projects.models import Project
from jiulong.registers.importing.sheets import UnreadableError
from tests.factories import NOW
from tests.projects.scene import Scene

HEADS = ["项目编号", "name", "level", "kind", "industry", "stage", "zone", "lead_unit",
         "total_investment", "planned_start_on"]  # fmt: skip


def book(*rows: list[Any], heads: list[str] | None = None) -> bytes:
    made = Workbook()
    sheet: Any = made.active
    sheet.append(["code", *HEADS[1:]] if heads is None else heads)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def row(scene: Scene, code: str, **more: Any) -> list[Any]:
    project = scene.project
    given = {
        "name": f"Works {code}", "level": "district", "kind": "new", "industry": "transport",
        "stage": "preparing", "zone": project.zone.name, "lead_unit": project.lead_unit.code,
        "total_investment": "1,250.5", "planned_start_on": date(2026, 5, 1), **more,
    }  # fmt: skip
    return [code, *given.values()]


def test_what_eases_a_lagging_project_waits_from_a_sheet_too(scene: Scene) -> None:
    project = scene.project
    same = {"name": project.name, "kind": "continuing", "stage": "building",
            "total_investment": "5000", "planned_start_on": "2025-09-01"}  # fmt: skip
    later = book(row(scene, project.code, **{**same, "name": "Renamed", "planned_start_on":
                                             "2026-12-01"}))  # fmt: skip
    done = actions.import_projects(actor=scene.keeper, content=later, now=NOW)
    project.refresh_from_db()
    assert (done.changed, done.waiting, done.faults) == (1, 1, [])
    assert (project.name, project.planned_start_on) == ("Renamed", date(2025, 9, 1))


def test_it_adds_changes_and_leaves_alone(scene: Scene) -> None:
    first = book(row(scene, "A-1"), row(scene, "A-2", planned_start_on="2026/06/01"))
    done = actions.import_projects(actor=scene.keeper, content=first, now=NOW)
    assert (done.added, done.changed, done.same, done.faults) == (2, 0, 0, [])
    made = Project.objects.get(code="A-1")
    assert (made.total_investment, made.stage, made.planned_start_on) == (
        Decimal("1250.50"), "preparing", date(2026, 5, 1),
    )  # fmt: skip
    again = book(row(scene, "A-1"), row(scene, "A-2", name="Another name"))
    done = actions.import_projects(actor=scene.keeper, content=again, now=NOW)
    assert (done.added, done.changed, done.same) == (0, 1, 1)


@pytest.mark.parametrize(
    ("more", "cell"),
    [
        ({"level": "county"}, "C3"),
        ({"stage": "building"}, "F3"),  # works are not listed as already under way
        ({"zone": "Nowhere"}, "G3"),
        ({"total_investment": "many"}, "I3"),
        ({"total_investment": "-5"}, "I3"),
        ({"planned_start_on": "soon"}, "J3"),
        ({"name": "=1+1"}, "B3"),
        ({"lead_unit": "sibling"}, "H3"),
    ],
)
def test_a_fault_is_told_at_its_cell_and_nothing_is_written(
    scene: Scene, more: dict[str, Any], cell: str
) -> None:
    if more.get("lead_unit") == "sibling":
        assert scene.sibling.unit is not None
        more = {"lead_unit": scene.sibling.unit.code}
    content = book(row(scene, "A-1"), row(scene, "A-2", **more))
    done = actions.import_projects(actor=scene.keeper, content=content, now=NOW)
    assert ([fault.at for fault in done.faults], done.added) == ([cell], 0)
    assert not Project.objects.filter(code__startswith="A-").exists()


def test_it_refuses_sheets_that_are_none(scene: Scene) -> None:
    twice = book(row(scene, "A-1"), row(scene, "A-1"))
    done = actions.import_projects(actor=scene.keeper, content=twice, now=NOW)
    assert [fault.at for fault in done.faults] == ["A3"]
    unknown = book(["A-1", "x"], heads=["code", "colour of the gate"])
    done = actions.import_projects(actor=scene.keeper, content=unknown, now=NOW)
    assert [fault.at for fault in done.faults] == ["B1"]
    for content in (b"", b"no sheet at all"):
        with pytest.raises(UnreadableError):
            actions.import_projects(actor=scene.keeper, content=content, now=NOW)
    with pytest.raises(PermissionDenied):
        actions.import_projects(actor=scene.staff, content=twice, now=NOW)


def test_what_goes_out_comes_in_unchanged_and_without_contacts(scene: Scene) -> None:
    Project.objects.filter(pk=scene.project.pk).update(contact_phone="13800001234")
    rows = Project.objects.select_related("zone", "lead_unit", "supervising_unit")
    content = importing.workbook(rows)
    sheet: Any = load_workbook(io.BytesIO(content)).active
    assert "13800001234" not in {str(cell.value) for line in sheet for cell in line}
    done = actions.import_projects(actor=None, content=content, now=NOW)
    assert (done.added, done.changed, done.same, done.faults) == (0, 0, 1, [])


def test_the_page_takes_a_sheet_and_shows_its_faults(scene: Scene, english: Client) -> None:
    english.force_login(scene.keeper, backend="jiulong.organisation.login.Passwords")
    address = reverse("projects:import")
    wrong = SimpleUploadedFile("a.xlsx", book(row(scene, "A-1", level="county")))
    answer = english.post(address, {"sheet": wrong})
    assert (answer.status_code, "C2" in answer.content.decode()) == (422, True)
    right = SimpleUploadedFile("a.xlsx", book(row(scene, "A-1")))
    assert english.post(address, {"sheet": right}).status_code == 303
    broken = SimpleUploadedFile("a.xlsx", b"PK nothing")
    assert english.post(address, {"sheet": broken}).status_code == 422
    assert english.get(reverse("projects:template")).content.startswith(b"PK")
