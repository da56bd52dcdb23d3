"""Every page, in both languages and themes, on a desk and on a phone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.district import MN

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PAGES = [
    "/",
    "/wall/",
    "/points/",
    "/points/map/",
    "/points/B001/",
    "/points/B001/?span=7d&factor=w01001",
    "/points/B001/readings/?period=hour&span=7d",
    "/findings/",
    "/findings/?standing=open&severity=serious",
    "/loggers/",
    f"/loggers/{MN}/",
    "/loggers/unregistered/",
    "/quarantine/",
    "/commands/",
    "/seals/",
]


def overflow(page: Any) -> int:
    """By how many pixels the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
@pytest.mark.parametrize(("theme", "language"), [("light", "zh-hans"), ("dark", "en")])
def test_it_shows_every_page_without_trouble(
    visit: Any, width: int, height: int, theme: str, language: str
) -> None:
    visitor = visit("admin", width=width, height=height, theme=theme, language=language)
    found = {}
    for path in PAGES:
        status = visitor.open(path)
        visitor.page.wait_for_load_state("load")
        wide = overflow(visitor.page)
        if status != 200 or wide > 0 or visitor.troubles:
            found[path] = (status, wide, list(visitor.troubles))
        visitor.troubles.clear()
    assert found == {}


def test_it_speaks_chinese_by_default_and_english_on_request(visit: Any) -> None:
    visitor = visit("officer")
    assert visitor.page.get_attribute("html", "lang") == "zh-hans"
    visitor.page.click("button[name=language]")
    visitor.page.wait_for_selector("html[lang=en]")
    assert "Findings" in visitor.page.inner_text("nav >> nth=0")


def test_it_turns_dark_and_remembers(visit: Any) -> None:
    visitor = visit("officer")
    visitor.page.click(".tools details summary")
    visitor.page.click("button[name=theme][value=dark]")
    visitor.page.wait_for_selector("html[data-bs-theme=dark]")
    visitor.open("/findings/")
    assert visitor.page.get_attribute("html", "data-bs-theme") == "dark"


def test_it_works_without_scripts(visit: Any) -> None:
    visitor = visit("officer", scripts=False)
    visitor.open("/findings/")
    visitor.page.fill("input[name=q]", "青榕")
    visitor.page.click("noscript >> button, form[role=search] button")
    visitor.page.click("table a.opens")
    visitor.page.fill("[name=note]", "已通知企业核查")
    visitor.page.click("form button.btn-primary")
    assert "已通知企业核查" in visitor.page.inner_text("main")


def test_it_follows_the_keyboard(visit: Any) -> None:
    visitor = visit("officer")
    visitor.open("/points/")
    visitor.page.keyboard.press("Tab")
    assert visitor.page.evaluate("document.activeElement.className") == "skip"
    visitor.page.keyboard.press("/")
    assert visitor.page.evaluate("document.activeElement.name") == "q"
