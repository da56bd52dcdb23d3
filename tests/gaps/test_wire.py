"""What we ask is understood by loggers of every version: simulated ones answer, no database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

import hj212
from jiulong.gaps import asking
from jiulong.gaps.engine import Stretch
from jiulong.gaps.models import Gap
from jiulong.gateway.models import Logger
from jiulong.monitoring.models import Period
from jiulong.simulator.station import Station
from jiulong.simulator.wire import LoggerSpec

MN = {"2005": "88888880000001", "2017": "010000A8900016F000169DC0"}
NOON = datetime(2026, 3, 10, 4, tzinfo=UTC)


def history(
    profile: str, period: Period, minutes: int, piece: Stretch
) -> tuple[list[datetime], str]:
    """Ask a simulated logger for a piece: the times of what it sent, and its ExeRtn."""
    mn = MN.get(profile, MN["2017"])
    gap = Gap(period=period, minutes=minutes)
    asked = asking.parameters(gap, piece, Logger(time_label="start"))
    station = Station(
        LoggerSpec(mn=mn, password="123456", trade="food", position="effluent", seed=3,
                   profile=profile),
        since=NOON.timestamp() - 86400,
    )  # fmt: skip
    station.sends_realtime = False
    station.connect(NOON.timestamp())
    raws = hj212.request(
        asking.CNS[period], asked, profile=hj212.PROFILES[profile], qn="20260310120000000",
        pw="123456", mn=mn, st="32",
    )  # fmt: skip
    for raw in raws:
        station.receive(frame_of(raw), NOON.timestamp())
    times: list[datetime] = []
    result = ""
    while sent := station.outgoing(0.0):
        for raw in sent:
            frame = frame_of(raw)
            result = frame.params.get("ExeRtn", result)
            if frame.cn == asking.CNS[period] and frame.time is not None:
                times.append(frame.time)
            reply = hj212.answer(frame, hj212.PROFILES[profile])
            if reply is not None:
                station.receive(frame_of(reply), NOON.timestamp())
    return sorted(set(times)), result


def frame_of(raw: bytes) -> hj212.Frame:
    found = hj212.parse(raw)
    assert isinstance(found, hj212.Frame)
    return found


@pytest.mark.parametrize("profile", ["2005", "2017", "2025"])
@pytest.mark.parametrize(
    ("period", "minutes", "count"),
    [(Period.MINUTE, 10, 12), (Period.HOUR, 60, 5), (Period.DAY, 1440, 1)],
)
def test_it_gets_exactly_what_is_missing(
    profile: str, period: Period, minutes: int, count: int
) -> None:
    length = timedelta(minutes=minutes)
    start = NOON - timedelta(hours=36) if period == Period.DAY else NOON - timedelta(hours=9)
    piece = Stretch(start, start + count * length)
    times, result = history(profile, period, minutes, piece)
    assert times == [start + n * length for n in range(count)]
    assert result == "1"


def test_it_is_told_when_there_is_nothing() -> None:
    piece = Stretch(NOON + timedelta(hours=2), NOON + timedelta(hours=3))
    assert history("2017", Period.HOUR, 60, piece) == ([], asking.NO_DATA)
