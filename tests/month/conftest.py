"""A small contest, served by a real web process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

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
from tests.month.world import World, build


@pytest.fixture(scope="package")
def world(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:  # noqa: F811
    """The district as it stands when the month is over."""
    with django_db_blocker.unblock():
        district.keep_passwords_as_the_site_does()
        yield build(timezone.now())
        district.remove()
        connection.close()


@pytest.fixture(scope="package")
def house(world: World) -> dict[str, str]:
    """The environment of processes that work on it."""
    url = DATABASE_URL.replace("/postgres?", f"/{connection.settings_dict['NAME']}?")
    return {**os.environ, "JIULONG_DATABASE_URL": url, "JIULONG_LOG_LEVEL": "ERROR"}


@pytest.fixture(scope="package")
def site(house: dict[str, str]) -> Iterator[str]:
    """The address of a web process on it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "jiulong", "web", "--port", "0"],
        env=house, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2],
    )  # fmt: skip
    try:
        yield _address(process)
    finally:
        process.terminate()
        process.wait(PATIENCE_S)
        assert process.stdout is not None
        process.stdout.close()
