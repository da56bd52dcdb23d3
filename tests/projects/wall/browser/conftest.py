"""A district with three hundred projects, served by a real web process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from jiulong.organisation.models import User
from tests import factories
from tests.browser.conftest import (  # noqa: F401 - fixtures
    browser,
    database,
    django_db_setup,
    site,
    visit,
)
from tests.browser.district import PASSWORD
from tests.projects.wall.scene import district

#: As many as the district's list has, and some more.
PROJECTS = 300


@pytest.fixture(scope="package", autouse=True)
def _projects(site: str, django_db_blocker: Any) -> Iterator[None]:  # noqa: F811
    with django_db_blocker.unblock():
        district(PROJECTS)
        user = factories.make_user(User.Role.SUPERVISOR, username="supervisor")
        user.set_password(PASSWORD)
        user.save()
        connection.close()
        yield
