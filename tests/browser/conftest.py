"""A real web process on the test database, and a headless Chromium looking at it."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from jiulong.settings import DATABASE_URL
from scripts.chromium import find
from tests.browser import district

#: The web process and Chromium answer within this, or something is broken.
PATIENCE_S = 60

RUNNING = pytest.StashKey[Browser]()

# Playwright's synchronous API runs a loop of its own in this thread; Django must not mind it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"


@pytest.fixture(scope="session")
def browser(pytestconfig: pytest.Config) -> Iterator[Browser]:
    """Chromium; where there is none the tests fail, they are not skipped.

    One for all: a thread can drive but one, and other packages take this fixture in too.
    """
    if RUNNING in pytestconfig.stash:
        yield pytestconfig.stash[RUNNING]
        return
    path = find()
    if path is None:
        pytest.fail("no Chromium: see scripts/chromium.py", pytrace=False)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
        )
        pytestconfig.stash[RUNNING] = launched
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def django_db_setup(
    django_db_setup: None, django_db_keepdb: bool, django_db_blocker: Any
) -> Iterator[None]:
    """The test database, also where only browser tests run.

    pytest-django makes it for tests that carry its mark; ours do not, since the web process must
    see what they commit.
    """
    if connection.settings_dict["NAME"].startswith("test_"):
        yield
        return
    with django_db_blocker.unblock():
        made = setup_databases(
            verbosity=0, interactive=False, aliases={"default"}, keepdb=django_db_keepdb
        )
        yield
        teardown_databases(made, verbosity=0, keepdb=django_db_keepdb)


@pytest.fixture(scope="package")
def site(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The address of a web process that serves a small district from the test database."""
    with django_db_blocker.unblock():
        district.keep_passwords_as_the_site_does()
        district.build()
        # Beside Playwright's loop Django gives this thread a second connection; none may stay.
        connection.close()
        url = DATABASE_URL.replace("/postgres?", f"/{connection.settings_dict['NAME']}?")
        environment = {**os.environ, "JIULONG_DATABASE_URL": url, "JIULONG_LOG_LEVEL": "ERROR"}
        command = [sys.executable, "-m", "jiulong", "web", "--port", "0"]
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[2],
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


def _address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    ready, _, _ = select.select([process.stdout], [], [], PATIENCE_S)
    line = process.stdout.readline() if ready else ""
    assert "web listening on " in line, f"the web process did not come up: {line!r}"
    return line.rsplit(" ", 1)[1].strip()


@pytest.fixture
def database(site: str, django_db_blocker: Any) -> Iterator[None]:
    """Access to the same database as the web process, with real commits."""
    with django_db_blocker.unblock():
        yield


class Visitor:
    """A person at the site: opens pages, and remembers everything that went wrong in them."""

    def __init__(self, context: BrowserContext, site: str) -> None:
        self.context, self.site = context, site
        self.page: Page = context.new_page()
        self.troubles: list[str] = []
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("console", self._heard)

    def _heard(self, message: Any) -> None:
        if message.type == "error":
            self.troubles.append(message.text)

    def open(self, path: str) -> int:
        """Go to a page; returns its HTTP status."""
        response = self.page.goto(self.site + path)
        assert response is not None
        return response.status

    def sign_in(self, name: str) -> Visitor:
        self.open("/account/login/")
        self.page.fill("#id_login", name)
        self.page.fill("#id_password", district.PASSWORD)
        self.page.click("form button.btn-primary")
        self.page.wait_for_selector(".loop-bar, .loop")
        return self


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Any]:
    """Makes visitors: `visit("officer", width=390, theme="dark", language="en")`."""
    contexts: list[BrowserContext] = []

    def make(
        name: str = "",
        *,
        width: int = 1366,
        height: int = 768,
        theme: str = "light",
        language: str = "zh-hans",
        scripts: bool = True,
    ) -> Visitor:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(PATIENCE_S * 1000)
        context.add_cookies([
            {"name": "django_language", "value": language, "url": site},
            {"name": "theme", "value": theme, "url": site},
        ])  # fmt: skip
        contexts.append(context)
        visitor = Visitor(context, site)
        return visitor.sign_in(name) if name else visitor

    yield make
    for context in contexts:
        context.close()
    connection.close()
