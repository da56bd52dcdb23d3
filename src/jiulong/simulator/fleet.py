"""A fleet of simulated loggers on real sockets.

Each logger dials the host, as HJ 212 has it, keeps one connection, and dials again after a break,
later each time and never all at once.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from hj212 import Frame, Stream
from jiulong.simulator.dirt import soiled
from jiulong.simulator.ledger import Ledger
from jiulong.simulator.scenario import Deed, Fate, Scenario
from jiulong.simulator.station import Station
from jiulong.simulator.wire import LoggerSpec

#: The standard's loggers dial again after seconds, and slower the longer nobody answers.
RETRY_FIRST_S: Final = 0.5
RETRY_MAX_S: Final = 30.0
READ_BYTES: Final = 16_384
#: How often a waiting logger looks up: commands and scenarios wake it anyway.
LOOK_UP_S: Final = 5.0


class Clock(Protocol):
    """Simulated time, and a steady clock; injected, so that tests need no waiting."""

    def now(self) -> float:
        """Simulated seconds since 1970."""
        ...

    def instant(self) -> float:
        """Steady seconds."""
        ...

    def real(self, seconds: float) -> float:
        """How many steady seconds pass while `seconds` of simulated time do."""
        ...


@dataclass(slots=True)
class SpeedClock:
    """Simulated time that begins at `start` and runs `speed` times as fast as the real one.

    It never runs ahead of the real time: a fleet that catches up goes on live.
    """

    start: float
    speed: float = 1.0
    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.monotonic
    _began: float = field(init=False)

    def __post_init__(self) -> None:
        self._began = self.steady()

    def now(self) -> float:
        return min(self.start + (self.steady() - self._began) * self.speed, self.wall())

    def instant(self) -> float:
        return self.steady()

    def real(self, seconds: float) -> float:
        behind = self.wall() - self.now()
        return seconds / self.speed if behind > seconds else seconds


class Line:
    """One logger with its socket."""

    def __init__(
        self,
        station: Station,
        address: tuple[str, int],
        clock: Clock,
        fate: Fate,
        dice: random.Random,
    ) -> None:
        self.station = station
        self._address = address
        self._clock = clock
        self._fate = fate
        self._dice = dice
        self._wake = asyncio.Event()
        self._dirty_at = {dirt: dirt.span.start for dirt in fate.dirt}
        #: What has been done, with what was there before where it must be put back.
        self._done: dict[int, str] = {}
        self._stopping = False

    async def run(self) -> None:
        """Dial, talk, and dial again until `stop`."""
        wait = RETRY_FIRST_S
        while not self._stopping:
            self.station.tick(self._clock.now())
            if self._fate.outage_at(self._clock.now()):
                await self._rest(LOOK_UP_S)
                continue
            try:
                reader, writer = await asyncio.open_connection(*self._address)
            except OSError:
                await self._rest(wait * self._dice.uniform(0.5, 1.5))
                wait = min(wait * 2, RETRY_MAX_S)
                continue
            wait = RETRY_FIRST_S
            await self._talk(reader, writer)
            if not self._stopping:
                await self._rest(wait * self._dice.uniform(0.5, 1.5))

    def stop(self) -> None:
        self._stopping = True
        self._wake.set()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.station.connect(self._clock.now())
        self.station.ledger.connects += 1
        listening = asyncio.create_task(self._listen(reader))
        listening.add_done_callback(lambda _: self._wake.set())
        try:
            await self._speak(writer, listening)
        except OSError:
            pass
        finally:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError, OSError):
                await listening
            self.station.disconnect()
            writer.close()
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _speak(self, writer: asyncio.StreamWriter, listening: asyncio.Task[None]) -> None:
        while not (self._stopping or listening.done() or self.station.broken):
            now = self._clock.now()
            if self._fate.outage_at(now):
                return
            self._drift(now)
            self._act(now)
            self.station.tick(now)
            wire = self.station.outgoing(self._clock.instant())
            wire = self._soil(wire, now)
            if wire:
                writer.write(b"".join(wire))
                await writer.drain()
            await self._rest(self._idle_s())

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        stream = Stream(keys=lambda _mn: [self.station.key] if self.station.key else [])
        while data := await reader.read(READ_BYTES):
            for result in stream.feed(data):
                if isinstance(result, Frame):
                    self.station.receive(result, self._clock.now())
            self._wake.set()

    async def _rest(self, seconds: float) -> None:
        """Wait, unless something comes in or the fleet stops."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), max(seconds, 0.001))
        self._wake.clear()

    def _idle_s(self) -> float:
        """How long nothing will be due."""
        waits = [LOOK_UP_S, self._clock.real(self.station.next_due() - self._clock.now())]
        repeat = self.station.next_repeat()
        if repeat is not None:
            waits.append(repeat - self._clock.instant())
        return min(waits)

    def _drift(self, now: float) -> None:
        if self._fate.drifts:
            self.station.clock_offset_s = self._fate.drift_at(now)

    def _act(self, now: float) -> None:
        """Do what is due at the station, and undo what is over."""
        for place, deed in enumerate(self._fate.deeds):
            due = deed.span.start <= now < deed.span.end
            if due and place not in self._done:
                self._done[place] = self._do(deed, now)
            elif not due and (before := self._done.pop(place, None)) is not None:
                self._do(deed, now, before)

    def _do(self, deed: Deed, now: float, back: str | None = None) -> str:
        """Do it, or put `back` what was; returns what was there before."""
        station = self.station
        if deed.kind == "door":
            station.announce({"i32001": "1" if back is None else back}, now)
            return "0"
        if deed.kind == "unit":
            station.set_unit(deed.values["code"], 0 if back is None else int(back), now)
            return "1"
        code, info = deed.values["factor"], deed.values["info"]
        before = station.duties.parameters.get((code, info)) or station.parameter(code, info) or ""
        value = f"{deed.values['value']:g}" if back is None else back
        station.announce({info: value}, now, pol=code)
        return before

    def _soil(self, wire: list[bytes], now: float) -> list[bytes]:
        """Put dirt that is due before the frames."""
        for dirt, due in self._dirty_at.items():
            if wire and due <= now < dirt.span.end:
                self._dirty_at[dirt] = now + dirt.every_s
                self.station.ledger.dirty += 1
                wire = [soiled(dirt.kind, wire[0], self.station, self._dice), *wire]
        return wire


class Fleet:
    """Many loggers and one ledger."""

    def __init__(
        self,
        specs: Sequence[LoggerSpec],
        *,
        host: str,
        port: int,
        clock: Clock,
        since: float,
        scenario: Scenario | None = None,
        seed: int = 1,
    ) -> None:
        self.ledger = Ledger()
        start = clock.now()
        self.lines = []
        for index, spec in enumerate(specs):
            fate = (scenario or Scenario()).fate(spec, index, start)
            station = Station(spec, since=since, ledger=self.ledger, overlays=fate.overlays)
            station.reports_units = spec.profile != "2005"
            dice = random.Random(f"{seed}/{spec.mn}")  # noqa: S311 - jitter, no secret
            self.lines.append(Line(station, (host, port), clock, fate, dice))

    @property
    def waiting(self) -> int:
        """Uploads that nobody has acknowledged yet."""
        return sum(line.station.waiting for line in self.lines)

    async def run(self) -> None:
        """Run every logger until `stop`, or until this task is cancelled."""
        await asyncio.gather(*(line.run() for line in self.lines))

    def stop(self) -> None:
        for line in self.lines:
            line.stop()
