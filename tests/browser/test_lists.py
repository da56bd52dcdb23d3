"""A list page in a browser: swaps instead of reloads, and the address always says what is shown."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_it_filters_and_sorts_by_swapping_the_list(visit: Any) -> None:
    visitor = visit("officer")
    page = visitor.page
    visitor.open("/points/")
    page.evaluate("document.body.dataset.first = 'yes'")  # gone after a reload
    page.fill("#list-search", "B001")
    page.press("#list-search", "Enter")
    page.wait_for_url("**/points/?q=B001")
    page.wait_for_selector("a.filter-chip")
    assert page.locator("#rows tbody tr").count() == 1
    assert page.inner_text("#list-status").startswith("1")
    page.click("#sort-enterprise")
    page.wait_for_url("**/points/?q=B001&sort=*enterprise")
    page.click("a.filter-chip")
    page.wait_for_url("**/points/?sort=*enterprise")
    assert page.evaluate("document.body.dataset.first") == "yes"
    page.go_back()
    page.wait_for_selector("a.filter-chip")
    assert page.locator("#rows tbody tr").count() == 1
    assert visitor.troubles == []


def test_it_filters_without_scripts_too(visit: Any) -> None:
    visitor = visit("officer", scripts=False)
    visitor.open("/points/")
    visitor.page.fill("#list-search", "B001")
    visitor.page.click("form.filters button")
    assert "q=B001" in visitor.page.url
    assert visitor.page.locator("#rows tbody tr").count() == 1


def test_it_shows_the_door_when_the_session_has_ended(visit: Any) -> None:
    visitor = visit("officer")
    visitor.open("/findings/")
    visitor.context.clear_cookies(name="sessionid")
    visitor.page.fill("#list-search", "anything")
    visitor.page.press("#list-search", "Enter")
    visitor.page.wait_for_selector("#id_login")
    assert "/account/login/" in visitor.page.url


def test_it_changes_language_and_theme_without_scripts(visit: Any) -> None:
    visitor = visit("officer", scripts=False)
    visitor.open("/findings/?severity=serious")
    visitor.page.click("button[name=language]")
    assert visitor.page.get_attribute("html", "lang") == "en"
    visitor.page.click(".tools details.drop > summary")
    visitor.page.click("button[value=dark]")
    assert visitor.page.get_attribute("html", "data-bs-theme") == "dark"
    assert visitor.page.url.endswith("/findings/?severity=serious")
