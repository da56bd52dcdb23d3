"""What was acknowledged against what was recorded, counted by the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import psycopg

from jiulong.bench.generator import Ledger, Load
from jiulong.bench.populate import FIRST_POINT

#: Each frame carries a number made of its logger and its sequence; see `number_of` in frames.h.
MARKER_FACTOR: Final = "w00000"

#: The ledger as a table: one row an acknowledged frame, with the marker it carried.
LOAD_LEDGER: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS acked (point int, period smallint, epoch bigint, marker int)
"""
#: A row of its binary COPY: number of fields, then each field behind its length, big-endian.
_ROW: Final = np.dtype(
    [
        ("fields", ">i2"),
        ("point_length", ">i4"), ("point", ">i4"),
        ("period_length", ">i4"), ("period", ">i2"),
        ("epoch_length", ">i4"), ("epoch", ">i8"),
        ("marker_length", ">i4"), ("marker", ">i4"),
    ]
)  # fmt: skip
_HEADER: Final = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER: Final = b"\xff\xff"

#: Every acknowledged frame beside its reading. Lost: no reading, or one that says something else.
COMPARE: Final = """
WITH marker AS (SELECT id, scale::float8 FROM monitoring_factor WHERE code = %(factor)s),
wanted AS (SELECT DISTINCT * FROM acked)
SELECT count(*),
       count(*) FILTER (WHERE EXISTS (
           SELECT FROM reading r, marker m
           WHERE r.point = w.point AND r.period = w.period AND r.at = to_timestamp(w.epoch)
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
    """Put a generator's ledger into a temporary table of the connection, for `count`."""
    rows = np.zeros(len(ledger), _ROW)
    logger, sequence = ledger["logger"].astype(np.int64), ledger["sequence"].astype(np.int64)
    rows["fields"] = 4
    for name, length in (("point", 4), ("period", 2), ("epoch", 8), ("marker", 4)):
        rows[f"{name}_length"] = length
    rows["point"] = FIRST_POINT + logger
    rows["period"] = 1 if load.minute else 0
    rows["epoch"] = load.base + sequence * load.step
    rows["marker"] = 100_000 + (sequence * 37 + logger * 11) % 90_000
    with connection.cursor() as cursor:
        cursor.execute(LOAD_LEDGER)
        with cursor.copy("COPY acked FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(_HEADER)
            copy.write(rows.tobytes())
            copy.write(_TRAILER)


def count(connection: psycopg.Connection[Any]) -> Count:
    """Compare all that was remembered with all that was recorded."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE acked")
        cursor.execute(COMPARE, {"factor": MARKER_FACTOR})
        acked, recorded = cursor.fetchone() or (0, 0)
        cursor.execute(DUPLICATED)
        (duplicated,) = cursor.fetchone() or (0,)
    return Count(acked, recorded, duplicated)
