"""The load generator's frames are frames, and its ledger is exact."""

from __future__ import annotations

import asyncio
import subprocess
from pathlib import Path

import pytest

import hj212
from jiulong.bench import generator
from jiulong.bench.generator import GeneratorError, Load, NoCompilerError

BASE = 1_717_200_000  # 2024-06-01 00:00 UTC
ACK = b"##0087QN=%b;ST=91;CN=9014;PW=123456;MN=%b;Flag=4;CP=&&&&3240\r\n"


def read(load: Load) -> list[hj212.Frame | hj212.Damage]:
    stream = hj212.Stream("auto")
    return [*stream.feed(generator.frames(load)), *stream.close()]


def test_it_sends_real_time_frames_that_our_codec_accepts() -> None:
    frames = read(Load(loggers=3, base=BASE, count=50))
    assert all(isinstance(frame, hj212.Frame) for frame in frames)
    assert {(len(f.raw), f.crc_variant, f.cn, f.flag) for f in frames} == {(373, "hj", "2011", 5)}
    assert len({(f.mn, f.qn) for f in frames}) == len({(f.mn, f.time) for f in frames}) == 150
    assert {f.mn for f in frames} == {generator.mn_of(n) for n in range(3)}
    assert {len(f.data) for f in frames} == {8}


def test_it_dates_frames_from_the_base_on_in_chinese_time() -> None:
    (first, second) = read(Load(loggers=1, base=BASE, count=2, minute=1, step=60))
    assert first.time.isoformat() == "2024-06-01T08:00:00+08:00"
    assert (second.time - first.time).total_seconds() == 60
    assert second.data["w00000"]["Avg"] == "100.037"
    assert list(second.data["w01018"]) == ["Cou", "Min", "Avg", "Max", "Flag"]


def test_it_writes_the_same_bytes_again() -> None:
    load = Load(loggers=2, base=BASE, count=5, first=7)
    assert generator.frames(load) == generator.frames(load)


def test_it_back_fills_shuffled_repeated_and_damaged() -> None:
    load = Load(loggers=4, base=BASE, count=500, shuffle=1, repeat=50, bad=20, seed=3)
    results = read(load)
    good = [f for f in results if isinstance(f, hj212.Frame)]
    bad = [d for d in results if isinstance(d, hj212.Damage)]
    once = {(f.mn, f.time) for f in good}
    assert {d.reason for d in bad} == {hj212.Reason.BAD_CRC}
    assert len(once) + len(bad) == 2000
    assert 20 <= len(bad) <= 60
    assert 60 <= len(good) - len(once) <= 140
    of_one = [f.time for f in good if f.mn == generator.mn_of(0)]
    assert of_one != sorted(of_one)
    assert generator.frames(load) != generator.frames(
        Load(loggers=4, base=BASE, count=500, shuffle=1, repeat=50, bad=20, seed=4)
    )


class Host(asyncio.Protocol):
    """Acknowledges every frame but the first of each connection, which it hears twice."""

    def __init__(self, heard: list[bytes], deaf: int) -> None:
        self.heard, self.deaf = heard, deaf
        self.stream = hj212.Stream()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        for frame in self.stream.feed(data):
            assert isinstance(frame, hj212.Frame)
            self.heard.append(frame.raw)
            if self.deaf:
                self.deaf -= 1
                continue
            self.transport.write(ACK % (frame.qn.encode(), frame.mn.encode()))  # type: ignore[attr-defined]


async def talk(load: Load, directory: Path, deaf: int = 0) -> tuple[generator.Outcome, list[bytes]]:
    heard: list[bytes] = []
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Host(heard, deaf), "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        outcome = await asyncio.to_thread(generator.run, load, port=port, directory=directory)
    finally:
        server.close()
    return outcome, heard


async def test_it_remembers_exactly_what_was_acknowledged(tmp_path: Path) -> None:
    outcome, heard = await talk(Load(loggers=3, base=BASE, count=20, seconds=5), tmp_path)
    assert (outcome.sent, outcome.acked, outcome.unacked, outcome.resent) == (60, 60, 0, 0)
    noted = sorted(outcome.ledger[["logger", "sequence"]].tolist())
    assert noted == [(logger, n) for logger in range(3) for n in range(20)]
    assert len(heard) == 60
    assert (outcome.ledger["acked_us"] >= outcome.ledger["sent_us"]).all()


async def test_it_sends_again_what_nobody_answered(tmp_path: Path) -> None:
    load = Load(loggers=1, base=BASE, count=3, seconds=5, in_flight=1, resend=50)
    outcome, heard = await talk(load, tmp_path, deaf=1)
    assert (outcome.acked, outcome.resent) == (3, 1)
    assert heard[0] == heard[1]
    assert outcome.max_ms >= 50


async def test_it_counts_latency_from_when_a_frame_was_due(tmp_path: Path) -> None:
    load = Load(loggers=2, base=BASE, seconds=1, rate=200, in_flight=1, resend=300)
    outcome, _ = await talk(load, tmp_path, deaf=1)
    assert outcome.acked == outcome.sent
    # One logger stood still for 300 ms; the frames that were due meanwhile waited, and it shows.
    assert outcome.p99_ms > 200


def test_it_refuses_what_is_out_of_bounds(tmp_path: Path) -> None:
    with pytest.raises(GeneratorError, match="out of bounds"):
        generator.run(Load(loggers=5000, base=BASE), port=1, directory=tmp_path)


def test_it_says_when_there_is_no_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(NoCompilerError, match="install a C compiler"):
        generator.executable()


def test_it_says_what_the_compiler_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    compiler = tmp_path / "broken"
    compiler.write_text("#!/bin/sh\necho no luck >&2\nexit 1\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("CC", str(compiler))
    with pytest.raises(NoCompilerError, match="no luck"):
        generator.executable()


def test_it_compiles_without_a_warning(tmp_path: Path) -> None:
    command = ["cc", "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror"]
    source = str(generator.HERE / "loadgen.c")
    subprocess.run([*command, "-o", str(tmp_path / "loadgen"), source], check=True)
