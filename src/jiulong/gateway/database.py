"""asyncpg connections to the database that Django uses."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

import asyncpg
from django.db import connection

from jiulong.gateway.journal import Batch, PostgresJournal

#: Seconds to wait for a server that may be starting or gone.
CONNECT_S: Final = 5.0


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
    return {name: value for name, value in wanted.items() if value}


async def connect(application: str) -> asyncpg.Connection[Any]:
    """One connection, named `application` in the server's list."""
    made: asyncpg.Connection[Any] = await asyncpg.connect(
        **arguments(), timeout=CONNECT_S, server_settings={"application_name": application}
    )
    return made


class PatientJournal:
    """The journal in PostgreSQL over a connection that is made anew after any failure.

    A failed `append` may have been committed; appending the same token again is harmless.
    """

    def __init__(self, application: str = "jiulong gateway journal") -> None:
        self._application = application
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
            self.close()
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
            self._connection = await connect(self._application)
        return PostgresJournal(self._connection)

    def close(self) -> None:
        """Drop the connection without ceremony; a next use makes another."""
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
