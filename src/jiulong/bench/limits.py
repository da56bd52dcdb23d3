"""What the machine itself can do: the limits beside which our figures stand."""

from __future__ import annotations

import asyncio
import os
import statistics
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import asyncpg

COLUMNS: Final = (
    "at", "received_at", "batch", "point", "ordinal", "period", "part",
    "factors", "values", "minima", "maxima", "totals", "flags",
)  # fmt: skip
COPY_ROWS: Final = 200_000
COPY_POINTS: Final = 500
#: Above every point that a load uses.
COPY_FIRST_POINT: Final = 1_000_000
FSYNC_BLOCK: Final = 8192  # a page of PostgreSQL's log
FSYNC_TIMES: Final = 200


def wide_rows(start: datetime, rows: int = COPY_ROWS) -> list[tuple[Any, ...]]:
    """Rows as the recorder writes them for real-time frames of 8 factors."""
    factors = list(range(1, 9))
    return [
        (
            start + timedelta(seconds=n // COPY_POINTS), start, n // 1000,
            COPY_FIRST_POINT + n % COPY_POINTS, n % 1000, 0, 0,
            factors, [n * 0.01 + factor for factor in factors], None, None, None, "NNNNNNNN",
        )
        for n in range(rows)
    ]  # fmt: skip


async def _copy(url: str, rows: list[tuple[Any, ...]]) -> float:
    connection = await asyncpg.connect(url)
    try:
        begun = time.perf_counter()
        await connection.copy_records_to_table("reading", records=rows, columns=COLUMNS)
        return len(rows) / (time.perf_counter() - begun)
    finally:
        await connection.close()


def copy_limit(url: str, base: int, rows: int = COPY_ROWS) -> int:
    """Rows/s of one bare COPY into the readings, one transaction, nothing else running."""
    return round(asyncio.run(_copy(url, wide_rows(datetime.fromtimestamp(base, UTC), rows))))


def fsync_us(directory: Path, times: int = FSYNC_TIMES) -> int:
    """Median time of writing one page and making it durable on the disk of `directory`, in µs."""
    path = directory / "fsync.probe"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    block = os.urandom(FSYNC_BLOCK)
    taken = []
    try:
        for _ in range(times):
            begun = time.perf_counter_ns()
            os.pwrite(handle, block, 0)
            os.fdatasync(handle)
            taken.append((time.perf_counter_ns() - begun) / 1000)
    finally:
        os.close(handle)
        path.unlink()
    return round(statistics.median(taken))
