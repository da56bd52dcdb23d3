"""The past reads as if it had been received."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest

from hj212 import Frame, parse
from jiulong.demo.district import district
from jiulong.demo.history import (
    MISTYPED_PLACE,
    NODE,
    SILENT_PLACE,
    SILENT_S,
    STRANGER_MN,
    Batch,
    batches,
    luck_of,
    write_history,
)
from jiulong.gateway.journal import Verdict, unpack
from jiulong.gateway.models import JournalBatch
from jiulong.simulator.noise import seed_of
from jiulong.simulator.station import Station
from jiulong.simulator.wire import LoggerSpec

HOUR = 3600
END = 1_763_000_000 // 600 * 600
START = END // HOUR * HOUR - 4 * 86_400
SPECS = district().specs()
KEYS = {spec.mn: [spec.key] for spec in SPECS if spec.key}


def read(raw: bytes) -> Frame:
    found = parse(raw, keys=lambda mn: KEYS.get(mn, []))
    assert isinstance(found, Frame)
    return found


def frames(found: list[Batch]) -> list[Frame]:
    return [read(e.raw) for b in found for e in b.entries if e.verdict == Verdict.ACCEPTED]


def quiet() -> list[LoggerSpec]:
    """Loggers to whom nothing happens."""
    return [s for s in SPECS if seed_of(s.seed, "line") % 1000 >= 200][:2]


def test_every_frame_has_the_right_checksum_and_every_period_is_there() -> None:
    one, other = quiet()
    found = frames(list(batches([one], START, END)))
    assert {frame.crc_variant for frame in found} == {"hj"}
    counted = Counter(frame.cn for frame in found if frame.mn == one.mn)
    minutes = (END - START) // (one.minute_min * 60)
    assert counted["2051"] == minutes
    assert counted["2061"] == (END - START) // HOUR
    assert counted["2031"] == 3
    assert len({frame.qn for frame in found}) == len(found)
    assert other.mn not in {frame.mn for frame in found}


def test_batches_come_hour_by_hour_in_the_order_of_time() -> None:
    found = list(batches(quiet(), START, END))
    times = [batch.received_at for batch in found]
    assert times == sorted(times)
    for batch in found:
        inside = [entry.received_at_us for entry in batch.entries]
        assert inside == sorted(inside)
        assert batch.entries[-1].received_at.replace(microsecond=0) == batch.received_at.replace(
            microsecond=0
        )
    last = datetime.fromtimestamp(END + 60, UTC)
    assert times[-1] < last


def test_the_live_fleet_goes_on_where_the_past_ends() -> None:
    one = quiet()[0]
    found = frames(list(batches([one], START, END)))
    last = max(f.params["DataTime"] for f in found if f.cn == "2051")
    station = Station(one, since=END)
    station.connect(END)
    station.sends_realtime = False
    station.tick(END + 600 + 30)
    first = [read(raw) for raw in station.outgoing(0)]
    minute = next(frame for frame in first if frame.cn == "2051")
    before = datetime.strptime(last, "%Y%m%d%H%M%S")  # noqa: DTZ007 - both are local
    after = datetime.strptime(minute.params["DataTime"], "%Y%m%d%H%M%S")  # noqa: DTZ007
    assert (after - before).total_seconds() == 600


def test_a_frame_of_the_past_is_what_its_logger_would_have_sent() -> None:
    one = quiet()[0]
    past = {(f.cn, f.params["DataTime"]): f for f in frames(list(batches([one], START, END)))}
    station = Station(one, since=START)
    station.tick(START + 86_400)
    station.connect(START + 86_400)
    asked = [item.raw for item in station._uploads if item.cn != "2081"]
    live = [read(raw) for raw in asked]
    assert len(live) > 140
    assert [f.cn for f in live if (f.cn, f.params["DataTime"]) not in past] == ["2031"]
    for frame in live:
        same = past.get((frame.cn, frame.params["DataTime"]))
        # The past has no day of which it lacks a part.
        assert same is None or frame.data == same.data


def test_the_same_seed_gives_the_same_past() -> None:
    one = [(b.received_at, b.entries) for b in batches(SPECS[:3], START, END)]
    other = [(b.received_at, b.entries) for b in batches(SPECS[:3], START, END)]
    assert one == other


def test_lines_broke_in_every_way() -> None:
    start = END // HOUR * HOUR - 30 * 86_400
    lucks = [luck_of(spec, place, start, END) for place, spec in enumerate(SPECS)]
    assert lucks[SILENT_PLACE].silent_from == END - SILENT_S
    assert lucks[MISTYPED_PLACE].mistyped is not None
    for name in ("lost", "late", "disputed_at"):
        assert 1 <= sum(getattr(luck, name) is not None for luck in lucks) <= 20


def test_what_was_lost_is_missing_and_what_was_late_came_late() -> None:
    start = END // HOUR * HOUR - 30 * 86_400
    lucks = [luck_of(spec, place, start, END) for place, spec in enumerate(SPECS)]
    late_place = next(p for p, luck in enumerate(lucks) if luck.late)
    lost_place = next(p for p, luck in enumerate(lucks) if luck.lost)
    # The place decides only about two of them, so these two can stand at the beginning.
    chosen = [SPECS[late_place], SPECS[lost_place]]
    found = list(batches(chosen, start, END))
    late, lost = lucks[late_place].late, lucks[lost_place].lost
    assert late is not None
    assert lost is not None
    heard = {
        mn: [e.received_at_us / 1e6 for b in found for e in b.entries if mn.encode() in e.raw]
        for mn in (spec.mn for spec in chosen)
    }
    for spec, span in zip(chosen, (late, lost), strict=True):
        assert not [at for at in heard[spec.mn] if span.start <= at < span.end]
    storm = [at for at in heard[chosen[0].mn] if late.end <= at < late.end + 20]
    assert len(storm) >= (late.end - late.start) / 600
    sent = Counter(frame.mn for frame in frames(found) if frame.cn == "2061")
    assert sent[chosen[0].mn] > sent[chosen[1].mn]


def test_strangers_and_damage_are_refused_with_their_reasons() -> None:
    found = list(batches(SPECS[:80], END // HOUR * HOUR - 3 * 86_400, END))
    reasons = Counter(entry.verdict for batch in found for entry in batch.entries)
    assert set(reasons) == {
        Verdict.ACCEPTED, Verdict.UNKNOWN_MN, Verdict.WRONG_PASSWORD, Verdict.BAD_CRC,
    }  # fmt: skip
    assert reasons[Verdict.UNKNOWN_MN] == 36 * 6 + 36
    for batch in found:
        for entry in batch.entries:
            if entry.verdict == Verdict.BAD_CRC:
                assert not isinstance(parse(entry.raw, keys=lambda mn: KEYS.get(mn, [])), Frame)
            if entry.verdict == Verdict.UNKNOWN_MN:
                assert read(entry.raw).mn == STRANGER_MN


def test_a_past_that_begins_within_an_hour_is_refused() -> None:
    with pytest.raises(ValueError, match="begins with an hour"):
        list(batches(SPECS[:1], START + 600, END))


@pytest.mark.django_db
def test_it_is_written_once() -> None:
    start = END // HOUR * HOUR - 6 * HOUR
    said: list[int] = []
    total = write_history(SPECS[:5], start, END, lambda _at, frames: said.append(frames))
    assert said[-1] == total
    assert total == sum(JournalBatch.objects.values_list("frames", flat=True))
    write_history(SPECS[:5], start, END)
    rows = list(JournalBatch.objects.order_by("id"))
    assert total == sum(row.frames for row in rows)
    assert {row.node for row in rows} == {NODE}
    assert [row.received_at for row in rows] == sorted(row.received_at for row in rows)
    assert [len(unpack(bytes(row.body))) for row in rows] == [row.frames for row in rows]
