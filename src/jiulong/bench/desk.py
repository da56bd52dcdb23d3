"""`jiulong bench desk`: pages of the casework over a hundred thousand cases of three years."""

from __future__ import annotations

import json
import math
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from jiulong.bench.scratch import scratch

CASES: Final = 100_000
#: As a case of a district has them.
EVENTS_A_CASE: Final = 10
REQUESTS: Final = 60


@dataclass(frozen=True, slots=True)
class Desk:
    """Server time of a page, from the request to its last byte, in process, warm.

    `frame_p50_ms` is a page of the same frame with nothing in it; `ratio` is its share of the
    dearest page's median. `busy_p95_ms` is the processor's time of us and the database, by page:
    what a machine would need that does nothing else. `queries` is by page.
    """

    cases: int
    events: int
    fill_s: float
    requests: int
    frame_p50_ms: float
    todo_p50_ms: float
    todo_p95_ms: float
    case_p50_ms: float
    case_p95_ms: float
    supervision_p50_ms: float
    supervision_p95_ms: float
    ledger_p50_ms: float
    ledger_p95_ms: float
    ratio: float
    busy_p95_ms: dict[str, float]
    queries: dict[str, int]


def percentile(times: Sequence[float], share: float) -> float:
    """The value that this share of them does not exceed."""
    return sorted(times)[max(0, math.ceil(share * len(times)) - 1)]


def measure(*, cases: int = CASES, requests: int = REQUESTS) -> Desk:
    """Fill a database, then ask every page `requests` times, as different people.

    Raises:
        FailedError: a page did not answer, or the database could not be filled.
    """
    with scratch(loggers=0, base=int(time.time())) as system:
        begun = time.monotonic()
        system.run("jiulong.bench.casework.fill", str(cases), str(cases * EVENTS_A_CASE))
        filled = time.monotonic() - begun
        answer = system.run("jiulong.bench.casework.probe", str(requests))
        with system.connect() as connection:
            written = connection.execute(
                "SELECT (SELECT count(*) FROM cases_case), (SELECT count(*) FROM evidence_event)"
            ).fetchone() or (0, 0)
    return figures(json.loads(answer), written, filled, requests)


def figures(
    pages: dict[str, dict[str, Any]], written: tuple[int, int], filled: float, requests: int
) -> Desk:
    """The figures, from the times of every request."""
    middle = {page: statistics.median(found["ms"]) for page, found in pages.items()}
    slow = {page: percentile(found["ms"], 0.95) for page, found in pages.items()}
    frame = middle.pop("frame")
    return Desk(
        cases=written[0],
        events=written[1],
        fill_s=round(filled, 1),
        requests=requests,
        frame_p50_ms=round(frame, 1),
        **{f"{page}_p50_ms": round(ms, 1) for page, ms in middle.items()},
        **{f"{page}_p95_ms": round(slow[page], 1) for page in middle},
        ratio=round(frame / max(middle.values()), 3),
        busy_p95_ms={
            page: round(percentile(found["busy_ms"], 0.95), 1) for page, found in pages.items()
        },
        queries={page: found["queries"] for page, found in pages.items()},
    )
