"""Frames of simulated loggers are frames of the protocol, in each of its versions."""

from __future__ import annotations

import numpy as np
import pytest

from hj212 import Frame, parse, upload
from jiulong.simulator.arithmetic import statistics
from jiulong.simulator.water import DAY_S, LOCAL_S
from jiulong.simulator.wire import (
    FastWriter,
    LoggerSpec,
    clock_text,
    interval_rows,
    realtime_rows,
)

MIDNIGHT = 1_763_000_000 // DAY_S * DAY_S - LOCAL_S
STARTS = np.arange(MIDNIGHT, MIDNIGHT + DAY_S, 600, dtype=np.int64)
MN = "0100DE303506020000000001"
KEY = b"0123456789abcdef"


def spec(profile: str, trade: str = "plating", position: str = "process") -> LoggerSpec:
    return LoggerSpec(MN, "123456", trade, position, 77, profile, KEY if profile == "2025" else b"")


def read(raw: bytes) -> Frame:
    found = parse(raw, keys=lambda _mn: [KEY])
    assert isinstance(found, Frame)
    return found


@pytest.mark.parametrize("profile", ["2005", "2017", "2025"])
@pytest.mark.parametrize("cn", ["2051", "2061", "2031"])
def test_the_fast_writer_says_what_the_codec_says(profile: str, cn: str) -> None:
    mine = spec(profile)
    found = statistics(mine.model(), STARTS, 600, 60)
    times = [clock_text(start).encode() for start in STARTS.tolist()]
    qns = [text + b"123" for text in times]
    frames = FastWriter(mine).frames(cn, found, times, qns)
    assert {chr(mark) for mark in found.marks.ravel().tolist()} >= {"N", "F"}
    for place, raw in enumerate(frames):
        data = interval_rows(mine, found, place)
        same = upload(
            cn=cn, data=data, profile=mine.talk, st="32", pw="123456", mn=MN,
            qn=qns[place].decode(), time=times[place].decode(),
        )  # fmt: skip
        assert [raw] == same
        assert read(raw).data == data


def test_2005_has_its_own_codes_and_milligrams() -> None:
    new, old = spec("2017"), spec("2005")
    found = statistics(new.model(), STARTS[60:61], 600, 60)
    sent, sent_old = interval_rows(new, found, 0), interval_rows(old, found, 0)
    assert list(sent) == ["w00000", "w01001", "w01010", "w20116", "w20117", "w20121"]
    assert list(sent_old) == ["B01", "001", "023", "024", "028"]
    # Hexavalent chromium travels in µg/L since 2017, and in mg/L before.
    assert float(sent["w20117"]["Avg"]) == pytest.approx(1000 * float(sent_old["024"]["Avg"]))


def test_a_real_time_frame_says_when_its_samples_were_taken() -> None:
    mine = spec("2017")
    at = MIDNIGHT + 10 * 3600 + 754
    sample = mine.model().sample(np.array([at], dtype=np.int64))
    rows = realtime_rows(mine, mine.model(), sample, at, 0)
    assert rows["w20116"]["SampleTime"] == clock_text(MIDNIGHT + 10 * 3600)
    assert set(rows["w00000"]) == {"Rtd", "Flag"}
    old = realtime_rows(spec("2005"), mine.model(), sample, at, 0)
    assert set(old["023"]) == {"Rtd", "Flag"}


def test_every_packet_fits_the_protocol() -> None:
    for trade, position in (("plating", "effluent"), ("paper", "effluent"), ("food", "influent")):
        mine = spec("2017", trade, position)
        found = statistics(mine.model(), STARTS[:1], 600, 60)
        raw = FastWriter(mine).frames("2051", found, [b"20251113000000"], [b"20251113001003000"])
        assert len(read(raw[0]).cp) + 8 <= 950
