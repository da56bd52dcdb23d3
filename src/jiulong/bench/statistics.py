"""`jiulong bench statistics`: a year of hours judged from nothing, and one day judged again.

The hours lie in the database when the clock starts. Measured are `jiulong statistics --since`, from
its start to its end: days, months, and the rules that judge by days; and beside it, as on a site,
`jiulong judge --once`: every rule that looks over hours. Then the judge runs, marks come late, and
each is timed from its commit to the day's new statistic.
"""

from __future__ import annotations

import json
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

from jiulong.bench.scratch import FailedError, Scratch, scratch

POINTS: Final = 1000
DAYS: Final = 365
PROCESSES: Final = 2
#: Late marks whose re-judgement is timed.
MARKS: Final = 60


@dataclass(frozen=True, slots=True)
class Statistics:
    """`seconds` from nothing for days and months, `hours_seconds` for rules over hours, at the same
    time; `unlike` says whether computing again finds a difference in a sample.

    `rejudge_…` are ms from a late mark's commit to the statistic that takes it into account.
    """

    points: int
    days: int
    hour_readings: int
    processes: int
    fill_s: float
    seconds: float
    hours_seconds: float
    findings: int
    results: int
    months: int
    valid_share: float
    results_per_s: int
    unlike: int
    rejudge_p50_ms: float
    rejudge_p95_ms: float


def measure(points: int = POINTS, days: int = DAYS, processes: int = PROCESSES) -> Statistics:
    """Compute everything, compare a sample, then judge days again.

    Raises:
        FailedError: a process failed.
    """
    with scratch(loggers=0, base=int(time.time())) as system:
        begun = time.monotonic()
        words = system.run("jiulong.bench.populate_statistics", str(points), str(days)).split()
        first, last = words[-2:]
        fill_s = time.monotonic() - begun
        with ThreadPoolExecutor(1) as beside:
            judged = beside.submit(_judged, system)
            seconds = _computed(system, first, last, processes)
            hours_seconds = judged.result()
        hours, results, valid, months, findings = _counts(system)
        unlike = _unlike(system, first, last)
        with system.house("judge"):
            text = system.run("jiulong.bench.late_marks", str(MARKS), first, str(days))
    times = sorted(json.loads(text))
    return Statistics(
        points=points,
        days=days,
        hour_readings=hours,
        processes=processes,
        fill_s=round(fill_s, 1),
        seconds=round(seconds, 1),
        hours_seconds=round(hours_seconds, 1),
        findings=findings,
        results=results,
        months=months,
        valid_share=round(valid / max(results, 1), 4),
        results_per_s=round(results / seconds),
        unlike=unlike,
        rejudge_p50_ms=round(statistics.median(times), 1),
        rejudge_p95_ms=round(times[int(len(times) * 0.95)], 1),
    )


def _computed(system: Scratch, first: str, last: str, processes: int) -> float:
    begun = time.monotonic()
    system.run(
        "jiulong", "statistics", "--since", first, "--until", last,
        "--processes", str(processes),
    )  # fmt: skip
    return time.monotonic() - begun


def _judged(system: Scratch) -> float:
    begun = time.monotonic()
    system.run("jiulong", "judge", "--once")
    return time.monotonic() - begun


def _counts(system: Scratch) -> tuple[int, int, int, int, int]:
    with system.connect() as connection:
        row = connection.execute("""
            SELECT (SELECT count(*) FROM reading WHERE period = 2), count(*),
                   count(*) FILTER (WHERE valid), (SELECT count(*) FROM validity_monthstatistic),
                   (SELECT count(*) FROM monitoring_finding)
            FROM validity_daystatistic
        """).fetchone()
    hours, results, valid, months, findings = row or (0, 0, 0, 0, 0)
    return hours, results, valid, months, findings


def _unlike(system: Scratch, first: str, last: str) -> int:
    """Whether another look at three points finds anything different: 0, or at least 1."""
    try:
        system.run(
            "jiulong", "statistics", "--check", first, "--until", last,
            "--points", "B1", "B2", "B3",
        )  # fmt: skip
    except FailedError:
        return 1
    return 0
