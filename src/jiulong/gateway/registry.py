"""The registered loggers in memory, kept as the database has them."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import asyncpg

from jiulong.evidence.locks import Lock
from jiulong.gateway.channels import COMMANDS, LOGGERS
from jiulong.gateway.database import connect
from jiulong.gateway.intake import JOURNAL_TROUBLE
from jiulong.gateway.judgement import Registered
from jiulong.gateway.limits import DEFAULT, Limits

log = logging.getLogger(__name__)

#: Every logger, also those switched off: their frames are told apart from strangers'. The next
#: password is the latest that it was told (1072) and has neither refused nor taken, as far as we
#: know, since its password was last set.
_LOGGERS: Final = """
SELECT logger.id, mn, password, active, profile, addresses, crc_mode, key, greet,
       point.realtime_interval_s AS interval_s, told.next_password
FROM gateway_logger AS logger JOIN monitoring_point AS point ON point.id = logger.point_id
LEFT JOIN (
    SELECT DISTINCT ON (logger_id) logger_id, parameters->>'NewPW' AS next_password
    FROM gateway_command AS command JOIN gateway_logger AS old ON old.id = logger_id
    WHERE cn = '1072' AND state IN ('sent', 'accepted', 'replied', 'unknown')
      AND (password_since IS NULL OR created_at > password_since)
    ORDER BY logger_id, command.id DESC
) AS told ON told.logger_id = logger.id
"""
#: Advisory lock of the one gateway that talks to loggers; others only receive.
TALKER_LOCK: Final = int(Lock.TALKER)
#: Settings of the listening connection. A starting gateway waits a second for the lock: in less
#: the server notices that the one before is gone. Of one whose machine vanished without a word it
#: notices in half a minute.
_SETTINGS: Final = {
    "lock_timeout": "1000",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "4",
}
#: Seconds between looks whether the listening connection still lives.
_PULSE_S: Final = 5.0


class Registry:
    """MN → what is registered for it."""

    def __init__(self, loggers: Iterable[Registered] = ()) -> None:
        self.known: dict[str, Registered] = {logger.mn: logger for logger in loggers}

    def keys(self, mn: str) -> Sequence[bytes]:
        """SM4 keys of a logger, for `hj212.Stream`."""
        logger = self.known.get(mn)
        return logger.keys if logger is not None else ()

    def replace(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Take over the registry as the database has it now.

        A row that makes no sense is left out with a word in the log: one of them must not keep
        the others from being heard.
        """
        known: dict[str, Registered] = {}
        for row in rows:
            try:
                logger = Registered.of(row)
            except (KeyError, ValueError) as error:
                log.error("logger %s left out of the registry: %r", row["mn"], error)  # noqa: TRY400
                continue
            known[logger.mn] = logger
        # The same dictionary: connections hold on to it.
        self.known.clear()
        self.known.update(known)

    def expect_password(self, mn: str, password: str) -> None:
        """The logger is being told a new password; from now on either is right.

        The ledger says so too: this is for the moment until it has been read again.
        """
        if mn in self.known:
            self.known[mn] = replace(self.known[mn], next_password=password)


class Listener:
    """Follows NOTIFY: keeps a registry fresh and says when commands were queued.

    Its connection also holds, or waits for, the lock of the gateway that talks.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        on_reload: Callable[[], None],
        on_command: Callable[[], None],
        on_turn: Callable[[bool], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        limits: Limits = DEFAULT,
    ) -> None:
        self.loaded = asyncio.Event()  # the registry has been read at least once
        self._registry = registry
        self._on_reload = on_reload
        self._on_command = on_command
        self._on_turn = on_turn
        self._talks = False
        self._sleep = sleep
        self._limits = limits
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Listen for good, through every outage of the database."""
        wait = self._limits.retry_s_first
        while True:
            try:
                connection = await connect("jiulong gateway listener", **_SETTINGS)
                try:
                    wait = self._limits.retry_s_first
                    await self._follow(connection)
                finally:
                    connection.terminate()
                    self._turn(False)
            except JOURNAL_TROUBLE as error:
                log.warning("registry unavailable, again in %.2f s: %r", wait, error)
            await self._sleep(wait)
            wait = min(wait * 2, self._limits.retry_s_last)

    async def _follow(self, connection: Any) -> None:
        await connection.add_listener(LOGGERS, lambda *_: self._changed.set())
        await connection.add_listener(COMMANDS, lambda *_: self._on_command())
        connection.add_termination_listener(lambda *_: self._changed.set())
        self._changed.set()  # whatever was notified before we listened
        first = True
        while True:
            if self._changed.is_set():
                self._changed.clear()
                self._registry.replace(await connection.fetch(_LOGGERS))
                self._on_reload()
                if first:
                    self._turn(await _lock_soon(connection))
                    first = False
                self.loaded.set()
                self._on_command()
            try:
                async with asyncio.timeout(_PULSE_S):
                    await self._changed.wait()
            except TimeoutError:
                await self._pulse(connection)

    async def _pulse(self, connection: Any) -> None:
        """A look whether the connection still lives, and whether it is our turn to talk."""
        if self._talks:
            await connection.execute("SELECT 1", timeout=_PULSE_S)
        else:
            query = "SELECT pg_try_advisory_lock($1)"
            self._turn(await connection.fetchval(query, TALKER_LOCK, timeout=_PULSE_S))

    def _turn(self, ours: bool) -> None:
        if ours != self._talks:
            self._talks = ours
            log.info("this gateway %s", "talks to loggers" if ours else "only receives")
            self._on_turn(ours)


async def _lock_soon(connection: Any) -> bool:
    """Whether the lock became free in a moment."""
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", TALKER_LOCK)
    except asyncpg.LockNotAvailableError:
        log.info("another gateway talks to loggers: this one only receives, until that one is gone")
        return False
    return True
