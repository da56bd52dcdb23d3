"""A clean journal to seal, and keys of the test's own."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from jiulong.evidence import sources
from jiulong.evidence.sources import SealedSource
from jiulong.gateway.journal import Entry, Verdict, pack

#: The middle of an hour.
NOON = datetime(2026, 3, 10, 4, 30, tzinfo=UTC)
Append = Callable[..., int]


def frames(received_at: datetime, count: int = 3, text: str = "frame") -> list[Entry]:
    """Frames that came one second after the other."""
    first = int(received_at.timestamp() * 1_000_000)
    return [
        Entry(first + n * 1_000_000, Verdict.ACCEPTED, "10.0.0.7:4000", f"##{text} {n}".encode())
        for n in range(count)
    ]


def append_batch(received_at: datetime, entries: Sequence[Entry] | None = None) -> int:
    """Append a batch to the journal as a gateway does."""
    entries = frames(received_at) if entries is None else entries
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT journal_append(%s, %s, 'a', %s, %s)",
            [uuid.uuid4(), received_at, len(entries), pack(entries)],
        )
        return int(cursor.fetchone()[0])


def tamper(statement: str, *parameters: object) -> None:
    """What a database administrator with bad intentions can do: take the triggers off first."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, parameters)
        cursor.execute("SET session_replication_role = origin")


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path) -> Path:
    settings.SEAL_KEYS = tmp_path / "keys"
    return tmp_path / "keys"


@pytest.fixture
def source(db: None) -> SealedSource:
    """The journal, empty: transactional tests of others leave their batches behind."""
    tamper("DELETE FROM journal")
    return sources.source()


@pytest.fixture
def journal(source: SealedSource) -> list[int]:
    """Three batches in the hour before NOON, none in the next, two in the hour after that."""
    minutes = timedelta(minutes=1)
    return [append_batch(NOON + at * minutes) for at in (0, 5, 10, 90, 95)]
