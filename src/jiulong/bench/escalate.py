"""`jiulong bench escalate`: thousands of cases fall due in one minute, and the keepers are killed.

Each case's rung of the ladder – its row, its event, its notices – must come, once, and soon.
Lateness is watched from outside: the oldest rung that is due and not yet committed.
"""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, LiteralString

import psycopg

from jiulong.bench.kill import hushed, patient, rampage, strike
from jiulong.bench.scratch import READY_S, FailedError, House, Scratch, scratch
from jiulong.bench.watching import AGAIN_S, Blow
from jiulong.demo.supervisor import NotReadyError, Service, Supervisor

CASES: Final = 10_000
WORKERS: Final = 4
SPREAD_S: Final = 60
#: Seconds between two kills; a keeper needs some to get up again.
GAP_S: Final = (1.0, 4.0)
#: After the last deadline, so long at most; the bar is a minute.
PATIENCE_S: Final = 240
LOOK_S: Final = 0.2
#: What the keeper names when it is ready, in whatever language: the chore that is measured.
READY: Final = "ladders"
#: Before the first deadline, when everything is ready.
LEAD_S: Final = 3

SPREAD: Final = """
UPDATE cases_case SET due_at = moment, rung_at = moment FROM (
    SELECT id AS whose, now() + make_interval(secs => %(lead)s + id * %(spread)s / %(cases)s)
           AS moment
    FROM cases_case
) AS planned WHERE id = whose
"""
WAITING: Final = """
SELECT count(*), coalesce(extract(epoch FROM clock_timestamp() - min(rung_at)), 0)::float8
FROM cases_case WHERE rung_at <= clock_timestamp()
"""
AHEAD: Final = """
SELECT count(*) FROM cases_case
WHERE NOT EXISTS (SELECT FROM cases_escalation WHERE case_id = cases_case.id)
"""
#: Of each case: how many rows, events and notices a person the rung has.
COUNTED: Final = """
WITH rows AS (SELECT case_id, count(*) AS n FROM cases_escalation GROUP BY case_id),
events AS (
    SELECT subject_id::bigint AS case_id, count(*) AS n FROM evidence_event
    WHERE subject = 'cases.case' AND verb = 'escalate' GROUP BY subject_id),
told AS (SELECT case_id, max(n) AS n FROM (
    SELECT case_id, user_id, count(*) AS n FROM cases_notice
    WHERE kind = 'escalation' GROUP BY case_id, user_id) AS each GROUP BY case_id)
SELECT count(*) FILTER (WHERE rows.n IS NULL OR events.n IS NULL OR told.n IS NULL),
       count(*) FILTER (WHERE greatest(rows.n, events.n, told.n) > 1)
FROM cases_case
LEFT JOIN rows ON rows.case_id = cases_case.id
LEFT JOIN events ON events.case_id = cases_case.id
LEFT JOIN told ON told.case_id = cases_case.id
"""


@dataclass(frozen=True, slots=True)
class Escalate:
    """The figures. `lost`: cases without row, event or notice of the rung; `duplicated`: with two
    of one. `latest_s` is the longest time from a deadline to its committed rung; None: never."""

    cases: int
    workers: int
    seed: int
    kills: int
    killed: dict[str, int]
    lost: int
    duplicated: int
    latest_s: float | None
    steps_per_s: int


@dataclass(frozen=True, slots=True)
class _Fall:
    """How many cases fall due, in how many seconds; and the seed of the kills."""

    cases: int
    seed: int
    spread_s: int


