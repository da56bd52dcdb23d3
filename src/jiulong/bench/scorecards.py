"""`jiulong bench scorecards`: a standing of 400 subjects by 60 indicators over five years of data.

Measured are the computation from the rows in the database to the ranks in it, with every
explanation, and the pages of one row and of the standing.
"""

from __future__ import annotations

import json
import statistics
import time
from dataclasses import dataclass
from typing import Final

from jiulong.bench.desk import percentile
from jiulong.bench.scratch import scratch

SUBJECTS: Final = 400
INDICATORS: Final = 60
YEARS: Final = 5
REQUESTS: Final = 60


@dataclass(frozen=True, slots=True)
class Scorecards:
    """Seconds of a computation (warm process, the median), milliseconds of pages in process."""

    subjects: int
    indicators: int
    observations: int
    fill_s: float
    requests: int
    standing_s: float
    standing_worst_s: float
    drill_p50_ms: float
    drill_p95_ms: float
    ranks_p50_ms: float
    ranks_p95_ms: float
    sheet_p50_ms: float
    sheet_p95_ms: float


def measure(
    subjects: int = SUBJECTS, indicators: int = INDICATORS, years: int = YEARS,
    requests: int = REQUESTS,
) -> Scorecards:  # fmt: skip
    """Fill a database, compute the standing again and again, ask its pages.

    Raises:
        FailedError: a page did not answer, or the database could not be filled.
    """
    with scratch(loggers=0, base=int(time.time())) as system:
        words = (str(one) for one in (subjects, indicators, years, requests))
        told = json.loads(system.run("jiulong.bench.populate_scorecards", *words))
        with system.connect() as connection:
            row = connection.execute("SELECT count(*) FROM scorecards_observation").fetchone()
    again = told["compute_s"][1:]
    return Scorecards(
        subjects=subjects,
        indicators=indicators,
        observations=row[0] if row else 0,
        fill_s=round(told["fill_s"], 1),
        requests=requests,
        standing_s=round(statistics.median(again), 2),
        standing_worst_s=round(max(told["compute_s"]), 2),
        drill_p50_ms=round(statistics.median(told["row"]), 1),
        drill_p95_ms=round(percentile(told["row"], 0.95), 1),
        ranks_p50_ms=round(statistics.median(told["standing"]), 1),
        ranks_p95_ms=round(percentile(told["standing"], 0.95), 1),
        sheet_p50_ms=round(statistics.median(told["sheet"]), 1),
        sheet_p95_ms=round(percentile(told["sheet"], 0.95), 1),
    )
