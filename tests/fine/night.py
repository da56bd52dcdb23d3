"""A night at one outfall: a simulated logger, the journal, and what the workers make of it.

Nothing waits: the simulator says what its logger would have sent by a moment, the journal takes it
as received then, and recorder, judge and keeper take their steps as of that moment.
"""

from __future__ import annotations

import asyncio
import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import numpy as np
from django.db import connection

from hj212 import Frame, Stream, encode
from jiulong.cases import triggers
from jiulong.demo.district import DemoPoint
from jiulong.gateway.database import connect
from jiulong.gateway.journal import APPEND_BY_DJANGO, Entry, Verdict, pack
from jiulong.gateway.models import Command
from jiulong.monitoring import also, judge
from jiulong.monitoring.models import Point
from jiulong.recorder.recording import Recorder
from jiulong.simulator.overlays import Exceedance
from jiulong.simulator.station import Station

HOUR = timedelta(hours=1)
PEER = "10.20.0.12:40012"
#: From when the factor shows three times its limit, and until when.
BEGINS = timedelta(minutes=10)
ENDS = timedelta(hours=1, minutes=40)
FACTOR = "w01018"
#: Hours before the night that the logger has sent.
BEFORE = 30
DONE = "1"


class Night:
    """`at` is 02:00 of the night: the exceedance begins at 02:10."""

    def __init__(self, point: DemoPoint, at: datetime) -> None:
        self.at = at
        self.point = Point.objects.get(code=point.code)
        start = (at + BEGINS).timestamp()
        flood = Exceedance(FACTOR, 8.0, start, (at + ENDS).timestamp())
        since = (at - BEFORE * HOUR).timestamp()
        self.station = Station(point.spec, since=since, overlays=[flood])

    def sends_hours(self, first: int, last: int) -> None:
        """The hourly means of these hours after `at`, each received as its hour ended."""
        starts = np.arange(first, last, dtype=np.int64) * 3600 + int(self.at.timestamp())
        for one, start in zip(
            self.station.interval_uploads("2061", starts, 3600, late=False), starts, strict=True
        ):
            self.received(one.raw, at=datetime.fromtimestamp(int(start) + 3602, self.at.tzinfo))

    def received(self, *raws: bytes, at: datetime) -> None:
        """The gateway has written these frames into the journal."""
        micros = int(at.timestamp() * 1_000_000)
        entries = [
            Entry(micros + n, Verdict.ACCEPTED, PEER, raw) for n, raw in enumerate(raws)
        ]  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(APPEND_BY_DJANGO, [uuid.uuid4(), at, "test", len(raws), pack(entries)])

    def works(self, now: datetime) -> None:
        """Recorder, judge, what stands beside the judge, and the triggers: until all is done."""
        recorded(now)
        while (done := judge.step(now)) is not None and done.behind:
            pass
        for _round in range(8):
            worked = [step(now) for step in also.steps().values()]  # each has its turn
            if not any(worked):
                break
        while triggers.findings_step(now):
            pass

    def answers(self, command: Command, now: datetime) -> None:
        """The logger carries out what it was told; the dialogue ends as its frames say."""
        instant = now.timestamp()
        self.station.connect(instant)
        self.station.outgoing(instant)
        for frame in frames_of(order(command, self.station)):
            self.station.receive(frame, instant)
        raws = self.station.outgoing(instant)
        self.received(*raws, at=now)
        (reply,) = [one for raw in raws for one in frames_of(raw) if one.cn == command.cn]
        Command.objects.filter(pk=command.pk).update(
            state=Command.State.DONE, result=DONE, reply=dict(reply.params), updated_at=now
        )


def order(command: Command, station: Station) -> bytes:
    """The frame of an order, as the gateway sends it."""
    return encode(
        cn=command.cn, st=station.spec.st, pw=station.password, mn=station.spec.mn,
        qn=command.qn or "20260310031000000", flag=5,
    )  # fmt: skip


def frames_of(raw: bytes) -> list[Frame]:
    """The frames in some bytes."""
    return [one for one in Stream().feed(raw) if isinstance(one, Frame)]


def recorded(now: datetime) -> None:
    """The recorder catches up. In a thread of its own: this one has Playwright's loop."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, _record(now)).result()


async def _record(now: datetime) -> None:
    database = await connect("jiulong test recorder")
    try:
        recorder = Recorder(database, now=lambda: now)
        while await recorder.step():
            pass
    finally:
        await database.close()
