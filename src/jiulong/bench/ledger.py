"""What was acknowledged against what was recorded, counted by the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import psycopg

from jiulong.bench.generator import Ledger, Load
from jiulong.bench.populate import FIRST_POINT

#: Each frame carries a number made of its logger and its sequence; see `number_of` in frames.h.
MARKER_FACTOR: Final = "w00000"

#: The ledger as a table: one row an acknowledged frame, with the marker it carried.
LOAD_LEDGER: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS acked (point int, period smallint, at timestamptz, marker int)
"""

#: Every acknowledged frame beside its reading. Lost: no reading, or one that says something else.
COMPARE: Final = """
WITH marker AS (SELECT id, scale::float8 FROM monitoring_factor WHERE code = %(factor)s),
wanted AS (SELECT DISTINCT * FROM acked)
SELECT count(*),
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM reading r, marker m
           WHERE r.point = w.point AND r.period = w.period AND r.at = w.at
             AND round(r.values[array_position(r.factors, m.id)] / m.scale * 1000) = w.marker))
FROM wanted w
"""

#: Recorded twice: more than one row for a point, period and time, or kept as a discrepancy.
DUPLICATED: Final = """
SELECT (SELECT count(*) - count(DISTINCT (point, period, at)) FROM reading)
     + (SELECT count(*) FROM monitoring_discrepancy)
"""


@dataclass(frozen=True, slots=True)
class Count:
    """Frames by what became of them."""

    acked: int
    recorded: int
    duplicated: int

    @property
    def lost(self) -> int:
        return self.acked - self.recorded


def remember(connection: psycopg.Connection[Any], load: Load, ledger: Ledger) -> None:
    """Put a generator's ledger beside the readings of the same connection's database."""
    period = 1 if load.minute else 0
    with connection.cursor() as cursor:
        cursor.execute(LOAD_LEDGER)
        with cursor.copy("COPY acked FROM STDIN") as copy:
            for logger, sequence in zip(
                ledger["logger"].tolist(), ledger["sequence"].tolist(), strict=True
            ):
                marker = 100_000 + (sequence * 37 + logger * 11) % 90_000
                at = load.base + sequence * load.step
                copy.write(f"{FIRST_POINT + logger}\t{period}\t@{at}\t{marker}\n")


def count(connection: psycopg.Connection[Any]) -> Count:
    """Compare all that was remembered with all that was recorded."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE acked")
        cursor.execute(COMPARE, {"factor": MARKER_FACTOR})
        acked, recorded = cursor.fetchone() or (0, 0)
        cursor.execute(DUPLICATED)
        (duplicated,) = cursor.fetchone() or (0,)
    return Count(acked, recorded, duplicated)
