"""A fleet on real sockets, against a host in the test."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field

import pytest

from hj212 import Damage, Frame, Stream, answer, request
from jiulong.simulator.dirt import STRANGER
from jiulong.simulator.fleet import Fleet, SpeedClock
from jiulong.simulator.ledger import digest
from jiulong.simulator.scenario import Scenario, read_scenario
from jiulong.simulator.water import DAY_S, LOCAL_S
from jiulong.simulator.wire import LoggerSpec

NOON = 1_763_000_000 // DAY_S * DAY_S - LOCAL_S + 12 * 3600.0
SPECS = [
    LoggerSpec(f"0100DE30350602{number:010X}", "123456", "food", "effluent", number)
    for number in range(1, 4)
]
PATIENCE_S = 20.0  # far more than a loaded machine needs; nothing waits for it to pass


@dataclass
class HandClock:
    """Time that only the test moves; waiting takes no time that matters."""

    at: float = NOON + 640
    steady: float = 0.0

    def now(self) -> float:
        return self.at

    def instant(self) -> float:
        return self.steady

    def real(self, seconds: float) -> float:
        return min(seconds, 0.01)


@dataclass
class Host:
    """Answers as a gateway would, except the first so many frames."""

    deaf: int = 0
    hang_up_after: int = 0
    ask: bytes = b""
    frames: list[Frame] = field(default_factory=list)
    damage: list[Damage] = field(default_factory=list)
    connections: int = 0
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        stream = Stream()
        if self.ask:
            writer.write(self.ask)
        while data := await reader.read(65_536):
            for result in stream.feed(data):
                if isinstance(result, Damage):
                    self.damage.append(result)
                    continue
                self.frames.append(result)
                reply = answer(result, str(result.version))
                if self.deaf:
                    self.deaf -= 1
                elif reply is not None:
                    writer.write(reply)
            self.heard.set()
            if self.hang_up_after and len(self.frames) >= self.hang_up_after:
                self.hang_up_after = 0
                break
        writer.close()

    async def until(self, done: object) -> None:
        assert callable(done)
        async with asyncio.timeout(PATIENCE_S):
            while not done():
                self.heard.clear()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self.heard.wait(), 0.05)


@contextlib.asynccontextmanager
async def playing(host: Host, clock: HandClock, scenario: Scenario | None = None, specs=SPECS):
    server = await asyncio.start_server(host.take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    fleet = Fleet(
        specs, host="127.0.0.1", port=port, clock=clock, since=NOON, scenario=scenario, seed=1
    )
    running = asyncio.create_task(fleet.run())
    try:
        yield fleet
    finally:
        fleet.stop()
        async with asyncio.timeout(PATIENCE_S):
            await running
        server.close()
        await server.wait_closed()


async def test_what_is_acknowledged_is_in_the_ledger_and_nothing_else() -> None:
    host, clock = Host(), HandClock()
    async with playing(host, clock) as fleet:
        await host.until(lambda: len(fleet.ledger.acked) >= 6 and fleet.waiting == 0)
        for _ in range(5):
            clock.at += 60
            await host.until(lambda: fleet.waiting == 0 and len(fleet.ledger.acked) > 6)
    assert {frame.mn for frame in host.frames} == {spec.mn for spec in SPECS}
    asked = {digest(frame.raw) for frame in host.frames if frame.wants_ack}
    assert set(fleet.ledger.acked) <= asked
    assert fleet.ledger.resent == 0
    assert fleet.ledger.connects == 3


async def test_what_is_not_acknowledged_is_sent_again_the_same() -> None:
    host, clock = Host(deaf=2), HandClock()
    async with playing(host, clock, specs=SPECS[:1]) as fleet:
        await host.until(lambda: len(host.frames) >= 2)
        clock.steady += 10.5
        await host.until(lambda: fleet.waiting == 0)
    raws = [frame.raw for frame in host.frames]
    assert raws[:2] == raws[2:4]
    assert fleet.ledger.resent == 2
    assert {frame.cn for frame in host.frames} == {"2081", "2051"}


async def test_a_broken_line_is_dialled_again_and_nothing_is_lost() -> None:
    host, clock = Host(deaf=1, hang_up_after=1), HandClock()
    async with playing(host, clock, specs=SPECS[:1]) as fleet:
        await host.until(lambda: host.connections == 2 and fleet.waiting == 0)
        assert fleet.ledger.connects == 2
        assert len(fleet.ledger.acked) >= 2


async def test_it_answers_commands_over_the_line() -> None:
    ask = request(
        "3015", profile="2017", qn="20251113120000000", st="32", pw="123456", mn=SPECS[0].mn
    )[0]
    host, clock = Host(ask=ask), HandClock()
    async with playing(host, clock, specs=SPECS[:1]):
        await host.until(lambda: any(frame.cn == "9012" for frame in host.frames))
    told = [frame for frame in host.frames if frame.qn == "20251113120000000"]
    assert [frame.cn for frame in told] == ["9011", "3015", "9012"]
    assert told[1].params["VaseNo"] == "1"


async def test_an_outage_ends_in_a_storm_of_what_was_kept() -> None:
    scenario = read_scenario("- outage: {who: all, from: 0m, for: 2h}")
    host, clock = Host(), HandClock()
    async with playing(host, clock, scenario, SPECS[:1]) as fleet:
        clock.at += 7199
        station = fleet.lines[0].station
        station.tick(clock.at)
        assert (host.connections, station.waiting) == (0, 14 + 1)
        clock.at += 2
        fleet.lines[0]._wake.set()
        await host.until(lambda: fleet.waiting == 0 and host.frames)
    assert len([frame for frame in host.frames if frame.cn == "2051"]) == 13
    assert len([frame for frame in host.frames if frame.cn == "2061"]) == 2


@pytest.mark.parametrize("kind", ["bad_crc", "garbage", "wrong_password", "unknown_mn"])
async def test_dirt_comes_beside_the_frames_and_is_not_counted(kind: str) -> None:
    scenario = read_scenario(f"- dirty: {{who: all, kind: {kind}, every: 1s, from: 0s, for: 1d}}")
    host, clock = Host(), HandClock()
    async with playing(host, clock, scenario, SPECS[:1]) as fleet:
        await host.until(lambda: fleet.ledger.dirty > 0 and len(fleet.ledger.acked) >= 2)
    if kind in {"bad_crc", "garbage"}:
        assert host.damage
        assert not {digest(piece.raw) for piece in host.damage} & set(fleet.ledger.acked)
    else:
        strange = [f for f in host.frames if f.pw == "000000" or f.mn == STRANGER]
        assert strange
        assert not {digest(frame.raw) for frame in strange} & set(fleet.ledger.acked)


async def test_a_clock_that_drifts_shows_in_the_frames() -> None:
    scenario = read_scenario("- drift: {who: all, seconds: -420, from: 0m, for: 1d}")
    host, clock = Host(), HandClock()
    async with playing(host, clock, scenario, SPECS[:1]) as fleet:
        await host.until(lambda: fleet.lines[0].station.clock_offset_s == -420)
        assert fleet.lines[0].station.clock(clock.at) == clock.at - 420


async def test_what_somebody_does_at_a_station_is_told_and_undone() -> None:
    scenario = read_scenario("""
