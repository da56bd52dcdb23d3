"""Pages of monitoring survive whatever is asked of them, and say what was wrong with it."""

from __future__ import annotations

import pytest

from tests.monitoring.site import Site
from tests.pages.html import Page
from tests.pages.policy import inline

# -- nonsense ---------------------------------------------------------------------------------

NO_TIME = " is not a time; write it like 2026-01-31 or 2026-01-31T08:00"
COMPLAINTS = [
    ({"from": "2026-02-30"}, f"2026-02-30{NO_TIME}"),
    ({"to": "0001-01-01"}, "0001-01-01 is too far from today."),
    ({"to": "9999-12-31T23:59:59-08:00"}, "9999-12-31T23:59:59-08:00 is too far from today."),
    ({"from": "2026-01-01T00:00:00+99:00"}, f"2026-01-01T00:00:00+99:00{NO_TIME}"),
    ({"from": "2026-03-02", "to": "2026-03-01"}, "The beginning must be before the end."),
    ({"from": "2023-03-02", "to": "2026-03-01"}, "At most a year can be shown at once."),
]  # fmt: skip


@pytest.mark.parametrize("pattern", ["/points/{point}/", "/points/{point}/readings/"])
@pytest.mark.parametrize(("query", "complaint"), COMPLAINTS)
def test_it_tells_what_is_wrong_with_a_time_and_shows_the_usual(
    site: Site, pattern: str, query: dict[str, str], complaint: str
) -> None:
    answer = site.client("owner").get(site.address(pattern), query)
    assert answer.status_code == 200
    page = Page(answer)
    assert page.one(".note-warning").text == complaint
    assert [tab.text for tab in page.all(".span-switch [aria-current]")] == ["24 hours"]


@pytest.mark.parametrize("query", [
    {"page": "999999"}, {"page": "99999999999999999999999"}, {"page": "²"}, {"page": "-1"},
    {"page": "x"}, {"period": "century"}, {"span": "9y"}, {"factor": "\"><script>"},
    {"factor": "é" * 500}, {"as": "pdf"},
])  # fmt: skip
def test_it_shows_something_whatever_else_is_asked(site: Site, query: dict[str, str]) -> None:
    client = site.client("owner")
    for pattern in ("/points/{point}/", "/points/{point}/readings/"):
        answer = client.get(site.address(pattern), query)
        assert answer.status_code == 200
        assert inline(Page(answer)) == []


def test_it_shows_the_last_page_of_readings_where_there_are_fewer(site: Site) -> None:
    answer = site.client("owner").get(site.address("/points/{point}/readings/"), {"page": "999999"})
    assert len(Page(answer).all(".readings tbody tr")) == 2


@pytest.mark.parametrize("query", [
    {"since": "9999-12-31"}, {"until": "9999-12-31"}, {"since": "0001-01-01"},
    {"until": "0001-01-01"}, {"sort": "point__password"}, {"size": "1000000"}, {"q": "%_'\\"},
    {"page": "999999999999999999999"},
])  # fmt: skip
def test_lists_survive_any_filter(site: Site, query: dict[str, str]) -> None:
    client = site.client("officer")
    for address in ("/findings/", "/points/", "/points/map/"):
        assert client.get(address, query).status_code == 200


@pytest.mark.parametrize("query", [{"since": "31.12.2026"}, {"severity": "dire"}, {"rule": "x"}])
def test_lists_say_which_filter_is_wrong(site: Site, query: dict[str, str]) -> None:
    (value,) = query.values()
    page = Page(site.client("officer").get("/findings/", query))
    assert value in page.one(".note-warning").text


@pytest.mark.parametrize("address", [
    "/points/?q=%00", "/points/a%00b/", "/points/map.json?street=%00", "/findings/?rule=%00x",
])  # fmt: skip
def test_it_refuses_a_nul_in_an_address(site: Site, address: str) -> None:
    answer = site.client("officer").get(address)
    assert answer.status_code == 400
    assert Page(answer).all(".nothing h2")


@pytest.mark.parametrize("address", [
    "/frames/99999999999999999999999/0/", "/frames/1/99999999999999999999999/",
    "/findings/99999999999999999999999/", "/points/" + "x" * 2000 + "/", "/points/a%2Fb/",
])  # fmt: skip
def test_it_finds_nothing_at_numbers_beyond_all(site: Site, address: str) -> None:
    assert site.client("officer").get(address).status_code == 404
