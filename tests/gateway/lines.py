"""What the gateway's tests stand on: a journal in memory, real sockets, hand-set clocks."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import connections

import hj212
from jiulong.gateway.journal import Batch, Entry, unpack
from jiulong.gateway.judgement import Registered
from jiulong.gateway.limits import Limits
from jiulong.gateway.models import Command
from jiulong.gateway.registry import Registry
from jiulong.gateway.server import Gateway

NOON_US = int(datetime(2026, 3, 10, 4, 0, tzinfo=UTC).timestamp()) * 1_000_000
MN = "010000A8900016F000169DC0"
OTHER = "010000A8900016F000169DC1"
QN = "20260310115900000"


def registered(mn: str = MN, **fields: Any) -> Registered:
    given: dict[str, Any] = {
        "id": 1, "password": "123456", "active": True, "profile": hj212.PROFILES["2017"],
    }  # fmt: skip
    return Registered(mn=mn, **{**given, **fields})


@dataclass
class MemoryJournal:
    """A journal that keeps batches in a list, and that a test can hold shut or make fail."""

    batches: dict[UUID, list[Entry]] = field(default_factory=dict)
    tokens: list[UUID] = field(default_factory=list)  # one an attempt
    trouble: list[Exception] = field(default_factory=list)  # raised by the next attempts
    open: asyncio.Event = field(default_factory=asyncio.Event)
    asked: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.open.set()

    async def append(
        self,
        *,
        token: UUID,
        received_at: datetime,  # noqa: ARG002 - the protocol's
        node: str,  # noqa: ARG002
        frames: int,
        body: bytes,
    ) -> int:
        self.tokens.append(token)
        self.asked.set()
        await self.open.wait()
        entries = unpack(body)
        assert len(entries) == frames > 0
        self.batches[token] = entries
        if self.trouble:
            raise self.trouble.pop(0)
        return len(self.batches)

    async def read(
        self, *, after: int, limit: int, max_frames: int = 0, max_bytes: int = 0
    ) -> list[Batch]:
        raise NotImplementedError

    @property
    def entries(self) -> list[Entry]:
        return [entry for batch in self.batches.values() for entry in batch]


@dataclass
class Clock:
    """Seconds that pass only when told to."""

    seconds: float = 0.0

    def steady(self) -> float:
        return self.seconds

    def us(self) -> int:
        return NOON_US + round(self.seconds * 1_000_000)


async def never(_seconds: float) -> None:
    """A sleep that nothing ends: what is timed in a test, the test itself sets off."""
    await asyncio.Event().wait()


def with_database(test: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """An async test that looks into the database between two awaits; blocking is fine there.

    Django gives an async test a connection of its own, which nobody else would close.
    """

    @functools.wraps(test)
    async def run(*args: Any, **named: Any) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
            try:
                await test(*args, **named)
            finally:
                connections.close_all()

    return run


def steps(command: Command) -> list[tuple[str, str, str]]:
    """The dialogue as written down: direction, state after it, command number on the wire."""
    return [
        (step.direction, step.state, step.text.partition("CN=")[2][:4])
        for step in command.steps.all()
    ]


async def until(condition: Callable[[], object]) -> None:
    """Let the loop turn until it is so; ten seconds are far more than any of it takes."""
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 - nothing else would tell
            await asyncio.sleep(0)


async def at_once(_seconds: float) -> None:
    """A sleep that takes no time."""
    await asyncio.sleep(0)


async def retry_at_once(seconds: float) -> None:
    """The sweeps wait for good, the retries hardly at all."""
    if seconds == Limits().sweep_s:
        await never(seconds)
    await asyncio.sleep(0.001)


class Logger:
    """A data logger's end of a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    async def frame(self) -> hj212.Frame:
        """The next frame from the gateway."""
        async with asyncio.timeout(10):
            found = hj212.parse(await self.reader.readuntil(b"\r\n"))
        assert isinstance(found, hj212.Frame)
        return found

    async def answer(self) -> tuple[str, str]:
        """CN and QN of the next frame from the gateway."""
        frame = await self.frame()
        return frame.cn, frame.dialogue_qn

    async def end(self) -> bytes:
        """What comes until the gateway closes the line."""
        async with asyncio.timeout(10):
            return await self.reader.read()

    async def close(self) -> None:
        self.writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await self.writer.wait_closed()


@dataclass
class House:
    """A running gateway and the means to reach it."""

    gateway: Gateway
    port: int
    clock: Clock
    loggers: list[Logger] = field(default_factory=list)

    async def call(self, **options: Any) -> Logger:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, **options)
        self.loggers.append(Logger(reader, writer))
        return self.loggers[-1]


@contextlib.asynccontextmanager
async def gateway(
    journal: Any,
    *known: Registered,
    limits: Limits | None = None,
    sleep: Any = never,
    listen: bool = False,
    tls: ssl.SSLContext | None = None,
) -> AsyncIterator[House]:
    clock = Clock()
    house = Gateway(
        journal, registry=Registry(known), limits=limits or Limits(), clock_us=clock.us,
        steady=clock.steady, sleep=sleep,
    )  # fmt: skip
    await house.start(listen=listen)
    port = await house.serve("127.0.0.1", 0, tls)
    running = House(house, port, clock)
    try:
        yield running
    finally:
        for logger in running.loggers:
            await logger.close()
        await house.stop()
        assert not house.failed.is_set()


def data(mn: str = MN, *, qn: str = QN, pw: str = "123456", **options: Any) -> bytes:
    """A real-time upload; QN, MN and password as given."""
    factors: Mapping[str, Mapping[str, str]] = {
        "w01001": {"Rtd": "7.1", "Flag": "N"}, "w01018": {"Rtd": "42.5", "Flag": "N"},
    }  # fmt: skip
    given = {"cn": "2011", "profile": "2017", "st": "32", "time": "20260310115900", **options}
    (frame,) = hj212.upload(data=factors, pw=pw, mn=mn, qn=qn, **given)
    return frame


def said(
    cn: str, *, qn: str = QN, mn: str = MN, flag: int = 4, cp: str = "", st: str = "91"
) -> bytes:
    """A frame of interaction from a logger."""
    return hj212.encode(cn=cn, st=st, qn=qn, pw="123456", mn=mn, flag=flag, cp=cp)
