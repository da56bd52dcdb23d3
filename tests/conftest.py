"""What holds for every test."""

from __future__ import annotations

import gc
import logging
import os
from collections.abc import Iterator

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

from tests import emptying, template
from tests.embedded_server import OWN

# Argon2 is slow on purpose; what is kept as passwords here is nobody's.
settings.PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    *settings.PASSWORD_HASHERS,
]
# Each client of a test has a chain of middleware of its own: none lists all static files for it.
settings.WHITENOISE_AUTOREFRESH = True
# Who looks at a page here does so for the first time; hints have tests of their own.
settings.HINTS = False
os.environ["JIULONG_HINTS"] = "0"
# Thousands of refusals are asked for here; each need not be told with its traceback.
logging.getLogger("django.request").setLevel(logging.ERROR)


#: A run looks at a quarter of the examples that a property test asks for, others each time; where
#: this is set, as at night, at all of them.
THOROUGH = "JIULONG_TESTS_THOROUGH" in os.environ
FEWEST = 5


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    tests = {getattr(item, "obj", None) for item in items}
    for test in () if THOROUGH else filter(hypothesis.is_hypothesis_test, tests):
        asked = test._hypothesis_internal_use_settings
        fewer = min(asked.max_examples, max(FEWEST, asked.max_examples // 4))
        test._hypothesis_internal_use_settings = hypothesis.settings(
            asked, max_examples=fewer, deadline=None
        )


def pytest_collection_finish() -> None:
    """What was imported stays: nobody need look through it for rubbish again and again."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def language() -> Iterator[None]:
    """A visitor who reads English leaves no English behind for the next test."""
    yield
    translation.deactivate()


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool) -> bool:
    """On a server of the run's own no database is dropped: it goes with the server."""
    return django_db_keepdb or OWN in os.environ


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Test databases are copies of one that was migrated."""
    if OWN in os.environ:
        with django_db_blocker.unblock():
            connection.settings_dict["TEST"]["TEMPLATE"] = template.ensure(connection)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Tests that commit leave the database as new, without a flush."""
    if not connection.settings_dict["NAME"].startswith("test_"):
        yield  # no test asked for one, so there is none
        return
    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            empty = emptying.keep(connection)
            connection.close()
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _case: empty())
        yield
