"""Readings anew from the journal.

Drops readings, discrepancies, messages and the points' signs of life and makes them again, equal to
the last byte as long as the registry of loggers is the same. Point, time label and checksum mode of
a logger (and the minute interval of its point) are read as they stand now, not as they stood when a
frame came: whoever moves a logger to another point and rebuilds moves its past along. SM4 keys that
it had before are kept, and tried.
Quarantine rows keep their replay marks, also where a frame can be read now; factors keep their ids.
Findings stay: the judge's cursor counts batches, and the batches are the same. Interrupted at any
moment it just goes on when the recorder is started again: dropping moves the cursor to the start,
the rest is the recorder's ordinary work. A judge may go on beside it: the dropping takes its lock,
so that no step of it reads an emptied table while the recorder's cursor still says "recorded".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import asyncpg

from jiulong.monitoring import judge
from jiulong.recorder import sql
from jiulong.recorder.recording import Recorder

#: (frames recorded anew, frames in the journal)
Progress = Callable[[int, int], None]


async def rebuild(connection: asyncpg.Connection[Any], progress: Progress) -> Recorder:
    """Drop and record everything again. The connection must hold the recorder's lock."""
    total = await connection.fetchval("SELECT coalesce(sum(frames), 0) FROM journal")
    async with connection.transaction():
        await connection.execute("SELECT pg_advisory_xact_lock($1)", judge.LOCK)
        await connection.execute(sql.FORGET)
        await connection.execute("UPDATE evidence_cursor SET position = 0 WHERE name = 'recorder'")
    recorder = Recorder(connection)
    while await recorder.step():
        progress(recorder.tally.frames, total)
    await connection.execute("SELECT pg_notify('readings', '{\"points\":null}')")
    return recorder
