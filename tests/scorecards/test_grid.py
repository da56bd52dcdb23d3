"""The entry sheet's script on a slow line: handing in waits for the save that is under way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.browser.conftest import browser  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

SRC = Path(__file__).parents[2] / "src" / "jiulong"
FILES = {
    "/htmx.js": SRC / "desk" / "static" / "vendor" / "htmx.min.js",
    "/grid.js": SRC / "scorecards" / "static" / "scorecards" / "grid.js",
}
#: The form as `sheet.html` writes it, with a short delay.
PAGE = """<!doctype html><script src="/htmx.js"></script><form method="post" action="/save"
id="grid-form" hx-post="/save" hx-trigger="change delay:300ms from:#grid" hx-target="#saved"
hx-swap="outerHTML"><table id="grid"><tr><td><input class="cell" name="v-1" data-row="0"
data-column="0"></td></tr></table>%s<button name="submit" value="1">Hand in</button></form>
<script src="/grid.js" type="module"></script>"""
SAVED = '<div id="saved" data-away="away"><input type="hidden" name="version" value="%d"></div>'


class Site:
    """Answers as the views do: a save is refused unless it knows the version that stands."""

    def __init__(self, page: Page) -> None:
        self.version, self.held, self.told = 1, list[Route](), list[str]()
        self.slow = False
        page.route("http://sheet.test/**", self.answer)
        page.goto("http://sheet.test/")

    def answer(self, route: Route) -> None:
        path = route.request.url.removeprefix("http://sheet.test")
        if route.request.method == "POST":
            if self.slow and "HX-Request".lower() in route.request.headers:
                self.held.append(route)
            else:
                self.save(route)
        elif path in FILES:
            route.fulfill(body=FILES[path].read_text(), content_type="text/javascript")
        else:
            route.fulfill(body=PAGE % (SAVED % self.version), content_type="text/html")

    def save(self, route: Route) -> None:
        given = parse_qs(route.request.post_data or "")
        if int(given["version"][0]) != self.version:
            self.told.append("changed meanwhile")
        else:
            self.version += 1
            what = "handed in" if "submit" in given else "kept"
            self.told.append(f"{what} {given['v-1'][0]}")
        route.fulfill(body=SAVED % self.version, content_type="text/html")


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:  # noqa: F811 - the fixture
    context = browser.new_context()
    yield context.new_page()
    context.close()


def typed(page: Page, value: str) -> None:
    page.fill("input.cell", value)
    page.dispatch_event("input.cell", "change")


def test_handing_in_waits_for_the_save_that_is_under_way(page: Page) -> None:
    site = Site(page)
    site.slow = True
    with page.expect_request(lambda request: request.method == "POST"):
        typed(page, "12")
    page.wait_for_timeout(0)  # the route's turn
    page.click("button")
    assert site.told == []
    site.save(site.held.pop())
    page.wait_for_url("**/save")
    assert site.told == ["kept 12", "handed in 12"]


def test_no_save_begins_once_it_is_handed_in(page: Page) -> None:
    site = Site(page)
    typed(page, "12")
    page.click("button")  # before the delay is over
    page.wait_for_url("**/save")
    assert site.told == ["handed in 12"]


def test_a_broken_line_is_told_and_what_was_typed_is_asked_about(page: Page) -> None:
    site = Site(page)
    site.slow = True
    with page.expect_request(lambda request: request.method == "POST"):
        typed(page, "12")
    page.wait_for_timeout(0)  # the route's turn
    site.held.pop().abort()
    page.wait_for_selector("#saved .over")
    assert page.inner_text("#saved") == "away"
    assert page.evaluate(
        "(() => { const e = new Event('beforeunload', {cancelable: true});"
        " dispatchEvent(e); return e.defaultPrevented; })()"
    )
