"""One ear a process: LISTEN on PostgreSQL, fanned out to everybody who looks at a page.

A page never waits for the ear. When PostgreSQL restarts the ear comes back by itself and tells
everybody to look again, because notices in between are lost.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any, Final
from weakref import WeakKeyDictionary

import psycopg
from django.db import connections
from psycopg import sql

logger = logging.getLogger(__name__)

CHANNELS: Final = (
    "readings", "findings", "quarantine", "loggers", "command_steps", "seals", "notices", "cases",
)  # fmt: skip
#: Not a channel: the ear was away, everything may have changed.
RESYNC: Final = "resync"
#: Pauses between attempts to come back, the last one for ever.
PAUSES_S: Final = (0.2, 1.0, 2.0, 5.0)
#: A page that opens while PostgreSQL is away is served all the same after this long.
READY_WITHIN_S: Final = 3.0
#: More ids than this are "many": the page refetches whatever it shows.
IDS: Final = 500

#: Point ids (or the command's id) that a notice names; None: many, or it names none.
Ids = frozenset[int] | None
Connect = Callable[[], Awaitable[psycopg.AsyncConnection[Any]]]


class Mailbox:
    """What one viewer has not been told yet, merged by channel."""

    def __init__(self) -> None:
        self._waiting: dict[str, Ids] = {}
        self._filled = asyncio.Event()

    def put(self, channel: str, ids: Ids) -> None:
        held = self._waiting.get(channel, frozenset())
        merged = None if held is None or ids is None else held | ids
        self._waiting[channel] = None if merged is not None and len(merged) > IDS else merged
        self._filled.set()

    async def take(self) -> dict[str, Ids]:
        """Everything that waits, once there is something."""
        await self._filled.wait()
        self._filled.clear()
        taken, self._waiting = self._waiting, {}
        return taken


class Hub:
    """The ear and the mailboxes. Listens while anybody is there."""

    def __init__(self, connect: Connect, ready_within_s: float = READY_WITHIN_S) -> None:
        self._connect = connect
        self._ready_within_s = ready_within_s
        self._boxes: set[Mailbox] = set()
        self._task: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()

    @asynccontextmanager
    async def mailbox(self) -> AsyncIterator[Mailbox]:
        """A mailbox that is filled as long as the block runs; the last to leave stops the ear."""
        box = Mailbox()
        self._boxes.add(box)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen(), name="hub")
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._ready.wait(), self._ready_within_s)
            yield box
        finally:
            self._boxes.discard(box)
            if not self._boxes:
                await self._stop()

    async def _stop(self) -> None:
        task, self._task = self._task, None
        self._ready.clear()
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    async def _listen(self) -> None:
        failures = 0
        while True:
            try:
                async with await self._connect() as connection:
                    for channel in CHANNELS:
                        await connection.execute(
                            sql.SQL("LISTEN {}").format(sql.Identifier(channel))
                        )
                    self._ready.set()
                    if failures:
                        self.tell(RESYNC, None)
                        logger.info("listening to PostgreSQL again")
                    failures = 0
                    async for notice in connection.notifies():
                        self.tell(notice.channel, read(notice.payload))
            except (psycopg.Error, OSError) as error:
                if not failures:
                    logger.warning("lost PostgreSQL, pages stand still until it is back: %s", error)
                await asyncio.sleep(PAUSES_S[min(failures, len(PAUSES_S) - 1)])
                failures += 1

    def tell(self, channel: str, ids: Ids) -> None:
        for box in self._boxes:
            box.put(channel, ids)


def read(payload: str) -> Ids:
    """The ids of a payload: `{"points":[1,2]}`, a bare id, or nothing (None: many)."""
    if payload.isdecimal():
        return frozenset({int(payload)})
    try:
        points = json.loads(payload or "{}").get("points")
    except (ValueError, AttributeError):
        logger.warning("a notice nobody can read: %.200r", payload)
        return None
    return None if points is None else frozenset(int(point) for point in points)


async def connect() -> psycopg.AsyncConnection[Any]:
    """A connection of its own to Django's database, outside of the pool."""
    given = connections["default"].get_connection_params()
    ours: dict[str, Any] = {
        name: value
        for name, value in given.items()
        if isinstance(value, str | int) and name != "server_side_binding"
    }
    # A silent network must not leave the ear deaf for hours.
    keep = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    return await psycopg.AsyncConnection.connect(
        **(keep | ours), autocommit=True, application_name="jiulong live"
    )


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


def hub() -> Hub:
    """The hub of the running event loop."""
    return _hubs.setdefault(asyncio.get_running_loop(), Hub(connect))
