"""The gateway: everything between the loggers' sockets and the journal, in one process."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from hj212 import Frame
from jiulong.gateway.connection import LoggerConnection
from jiulong.gateway.conversations import Conversations
from jiulong.gateway.intake import Intake, Share
from jiulong.gateway.journal import Journal
from jiulong.gateway.judgement import Registered
from jiulong.gateway.limits import DEFAULT, Limits
from jiulong.gateway.registry import Listener, Registry
from jiulong.gateway.sessions import Sessions

log = logging.getLogger(__name__)

#: Connections that may wait to be accepted: a reconnect storm after an outage comes all at once.
_BACKLOG: Final = 1024


def _clock_us() -> int:
    return time.time_ns() // 1000


class Gateway:
    """Loggers' connections, what is known of the loggers, the journal, and their commands.

    Time comes in from outside: `clock_us` is the receive time written to the journal (µs since
    1970 UTC), `steady` any clock that never steps (seconds), `sleep` waits.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        node: str = "gateway",
        registry: Registry | None = None,
        limits: Limits = DEFAULT,
        clock_us: Callable[[], int] = _clock_us,
        steady: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.failed = asyncio.Event()  # something that must not end has ended
        self.limits = limits
        self.clock_us = clock_us
        self.steady = steady
        self.registry = registry or Registry()
        self.sessions: Sessions[LoggerConnection] = Sessions()
        self.connections: set[LoggerConnection] = set()
        self.intake = Intake(journal, node=node, now=self.now, sleep=sleep, limits=limits)
        self.conversations = Conversations(
            self.sessions, self.registry, now=self.now, steady=steady, sleep=sleep
        )
        self.attentive = self.conversations.attentive
        self.listener = Listener(
            self.registry, on_reload=self._reloaded, on_command=self.conversations.look,
            on_turn=self.conversations.turn, sleep=sleep, limits=limits,
        )  # fmt: skip
        # One read at a time ends before the next begins, so one buffer serves all connections.
        self.buffer = memoryview(bytearray(limits.connection_bytes))
        self._sleep = sleep
        self._addresses: Counter[str] = Counter()
        self._servers: list[asyncio.Server] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._empty = asyncio.Event()
        self._empty.set()
        self._stopping = False

    def now(self) -> datetime:
        """The clock as an aware time."""
        return datetime.fromtimestamp(self.clock_us() / 1_000_000, UTC)

    # -- life -----------------------------------------------------------------------------------

    async def start(self, *, listen: bool = True) -> None:
        """Start working; with `listen`, follow the database's registry and wait for it."""
        self._begin(self.intake.run())
        if listen:
            self._begin(self.listener.run())
            await self.listener.loaded.wait()
            self._begin(self.conversations.run())
            # Answers to an earlier gateway's commands may be the first thing a logger says. (If
            # another gateway talks, there is nothing to take up.)
            await self.conversations.recovered.wait()
        self._begin(self._sweeps())

    async def serve(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> int:
        """Open a listener; returns its port (0 asks for a free one)."""
        server = await asyncio.get_running_loop().create_server(
            lambda: LoggerConnection(self), host, port, ssl=tls, backlog=_BACKLOG
        )
        self._servers.append(server)
        bound: int = server.sockets[0].getsockname()[1]
        return bound

    async def stop(self) -> None:
        """Take no more, make durable and acknowledge what is here, close."""
        if self._stopping:
            return
        self._stopping = True
        for server in self._servers:
            server.close()
        for connection in list(self.connections):
            connection.stop_reading()
        if not self.failed.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self.limits.stop_s):
                    await self.intake.drained()
                    await self._empty.wait()
                    await self.conversations.settled()
        for connection in list(self.connections):
            if connection.transport is not None:
                connection.transport.abort()
        await self.conversations.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _begin(self, work: Awaitable[None]) -> None:
        async def watched() -> None:
            try:
                await work
            except Exception:
                # Nothing here may end but by `stop`: better no gateway, which its supervisor
                # starts again, than one that listens and does not journal.
                log.exception("the gateway cannot go on")
                self.failed.set()

        self._tasks.append(asyncio.get_running_loop().create_task(watched()))

    async def _sweeps(self) -> None:
        while True:
            await self._sleep(self.limits.sweep_s)
            self.sweep()

    def sweep(self) -> None:
        """Look after silent connections and dialogues; run every `limits.sweep_s` seconds."""
        now = self.steady()
        for connection in list(self.connections):
            connection.sweep(now)
        self.conversations.sweep()

    # -- connections call these -----------------------------------------------------------------

    def welcome(self, connection: LoggerConnection) -> bool:
        """Whether a new connection may stay."""
        self.connections.add(connection)
        self._empty.clear()
        self._addresses[connection.address] += 1
        if self._addresses[connection.address] > self.limits.connections_per_address:
            log.warning("%s refused: too many connections from its address", connection.peer)
            return False
        if len(self.connections) > self.limits.connections:
            log.warning("%s refused: too many connections", connection.peer)
            return False
        return not self._stopping

    def farewell(self, connection: LoggerConnection) -> None:
        """A connection is gone."""
        self.connections.discard(connection)
        self._addresses[connection.address] -= 1
        if not self._addresses[connection.address]:
            del self._addresses[connection.address]
        for mn in connection.loggers:
            self.sessions.left(mn, connection)
        if not self.connections:
            self._empty.set()

    def arrived(self, logger: Registered) -> None:
        """A logger spoke for the first time on a connection, and its frame is durable."""
        self.conversations.arrived(logger)

    def attend(self, frame: Frame, logger: Registered, share: Share) -> None:
        """An accepted frame that a dialogue may wait for, or that asks us to do something.

        Either only once it is durable: no command ends by a frame that the journal has not.
        """
        share.afterwards.append(partial(self.conversations.hear, frame, logger))
        step = logger.profile.on_notice.get(frame.cn)
        if step is not None:
            share.afterwards.append(partial(self.conversations.noticed, logger, step))

    def _reloaded(self) -> None:
        log.info("%d loggers registered", len(self.registry.known))
