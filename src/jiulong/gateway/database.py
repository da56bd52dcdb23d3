"""asyncpg connections to the database that Django uses."""

from __future__ import annotations

import contextlib
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

import asyncpg
from django.db import connection

from jiulong.gateway.journal import Batch, PostgresJournal
from jiulong.gateway.limits import DEFAULT

#: Seconds to wait for a server that may be starting or gone.
CONNECT_S: Final = 5.0
#: Seconds to tell a server that an append was given up, before the line is dropped.
_CLOSE_S: Final = 1.0
#: What closing a line in trouble may raise.
_CLOSING: Final = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)
#: How much sooner the server gives up an append than we do, so that it leaves no backend behind.
_SERVER_SOONER: Final = 0.9
#: Options of the database's URL that asyncpg reads from a DSN as libpq does. The others either are
#: ours (`pool`) or tune libpq's sockets, and asyncpg would take them for settings of the server.
_DSN_OPTIONS: Final = frozenset(
    {
        "gsslib", "krbsrvname", "options", "passfile", "sslcert", "sslcrl", "sslkey",
        "ssl_max_protocol_version", "ssl_min_protocol_version", "sslmode", "sslnegotiation",
        "sslpassword", "sslrootcert", "target_session_attrs",
    }
)  # fmt: skip


def arguments() -> dict[str, Any]:
    """`asyncpg.connect` arguments for the database in Django's settings (the test one in tests)."""
    settings = connection.settings_dict
    wanted = {
        "host": settings["HOST"],
        "port": settings["PORT"],
        "user": settings["USER"],
        "password": settings["PASSWORD"],
        "database": settings["NAME"],
    }
    given = {name: value for name, value in wanted.items() if value}
    options = {k: v for k, v in settings["OPTIONS"].items() if k in _DSN_OPTIONS}
    if options:
        # Everything about TLS is read by asyncpg from a DSN alone.
        given["dsn"] = f"postgresql://?{urlencode(options)}"
    return given


async def connect(application: str, **server_settings: str) -> asyncpg.Connection[Any]:
    """One connection, named `application` in the server's list, with these settings there."""
    made: asyncpg.Connection[Any] = await asyncpg.connect(
        **arguments(),
        timeout=CONNECT_S,
        server_settings={"application_name": application, **server_settings},
    )
    return made


class PatientJournal:
    """The journal in PostgreSQL over a connection that is made anew after any failure.

    A failed `append` may have been committed; appending the same token again is harmless.
    """

    def __init__(
        self, application: str = "jiulong gateway journal", *, append_s: float = DEFAULT.append_s
    ) -> None:
        self._application = application
        self._patience_ms = str(round(append_s * _SERVER_SOONER * 1000))
        self._connection: asyncpg.Connection[Any] | None = None

    async def append(
        self, *, token: UUID, received_at: datetime, node: str, frames: int, body: bytes
    ) -> int:
        try:
            journal = await self._journal()
            return await journal.append(
                token=token, received_at=received_at, node=node, frames=frames, body=body
            )
        except BaseException:
            await self._give_up()
            raise

    async def read(
        self, *, after: int, limit: int, max_frames: int = 10_000, max_bytes: int = 1 << 24
    ) -> list[Batch]:
        journal = await self._journal()
        return await journal.read(
            after=after, limit=limit, max_frames=max_frames, max_bytes=max_bytes
        )

    async def _journal(self) -> PostgresJournal:
        if self._connection is None:
            self._connection = await connect(
                self._application,
                # Whatever the database's default: what we acknowledge is on the disk.
                synchronous_commit="on",
                lock_timeout=self._patience_ms,
                statement_timeout=self._patience_ms,
            )
        return PostgresJournal(self._connection)

    async def _give_up(self) -> None:
        """Drop the connection; the server is told, or its backend would wait on for the lock."""
        failed, self._connection = self._connection, None
        if failed is not None:
            with contextlib.suppress(
                OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError
            ):
                await failed.close(timeout=_CLOSE_S)  # asyncpg's own cancel request goes first
            failed.terminate()

    def close(self) -> None:
        """Drop the connection without ceremony; a next use makes another."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
