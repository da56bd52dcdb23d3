"""Pages of monitoring: who gets which answer, what they show, and what each costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jiulong.evidence.models import Event
from jiulong.monitoring.forms import NOTE_LENGTH
from jiulong.monitoring.models import Period
from tests.factories import hours, make_factor, make_finding, make_limit, make_point, write_readings
from tests.monitoring.site import HOUR, RAW, ROLES, Site
from tests.pages.html import Page
from tests.pages.policy import inline
from tests.people import People

#: Address → the status for each of ROLES.
ANSWERS: dict[str, tuple[int, int, int, int, int]] = {
    "/points/": (200, 200, 200, 200, 200),
    "/points/?as=csv": (200, 200, 200, 200, 200),
    "/points/?as=xlsx": (200, 200, 200, 200, 200),
    "/points/map/": (200, 200, 200, 200, 200),
    "/points/map.json": (200, 200, 200, 200, 200),
    "/points/{point}/": (200, 200, 200, 200, 404),
    "/points/{point}/series.json?factor=w01018": (200, 200, 200, 200, 404),
    "/points/{point}/readings/": (200, 200, 200, 200, 404),
    "/points/{point}/readings/?as=csv": (200, 200, 200, 200, 404),
    "/points/{point}/readings/?as=xlsx": (200, 200, 200, 200, 404),
    "/frames/{frame}/0/": (200, 200, 403, 200, 403),
    "/findings/": (200, 200, 200, 200, 200),
    "/findings/?as=csv": (200, 200, 200, 200, 200),
    "/findings/{finding}/": (200, 200, 200, 200, 404),
    "/findings/{finding}/acknowledge/": (405, 405, 405, 405, 405),
    "/points/none/": (404, 404, 404, 404, 404),
    "/findings/0/": (404, 404, 404, 404, 404),
    "/frames/0/0/": (404, 404, 403, 403, 403),
}


@pytest.mark.parametrize("pattern", ANSWERS)
def test_it_answers_each_of_them_as_the_table_says(site: Site, pattern: str) -> None:
    got = []
    for role in ROLES:
        answer = site.client(role).get(site.address(pattern))
        got.append(answer.status_code)
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            assert inline(Page(answer)) == []
    assert tuple(got) == ANSWERS[pattern]


@pytest.mark.parametrize("pattern", ANSWERS)
def test_it_asks_a_stranger_to_sign_in(site: Site, pattern: str) -> None:
    answer = site.client("anonymous").get(site.address(pattern))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/account/login/?next=")


@pytest.mark.parametrize(
    ("role", "rows"), [("officer", 2), ("observer", 2), ("owner", 1), ("sibling", 1)]
)
def test_it_lists_to_an_enterprise_only_its_own(site: Site, role: str, rows: int) -> None:
    client = site.client(role)
    assert len(Page(client.get("/points/")).all("#rows tbody tr")) == rows
    assert len(client.get("/points/map.json").json()["points"]) == rows
    assert len(Page(client.get("/findings/")).all("#rows tbody tr")) == (role != "sibling")


# -- a point ----------------------------------------------------------------------------------


def test_it_shows_a_point_with_its_values_against_limits(site: Site) -> None:
    point = site.people.point
    page = Page(site.client("owner").get(site.address("/points/{point}/")))
    assert page.one("h1").text == f"{point.outfall.enterprise.name} {point.name}"
    assert [cell.text for cell in page.all(".current tbody tr td")][:1] == ["20mg/L"]
    assert page.one(".current svg")["aria-label"] == "40% of the limit 50"
    assert page.one("#chart")["data-factor"] == "w01018"
    assert page.one(".finding-list a").text == "Warning Hourly exceedance · COD"


def test_it_names_a_place_without_the_name_that_stands_beside_it(site: Site) -> None:
    enterprise = site.people.point.outfall.enterprise
    place = make_point(site.people.point.outfall, name=f"{enterprise.name}进水口")
    client = site.client("owner")
    assert Page(client.get(f"/points/{place.code}/")).one("h1 small").text == "进水口"
    names = [cell.text for cell in Page(client.get("/points/")).all("#rows a.opens small")]
    assert "进水口" in names


def test_live_regions_listen_to_what_changes_them(site: Site) -> None:
    page = Page(site.client("officer").get(site.address("/points/{point}/")))
    heard = {
        node["id"]: node["hx-trigger"].replace("live:", "").replace(" from:body", "")
        for node in page.all("[hx-trigger]")
        if "id" in node.attributes and node["hx-trigger"].startswith("live:")
    }
    wanted = {
        "identity": "readings, findings",
        "now": "readings",
        "newest": "readings",
        "found": "findings",
        "logger": "command_steps, quarantine",
    }
    assert {name: heard.get(name) for name in wanted} == wanted
    for name in wanted:
        assert page.one(f"#{name}")["hx-select"] == f"#{name}"


@pytest.mark.parametrize(
    ("address", "events"), [("/points/", "live:readings"), ("/findings/", "live:findings")]
)
def test_lists_follow_what_they_show(site: Site, address: str, events: str) -> None:
    assert events in Page(site.client("officer").get(address)).one("#rows")["hx-trigger"]


# -- the chart's data -------------------------------------------------------------------------


def test_the_chart_gets_a_month_of_minutes_within_100_kb(people: People) -> None:
    end = timezone.now().replace(second=0, microsecond=0)
    start = end - timedelta(minutes=43_200)
    make_limit(people.point)
    rows = (
        (start + timedelta(minutes=n), {"w01018": round(40 + n % 97 / 7 + n % 13, 3)})
        for n in range(43_200)
    )
    write_readings(people.point, Period.MINUTE, rows)
    client = Client()
    client.force_login(people.owner)
    address = f"/points/{people.point.code}/series.json"
    query = {
        "factor": "w01018",
        "period": "minute",
        "from": start.isoformat(),
        "to": end.isoformat(),
    }
    answer = client.get(address, query)
    body = orjson.loads(answer.content)
    assert len(answer.content) <= 100_000
    assert len(body["points"]) <= 2000
    assert body["summary"]["count"] == 43_200
    assert max(value for _at, value in body["points"]) == body["summary"]["max"]


def test_the_charts_data_keep_their_form(site: Site) -> None:
    address = site.address("/points/{point}/series.json")
    body = site.client("owner").get(address, {"factor": "w01018", "period": "hour"}).json()
    assert set(body) == {
        "factor", "period", "start", "end", "points", "limits", "marks", "findings", "summary",
        "mark_names", "overlays",
    }  # fmt: skip
    assert body["factor"] == {
        "code": "w01018",
        "name": "化学需氧量",
        "name_en": "COD",
        "unit": "mg/L",
    }
    assert [value for _at, value in body["points"]] == [60.0, 20.0]
    assert [(limit["statistic"], limit["max"]) for limit in body["limits"]] == [("hour", 50.0)]
    assert [one["id"] for one in body["findings"]] == [site.finding.pk]


@pytest.mark.parametrize(
    ("query", "status", "error"),
    [
        ({"factor": "w99999"}, 404, "factor"),
        ({}, 404, "factor"),
        ({"factor": "'; DROP TABLE reading"}, 404, "factor"),
        ({"factor": "w01018", "from": "yesterday"}, 400,
         "yesterday is not a time; write it like 2026-01-31 or 2026-01-31T08:00"),
        ({"factor": "w01018", "from": "2026-03-02", "to": "2026-03-01"}, 400,
         "The beginning must be before the end."),
        ({"factor": "w01018", "from": "2024-01-01", "to": "2026-03-01"}, 400,
         "At most a year can be shown at once."),
        ({"factor": "w01018", "from": "9999-12-31"}, 400, "9999-12-31 is too far from today."),
    ],
)  # fmt: skip
def test_the_chart_says_what_it_cannot_read(
    site: Site, query: dict[str, str], status: int, error: str
) -> None:
    answer = site.client("owner").get(site.address("/points/{point}/series.json"), query)
    assert (answer.status_code, answer.json()) == (status, {"error": error})


# -- a finding --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "status", "done"),
    [
        ("administrator", 403, False),
        ("officer", 302, True),
        ("observer", 403, False),
        ("owner", 302, True),
        ("sibling", 404, False),
        ("anonymous", 302, False),
    ],
)
def test_it_takes_an_acknowledgement_from_those_who_may(
    site: Site, role: str, status: int, done: bool
) -> None:
    address = site.address("/findings/{finding}/acknowledge/")
    answer = site.client(role).post(address, {"note": "A valve stuck."})
    assert answer.status_code == status
    site.finding.refresh_from_db()
    noted = [
        (event.actor, event.data) for event in Event.objects.filter(verb="acknowledge_finding")
    ]
    who = getattr(site.people, role) if done else None
    assert noted == ([(who, {"note": "A valve stuck."})] if done else [])
    assert (site.finding.acknowledged_by, site.finding.note) == (
        (who, "A valve stuck.") if done else (None, "")
    )


@pytest.mark.parametrize(
    ("note", "error"),
    [
        ("", "This field is required."),
        ("  ", "This field is required."),
        ("a\0b", "Null characters are not allowed."),
        ("x" * (NOTE_LENGTH + 1), f"Ensure this value has at most {NOTE_LENGTH} characters"),
    ],
)
def test_it_gives_a_note_back_that_it_cannot_take(site: Site, note: str, error: str) -> None:
    address = site.address("/findings/{finding}/acknowledge/")
    answer = site.client("officer").post(address, {"note": note})
    assert answer.status_code == 422
    assert Page(answer).one(".field-error").text.startswith(error)
    site.finding.refresh_from_db()
    assert site.finding.acknowledged_at is None


def test_it_keeps_the_name_of_whoever_acknowledged_first(site: Site) -> None:
    address = site.address("/findings/{finding}/acknowledge/")
    site.client("owner").post(address, {"note": "ours"})
    page = Page(site.client("officer").post(address, {"note": "theirs"}, follow=True))
    assert page.one(".note-error").text.startswith("This finding was acknowledged before.")
    assert page.one(".note-text").text == "ours"


def test_it_offers_the_form_only_to_those_who_may(site: Site) -> None:
    for role, offered in (("officer", 1), ("owner", 1), ("observer", 0), ("administrator", 0)):
        page = Page(site.client(role).get(site.address("/findings/{finding}/")))
        assert len(page.all("textarea")) == offered


FACTS: list[tuple[str, dict[str, Any], list[tuple[str, str]]]] = [
    ("offline", {"seconds": 7500}, [("Silent for", "2 hours")]),
    (
        "missing",
        {"hours": 2, "expected": 14, "received": 9, "filled_at": "2026-03-10T04:00:00+00:00"},
        [
            ("Incomplete hours", "2"),
            ("Readings expected", "14"),
            ("Readings received", "9"),
            ("Complete since", "03-10 12:00:00"),
        ],
    ),
    (
        "late",
        {"batch": 7, "count": 3, "delay_s": 50400, "received_from": "2026-03-10T04:00:00+00:00"},
        [
            ("Late frames", "3"),
            ("Longest delay", "14 hours"),
            ("First of them received", "03-10 12:00:00"),
        ],
    ),
    ("a_rule_of_tomorrow", {"shape": "odd"}, [("shape", "odd")]),
    ("offline", {"seconds": "long"}, [("Silent for", "long")]),
]


@pytest.mark.parametrize(("rule", "detail", "facts"), FACTS)
def test_it_tells_the_evidence_in_words(
    site: Site, rule: str, detail: dict[str, Any], facts: list[tuple[str, str]]
) -> None:
    found = make_finding(site.people.point, rule=rule, detail=detail)
    page = Page(site.client("owner").get(f"/findings/{found.pk}/"))
    names = [node.text for node in page.all(".facts dt")]
    values = [node.text for node in page.all(".facts dd")]
    year = timezone.localtime().year
    if year != 2026:  # the year is told only where it is another
        values = [value.removeprefix("2026-") for value in values]
    told = list(zip(names, values, strict=True))
    assert told[:-1] == facts


def test_it_shows_both_sides_of_a_discrepancy_with_their_frames(site: Site) -> None:
    make_factor("w01001")
    example = {
        "at": "2026-03-10T04:00:00+00:00", "period": "hour", "kept": [1, 2], "other": [3, 4],
        "differences": {"w01001-Max": [7.6, None], "w01001": [7.5, 6.9], "zz": [1, 2]},
    }  # fmt: skip
    detail = {"batch": 3, "count": 1, "examples": [example]}
    found = make_finding(site.people.point, rule="discrepancy", detail=detail)
    page = Page(site.client("owner").get(f"/findings/{found.pk}/"))
    rows = [[c.text for c in row.all("td")] for row in page.all(".contradiction tbody tr")]
    assert [row.one("th").text for row in page.all(".contradiction tbody tr")] == ["pH", "zz", "pH"]
    assert rows == [["", "7.5", "6.9"], ["", "1", "2"], ["Max", "7.6", "—"]]
    links = [link["href"] for link in page.all(".contradiction thead a")]
    assert links == ["/frames/1/2/", "/frames/3/4/"]


# -- cost -------------------------------------------------------------------------------------

#: Session and user are in it; what the loop bar asks is remembered from the call before.
QUERIES = {"/points/": 9, "/points/map/": 9, "/points/map.json": 4, "/findings/": 5}


@pytest.mark.parametrize("address", QUERIES)
def test_a_list_costs_the_same_with_one_row_and_with_thirty(people: People, address: str) -> None:
    client = Client()
    client.force_login(people.officer)
    start = timezone.now() - 2 * HOUR
    costs = []
    for more in (1, 29):
        for _ in range(more):
            point = make_point()
            make_limit(point)
            make_finding(point, factor=make_factor(), acknowledged_by=people.officer)
            write_readings(point, Period.HOUR, hours(start, 40.0))
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        costs.append(len(asked))
    assert costs[0] == costs[1] <= QUERIES[address]


@pytest.mark.parametrize(("pattern", "most"), [
    ("/points/{point}/", 23), ("/points/{point}/readings/", 8), ("/findings/{finding}/", 6),
])  # fmt: skip
def test_a_page_costs_the_same_however_much_happened(site: Site, pattern: str, most: int) -> None:
    client, costs = site.client("officer"), []
    point = site.people.point
    for first in (0, 30):
        for n in range(first, first + 30 if first else 1):
            make_finding(point, factor=make_factor(), started_at=timezone.now() - n * HOUR)
        client.get(site.address(pattern))
        with CaptureQueriesContext(connection) as asked:
            client.get(site.address(pattern))
        costs.append(len(asked))
    assert costs[0] == costs[1] <= most


def test_the_raw_frame_stands_with_its_seal_and_its_words(site: Site) -> None:
    page = Page(site.client("owner").get(site.address("/frames/{frame}/0/")))
    assert page.one("pre.raw").raw.strip() == RAW.decode().strip()
    assert page.one(".identity").text.endswith("Sealwith the next seal")
    assert page.one(".identity .light-met").text == "Accepted"
    assert [cell.text for cell in page.all("tbody tr td")][:2] == ["Avg", "60.0"]
    assert page.one("dl.facts").text.startswith("QN20260310115900000ST32 ")
    assert "CN2061 hourly data" in page.one("dl.facts").text
