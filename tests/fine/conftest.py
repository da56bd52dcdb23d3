"""The demo's district with its environmental casework, served by a real web process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from jiulong.demo import casework
from jiulong.demo.actions import DEMO_PASSWORD, create_accounts, load_district
from jiulong.packs.actions import apply_packs
from jiulong.sampling.actions import set_sampler
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
from tests.fine.night import Night

#: The first points of the district; the last of them is the outfall of the enterprise's account.
POINTS = 12
#: The night is over by then.
MORNING = 5


def last_night(now: datetime) -> datetime:
    """02:00 of the night that is over."""
    local = timezone.localtime(now)
    day = local if local.hour >= MORNING else local - timedelta(days=1)
    return day.replace(hour=2, minute=0, second=0, microsecond=0)


@pytest.fixture(scope="package")
def night(django_db_setup: None, django_db_blocker: Any) -> Iterator[Night]:  # noqa: F811
    """The district as it stood that night, a minute before it began."""
    with django_db_blocker.unblock():
        district.keep_passwords_as_the_site_does()
        at = last_night(timezone.now())
        before = at - timedelta(days=2)
        casework.lay_ground(now=before)
        admin = create_accounts()
        found = load_district(actor=admin, now=before, since=before, count=POINTS)
        apply_packs(actor=None, paths=["huanbao"], now=before)
        made = Night(found.points[POINTS - 1], at)
        set_sampler(actor=None, point=made.point, now=before)
        yield made
        district.remove()
        connection.close()


@pytest.fixture(scope="package")
def site(night: Night, django_db_blocker: Any) -> Iterator[str]:
    """The address of a web process on it."""
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


@pytest.fixture(autouse=True)
def demo_password(monkeypatch: pytest.MonkeyPatch) -> None:
    """Visitors sign in with the demo's password here."""
    monkeypatch.setattr(district, "PASSWORD", DEMO_PASSWORD)
