"""A decoded chunk into the database, within one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg

from jiulong.recorder import sql
from jiulong.recorder.copying import Row, copy
from jiulong.recorder.decoding import Chunk, Message, Refused
from jiulong.recorder.factors import FactorTable
from jiulong.recorder.settling import Difference, Key, Part, key_of, settle

#: A NOTIFY payload must stay under 8,000 bytes; above it the points are "many".
PAYLOAD_MAX: Final = 7_900
NEVER: Final = -(1 << 62)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND_US: Final = 1_000_000


class Writer:
    """Writes chunks; remembers the newest time of each stream, so that live frames need no look.

    The recorder is the only writer of `reading`. A row newer than all that its point and period
    ever had cannot meet another one; only the others are looked up.
    """

    def __init__(self, factors: FactorTable) -> None:
        self._factors = factors
        self._newest: dict[tuple[int, int], int] = {}
        self.duplicates = 0

    def forget(self) -> None:
        """What is in memory may not be what was committed."""
        self._newest.clear()

    async def write(self, connection: asyncpg.Connection[Any], chunk: Chunk) -> None:
        """Everything but the cursor."""
        await self._factors.number(connection)
        rows, differences = await self._settled(connection, chunk.rows)
        if rows:
            await copy(connection, rows)
        if differences:
            await connection.executemany(sql.DISCREPANCY, map(discrepancy, differences))
        if chunk.messages:
            await connection.executemany(sql.MESSAGE, map(message, chunk.messages))
        if chunk.refused:
            await quarantine(connection, chunk.refused)
        if chunk.heard:
            await connection.execute(sql.HEARD, *heard(chunk.heard))
            await connection.execute("SELECT pg_notify('readings', $1)", payload(chunk.heard))

    async def _settled(
        self, connection: asyncpg.Connection[Any], rows: list[Row]
    ) -> tuple[list[Row], list[Difference]]:
        """The rows to be written as they are, and what contradicts a row that stands."""
        await self._load_newest(connection, {(row.point, row.period) for row in rows})
        newest = self._newest
        fresh: list[Row] = []
        others: list[Row] = []
        for row in rows:
            stream = row.point, row.period
            if row.at > newest[stream]:
                newest[stream] = row.at
                fresh.append(row)
            else:
                others.append(row)
        if not others:
            return fresh, []
        taken = await self._taken(connection, {key_of(row) for row in others}, fresh)
        differences: list[Difference] = []
        for row in others:
            kept, difference = self._settle(row, taken)
            if kept:
                fresh.append(kept)
            if difference:
                differences.append(difference)
            self.duplicates += not (kept or difference)
        return fresh, differences

    def _settle(
        self, row: Row, taken: dict[Key, list[Row | Part]]
    ) -> tuple[Row | None, Difference | None]:
        parts = taken.setdefault(key_of(row), [])
        if parts:
            return settle(row, parts, self._factors)
        parts.append(row)
        return row, None

    async def _load_newest(
        self, connection: asyncpg.Connection[Any], streams: set[tuple[int, int]]
    ) -> None:
        missing = list(streams - self._newest.keys())
        if not missing:
            return
        points, periods = zip(*missing, strict=True)
        for point, period, at in await connection.fetch(sql.NEWEST, points, periods):
            self._newest[point, period] = NEVER if at is None else at

    async def _taken(
        self, connection: asyncpg.Connection[Any], keys: set[Key], fresh: Iterable[Row]
    ) -> dict[Key, list[Row | Part]]:
        """The parts that stand for these keys, in the database or earlier in this chunk."""
        taken: dict[Key, list[Row | Part]] = {}
        columns = [(point, period, at // _SECOND_US) for point, period, at in keys]
        points, periods, seconds = zip(*columns, strict=True)
        for found in await connection.fetch(sql.TAKEN, points, periods, seconds):
            point, period, at_s, *part = found
            taken.setdefault((point, period, at_s * _SECOND_US), []).append(Part(*part))
        for row in fresh:
            if key_of(row) in keys:
                taken.setdefault(key_of(row), []).append(row)
        return taken


def moment(us: int) -> datetime:
    """An aware time from µs since 1970 UTC."""
    return _EPOCH + timedelta(microseconds=us)


def discrepancy(found: Difference) -> tuple[object, ...]:
    row, kept, differences = found
    return (
        row.point, row.period, moment(row.at), kept.batch, kept.ordinal, row.batch, row.ordinal,
        moment(row.received_at), json.dumps(differences),
    )  # fmt: skip


def message(sent: Message) -> tuple[object, ...]:
    point, cn, at, received_at, batch, ordinal, content = sent
    return point, cn, moment(at), moment(received_at), batch, ordinal, json.dumps(content)


async def quarantine(connection: asyncpg.Connection[Any], refused: list[Refused]) -> None:
    columns = [list(column) for column in zip(*refused, strict=True)]
    columns[2] = [moment(us) for us in columns[2]]
    await connection.execute(sql.QUARANTINE, *columns)
    await connection.execute("SELECT pg_notify('quarantine', '')")


def heard(points: dict[int, list[int]]) -> tuple[list[int], list[datetime], list[int]]:
    return (
        list(points),
        [moment(newest) for newest, _ in points.values()],
        [frames for _, frames in points.values()],
    )


def payload(points: Iterable[int]) -> str:
    """Which points have news, or null for too many to say."""
    text = json.dumps({"points": sorted(points)}, separators=(",", ":"))
    return text if len(text) <= PAYLOAD_MAX else '{"points":null}'
