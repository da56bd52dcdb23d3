"""`jiulong bench storm`: after an outage every logger resends its lost day, and not tidily."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Final

import psycopg

from jiulong.bench import generator, ledger
from jiulong.bench.generator import Load
from jiulong.bench.ingest import wait_until_recorded
from jiulong.bench.scratch import scratch

MINUTES_A_DAY: Final = 1440
#: Per mille: sent twice; sent only with a wrong checksum.
REPEATED: Final = 50
DAMAGED: Final = 10
#: The load is cut off after this long; a storm that takes longer has failed anyway.
STORM_S_MAX: Final = 300

QUARANTINED: Final = "SELECT count(*) FROM gateway_quarantinedframe WHERE reason = 'bad_crc'"


@dataclass(frozen=True, slots=True)
class Storm:
    """The figures. `frames` are the minutes lost; of these `bad` came only damaged; `repeats`
    came on top. `seconds` run from the first frame to the last one recorded."""

    frames: int
    good: int
    bad: int
    repeats: int
    acked: int
    recorded: int
    quarantined: int
    lost: int
    duplicated: int
    seconds: float
    frames_per_s: int


def lost_day() -> int:
    """UTC epoch at which yesterday began in China."""
    today = (int(time.time()) + 8 * 3600) // 86400
    return (today - 1) * 86400 - 8 * 3600


def measure(*, connections: int = 500, minutes: int = MINUTES_A_DAY, seed: int = 1) -> Storm:
    """Send the day of `connections` loggers, shuffled, partly twice, partly damaged.

    Raises:
        GeneratorError, NoCompilerError, FailedError, NotRecordedError: there is no figure.
    """
    load = Load(
        loggers=connections, base=lost_day(), minute=1, step=60, count=minutes, seed=seed,
        shuffle=1, repeat=REPEATED, bad=DAMAGED, seconds=STORM_S_MAX,
    )  # fmt: skip
    with scratch(loggers=connections, base=load.base) as system, system.connect() as connection:
        with system.house("gateway", "recorder") as house:
            outcome = generator.run(load, port=house.gateway_port, directory=system.directory)
            seconds = (wait_until_recorded(connection, house.check) - outcome.start_us) / 1e6
        ledger.remember(connection, load, outcome.ledger)
        return _figures(load, outcome, connection, seconds)


def _figures(
    load: Load, outcome: generator.Outcome, connection: psycopg.Connection[Any], seconds: float
) -> Storm:
    counted = ledger.count(connection)
    (quarantined,) = connection.execute(QUARANTINED).fetchone() or (0,)
    frames = load.loggers * load.count
    good = frames - outcome.bad
    return Storm(
        frames=frames,
        good=good,
        bad=outcome.bad,
        repeats=outcome.repeats,
        acked=counted.acked,
        recorded=counted.recorded,
        quarantined=quarantined,
        lost=good - counted.recorded,
        duplicated=counted.duplicated,
        seconds=round(seconds, 2),
        frames_per_s=round(outcome.sent / seconds),
    )
