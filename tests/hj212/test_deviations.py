"""The 40 deviations a receiver must survive (the row number is in the test's name)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from hj212 import (
    FACTORS,
    FLAGS,
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
    info,
    number,
    parse,
    time_of,
)
from hj212.crc import crc_modbus, crc_text
from hj212.stream import MAX_GARBAGE
from tests.hj212.frames import BODY, HEADER, MN, QN, SM4_BODIES, SM4_FRAMES, SM4_KEY, wire

ROWS: dict[int, Callable[[], None]] = {}
P2017 = PROFILES["2017"]
GOOD = {"w01018": {"Rtd": "2.2", "Flag": "N"}, "w21003": {"Rtd": "0.31", "Flag": "N"}}


def row(place: int) -> Callable[[Callable[[], None]], Callable[[], None]]:
    def remember(test: Callable[[], None]) -> Callable[[], None]:
        assert place not in ROWS
        ROWS[place] = test
        return test

    return remember


@pytest.mark.parametrize("place", range(1, 41), ids=lambda place: f"6.2-{place:02d}")
def test_row(place: int) -> None:
    ROWS[place]()


def frame(sent: bytes) -> Frame:
    (result,) = (stream := Stream()).feed(sent) + stream.close()
    assert isinstance(result, Frame), result
    assert result.raw == sent
    return result


def body(text: str) -> Frame:
    return frame(wire(text))


def header(text: str) -> Frame:
    return frame(wire(header=text))


SEGMENT = frame(wire()).segment


@row(1)
def modbus_checksum() -> None:
    sent = wire(crc=b"%04X" % crc_modbus(SEGMENT))
    assert frame(sent).crc_variant == "modbus"
    assert isinstance(parse(sent, crc="strict"), Damage)


@row(2)
def modbus_checksum_swapped() -> None:
    value = crc_modbus(SEGMENT)
    assert frame(wire(crc=b"%02X%02X" % (value & 255, value >> 8))).crc_variant == "modbus-swapped"


@row(3)
def lower_case_hex() -> None:
    sent = wire(crc=crc_text(SEGMENT).lower())
    assert frame(sent).crc == crc_text(SEGMENT).decode().lower()
    assert isinstance(parse(sent, crc="strict"), Frame)


@row(4)
def placeholder_checksum() -> None:
    for text in (b"0000", b"XXXX", b"CRC", b""):
        sent = wire(crc=text)
        result = parse(sent)
        assert isinstance(result, Damage)
        assert (result.reason, result.raw) == (Reason.BAD_CRC, sent)
        assert result.frame is not None
        assert (result.frame.mn, result.frame.crc_variant) == (MN, "bad")
        ignored = parse(sent, crc="ignore")
        assert isinstance(ignored, Frame)
        assert (ignored.crc_variant, ignored.data) == ("bad", GOOD)


@row(5)
def wrong_length() -> None:
    characters = "DataTime=20160801085857;i11001-Info=//清洗管路//"
    counted = len(f"{HEADER}CP=&&{characters}&&")
    for sent in (
        wire(length="0001"), wire(length="9999"), wire(length="0700"), wire(length="00"),
        wire(length="00162"), wire(characters, length=f"{counted:04d}"),
    ):  # fmt: skip
        assert frame(sent).repaired == ("length",)


@row(6)
def long_segment() -> None:
    text = "DataTime=20160801085857;i11001-Info=//" + "x" * 5000 + "//"
    assert len(body(text).data["i11001"]["Info"]) == 5004
    (*_, last) = (stream := Stream(max_segment=1024)).feed(wire(text) + wire()) + stream.close()
    assert isinstance(last, Frame)


@row(7)
def tails() -> None:
    for tail in (b"", b"\n", b"\r", rb"\r\n"):
        for following in (b"", b" ", b"\r\n"):
            stream = Stream()
            sent = wire(tail=tail) + following + wire()
            results = stream.feed(sent) + stream.close()
            assert [type(result) for result in results] == [Frame, Frame]
            assert b"".join(result.raw for result in results) == sent


@row(8)
def noise_before_crlf() -> None:
    assert frame(wire(tail=b"**\r\n")).repaired == ("tail",)


@row(9)
def one_byte_at_a_time() -> None:
    stream = Stream()
    sent = wire() * 3
    results = [result for byte in sent for result in stream.feed(bytes([byte]))]
    assert [result.raw for result in results] == [wire()] * 3
    assert stream.buffered == 0
    stream.feed(wire()[:50])
    assert (stream.flush(), stream.buffered) == ([], 50)
    (result,) = stream.close()
    assert isinstance(result, Damage)
    assert (result.reason, result.raw) == (Reason.TRUNCATED, wire()[:50])


@row(10)
def garbage() -> None:
    noise = b"\x01\x03\x00\x00GET / HTTP/1.1\r\n##abcd####12\x00" * 900
    stream = Stream()
    results = stream.feed(noise + wire()) + stream.close()
    assert isinstance(results[-1], Frame)
    assert b"".join(result.raw for result in results) == noise + wire()
    assert max(len(result.raw) for result in results) <= MAX_GARBAGE


@row(11)
def odd_qn() -> None:
    missing = header(HEADER.partition(";")[2])
    assert missing.qn == ""
    reply = answer(missing, P2017)
    assert reply is not None
    assert reply[6:19] == b"ST=91;CN=9014"
    assert header(HEADER.replace(QN, "1470013137223")).qn == "1470013137223"


@row(12)
def odd_flag() -> None:
    assert header(HEADER.replace("Flag=5;", "")).flag is None
    assert header(HEADER.replace("Flag", "FLAG")).flag == 5
    without = HEADER.replace("Flag=5;", "").encode()
    after = frame(wire(segment=without + b"CP=&&" + BODY.encode() + b"&&;Flag=5"))
    assert (after.flag, after.data, after.repaired) == (5, GOOD, ("segment",))
    assert header(HEADER.replace("Flag=5", "Flag=7")).pnum is None


@row(13)
def odd_login() -> None:
    assert header(HEADER.replace("PW=123456", "PW=")).pw == ""
    swapped = header(f"QN={QN};ST=32;CN=2011;MN={MN};PW=123456;Flag=5;")
    assert (swapped.mn, swapped.pw) == (MN, "123456")
    stray = header(HEADER.replace("PW=123456;", "PW=123456;,"))
    assert (stray.mn, stray.data) == (MN, GOOD)


@row(14)
def odd_mn() -> None:
    for mn in ("1", "ab-cd_ef", "88888880000001", "x" * 30):
        assert header(HEADER.replace(MN, mn)).mn == mn


@row(15)
def odd_packets() -> None:
    odd = header(HEADER.replace("Flag=5", "Flag=7;PNO=0002;PNUM=0003"))
    assert (odd.pnum, odd.pno) == (3, 2)


@row(16)
def odd_st() -> None:
    assert [header(HEADER.replace("ST=32", f"ST={st}")).st for st in ("80", "101")] == ["80", "101"]


@row(17)
def odd_datatime() -> None:
    assert time_of("20160801085857123") == time_of("20160801085857")
    assert body("DataTime=;w01018-Rtd=1").time is None
    assert body("DataTime=20161301085857;w01018-Rtd=1").time is None
    old = body("DataTime=19700101000000;w01018-Rtd=1").time
    assert old is not None
    assert old.astimezone(UTC) == datetime(1969, 12, 31, 16, tzinfo=UTC)


@row(18)
def label_at_the_end() -> None:
    from dataclasses import replace

    label, period = time_of("20160801090000"), timedelta(hours=1)
    assert label is not None
    assert P2017.start_of(label, period) == label
    assert replace(P2017, time_label="end").start_of(label, period) == label - period


@row(19)
def mixed_separators() -> None:
    text = BODY.replace(",", "\0").replace(";", ",").replace("\0", ";")
    assert body(text).data == body(text + ";").data == body(BODY.replace(";", " ; ")).data == GOOD
    assert body("BeginTime=1,EndTime=2").params == {"BeginTime": "1", "EndTime": "2"}


@row(20)
def odd_codes() -> None:
    odd = body("DataTime=20160801085857;W21003-Rtd=1;a010061-Rtd=2;TEMP-Rtd=3")
    assert list(odd.data) == ["W21003", "a010061", "TEMP"]
    assert factor("W21003") == FACTORS["w21003"]
    assert factor("TEMP") is None
    assert info("I33400") == info("i33400")


@row(21)
def duplicates() -> None:
    twice = body("DataTime=20160801085857;w00000-Rtd=1,w00000-Rtd=2,w00000-Rtd=3,w00000-Flag=N")
    assert twice.data == {
        "w00000": {"Rtd": "1"}, "w00000#2": {"Rtd": "2"}, "w00000#3": {"Rtd": "3", "Flag": "N"},
    }  # fmt: skip
    assert factor("w00000#2") == FACTORS["w00000"]
    assert body("A=1;A=2").params == {"A": "1", "A#2": "2"}


@row(22)
def unknown_attributes() -> None:
    odd = body("DataTime=20160801085857;w01018-Class=III,w01018-td=1,w01018-ZsCou=2;loose")
    assert odd.data == {"w01018": {"Class": "III", "td": "1", "ZsCou": "2"}}
    assert odd.params == {"DataTime": "20160801085857", "loose": ""}


@row(23)
def values_that_are_none() -> None:
    for text in ("", "-", "NaN", "+", "2,5", "inf", "1e999", "1_0", "--1", "0x10", "∞"):
        assert number(text) is None
    assert [number(t) for t in ("1E-3", "+1.5", "-.5", "5.", " 7 ")] == [0.001, 1.5, -0.5, 5.0, 7.0]
    comma = body("DataTime=20160801085857;w01018-Rtd=2,5,w01018-Flag=N")
    assert comma.data == {"w01018": {"Rtd": "2,5", "Flag": "N"}}
    for _ in range(3):  # the third is read by shape
        assert body("DataTime=20160801085857;w01018-Rtd=-,w01018-Flag=N").columns().values == [None]


@row(24)
def odd_data_flags() -> None:
    assert [code in FLAGS for code in ("N", "n", "hd", "")] == [True, False, False, False]
    odd = body("DataTime=20160801085857;w01018-Rtd=1,w01018-Flag=hd;w21003-Rtd=1")
    assert odd.columns().flags == ("hd", "")


@row(25)
def gbk_log() -> None:
    mixed = "i11001-Info=//清洗//".encode() + ";i11001-Info=//管路//".encode("gb18030")
    assert frame(wire(mixed)).data == {
        "i11001": {"Info": "//清洗//"}, "i11001#2": {"Info": "//管路//"},
    }  # fmt: skip
    assert frame(wire(b"A=\xff\xff;B=1")).params == {"A": "0xffff", "B": "1"}


@row(26)
def separators_in_log() -> None:
    odd = body("PolId=w01018;i11001-Info=//a;b,c=d&&e//f//;i12001-Info=0")
    assert odd.data == {"i11001": {"Info": "//a;b,c=d&&e//f//"}, "i12001": {"Info": "0"}}
    assert body("i11001-Info=//never; closed").data == {"i11001": {"Info": "//never; closed"}}


@row(27)
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


@row(28)
def qn_inside_cp() -> None:
    asked = dialogue()
    assert asked.receive(said("9011", f"QN={QN};QnRtn=1", qn=""), 1.0)
    assert asked.state == "accepted"


@row(29)
def answers_in_any_order() -> None:
    early = dialogue()
    assert early.receive(said("9012", "ExeRtn=1"), 1.0)
    assert early.receive(said("3015", "DataTime=20160801085857;VaseNo=1"), 2.0)
    assert (early.state, len(early.replies)) == ("done", 1)
    without = dialogue()
    assert without.receive(said("3015", "DataTime=20160801085857"), 1.0)
    assert without.tick(10_000.0) == []
    assert (without.state, without.may_repeat) == ("unknown", False)


@row(30)
def retransmissions() -> None:
    first, again = header(HEADER), header(HEADER.replace(QN, "20160801085907223"))
    assert (first.mn, first.cn, first.time, first.data) == (
        again.mn, again.cn, again.time, again.data,
    )  # fmt: skip


@row(31)
def several_devices_on_a_line() -> None:
    other = wire(header=HEADER.replace(MN, "B" * 24))
    results = Stream().feed(wire() + other)
    assert [result.mn for result in results if isinstance(result, Frame)] == [MN, "B" * 24]


@row(32)
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


@row(33)
def marks_missing_or_doubled() -> None:
    start = f"{HEADER}CP=&&{BODY}".encode()
    for segment in (start, start + b"&&&&", start + b"&"):
        odd = frame(wire(segment=segment))
        assert (odd.data, odd.repaired) == (GOOD, ("segment",))
    assert header(HEADER).repaired == ()
    assert frame(wire(segment=f"{HEADER}CP=&&".encode())).data == {}


@row(34)
def packets_announced_but_single() -> None:
    for flag in ("Flag=7", "Flag=7;PNUM=1;PNO=1"):
        (merged,) = Merger().add(header(HEADER.replace("Flag=5", flag)), 0.0)
        assert (merged.complete, merged.data) == (True, GOOD)


@row(35)
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


@row(36)
def backfill() -> None:
    late = header(HEADER.replace(QN, "20240805085857223").replace("Flag=5;", "Flag=9;RF=1;"))
    assert (late.rf, late.wants_ack) == (True, True)


@row(37)
def clock_reset() -> None:
    late = body("DataTime=20000101000013;w01018-Rtd=1")
    assert late.time is not None
    assert late.time.isoformat() == "2000-01-01T00:00:13+08:00"
    now = datetime(2016, 8, 1, 0, 58, 57, tzinfo=UTC)
    assert P2017.first_requests(now)[0] == ("1012", {"SystemTime": "20160801085857"})
    assert P2017.on_notice["1013"][0] == "1012"


@row(38)
def units() -> None:
    assert str(FACTORS["w20111"].to_mg_per_l) == "0.001"
    assert FACTORS["w00000"].to_mg_per_l is None
    old = factor("020")
    assert old is not None
    assert (FACTORS["w20111"].unit, old.unit) == ("µg/L", "mg/L")


@row(39)
def half_open_line() -> None:
    asked = dialogue()
    sent = [asked.tick(float(second)) for second in range(0, 100, 5)]
    assert sum(bool(frames) for frames in sent) == P2017.re_count
    assert (asked.state, asked.link_dead) == ("unknown", True)
    stream = Stream()
    text = "DataTime=20160801085857;i11001-Info=//" + "x" * 800 + "//"
    assert stream.feed(wire(text)[:300] + wire()) == []  # broken off; the next waits behind it
    assert [type(result) for result in stream.flush()] == [Damage, Frame]


@row(40)
def reconnect_storm() -> None:
    backlog = wire() * 2000
    frames = [result for result in Stream().feed(backlog) if isinstance(result, Frame)]
    assert len(frames) == 2000
    assert len({answer(result, P2017) for result in frames}) == 1