- door: {who: all, from: 1m, for: 2m}
- unit: {who: all, code: SB2, from: 1m, for: 2m}
- parameter: {who: all, factor: w01018, info: i13008, value: 0.62, from: 1m, for: 2m}
""")
    host, clock = Host(), HandClock()
    async with playing(host, clock, scenario, SPECS[:1]) as fleet:
        station = fleet.lines[0].station
        await host.until(lambda: station.connected)
        clock.at += 61
        await host.until(lambda: station.units["SB2"] == 0)
        clock.at += 120
        await host.until(lambda: station.units["SB2"] == 1 and fleet.waiting == 0)
    told = [frame.raw.decode() for frame in host.frames if frame.cn in {"3020", "2021"}]
    kinds = ("i32001-Info=1", "i32001-Info=0", "i13008-Info=0.62", "i13008-Info=1.0", "SB2-RS=0")
    assert [kind for kind in kinds if not any(kind in raw for raw in told)] == []


def test_a_fast_fleet_never_overtakes_the_present() -> None:
    seconds = {"wall": 1000.0, "steady": 50.0}
    clock = SpeedClock(400.0, 60.0, lambda: seconds["wall"], lambda: seconds["steady"])
    assert clock.now() == 400.0
    seconds |= {"wall": 1005.0, "steady": 55.0}
    assert clock.now() == 700.0
    assert clock.real(60.0) == 1.0
    seconds |= {"wall": 1020.0, "steady": 70.0}
    assert clock.now() == 1020.0
    assert clock.real(60.0) == 60.0
