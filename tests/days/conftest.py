"""The demo's district with some of its packs, served by a real web process, and a Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from playwright.sync_api import Browser

from jiulong.demo import casework
from jiulong.demo.actions import (
    DEMO_PASSWORD,
    STANDARD_POINT,
    create_accounts,
    load_district,
)
from jiulong.monitoring.models import Point
from jiulong.settings import DATABASE_URL
from tests.browser import district
from tests.browser.conftest import (  # noqa: F401 - fixtures
    PATIENCE_S,
    _address,
    browser,
    database,
    django_db_setup,
    visit,
)
from tests.days.tour import Tour
from tests.factories import make_factor, make_finding

#: Enough of the district for four people's days, and quick to lay out.
PACKS = ("duban", "wangge", "baiqi", "gongzufang")
POINTS = 2


#: Whose pages one worker of xdist looks at; the other worker, in a district of its own, at all
#: others. So each has about half of the work, and both tests of a page share one look at it.
FIRST_HALF = {"supervisor", "enterprise", "handler", "grid", "leader", ""}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            asked = getattr(item, "callspec", None)
            first = asked is None or asked.params["look"].who in FIRST_HALF
            item.add_marker(pytest.mark.xdist_group("days" if first else "other days"))


@pytest.fixture(scope="package")
def site(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[str]:  # noqa: F811
    """The address of a web process on the demo's district."""
    with django_db_blocker.unblock():
        district.keep_passwords_as_the_site_does()
        now = datetime.now(UTC)
        casework.lay_ground(now=now)
        actor = create_accounts()
        load_district(actor=actor, now=now, since=now - timedelta(days=1), count=POINTS)
        casework.furnish(now=now, packs=PACKS)
        _measure(now)
        connection.close()
        url = DATABASE_URL.replace("/postgres?", f"/{connection.settings_dict['NAME']}?")
        environment = {**os.environ, "JIULONG_DATABASE_URL": url, "JIULONG_LOG_LEVEL": "ERROR"}
        process = subprocess.Popen(
            [sys.executable, "-m", "jiulong", "web", "--port", "0"],
            env=environment, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        try:
            yield _address(process)
        finally:
            process.terminate()
            process.wait(PATIENCE_S)
            assert process.stdout is not None
            process.stdout.close()
            district.remove()
            connection.close()


def _measure(now: datetime) -> None:
    """Something of every kind that the gateway and the rules leave behind."""
    point = Point.objects.exclude(code=STANDARD_POINT).order_by("pk")[0]
    make_finding(point, factor=make_factor("w01018"), started_at=now - timedelta(hours=3))
    district.leave_traces(point, now)


@pytest.fixture(scope="package")
def tour(browser: Browser, site: str) -> Iterator[Tour]:  # noqa: F811
    """Pages that were looked at; what one test has seen, the next need not open again."""
    made = Tour(browser, site)
    yield made
    made.end()


@pytest.fixture(autouse=True)
def demo_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Visitors sign in with the demo's password here."""
    monkeypatch.setattr(district, "PASSWORD", DEMO_PASSWORD)
