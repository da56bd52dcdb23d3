"""A list page: filters in the address, order, paging, files, fragments."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.test import Client
from openpyxl import load_workbook

from jiulong.organisation.models import Unit, User
from jiulong.pages import export
from jiulong.pages.columns import Column
from tests import factories
from tests.pages.html import Page

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.pages.site")]


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(factories.make_user(User.Role.OBSERVER))
    client.cookies["django_language"] = "en"
    return client


def test_it_shows_rows_with_lights_links_and_labels(reader: Client) -> None:
    found = factories.make_finding(severity="serious", multiple=Decimal("0.91"))
    page = Page(reader.get("/f/"))
    row = page.one("tbody tr")
    assert [cell.text for cell in row.all("td")][:4] == [
        "Serious",
        "hour_exceedance",
        found.point.code,
        "0.91×",
    ]
    assert row.one("a.opens")["href"] == f"/findings/{found.pk}"
    assert row.one("td").attributes["data-label"] == "Severity"
    assert page.one(".page-lead").text == "What is wrong, judged by rules."
    assert page.one(".actions a.btn-primary")["href"] == "/new"


def test_it_filters_by_the_address_and_offers_to_take_the_filter_off(reader: Client) -> None:
    factories.make_finding(severity="serious", rule="offline")
    factories.make_finding(severity="warning")
    page = Page(reader.get("/f/?severity=serious&q=&since=2026-01-02"))
    assert [row.one("a.opens").text for row in page.all("tbody tr")] == ["offline"]
    assert [chip["href"] for chip in page.all("a.filter-chip")] == [
        "/f/?since=2026-01-02",
        "/f/?severity=serious",
    ]
    assert page.one("select option[selected]").text == "Serious"


def test_it_says_what_it_did_not_understand_and_goes_on(reader: Client) -> None:
    factories.make_finding()
    page = Page(reader.get("/f/?severity=grave&since=yesterday&sort=shoe&page=99&size=7"))
    assert [note.text for note in page.all(".note-warning")] == [
        "Severity: grave is not a choice here",
        "Since: yesterday is not a date; write it like 2026-01-31",
    ]
    assert len(page.all("tbody tr")) == 1


def test_it_marks_the_saved_view_that_the_address_asks_for(reader: Client) -> None:
    factories.make_finding(severity="serious")
    tabs = Page(reader.get("/f/?severity=serious&page=2")).all("nav.tabs a")
    assert [(tab.own_text, tab["href"], tab.attributes.get("aria-current")) for tab in tabs] == [
        ("All", "/f/", None),
        ("Serious ones", "/f/?severity=serious", "true"),
    ]


def test_it_orders_with_unknown_values_last_either_way(reader: Client) -> None:
    for multiple in ("0.5", None, "2"):
        factories.make_finding(multiple=multiple and Decimal(multiple))
    for sort, expected in (("multiple", ["0.5×", "2×", "—"]), ("-multiple", ["2×", "0.5×", "—"])):
        page = Page(reader.get(f"/f/?sort={sort}"))
        assert [row.all("td")[3].text for row in page.all("tbody tr")] == expected
    assert page.one("th[aria-sort]").attributes["aria-sort"] == "descending"
    assert page.one("#sort-multiple")["href"] == "/f/?sort=multiple"


def test_it_orders_plain_rows_too_and_dresses_a_page_of_them(reader: Client) -> None:
    page = Page(reader.get("/r/?sort=-weight"))
    assert [row.one("td").text for row in page.all("tbody tr")] == ["=C", "B", "A"]


def test_it_pages_and_keeps_the_filter(reader: Client) -> None:
    point = factories.make_point()
    for n in range(45):
        factories.make_finding(point, started_at=factories.NOW - timedelta(minutes=n))
    page = Page(reader.get("/f/?severity=warning&page=2"))
    assert page.one(".pager span").text == "21–40 of 45"
    assert page.one("#page-on")["href"] == "/f/?severity=warning&page=3"
    assert page.one("#page-back")["href"] == "/f/?severity=warning&page=1"


def test_it_says_that_nothing_is_there_or_that_nothing_matches(reader: Client) -> None:
    assert Page(reader.get("/f/")).one(".nothing h3").text == "Nothing is wrong"
    narrowed = Page(reader.get("/f/?q=nobody"))
    assert narrowed.one(".nothing h3").text == "Nothing matches"
    assert narrowed.one(".nothing a.btn")["href"] == "/f/"


def test_it_gives_a_swap_only_the_list_and_announces_only_what_a_person_did(reader: Client) -> None:
    factories.make_finding()
    swapped = reader.get("/f/", headers={"HX-Request": "true", "HX-Target": "list"})
    page = Page(swapped)
    assert page.all("html") == []
    assert page.one("#list-status").text == "1 row"
    assert page.one("#list-heading").attributes["tabindex"] == "-1"
    assert swapped["Vary"].startswith("HX-Request, HX-Target")
    quiet = Page(reader.get("/f/", headers={"HX-Request": "true", "HX-Target": "rows"}))
    assert quiet.all("#list-status") == []
    assert quiet.one("#rows").attributes["hx-trigger"] == "live:findings from:body"


def test_it_leaves_as_csv_with_the_same_filter_and_no_formula(reader: Client) -> None:
    assert reader.get("/r/?as=csv").getvalue().decode() == (
        "\ufeffName,Weight\r\n'=C,10\r\nA,\r\nB,2\r\n"
    )
    factories.make_finding(severity="serious", rule="offline")
    factories.make_finding(severity="warning")
    answer = reader.get("/f/?severity=serious&as=csv")
    assert answer["Content-Disposition"] == 'attachment; filename="findings.csv"'
    assert [line.split(",")[1] for line in answer.getvalue().decode().splitlines()] == [
        "Rule",
        "offline",
    ]


def test_it_leaves_as_xlsx_with_real_times_and_numbers(reader: Client) -> None:
    found = factories.make_finding(multiple=Decimal("0.91"))
    sheet = load_workbook(io.BytesIO(reader.get("/f/?as=xlsx").content)).active
    head, line = list(sheet.values)
    assert head == ("Severity", "Rule", "Point", "Multiple", "Since", "Note")
    local = (found.started_at + timedelta(hours=8)).replace(tzinfo=None, microsecond=0)
    assert line[2:5] == (found.point.code, 0.91, local)
    assert (sheet.title, sheet.freeze_panes, sheet.auto_filter.ref) == ("Findings", "A2", "A1:F2")


def test_a_spreadsheet_wraps_long_texts_and_cuts_times_to_the_second() -> None:
    columns = [Column(name="text", label="Text"), Column(name="at", label="At")]
    rows = [{"text": "很长" * 30, "at": datetime(2026, 1, 2, 3, 4, 5, 678901, UTC)}]
    book = load_workbook(io.BytesIO(export.xlsx(columns, rows, title="A/B: " + "x" * 40)))
    sheet = book.active
    assert sheet.title == "A B  " + "x" * 26
    assert sheet["A2"].alignment.wrap_text is True
    assert sheet.column_dimensions["A"].width == export.WIDEST_CELL + 2
    assert sheet["B2"].value == datetime(2026, 1, 2, 11, 4, 5)  # noqa: DTZ001 - a cell has no zone
    assert list(export.lines(columns, rows))[1].endswith("2026-01-02 11:04:05\r\n")


def test_it_refuses_a_file_of_too_many_rows_and_says_so(
    reader: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "ROWS", 1)
    factories.make_finding()
    factories.make_finding()
    answer = reader.get("/f/?as=csv&severity=warning", follow=True)
    assert answer.redirect_chain == [("/f/?severity=warning", 302)]
    assert Page(answer).one(".note-error").text == (
        "2 rows are too many for one file; filter to at most 1."
    )


def test_it_costs_the_same_queries_however_many_rows(
    reader: Client, django_assert_num_queries
) -> None:
    reader.get("/f/")
    for count in (1, 15):
        for _ in range(count):
            factories.make_finding()
        with django_assert_num_queries(4):  # session, user, count, rows
            reader.get("/f/")


def test_it_shows_a_sibling_nothing_and_the_owner_theirs(client: Client) -> None:
    ours, theirs = (factories.make_unit(Unit.Kind.ENTERPRISE) for _ in range(2))
    factories.make_finding(factories.make_point(unit=ours))
    for unit, rows in ((ours, 1), (theirs, 0)):
        client.force_login(factories.make_user(User.Role.ENTERPRISE, unit))
        assert len(Page(client.get("/f/")).all("tbody tr")) == rows
