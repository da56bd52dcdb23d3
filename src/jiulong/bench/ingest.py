"""`jiulong bench ingest`: how many frames a second are acknowledged after fsync and recorded."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from jiulong.bench import generator, ledger, limits
from jiulong.bench.scratch import House, Scratch, scratch

#: Data times start this long ago, so that all of them lie in the past.
LEAD_S: Final = 3 * 3600
#: How long the recorder may need to catch up before the run has failed.
CATCH_UP_S: Final = 120
POLL_S: Final = 0.01
#: Warm-up before the clock starts: pages of the database, patterns of the codec.
WARM_UP_S: Final = 1

#: Whether a worker has dealt with every batch of the journal.
CAUGHT_UP: Final = """
SELECT coalesce((SELECT max(id) FROM journal), 0)
    <= coalesce((SELECT position FROM evidence_cursor WHERE name = %s), 0)
"""


class NotRecordedError(RuntimeError):
    """The recorder, or the judge behind it, did not catch up in time."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """The figures; the field names are a public format."""

    frames_per_s: int
    acked: int
    recorded: int
    lost: int
    duplicated: int
    p50_ms: float
    p99_ms: float
    copy_limit_frames_per_s: int
    ratio: float
    fsync_us: int
    bytes_per_frame: float


def first_data_time() -> int:
    return int(time.time()) // 60 * 60 - LEAD_S


def wait_until_recorded(
    connection: psycopg.Connection[Any],
    check: Callable[[], None] = lambda: None,
    *,
    worker: str = "recorder",
    within_s: float = CATCH_UP_S,
) -> int:
    """Wait for a worker; returns CLOCK_MONOTONIC in µs at its last batch, within 10 ms.

    `check` may raise when there is nothing to wait for.

    Raises:
        NotRecordedError: it did not catch up.
    """
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        (done,) = connection.execute(CAUGHT_UP, [worker]).fetchone() or (False,)
        if done:
            return time.monotonic_ns() // 1000
        check()
        time.sleep(POLL_S)
    raise NotRecordedError(f"the {worker} is still behind after {within_s:.0f} s")


@dataclass(slots=True)
class Phases:
    """Loads sent one after the other to one gateway, each with sequences of its own."""

    system: Scratch
    house: House
    connection: psycopg.Connection[Any]
    loggers: int
    base: int
    sent_up_to: int = 0

    def send(self, *, seconds: int, rate: int = 0) -> tuple[generator.Outcome, float]:
        """Send, wait until recorded, remember; returns the outcome and acked+recorded frames/s."""
        load = generator.Load(
            loggers=self.loggers,
            base=self.base,
            seconds=seconds,
            rate=rate,
            first=self.sent_up_to,
        )
        outcome = generator.run(load, port=self.house.gateway_port, directory=self.system.directory)
        recorded_us = wait_until_recorded(self.connection, self.house.check)
        ledger.remember(self.connection, load, outcome.ledger)
        self.sent_up_to = int(outcome.ledger["sequence"].max(initial=self.sent_up_to)) + 1
        return outcome, outcome.acked * 1e6 / (recorded_us - outcome.start_us)


def measure(
    *, connections: int, seconds: int, say: Callable[[str], None] = lambda _: None
) -> Ingest:
    """Full speed, then half of it on a schedule, on a database of their own.

    Raises:
        GeneratorError, NoCompilerError, FailedError, NotRecordedError: there is no figure.
    """
    base = first_data_time()
    with scratch(loggers=connections, base=base) as system, system.connect() as connection:
        fsync = limits.fsync_us(system.directory)
        with system.house("gateway", "recorder") as house:
            phases = Phases(system, house, connection, connections, base)
            phases.send(seconds=WARM_UP_S)
            full, rate = phases.send(seconds=seconds)
            say(f"full speed: {full}")
            half, _ = phases.send(seconds=seconds, rate=max(1, round(rate / 2)))
            say(f"half load: {half}")
        counted = ledger.count(connection)
        bytes_per_frame = journal_bytes_per_frame(connection)
        limit = limits.copy_limit(system.url, base)
    return Ingest(
        frames_per_s=round(rate),
        acked=counted.acked,
        recorded=counted.recorded,
        lost=counted.lost + full.unacked + half.unacked,
        duplicated=counted.duplicated,
        p50_ms=round(half.p50_ms, 2),
        p99_ms=round(half.p99_ms, 2),
        copy_limit_frames_per_s=limit,
        ratio=round(rate / limit, 3),
        fsync_us=fsync,
        bytes_per_frame=bytes_per_frame,
    )


def journal_bytes_per_frame(connection: psycopg.Connection[Any]) -> float:
    row = connection.execute(
        "SELECT sum(octet_length(body))::float8 / nullif(sum(frames), 0) FROM journal"
    ).fetchone()
    return round(row[0], 1) if row and row[0] else 0.0
