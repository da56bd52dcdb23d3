"""The recorder's life: one at a time, awake when the journal grows, back after any loss."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Final

import asyncpg

from jiulong.gateway.database import connect
from jiulong.recorder import sql
from jiulong.recorder.recording import Recorder

log = logging.getLogger(__name__)

#: Acknowledgements come first: on a busy machine the gateway gets the processor before us.
NICENESS: Final = 5
AUTOGROUP: Final = Path("/proc/self/autogroup")
#: Objects of a chunk live for one step and die by reference count; looking for cycles among them
#: at every 700 took a sixth of the time.
GC_THRESHOLDS: Final = (50_000, 20, 50)
#: With less than this at hand we wait a moment for more; a commit costs the same for one frame.
FEW_FRAMES: Final = 2_000
GATHER_S: Final = 0.05
#: A notification may get lost with a connection. Look this often anyhow.
LOOK_S: Final = 5.0
RETRY_S_FIRST: Final = 0.1
RETRY_S_LAST: Final = 2.0
#: One line in the log a minute, and only if there was work.
REPORT_S: Final = 60.0

#: What a database that is gone, or was killed in the middle, raises. Nothing of it is final.
#: asyncpg says InternalClientError when it is used between the server's last word and its hang-up.
TROUBLE: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)

Say = Callable[[str], None]


@contextlib.asynccontextmanager
async def sole_connection(name: str, say: Say) -> AsyncIterator[asyncpg.Connection[Any]]:
    """A connection that holds the recorder's lock; waits until nobody else does."""
    connection = await connect(name)
    try:
        if not await connection.fetchval("SELECT pg_try_advisory_lock($1)", sql.LOCK):
            say("another recorder is at work; waiting until it is stopped")
            await connection.fetchval("SELECT pg_advisory_lock($1)", sql.LOCK)
        await connection.execute("SET synchronous_commit = off")
        yield connection
    finally:
        connection.terminate()


async def work(say: Say) -> None:
    """Record until cancelled; come back whenever the database does.

    A step that is cancelled or loses its connection is rolled back, and done again by the next.
    """
    pause = RETRY_S_FIRST
    while True:
        try:
            async with sole_connection("jiulong recorder", say) as connection:
                say("recorder at work")
                pause = RETRY_S_FIRST
                await follow(connection)
        except TROUBLE as error:
            log.warning("could not record (%s); trying again in %.1f s", error, pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, RETRY_S_LAST)


async def follow(connection: asyncpg.Connection[Any]) -> None:
    """Record what the journal has, and what comes."""
    recorder = Recorder(connection)
    wake = asyncio.Event()

    def heard(_connection: object, _pid: int, channel: str, _payload: object) -> None:
        if channel == "loggers":
            recorder.registry.stale = True
        wake.set()

    for channel in ("journal", "loggers"):
        await connection.add_listener(channel, heard)
    connection.add_termination_listener(lambda _connection: wake.set())
    now = asyncio.get_running_loop().time
    reported, due = 0, now() + REPORT_S
    while True:
        wake.clear()
        frames = await recorder.step()
        if now() >= due:
            reported, due = report(recorder, reported), now() + REPORT_S
        if not frames:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(wake.wait(), LOOK_S)
        elif frames < FEW_FRAMES:
            await asyncio.sleep(GATHER_S)


def report(recorder: Recorder, reported: int) -> int:
    """One line in the log if there was work since `reported` frames."""
    tally = recorder.tally
    if tally.frames != reported:
        log.info(
            "%d frames so far: %d readings (%d of them repeats), %d messages, %d refused",
            tally.frames, tally.readings, recorder.duplicates, tally.messages, tally.refused,
        )  # fmt: skip
    return tally.frames


def tune() -> None:
    """Let the gateway go first, and do not search for garbage in a stream that leaves none."""
    with contextlib.suppress(OSError):
        os.nice(NICENESS)
    # Linux shares the processor between sessions first: within our own, being nice helps nobody.
    with contextlib.suppress(OSError):
        AUTOGROUP.write_text(str(NICENESS))
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
