"""The 40 deviations a receiver must survive, 1-26: frames.  The row is in the test's name."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from hj212 import (
    FACTORS,
    FLAGS,
    PROFILES,
    Damage,
    Frame,
    Reason,
    Stream,
    answer,
    factor,
    info,
    number,
    parse,
    time_of,
)
from hj212.crc import crc_modbus, crc_text
from hj212.stream import MAX_GARBAGE
from tests.hj212.frames import BODY, HEADER, MN, QN, wire
from tests.hj212.rows import GOOD, Rows, body, frame, header, row_of

ROWS: Rows = {}
P2017 = PROFILES["2017"]


@pytest.mark.parametrize("place", range(1, 27), ids=lambda place: f"6.2-{place:02d}")
def test_row(place: int) -> None:
    ROWS[place]()


SEGMENT = frame(wire()).segment


@row_of(ROWS, 1)
def modbus_checksum() -> None:
    sent = wire(crc=b"%04X" % crc_modbus(SEGMENT))
    assert frame(sent).crc_variant == "modbus"
    assert isinstance(parse(sent, crc="strict"), Damage)


@row_of(ROWS, 2)
def modbus_checksum_swapped() -> None:
    value = crc_modbus(SEGMENT)
    assert frame(wire(crc=b"%02X%02X" % (value & 255, value >> 8))).crc_variant == "modbus-swapped"


@row_of(ROWS, 3)
def lower_case_hex() -> None:
    sent = wire(crc=crc_text(SEGMENT).lower())
    assert frame(sent).crc == crc_text(SEGMENT).decode().lower()
    assert isinstance(parse(sent, crc="strict"), Frame)


@row_of(ROWS, 4)
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


@row_of(ROWS, 5)
def wrong_length() -> None:
    characters = "DataTime=20160801085857;i11001-Info=//清洗管路//"
    counted = len(f"{HEADER}CP=&&{characters}&&")
    for sent in (
        wire(length="0001"), wire(length="9999"), wire(length="0700"), wire(length="00"),
        wire(length="00162"), wire(characters, length=f"{counted:04d}"),
    ):  # fmt: skip
        assert frame(sent).repaired == ("length",)


@row_of(ROWS, 6)
def long_segment() -> None:
    text = "DataTime=20160801085857;i11001-Info=//" + "x" * 5000 + "//"
    assert len(body(text).data["i11001"]["Info"]) == 5004
    (*_, last) = (stream := Stream(max_segment=1024)).feed(wire(text) + wire()) + stream.close()
    assert isinstance(last, Frame)


@row_of(ROWS, 7)
def tails() -> None:
    for tail in (b"", b"\n", b"\r", rb"\r\n"):
        for following in (b"", b" ", b"\r\n"):
            stream = Stream()
            sent = wire(tail=tail) + following + wire()
            results = stream.feed(sent) + stream.close()
            assert [type(result) for result in results] == [Frame, Frame]
            assert b"".join(result.raw for result in results) == sent


@row_of(ROWS, 8)
def noise_before_crlf() -> None:
    assert frame(wire(tail=b"**\r\n")).repaired == ("tail",)


@row_of(ROWS, 9)
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


@row_of(ROWS, 10)
def garbage() -> None:
    noise = b"\x01\x03\x00\x00GET / HTTP/1.1\r\n##abcd####12\x00" * 900
    stream = Stream()
    results = stream.feed(noise + wire()) + stream.close()
    assert isinstance(results[-1], Frame)
    assert b"".join(result.raw for result in results) == noise + wire()
    assert max(len(result.raw) for result in results) <= MAX_GARBAGE


@row_of(ROWS, 11)
def odd_qn() -> None:
    missing = header(HEADER.partition(";")[2])
    assert missing.qn == ""
    reply = answer(missing, P2017)
    assert reply is not None
    assert reply[6:19] == b"ST=91;CN=9014"
    assert header(HEADER.replace(QN, "1470013137223")).qn == "1470013137223"


@row_of(ROWS, 12)
def odd_flag() -> None:
    assert header(HEADER.replace("Flag=5;", "")).flag is None
    assert header(HEADER.replace("Flag", "FLAG")).flag == 5
    without = HEADER.replace("Flag=5;", "").encode()
    after = frame(wire(segment=without + b"CP=&&" + BODY.encode() + b"&&;Flag=5"))
    assert (after.flag, after.data, after.repaired) == (5, GOOD, ("segment",))
    assert header(HEADER.replace("Flag=5", "Flag=7")).pnum is None


@row_of(ROWS, 13)
def odd_login() -> None:
    assert header(HEADER.replace("PW=123456", "PW=")).pw == ""
    swapped = header(f"QN={QN};ST=32;CN=2011;MN={MN};PW=123456;Flag=5;")
    assert (swapped.mn, swapped.pw) == (MN, "123456")
    stray = header(HEADER.replace("PW=123456;", "PW=123456;,"))
    assert (stray.mn, stray.data) == (MN, GOOD)


@row_of(ROWS, 14)
def odd_mn() -> None:
    for mn in ("1", "ab-cd_ef", "88888880000001", "x" * 30):
        assert header(HEADER.replace(MN, mn)).mn == mn


@row_of(ROWS, 15)
def odd_packets() -> None:
    odd = header(HEADER.replace("Flag=5", "Flag=7;PNO=0002;PNUM=0003"))
    assert (odd.pnum, odd.pno) == (3, 2)


@row_of(ROWS, 16)
def odd_st() -> None:
    assert [header(HEADER.replace("ST=32", f"ST={st}")).st for st in ("80", "101")] == ["80", "101"]


@row_of(ROWS, 17)
def odd_datatime() -> None:
    assert time_of("20160801085857123") == time_of("20160801085857")
    assert body("DataTime=;w01018-Rtd=1").time is None
    assert body("DataTime=20161301085857;w01018-Rtd=1").time is None
    old = body("DataTime=19700101000000;w01018-Rtd=1").time
    assert old is not None
    assert old.astimezone(UTC) == datetime(1969, 12, 31, 16, tzinfo=UTC)


@row_of(ROWS, 18)
def label_at_the_end() -> None:
    from dataclasses import replace

    label, period = time_of("20160801090000"), timedelta(hours=1)
    assert label is not None
    assert P2017.start_of(label, period) == label
    assert replace(P2017, time_label="end").start_of(label, period) == label - period


@row_of(ROWS, 19)
def mixed_separators() -> None:
    text = BODY.replace(",", "\0").replace(";", ",").replace("\0", ";")
    assert body(text).data == body(text + ";").data == body(BODY.replace(";", " ; ")).data == GOOD
    assert body("BeginTime=1,EndTime=2").params == {"BeginTime": "1", "EndTime": "2"}


@row_of(ROWS, 20)
def odd_codes() -> None:
    odd = body("DataTime=20160801085857;W21003-Rtd=1;a010061-Rtd=2;TEMP-Rtd=3")
    assert list(odd.data) == ["W21003", "a010061", "TEMP"]
    assert factor("W21003") == FACTORS["w21003"]
    assert factor("TEMP") is None
    assert info("I33400") == info("i33400")


@row_of(ROWS, 21)
def duplicates() -> None:
    twice = body("DataTime=20160801085857;w00000-Rtd=1,w00000-Rtd=2,w00000-Rtd=3,w00000-Flag=N")
    assert twice.data == {
        "w00000": {"Rtd": "1"}, "w00000#2": {"Rtd": "2"}, "w00000#3": {"Rtd": "3", "Flag": "N"},
    }  # fmt: skip
    assert factor("w00000#2") == FACTORS["w00000"]
    assert body("A=1;A=2").params == {"A": "1", "A#2": "2"}


@row_of(ROWS, 22)
def unknown_attributes() -> None:
    odd = body("DataTime=20160801085857;w01018-Class=III,w01018-td=1,w01018-ZsCou=2;loose")
    assert odd.data == {"w01018": {"Class": "III", "td": "1", "ZsCou": "2"}}
    assert odd.params == {"DataTime": "20160801085857", "loose": ""}


@row_of(ROWS, 23)
def values_that_are_none() -> None:
    for text in ("", "-", "NaN", "+", "2,5", "inf", "1e999", "1_0", "--1", "0x10", "∞"):
        assert number(text) is None
    assert [number(t) for t in ("1E-3", "+1.5", "-.5", "5.", " 7 ")] == [0.001, 1.5, -0.5, 5.0, 7.0]
    comma = body("DataTime=20160801085857;w01018-Rtd=2,5,w01018-Flag=N")
    assert comma.data == {"w01018": {"Rtd": "2,5", "Flag": "N"}}
    for _ in range(3):  # the third is read by shape
        assert body("DataTime=20160801085857;w01018-Rtd=-,w01018-Flag=N").columns().values == [None]


@row_of(ROWS, 24)
def odd_data_flags() -> None:
    assert [code in FLAGS for code in ("N", "n", "hd", "")] == [True, False, False, False]
    odd = body("DataTime=20160801085857;w01018-Rtd=1,w01018-Flag=hd;w21003-Rtd=1")
    assert odd.columns().flags == ("hd", "")


@row_of(ROWS, 25)
def gbk_log() -> None:
    mixed = "i11001-Info=//清洗//".encode() + ";i11001-Info=//管路//".encode("gb18030")
    assert frame(wire(mixed)).data == {
        "i11001": {"Info": "//清洗//"}, "i11001#2": {"Info": "//管路//"},
    }  # fmt: skip
    assert frame(wire(b"A=\xff\xff;B=1")).params == {"A": "0xffff", "B": "1"}


@row_of(ROWS, 26)
def separators_in_log() -> None:
    odd = body("PolId=w01018;i11001-Info=//a;b,c=d&&e//f//;i12001-Info=0")
    assert odd.data == {"i11001": {"Info": "//a;b,c=d&&e//f//"}, "i12001": {"Info": "0"}}
    assert body("i11001-Info=//never; closed").data == {"i11001": {"Info": "//never; closed"}}
