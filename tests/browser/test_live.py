"""What moves: charts, the map, events, and the work of an administrator and an officer."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from jiulong.gateway.models import Command, Logger
from jiulong.monitoring.models import Point
from tests import factories
from tests.browser.district import MN, STRANGER

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def test_it_draws_the_course_and_says_it_in_words(visit: Any) -> None:
    visitor = visit("officer")
    visitor.open("/points/B001/?span=7d&period=hour&factor=w01018")
    visitor.page.locator("#chart-status:not(.visually-hidden)").wait_for()
    assert "48" in visitor.page.inner_text("#chart-status")
    assert visitor.page.locator("#chart canvas").count() == 1
    assert visitor.troubles == []


def test_it_puts_every_point_on_the_map(visit: Any) -> None:
    visitor = visit("officer")
    visitor.open("/points/map/")
    visitor.page.wait_for_selector(".map-light")
    assert visitor.page.locator(".map-light").count() == Point.objects.count()
    visitor.page.locator(".map-light").first.click(force=True)
    visitor.page.wait_for_url("**/points/B00*/")


def test_it_shows_a_finding_as_it_is_found(visit: Any, database: None) -> None:
    visitor = visit("officer")
    visitor.open("/findings/")
    visitor.page.wait_for_selector("body[data-connected=yes]")
    point = Point.objects.get(code="B002")
    found = factories.make_finding(point, rule="discrepancy")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('findings', %s)", [f'{{"points": [{point.pk}]}}'])
    visitor.page.wait_for_selector(f"a[href='/findings/{found.pk}/']", state="attached")
    found.delete()


def test_it_hides_another_enterprise_from_the_owner(visit: Any) -> None:
    visitor = visit("owner")
    visitor.open("/points/")
    assert "青榕食品" in visitor.page.inner_text("main")
    assert "白鹭电镀" not in visitor.page.inner_text("main")
    assert visitor.open("/points/B002/") == 404


def test_it_adopts_a_logger_that_knocks(visit: Any, database: None) -> None:
    visitor = visit("admin")
    visitor.open("/loggers/unregistered/")
    visitor.page.click(f"a[href='/loggers/unregistered/{STRANGER}/']")
    visitor.page.select_option("[name=point]", "B002")
    visitor.page.fill("[name=password]", "123456")
    visitor.page.click("form.panel button.btn-primary")
    visitor.page.wait_for_url(f"**/loggers/{STRANGER}/")
    assert Logger.objects.get(mn=STRANGER).point.code == "B002"


def test_it_orders_a_sample(visit: Any, database: None) -> None:
    visitor = visit("officer")
    visitor.open(f"/loggers/{MN}/command/?cn=3015")
    visitor.page.fill("[name=reason]", "COD 超标")
    visitor.page.click("form.panel button.btn-primary")
    visitor.page.wait_for_url("**/commands/*/")
    ordered = Command.objects.latest("id")
    assert (ordered.cn, ordered.state, ordered.reason) == ("3015", "queued", "COD 超标")