class Lateness(threading.Thread):
    """Watches from outside how long the oldest due rung has waited."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._over = threading.Event()
        self.worst_s = 0.0
        self.waiting = 0

    def run(self) -> None:
        while not self._over.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True, connect_timeout=2) as connection:
                    while not self._over.wait(LOOK_S):
                        row = connection.execute(WAITING).fetchone() or (0, 0.0)
                        self.waiting, self.worst_s = row[0], max(self.worst_s, row[1])
            except psycopg.Error:
                self._over.wait(AGAIN_S)

    def stop(self) -> None:
        self._over.set()
        self.join()


def schedule(seed: int, names: Sequence[str], seconds: float) -> list[tuple[float, str]]:
    """When to kill whom, in seconds from the start: in rounds, each in random order."""
    chance = random.Random(seed)  # noqa: S311 - must be repeatable, not unguessable
    plan: list[tuple[float, str]] = []
    order: list[str] = []
    at = chance.uniform(*GAP_S)
    while at < seconds:
        order = order or chance.sample(names, len(names))
        plan.append((at, order.pop()))
        at += chance.uniform(*GAP_S)
    return plan


@contextmanager
def keepers(system: Scratch, names: Sequence[str]) -> Iterator[House]:
    """That many keepers on one database.

    Raises:
        FailedError: one did not become ready.
    """
    words = (sys.executable, "-m", "jiulong", "keeper")
    supervisor = Supervisor(
        [Service(name, words, system.environment, ready=READY) for name in names],
        logs=system.directory / "log",
        database=system.database,
        guards=(f"postgres {system.directory / 'postgres'}", f"remove {system.directory}"),
    )
    with supervisor:
        try:
            supervisor.wait_ready(READY_S)
        except NotReadyError as error:
            raise FailedError(str(error)) from error
        yield House(supervisor, 0, 0)


def measure(
    *, cases: int = CASES, workers: int = WORKERS, seed: int = 1, spread_s: int = SPREAD_S
) -> Escalate:
    """Kill a keeper or a session of the database every few seconds while the cases fall due.

    Raises:
        FailedError: a keeper did not start.
    """
    names = [f"keeper-{n}" for n in range(1, workers + 1)]
    with hushed(), scratch(loggers=0, base=int(time.time())) as system:
        system.run("jiulong.bench.casework.due", str(cases))
        with keepers(system, names) as house:
            watch = Lateness(system.url)
            begun = time.monotonic()
            blows = _fall_due(
                system, house, watch, [*names, "backend"], _Fall(cases, seed, spread_s)
            )
            over = _wait(system, begun)
            watch.stop()
            lost, duplicated = _ask(system, COUNTED) or (cases, 0)
    return Escalate(
        cases=cases,
        workers=workers,
        seed=seed,
        kills=len(blows),
        killed=dict(Counter(blow.victim for blow in blows)),
        lost=lost,
        duplicated=duplicated,
        latest_s=None if lost else round(watch.worst_s, 1),
        steps_per_s=round((cases - lost) / (over - begun)),
    )


def _fall_due(
    system: Scratch, house: House, watch: Lateness, victims: Sequence[str], fall: _Fall
) -> list[Blow]:
    spread = {"lead": LEAD_S, "spread": float(fall.spread_s), "cases": fall.cases}
    with patient(system) as connection:
        connection.execute(SPREAD, spread)
    watch.start()
    chance = random.Random(fall.seed)  # noqa: S311 - repeatable
    return rampage(
        schedule(fall.seed, victims, LEAD_S + fall.spread_s),
        hit=lambda victim: strike(victim, house, system, chance),
        over=lambda: False,
    )


def _wait(system: Scratch, begun: float) -> float:
    """Until every rung has come, or patience ends; the time of it."""
    end = begun + LEAD_S + SPREAD_S + PATIENCE_S
    while time.monotonic() < end:
        (ahead,) = _ask(system, AHEAD) or (0,)
        if not ahead:
            break
        time.sleep(LOOK_S)
    return time.monotonic()


def _ask(system: Scratch, question: LiteralString) -> tuple[Any, ...] | None:
    """The row that answers it.

    The last blow may fall just before: the server takes us in, finds its session dead, and ends
    all others. A lost connection is no answer, so it is asked again.
    """
    while True:
        with patient(system) as connection:
            try:
                return connection.execute(question).fetchone()
            except psycopg.OperationalError:
                if not connection.broken:
                    raise
