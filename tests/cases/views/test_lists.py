"""To-do, lists, supervision, ledgers and statistics: what stands in them, and what they cost."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext
from docx import Document
from openpyxl import load_workbook

from jiulong.cases import actions
from jiulong.cases.models import Case, Escalation, MatterType
from jiulong.cases.queries import Rates, overview
from jiulong.cases.views.statistics import _chart
from tests.cases.matters import District
from tests.cases.views.conftest import MONDAY, Enter
from tests.pages.html import Page

pytestmark = pytest.mark.django_db


def titles(page: Page) -> list[str]:
    return [one.text for one in page.all("a.opens")]


def overdue(district: District, case: Case) -> Case:
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - timedelta(days=2))
    return Case.objects.get(pk=case.pk)


@pytest.mark.parametrize(
    ("who", "whose", "rows"),
    [
        ("handler", "", ["路面破损", "路面破损"]),  # the case itself and the task of its own unit
        ("colleague", "", ["路面破损"]),  # the task; the case is in the handler's hands
        ("colleague", "unit", ["路面破损", "路面破损"]),
        ("leader", "unit", ["路面破损", "路面破损"]),
        ("sibling", "", []),  # its task waits for the other
        ("sibling", "others", ["路面破损"]),
        ("dispatcher", "", []),
        ("dispatcher", "others", ["路面破损"]),
        ("verifier", "", []),
    ],
)
def test_what_is_due_from_whom(
    district: District, case: Case, enter: Enter, who: str, whose: str, rows: list[str]
) -> None:
    page = Page(enter(getattr(district, who)).get("/cases/todo/", {"whose": whose}))
    assert titles(page) == rows


def test_it_says_what_is_to_be_done(district: District, case: Case, enter: Enter) -> None:
    page = Page(enter(district.handler).get("/cases/todo/"))
    whats = [row.all("td")[3].text for row in page.all("tbody tr")]
    assert sorted(whats) == ["Look", "Reply"]


def test_a_request_for_more_time_waits_for_the_supervisor(
    district: District, case: Case, enter: Enter
) -> None:
    until = MONDAY + timedelta(days=10)
    actions.ask_extension(actor=district.handler, case=case, until=until, reason="雨", now=MONDAY)
    page = Page(enter(district.supervisor).get("/cases/todo/"))
    assert [row.all("td")[3].text for row in page.all("tbody tr")] == [
        "Answer the request for more time"
    ]
    panel = Page(enter(district.supervisor).get("/cases/supervision/")).one("#extensions")
    assert panel.one("tbody a").text == "路面破损"


def test_the_to_do_list_filters_and_searches(district: District, case: Case, enter: Enter) -> None:
    client = enter(district.handler)
    found = {
        query: len(titles(Page(client.get(f"/cases/todo/?{query}"))))
        for query in ("q=路面", "q=moon", "matter=test.matter", "light=red", "light=none")
    }
    assert found == {
        "q=路面": 2, "q=moon": 0, "matter=test.matter": 2, "light=red": 0, "light=none": 2
    }  # fmt: skip


def test_the_to_do_list_can_be_carried_away(district: District, case: Case, enter: Enter) -> None:
    answer = enter(district.handler).get("/cases/todo/?as=xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [cell.value for cell in sheet[1]][:3] == ["Light", "Case", "Number"]
    assert sheet.max_row == 3


@pytest.mark.parametrize(
    ("address", "most"),
    [("/cases/todo/", 14), ("/cases/", 14), ("/cases/supervision/", 16),
     ("/cases/ledgers/test.matter/", 14), ("/cases/board/", 18), ("/cases/statistics/", 10)],
)  # fmt: skip
def test_pages_cost_the_same_however_many_cases(
    district: District, matter: MatterType, enter: Enter, address: str, most: int,
    django_assert_max_num_queries,
) -> None:  # fmt: skip
    for n in range(6):
        case = actions.file_case(
            actor=district.dispatcher, matter=matter, title=f"第{n}件", data={"kind": "road"},
            now=MONDAY,
        )  # fmt: skip
        actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY)
    client = enter(district.supervisor)
    client.get(address)
    with django_assert_max_num_queries(most):
        client.get(address)


def test_the_matrix_counts_by_unit_and_stage_and_its_cells_open_their_rows(
    district: District, case: Case, enter: Enter
) -> None:
    overdue(district, case)
    client = enter(district.supervisor)
    line = Page(client.get("/cases/supervision/")).one(".matrix tbody tr")
    assert line.one("th").text == "城管局"
    links = [one["href"] for one in line.all("td a")]
    assert links == [
        "/cases/?unit=urban&stage=accepted",
        "/cases/?unit=urban&stage=accepted&light=late",
    ]
    for link in links:
        assert titles(Page(client.get(link))) == ["路面破损"]


def test_it_reminds_the_selected_in_one_go(district: District, case: Case, enter: Enter) -> None:
    overdue(district, case)
    client = enter(district.supervisor)
    row = Page(client.get("/cases/supervision/")).one("#overdue tbody tr")
    picked = row.one("input[name=case]")["value"]
    answer = client.post("/cases/supervision/remind/", {"case": [picked], "text": "请今日回复"})
    assert (answer.status_code, answer["Location"]) == (302, "/cases/supervision/#overdue")
    assert Case.objects.get(pk=case.pk).reminders == 1
    assert "1 reminder sent." in Page(client.get("/cases/supervision/")).text


@pytest.mark.parametrize("given", [{"text": "x"}, {"case": "1", "text": " "}])
def test_a_reminder_needs_rows_and_words(
    district: District, case: Case, enter: Enter, given: dict[str, str]
) -> None:
    enter(district.supervisor).post("/cases/supervision/remind/", given)
    assert Case.objects.get(pk=case.pk).reminders == 0


def test_only_a_supervisor_reminds(district: District, case: Case, enter: Enter) -> None:
    answer = enter(district.leader).post(
        "/cases/supervision/remind/", {"case": [case.pk], "text": "x"}
    )
    assert answer.status_code == 403


def test_only_a_running_clock_is_late(district: District, case: Case, enter: Enter) -> None:
    overdue(district, case)

    def told(**query: str) -> list[str]:
        page = Page(enter(district.supervisor).get("/cases/", query))
        return [row.all("td")[-1].text for row in page.all("tbody tr")]

    def counted() -> int:
        return overview(district.supervisor, timezone.now()).late

    assert (told(light="late"), counted()) == (["2 days overdue"], 1)
    for stage in ("suspended", "closed"):
        Case.objects.filter(pk=case.pk).update(stage=stage)
        assert (told(light="late"), told(stage=stage), counted()) == ([], ["—"], 0)


def test_escalations_of_today_and_of_the_bulletin(
    district: District, case: Case, enter: Enter
) -> None:
    now = timezone.now()
    for rung, bulletin, at in ((0, False, now), (1, True, now - timedelta(days=3))):
        Escalation.objects.create(
            case=case, clock_serial=1, rung=rung, key="red", light="red", due_at=now,
            scheduled_at=at, at=at, bulletin=bulletin,
        )  # fmt: skip
    page = Page(enter(district.supervisor).get("/cases/supervision/"))
    assert [len(page.all(f"#{name} tbody tr")) for name in ("escalated", "bulletin")] == [1, 1]


def test_the_ledger_has_the_packs_columns_with_persons_masked(
    district: District, case: Case, enter: Enter
) -> None:
    page = Page(enter(district.supervisor).get("/cases/ledgers/test.matter/"))
    assert [head.text for head in page.all("thead th")] == [
        "Light", "Number", "Title", "Kind", "来电", "Lead unit", "Due", "Result",
    ]  # fmt: skip
    cells = [cell.text for cell in page.one("tbody tr").all("td")]
    assert cells[1:6] == [case.number, "路面破损", "Road", "138****5678", "城管局"]


def test_the_ledger_leaves_as_workbook_and_as_official_document(
    district: District, case: Case, enter: Enter
) -> None:
    client = enter(district.supervisor)
    book = load_workbook(io.BytesIO(client.get("/cases/ledgers/test.matter/?as=xlsx").content))
    assert [cell.value for cell in book.active[2]][1:5] == [
        case.number, "路面破损", "Road", "138****5678",
    ]  # fmt: skip
    answer = client.get("/cases/ledgers/test.matter/?as=docx")
    paper = Document(io.BytesIO(answer.content))
    assert paper.paragraphs[0].text == "Test matter"
    section = paper.sections[0]
    assert section.page_width > section.page_height
    assert " PAGE " in section.footer._element.xml
    said = paper.core_properties
    assert (said.title, said.author, said.comments) == ("Test matter", "Jiulong", "")
    table = paper.tables[0]
    assert [cell.text for cell in table.rows[0].cells][:3] == ["No.", "Light", "Number"]
    assert [cell.text for cell in table.rows[1].cells][2:4] == [case.number, "路面破损"]


def test_a_matter_nobody_knows_has_no_ledger(district: District, enter: Enter) -> None:
    assert enter(district.supervisor).get("/cases/ledgers/moon/").status_code == 404


def test_the_map_shows_open_cases_with_a_place(
    district: District, case: Case, enter: Enter
) -> None:
    points = enter(district.handler).get("/cases/map.json").json()["points"]
    assert [(one["title"], one["light"], one["longitude"]) for one in points] == [
        ("路面破损", "over", 117.65)
    ]


def test_statistics_stand_with_their_definitions_and_leave_as_files(
    district: District, case: Case, enter: Enter
) -> None:
    client = enter(district.supervisor)
    for by, name in (("unit", "城管局"), ("month", "2026-03"), ("matter", "Test matter")):
        page = Page(client.get(f"/cases/statistics/?by={by}&since=2026-01-01&until=2026-12-31"))
        assert page.one("tbody th").text == name
        assert "among those that were assigned" in page.text
    answer = client.get("/cases/statistics/?since=2026-01-01&until=2026-12-31&as=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()
    assert lines[1].startswith("城管局,1,0,100.0,")


def rates(name: str, on_time: int, judged: int = 20) -> Rates:
    return Rates(
        key=name, filed=20, assigned=20, accepted=20, judged=judged, on_time=on_time, replied=20,
        reworked=on_time, asked=0, satisfied=0, closed=0, rating=None, reminders=0,
    )  # fmt: skip


def test_the_chart_has_fifteen_bars_at_most_the_worst_first_or_the_last_months() -> None:
    rows = [*(rates(f"{n:02}", n) for n in range(20)), rates("unknown", 0, judged=0)]
    late = _chart(rows, "punctual", in_time=False)
    assert (late["name"], len(late["bars"])) == (gettext("On time"), 15)
    assert late["bars"][:2] == [("00", 0.0), ("01", 5.0)]
    assert _chart(rows[:20], "rework", in_time=False)["bars"][0] == ("19", 95.0)
    assert [bar[0] for bar in _chart(rows, "punctual", in_time=True)["bars"]][::14] == ["05", "19"]
    assert _chart(rows, "satisfaction", in_time=False)["bars"] == []


def test_the_chart_shows_the_rate_that_was_chosen(
    district: District, case: Case, enter: Enter
) -> None:
    client = enter(district.supervisor)
    address = "/cases/statistics/?since=2026-01-01&until=2026-12-31&rate="
    for given, shown in (("", "punctual"), ("nonsense", "punctual"), ("response", "response")):
        page = Page(client.get(address + given))
        chosen = [one["value"] for one in page.all("select[name=rate] option")
                  if "selected" in one.attributes]  # fmt: skip
        assert chosen == [shown]
