"""The desk's pages: who gets them, what they show, what they cost, and that they need no script."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from jiulong.duty import actions
from jiulong.duty.models import Camera, LogEntry, Shift
from jiulong.organisation.models import User
from tests.duty.scene import Scene, make_scene
from tests.factories import make_user
from tests.pages.html import Page
from tests.pages.policy import inline

#: A page of the desk with the chosen alarm and its case: the queue, then the case as its own page.
BUDGET = 70


@pytest.fixture
def live(db: None) -> Scene:
    """Pages ask the clock."""
    return make_scene(timezone.now().replace(microsecond=0))


def enter(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def test_the_queue_and_the_chosen_alarm_stand_beside_each_other(
    english: Client, live: Scene
) -> None:
    with CaptureQueriesContext(connection) as asked:
        page = Page(enter(english, live.keeper).get("/duty/"))
    assert len(asked) <= BUDGET, len(asked)
    assert inline(page) == []
    (row,) = page.all(".queue-row")
    assert row["aria-current"] == "true"
    assert "青榕食品有限公司 总排口" in row.text
    assert "0.50 times over" in row.text
    assert row.one(".queue-clock").text == "59 minutes left"
    assert page.one("#context h2").text.startswith("青榕食品有限公司")
    assert len(page.all("svg.curve")) == 1
    assert "Explanation" in page.one("#context").text
    assert page.one("#queue-title").text == "1 alarm waits"


def test_the_context_alone_is_for_the_script(english: Client, live: Scene) -> None:
    client = enter(english, live.keeper)
    address = f"/duty/alarms/{live.alarm.pk}/"
    alone = Page(client.get(address, headers={"HX-Target": "context"}))
    assert alone.all("#queue") == []
    assert alone.one("h2").text.startswith("青榕食品有限公司")
    whole = client.get(address)
    assert (whole.status_code, whole["Location"]) == (302, f"/duty/?alarm={live.alarm.pk}")
    assert client.get("/duty/?alarm=999999").status_code == 404
    assert client.get("/duty/?alarm=x&family=x&severity=x&order=x").status_code == 200


def test_only_who_keeps_duty_is_at_the_desk(client: Client, live: Scene) -> None:
    for address in ("/duty/", "/duty/shifts/", "/duty/ledgers/", "/duty/ledgers/day.xlsx"):
        assert enter(client, live.owner).get(address).status_code == 403
        assert enter(client, live.keeper).get(address).status_code == 200


def test_a_filter_that_fits_nothing_says_so(english: Client, live: Scene) -> None:
    page = Page(enter(english, live.keeper).get("/duty/?family=mark"))
    assert page.one(".nothing h3").text == "Nothing fits the filter"


def test_a_shift_from_begin_to_hand_over(english: Client, live: Scene) -> None:
    client = enter(english, live.keeper)
    assert client.post("/duty/shifts/begin/").status_code == 302
    shift = Shift.objects.get()
    back = f"/duty/?alarm={live.alarm.pk}"
    given = {"text": "called", "kind": "call", "alarm": live.alarm.pk, "next": back}
    answer = client.post(f"/duty/shifts/{shift.pk}/write/", given)
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert LogEntry.objects.get().alarm == live.alarm
    client.post(f"/duty/alarms/{live.alarm.pk}/acknowledge/", {"note": "seen"})
    live.alarm.refresh_from_db()
    assert live.alarm.acknowledged_by == live.keeper
    page = Page(client.get(f"/duty/shifts/{shift.pk}/"))
    assert inline(page) == []
    assert [row.text for row in page.all("tbody tr strong")] == ["Call"]
    carry = {f"carry-{live.alarm.pk}": "waits", "remarks": "calm"}
    client.post(f"/duty/shifts/{shift.pk}/hand-over/", carry)
    english.force_login(live.relief)
    page = Page(client.get(f"/duty/shifts/{shift.pk}/"))
    assert page.one("form.panel button").text == "Sign and take over"
    client.post(f"/duty/shifts/{shift.pk}/take-over/")
    after = Shift.objects.get(before=shift)
    page = Page(client.get(f"/duty/shifts/{after.pk}/"))
    assert "waits" in page.one(".finding-list").text
    for kind in ("docx", "pdf"):
        paper = client.get(f"/duty/shifts/{shift.pk}/paper.{kind}")
        assert (paper.status_code, len(paper.content) > 1000) == (200, True)
    assert client.get(f"/duty/shifts/{shift.pk}/paper.odt").status_code == 404


def test_an_outfall_at_a_glance(english: Client, live: Scene) -> None:
    Camera.objects.create(outfall=live.outfall, name="排口", address="https://video.example/1")
    client = enter(english, live.keeper)
    page = Page(client.get("/outfalls/XC001-DW001/"))
    assert inline(page) == []
    assert page.one("h1").text == "青榕食品有限公司 总排口"
    link = page.one("a[target=_blank]")
    assert (link["href"], link["rel"]) == ("https://video.example/1", "noopener noreferrer")
    assert len(page.all(".lazy")) >= 2
    for part in page.all(".lazy"):
        section = client.get(part["hx-get"], headers={"HX-Request": "true"})
        assert section.status_code == 200
        assert b"could not be shown" not in section.content, part["hx-get"]
    assert client.get("/outfalls/XC001-DW001/permit/").status_code == 200
    assert client.get("/outfalls/XC001-DW001/nothing/").status_code == 404
    assert client.get("/outfalls/none/").status_code == 404


def test_an_enterprise_sees_its_own_outfall_alone(client: Client, live: Scene) -> None:
    assert enter(client, live.owner).get("/outfalls/XC001-DW001/").status_code == 200
    assert enter(client, live.sibling).get("/outfalls/XC001-DW001/").status_code == 404


def test_an_administrator_names_a_camera_on_the_page(client: Client, live: Scene) -> None:
    given = {"name": "排口", "address": "https://video.example/1"}
    address = "/outfalls/XC001-DW001/camera/"
    assert enter(client, live.keeper).post(address, given).status_code == 403
    enter(client, make_user(User.Role.ADMINISTRATOR)).post(address, given)
    camera = Camera.objects.get()
    client.post(f"{address}{camera.pk}/remove/")
    camera.refresh_from_db()
    assert camera.removed_at is not None


def test_the_day_ledger_is_filed_as_a_sheet(english: Client, live: Scene) -> None:
    client = enter(english, live.keeper)
    on = timezone.localdate(live.finding.started_at)
    page = Page(client.get(f"/duty/ledgers/?on={on}"))
    assert [cell.text for cell in page.all("tbody td")][2:4] == ["青榕食品有限公司", "总排口"]
    answer = client.get(f"/duty/ledgers/day.xlsx?on={on}")
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert sheet["A1"].value == "Ledger of abnormal data"
    assert [cell.value for cell in sheet[3]][:4] == ["No.", "Date", "Enterprise", "Outfall"]
    assert [sheet["G4"].value, sheet["H4"].value, sheet["I4"].value] == [75, 50, 0.5]
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$3:$3", "landscape")
    for kind in ("docx", "pdf"):
        assert client.get(f"/duty/ledgers/day.{kind}?on={on}").status_code == 200
    month = client.get(f"/duty/ledgers/month.xlsx?month={on:%Y-%m}")
    assert month.status_code == 200
    assert client.get("/duty/ledgers/?month=2026-13").status_code == 404
    assert client.get(f"/duty/ledgers/?on={on + timedelta(days=3650)}").status_code == 200


def test_a_refusal_is_told_where_it_happened(english: Client, live: Scene) -> None:
    actions.begin_shift(actor=live.relief)
    client = enter(english, live.keeper)
    page = Page(client.post("/duty/shifts/begin/", follow=True))
    assert "Somebody is on duty" in page.text
