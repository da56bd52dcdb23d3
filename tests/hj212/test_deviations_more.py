"""The 40 deviations a receiver must survive, 27-40: talk.  The row is in the test's name."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hj212 import (
    FACTORS,
    PROFILES,
    Damage,
    Dialogue,
    Frame,
    Merger,
    Reason,
    Stream,
    answer,
    encode,
    factor,
    parse,
)
from tests.hj212.frames import BODY, HEADER, MN, QN, SM4_BODIES, SM4_FRAMES, SM4_KEY, wire
from tests.hj212.rows import GOOD, Rows, body, frame, header, row_of

ROWS: Rows = {}
P2017 = PROFILES["2017"]


@pytest.mark.parametrize("place", range(27, 41), ids=lambda place: f"6.2-{place:02d}")
def test_row(place: int) -> None:
    ROWS[place]()


@row_of(ROWS, 27)
def acknowledgements_are_never_acknowledged() -> None:
    for cn in ("9011", "9012", "9013", "9014"):
        assert answer(header(HEADER.replace("2011", cn)), P2017) is None
        assert not header(HEADER.replace("2011", cn)).wants_ack


def dialogue(cn: str = "3015") -> Dialogue:
    made = Dialogue.request(cn, profile="2017", qn=QN, st="32", pw="123456", mn=MN)
    made.start(0.0)
    return made


def said(cn: str, text: str = "", qn: str = QN) -> Frame:
    return frame(encode(cn=cn, st="91", qn=qn, pw="123456", mn=MN, flag=4, cp=text))


@row_of(ROWS, 28)
def qn_inside_cp() -> None:
    asked = dialogue()
    assert asked.receive(said("9011", f"QN={QN};QnRtn=1", qn=""), 1.0)
    assert asked.state == "accepted"


@row_of(ROWS, 29)
def answers_in_any_order() -> None:
    early = dialogue()
    assert early.receive(said("9012", "ExeRtn=1"), 1.0)
    assert early.receive(said("3015", "DataTime=20160801085857;VaseNo=1"), 2.0)
    assert (early.state, len(early.replies)) == ("done", 1)
    without = dialogue()
    assert without.receive(said("3015", "DataTime=20160801085857"), 1.0)
    assert without.tick(10_000.0) == []
    assert (without.state, without.may_repeat) == ("unknown", False)


@row_of(ROWS, 30)
def retransmissions() -> None:
    first, again = header(HEADER), header(HEADER.replace(QN, "20160801085907223"))
    assert (first.mn, first.cn, first.time, first.data) == (
        again.mn, again.cn, again.time, again.data,
    )  # fmt: skip


@row_of(ROWS, 31)
def several_devices_on_a_line() -> None:
    other = wire(header=HEADER.replace(MN, "B" * 24))
    results = Stream().feed(wire() + other)
    assert [result.mn for result in results if isinstance(result, Frame)] == [MN, "B" * 24]


@row_of(ROWS, 32)
def login_and_heartbeat() -> None:
    login = answer(header(HEADER.replace("2011", "9021").replace("Flag=5", "Flag=4")), P2017)
    beat = answer(header(HEADER.replace("2011", "9015").replace("Flag=5", "Flag=9")), "2025")
    assert login is not None
    assert beat is not None
    assert (b"CN=9022" in login, b"CN=9013" in beat, b"Flag=8" in beat) == (True, True, True)
    stream = Stream()
    (blank,) = stream.feed(b"\r\n\r\n") + stream.close()
    assert isinstance(blank, Damage)
    assert blank.reason is Reason.BLANK


@row_of(ROWS, 33)
def marks_missing_or_doubled() -> None:
    start = f"{HEADER}CP=&&{BODY}".encode()
    for segment in (start, start + b"&&&&", start + b"&"):
        odd = frame(wire(segment=segment))
        assert (odd.data, odd.repaired) == (GOOD, ("segment",))
    assert header(HEADER).repaired == ()
    assert frame(wire(segment=f"{HEADER}CP=&&".encode())).data == {}


@row_of(ROWS, 34)
def packets_announced_but_single() -> None:
    for flag in ("Flag=7", "Flag=7;PNUM=1;PNO=1"):
        (merged,) = Merger().add(header(HEADER.replace("Flag=5", flag)), 0.0)
        assert (merged.complete, merged.data) == (True, GOOD)


@row_of(ROWS, 35)
def enciphered() -> None:
    plain = SM4_FRAMES["short"]
    start = plain.index(b"&&") + 2
    sent = plain[:start] + SM4_BODIES["short"] + plain[-8:]
    unread = parse(sent)
    assert isinstance(unread, Damage)
    assert (unread.reason, unread.raw) == (Reason.BAD_CRC, sent)
    read = parse(sent, keys=lambda _mn: [b"0" * 15 + b"1", SM4_KEY])
    assert isinstance(read, Frame)
    assert read.raw == sent
    assert read.segment == plain[6:-6]


@row_of(ROWS, 36)
def backfill() -> None:
    late = header(HEADER.replace(QN, "20240805085857223").replace("Flag=5;", "Flag=9;RF=1;"))
    assert (late.rf, late.wants_ack) == (True, True)


@row_of(ROWS, 37)
def clock_reset() -> None:
    late = body("DataTime=20000101000013;w01018-Rtd=1")
    assert late.time is not None
    assert late.time.isoformat() == "2000-01-01T00:00:13+08:00"
    now = datetime(2016, 8, 1, 0, 58, 57, tzinfo=UTC)
    assert P2017.first_requests(now)[0] == ("1012", {"SystemTime": "20160801085857"})
    assert P2017.on_notice["1013"][0] == "1012"


@row_of(ROWS, 38)
def units() -> None:
    assert str(FACTORS["w20111"].to_mg_per_l) == "0.001"
    assert FACTORS["w00000"].to_mg_per_l is None
    old = factor("020")
    assert old is not None
    assert (FACTORS["w20111"].unit, old.unit) == ("µg/L", "mg/L")


@row_of(ROWS, 39)
def half_open_line() -> None:
    asked = dialogue("1061")
    sent = [asked.tick(float(second)) for second in range(0, 100, 5)]
    assert sum(bool(frames) for frames in sent) == P2017.re_count
    assert (asked.state, asked.link_dead) == ("unknown", True)
    stream = Stream()
    text = "DataTime=20160801085857;i11001-Info=//" + "x" * 800 + "//"
    assert stream.feed(wire(text)[:300] + wire()) == []  # broken off; the next waits behind it
    assert [type(result) for result in stream.flush()] == [Damage, Frame]


@row_of(ROWS, 40)
def reconnect_storm() -> None:
    backlog = wire() * 2000
    frames = [result for result in Stream().feed(backlog) if isinstance(result, Frame)]
    assert len(frames) == 2000
    assert len({answer(result, P2017) for result in frames}) == 1
