"""The gateway's connections go where Django's go, as safely, and leave nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
from asyncpg.connect_utils import _parse_connect_dsn_and_args

from jiulong.gateway.database import PatientJournal, arguments, connect
from jiulong.settings import database
from tests.gateway.lines import with_database
from tests.gateway.test_server import certify

NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)


def parsed(monkeypatch: pytest.MonkeyPatch, url: str) -> tuple[Any, Any]:
    """What asyncpg makes of a database URL of ours: addresses and the rest."""
    django = SimpleNamespace(settings_dict=database(url))
    monkeypatch.setattr("jiulong.gateway.database.connection", django)
    unasked = dict.fromkeys(
        ("dsn", "host", "port", "user", "password", "passfile", "database", "ssl", "service",
         "servicefile", "direct_tls", "server_settings", "target_session_attrs", "krbsrvname",
         "gsslib"),
    )  # fmt: skip
    given = {**unasked, **arguments()}
    addresses, options = _parse_connect_dsn_and_args(**given)
    return addresses, options


def test_it_demands_the_tls_that_the_url_demands(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    root = certify(tmp_path)
    url = f"postgresql://a%40b:p%2Fw@db:5433/j?pool=off&connect_timeout=3&sslmode=verify-full&sslrootcert={root}"
    addresses, options = parsed(monkeypatch, url)
    assert addresses == [("db", 5433)]
    assert (options.user, options.password, options.database) == ("a@b", "p/w", "j")
    assert options.sslmode.name == "verify_full"
    assert options.ssl.verify_mode == ssl.CERT_REQUIRED
    assert options.ssl.check_hostname
    # Ours and libpq's own went nowhere; how to plan joins goes to the server.
    assert options.server_settings == {"options": "-c join_collapse_limit=4"}


def test_it_finds_a_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "postgresql://me@/j?host=/run/postgres&pool=off"
    assert parsed(monkeypatch, url)[0] == ["/run/postgres/.s.PGSQL.5432"]


@pytest.mark.django_db(transaction=True)
@with_database
async def test_it_writes_the_journal_to_the_disk_whatever_the_default() -> None:
    journal = PatientJournal("disk")
    await journal.read(after=0, limit=1)
    assert journal._connection is not None
    for name, value in (("synchronous_commit", "on"), ("lock_timeout", "18s")):
        assert await journal._connection.fetchval(f"SHOW {name}") == value
    journal.close()
    await asyncio.sleep(0)


@pytest.mark.parametrize("append_s", [20.0, 0.1], ids=["we give up", "the server gives up"])
@pytest.mark.django_db(transaction=True)
@with_database
async def test_it_leaves_no_backend_behind_when_it_gives_up(append_s: float) -> None:
    holder = await connect("holder")
    held = holder.transaction()
    await held.start()
    await holder.execute("SELECT pg_advisory_xact_lock(212)")  # an append that does not end
    journal = PatientJournal("piler", append_s=append_s)
    for _ in range(3):
        with contextlib.suppress(TimeoutError, asyncpg.PostgresError):
            async with asyncio.timeout(0.2):
                await journal.append(token=uuid4(), received_at=NOW, node="n", frames=1, body=b"x")
    count = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'piler'"
    async with asyncio.timeout(10):
        while await holder.fetchval(count):  # noqa: ASYNC110 - the server would not tell
            await asyncio.sleep(0.01)
    await held.rollback()
    await holder.close()
