"""A recorder over a real connection, and a journal to write to."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection as django_connection
from django.db import connections

from jiulong.gateway.database import connect
from jiulong.gateway.models import Logger
from tests.factories import make_logger
from tests.recorder.plant import Plant


@pytest.fixture
def logger(emptied: None) -> Logger:
    """The registered logger of point DW001-1."""
    return make_logger()


def empty() -> None:
    """The tables that Django does not manage, and so does not empty between tests."""
    with django_connection.cursor() as cursor:
        cursor.execute("TRUNCATE reading")
        cursor.execute("ALTER TABLE journal DISABLE TRIGGER journal_append_only")
        cursor.execute("TRUNCATE journal")
        cursor.execute("ALTER TABLE journal ENABLE TRIGGER journal_append_only")


@pytest.fixture
def emptied(transactional_db: None) -> Iterator[None]:
    """Neither journal nor readings, before and after."""
    empty()
    yield
    empty()


@pytest.fixture
async def database(emptied: None) -> AsyncIterator[asyncpg.Connection[Any]]:
    connection = await connect("test")
    yield connection
    await connection.close()
    # The asynchronous ORM works in a thread with a connection of its own.
    await sync_to_async(connections.close_all)()


@pytest.fixture
async def plant(logger: Logger, database: asyncpg.Connection[Any]) -> Plant:
    return Plant(database, logger)
