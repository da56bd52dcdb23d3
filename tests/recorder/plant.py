"""Frames of one logger into the journal, and what the recorder made of them."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from hj212 import encode
from jiulong.gateway.journal import Entry, PostgresJournal, Verdict, pack
from jiulong.gateway.models import Logger
from jiulong.monitoring.models import Factor
from jiulong.recorder.recording import Recorder

#: When the tests happen: 2026-03-10 12:00 in Zhangzhou.
NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
PEER = "10.0.0.7:40000"


def microseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1_000_000)


class Plant:
    """A logger, a journal and a recorder."""

    def __init__(self, database: asyncpg.Connection[Any], logger: Logger) -> None:
        self.database = database
        self.logger = logger
        self.journal = PostgresJournal(database)
        self.recorder = self.new_recorder()

    def new_recorder(self, **options: Any) -> Recorder:
        """What a restart gives: a recorder that remembers nothing."""
        return Recorder(self.database, now=lambda: NOW, **options)

    def frame(self, cp: str | bytes, cn: str = "2011", st: str = "32", **header: Any) -> bytes:
        given = {"mn": self.logger.mn, "pw": "123456", "flag": 5, "qn": "20260310120000000"}
        return encode(cn=cn, st=st, cp=cp, **{**given, **header})

    async def send(self, *frames: bytes | Entry, at: datetime = NOW) -> int:
        """Append one batch; plain frames are accepted, a millisecond apart. Its id."""
        entries = [
            frame
            if isinstance(frame, Entry)
            else Entry(microseconds(at) + 1000 * place, Verdict.ACCEPTED, PEER, frame)
            for place, frame in enumerate(frames)
        ]
        return await self.journal.append(
            token=uuid.uuid4(), received_at=at, node="test", frames=len(entries), body=pack(entries)
        )

    async def record(self, *cps: str, cn: str = "2011", at: datetime = NOW, **header: Any) -> int:
        """Send one batch of frames with these bodies and record it; the batch's id."""
        batch = await self.send(*(self.frame(cp, cn, **header) for cp in cps), at=at)
        await self.catch_up()
        return batch

    async def catch_up(self) -> None:
        while await self.recorder.step():
            pass

    async def rows(self, columns: str = "*") -> list[tuple[Any, ...]]:
        """The readings by key."""
        sql = f"SELECT {columns} FROM reading ORDER BY point, period, at, part"
        return [tuple(row) for row in await self.database.fetch(sql)]

    async def table(self, name: str, columns: str = "*") -> list[tuple[Any, ...]]:
        rows = await self.database.fetch(f"SELECT {columns} FROM {name} ORDER BY batch, ordinal")
        return [tuple(row) for row in rows]

    async def discrepancies(self) -> list[tuple[Any, ...]]:
        columns = "kept_batch, kept_ordinal, other_batch, other_ordinal, differences"
        sql = f"SELECT {columns} FROM monitoring_discrepancy ORDER BY other_batch, other_ordinal"
        return [tuple(row) for row in await self.database.fetch(sql)]

    async def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that a rebuild makes again, without the numbers of rows."""
        tables = {
            "reading": "at, part, point, period",
            "monitoring_discrepancy": "other_batch, other_ordinal",
            "recorder_message": "batch, ordinal",
            "monitoring_pointstate": "point_id",
            "gateway_quarantinedframe": "batch, ordinal",
            "monitoring_factor": "code",
            "evidence_cursor": "name",
        }
        found = {}
        for table, order in tables.items():
            rows = await self.database.fetch(
                f"SELECT to_jsonb({table}) - 'id' AS row FROM {table} ORDER BY {order}"
            )
            found[table] = [tuple(row) for row in rows]
        return found

    async def factors(self, codes: str) -> list[int]:
        """The ids of factors by code."""
        return [(await Factor.objects.aget(code=code)).pk for code in codes.split()]


def china(text: str) -> datetime:
    """A time as the wire has it, `YYYYMMDDhhmmss`, in UTC."""
    return datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=UTC) - timedelta(hours=8)
