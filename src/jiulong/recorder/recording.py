"""The recorder: batches of the journal become readings, exactly once.

One step is one transaction: it writes what a few batches say and moves the cursor past them. Kill
the recorder at any moment and either both happened or neither. Its commits do not wait for the
disk (`synchronous_commit = off`): a commit lost in a crash takes its cursor with it, and the
journal, which did wait, still has the frames.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import asyncpg

from jiulong.gateway.journal import (
    Batch,
    DamagedBatchError,
    Entry,
    PostgresJournal,
    Verdict,
    unpack,
)
from jiulong.recorder import sql
from jiulong.recorder.decoding import Chunk, Decoder, refused
from jiulong.recorder.factors import FactorTable
from jiulong.recorder.partitions import Months
from jiulong.recorder.registry import Registry
from jiulong.recorder.writing import Writer

log = logging.getLogger(__name__)

#: Frames of one transaction: about a quarter of a second of work.
CHUNK_FRAMES: Final = 10_000
CHUNK_BATCHES: Final = 2_000
#: Stands for the ordinal of a batch that cannot be read.
WHOLE_BATCH: Final = -1

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


class CursorMovedError(RuntimeError):
    """Somebody else moved the recorder's cursor."""


@dataclass(slots=True)
class Tally:
    """What this recorder did since it started; for its log line."""

    frames: int = 0
    readings: int = 0
    messages: int = 0
    refused: int = 0

    def add(self, frames: int, chunk: Chunk) -> None:
        self.frames += frames
        self.readings += len(chunk.rows)
        self.messages += len(chunk.messages)
        self.refused += len(chunk.refused)


class Recorder:
    """Turns journal batches into rows over one connection, which is its own."""

    def __init__(
        self, connection: asyncpg.Connection[Any], *, now: Clock = utc_now,
        chunk_frames: int = CHUNK_FRAMES,
    ) -> None:  # fmt: skip
        self._connection = connection
        self._now = now
        self._chunk_frames = chunk_frames
        self._journal = PostgresJournal(connection)
        self._position: int | None = None
        self.registry = Registry()
        self._factors = FactorTable()
        self._decoder = Decoder(self.registry, self._factors)
        self._writer = Writer(self._factors)
        self._months = Months()
        self.tally = Tally()

    @property
    def duplicates(self) -> int:
        """Readings that came again, word for word."""
        return self._writer.duplicates

    async def step(self) -> int:
        """Record the next batches: how many frames they had, 0 if there was nothing to do."""
        try:
            return await self._step()
        except BaseException:
            self._position = None
            self.registry.stale = True
            self._factors.forget()
            self._writer.forget()
            raise

    async def _step(self) -> int:
        if self._position is None:
            self._position = await self._connection.fetchval(sql.POSITION)
        position: int = self._position
        batches = await self._journal.read(
            after=position, limit=CHUNK_BATCHES, max_frames=self._chunk_frames
        )
        if not batches:
            return 0
        chunk = await self._decode(batches)
        await self._months.ensure(self._connection, (row.at for row in chunk.rows), self._now())
        async with self._connection.transaction():
            await self._writer.write(self._connection, chunk)
            moved = await self._connection.execute(sql.ADVANCE, position, batches[-1].id)
            if moved != "UPDATE 1":
                raise CursorMovedError(f"the cursor is not at {position} any more")
        self._position = batches[-1].id
        frames = sum(batch.frames for batch in batches)
        self.tally.add(frames, chunk)
        return frames

    async def _decode(self, batches: list[Batch]) -> Chunk:
        if not self._factors.loaded:
            await self._factors.load(self._connection)
        if self.registry.stale:
            await self.registry.load(self._connection)
        chunk = self._chunk(batches)
        if chunk.strangers and await self.registry.load(self._connection):
            # The gateway knew a logger that was registered a moment ago.
            chunk = self._chunk(batches)
        return chunk

    def _chunk(self, batches: list[Batch]) -> Chunk:
        chunk = Chunk()
        for batch in batches:
            try:
                entries = unpack(batch.body)
            except DamagedBatchError as error:
                # Disk or hand damaged it. What cannot be read must not stop what can.
                log.error("journal batch %d cannot be read: %s", batch.id, error)  # noqa: TRY400
                chunk.refused.append(_damaged(batch))
                continue
            self._decoder.take(batch.id, entries, chunk)
        return chunk


def _damaged(batch: Batch) -> Any:
    us = int(batch.received_at.timestamp() * 1_000_000)
    entry = Entry(us, Verdict.DAMAGED_BATCH, batch.node, batch.body)
    return refused(batch.id, WHOLE_BATCH, entry, Verdict.DAMAGED_BATCH)
