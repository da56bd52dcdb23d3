"""A decoded chunk into the database, within one transaction."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import asyncpg

from jiulong.evidence.channels import points_payload
from jiulong.recorder import sql
from jiulong.recorder.copying import Row, copy
from jiulong.recorder.decoding import Chunk, Message, Refused
from jiulong.recorder.factors import FactorTable
from jiulong.recorder.settling import Difference, Key, Part, key_of, settle
from jiulong.recorder.streams import AHEAD_US, Stream

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND_US: Final = 1_000_000


class Writer:
    """Writes chunks; remembers what times each stream has, so that live frames need no look.

    The recorder is the only writer of `reading`. A row where its point and period had nothing yet
    cannot meet another one; only the others are looked up.
    """

    def __init__(self, factors: FactorTable) -> None:
        self._factors = factors
        self._streams: dict[tuple[int, int], Stream] = {}
        self.duplicates = 0

    def forget(self) -> None:
        """What is in memory may not be what was committed."""
        self._streams.clear()

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
            await connection.execute(
                "SELECT pg_notify('readings', $1)", points_payload(chunk.heard)
            )

    async def _settled(
        self, connection: asyncpg.Connection[Any], rows: list[Row]
    ) -> tuple[list[Row], list[Difference]]:
        """The rows to be written as they are, and what contradicts a row that stands."""
        await self._load_streams(connection, rows)
        streams = self._streams
        fresh: list[Row] = []
        others: list[Row] = []
        for row in rows:
            new = streams[row.point, row.period].add(row.at, row.received_at)
            (fresh if new else others).append(row)
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

    async def _load_streams(self, connection: asyncpg.Connection[Any], rows: list[Row]) -> None:
        """Read the streams of these rows that are not in memory, or not well."""
        streams = self._streams
        wanted = {(row.point, row.period) for row in rows}
        missing = [key for key in wanted if key not in streams or streams[key].overtaken]
        if not missing:
            return
        points, periods = zip(*missing, strict=True)
        present = moment(max(row.received_at for row in rows) + AHEAD_US)
        for point, period, *times in await connection.fetch(sql.TIMES, points, periods, present):
            streams[point, period] = Stream(*times)

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
