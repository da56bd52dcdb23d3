"""The 32 cases that no open peer passes altogether (the row number is in the test's name)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hj212 import Frame, Stream, number
from hj212.crc import crc_modbus, crc_text
from tests.hj212.frames import BODY, HEADER, MN, QN, wire

Check = Callable[[list[Frame]], object]

SEGMENT = f"{HEADER}CP=&&{BODY}&&".encode()
MODBUS = crc_modbus(SEGMENT)
LONG = "DataTime=20160801085857;" + ";".join(f"w{n:05d}-Rtd=1.0,w{n:05d}-Flag=N" for n in range(54))


def with_zero_crc() -> bytes:
    """A frame whose checksum begins with 0, printed without it."""
    for count in range(1000):
        sent = wire(f"DataTime=20160801085857;w01018-Rtd={count}")
        if sent[-6:-5] == b"0":
            return sent[:-6] + sent[-5:]
    raise AssertionError("no such checksum")


def one(data: dict[str, dict[str, str]]) -> Check:
    return lambda frames: [frame.data for frame in frames] == [data]


def repaired(*what: str) -> Check:
    return lambda frames: len(frames) == 1 and frames[0].repaired == what and plain(frames)


def plain(frames: list[Frame]) -> bool:
    wanted = {"w01018": {"Rtd": "2.2", "Flag": "N"}, "w21003": {"Rtd": "0.31", "Flag": "N"}}
    return all(frame.data == wanted and frame.mn == MN for frame in frames)


def variant(name: str) -> Check:
    return lambda frames: [f.crc_variant for f in frames] == [name] and plain(frames)


def info(text: str) -> Check:
    return one({"i11001": {"Info": text}})


ROWS: list[tuple[str, bytes, Check]] = [
    ("01-valid", wire(), repaired()),
    ("02-missing-qn", wire(header=HEADER[len(QN) + 4 :]), lambda f: f[0].qn == "" and plain(f)),
    ("03-missing-flag", wire(header=HEADER.replace("Flag=5;", "")),
     lambda f: (f[0].flag, f[0].version, f[0].wants_ack) == (None, 2017, False) and plain(f)),
    ("04-empty-values", wire("DataTime=20160801085857;w01018-Rtd=,w01018-Flag="),
     lambda f: f[0].data["w01018"] == {"Rtd": "", "Flag": ""}
     and f[0].columns().values == [None]),
    ("05-trailing-semicolon", wire(BODY + ";"), plain),
    ("06-pw-mn-order", wire(header=f"QN={QN};ST=32;CN=2011;MN={MN};PW=123456;Flag=5;"),
     lambda f: (f[0].pw, f[0].repaired) == ("123456", ("segment",)) and plain(f)),
    ("07-17-digit-datatime", wire(BODY.replace("20160801085857", "20160801085857123")),
     lambda f: f[0].time.isoformat() == "2016-08-01T08:58:57+08:00"),  # type: ignore[union-attr]
    ("08-empty-cp", wire(""), lambda f: (f[0].data, f[0].params, f[0].time) == ({}, {}, None)),
    ("09-pnum", wire(header=HEADER.replace("Flag=5", "Flag=7;PNUM=2;PNO=1")),
     lambda f: (f[0].pnum, f[0].pno, f[0].repaired) == (2, 1, ()) and plain(f)),
    ("10-flag-9", wire(header=HEADER.replace("Flag=5", "Flag=9")),
     lambda f: (f[0].version, f[0].wants_ack) == (2025, True) and plain(f)),
    ("11-rf", wire(header=HEADER.replace("Flag=5;", "Flag=9;RF=1;")),
     lambda f: f[0].rf and f[0].repaired == () and plain(f)),
    ("12-dash-value", wire("DataTime=20160801085857;w01018-Rtd=-,w01018-Flag=D"),
     lambda f: f[0].data["w01018"]["Rtd"] == "-" and f[0].columns().values == [None]),
    ("13-sci-notation", wire("DataTime=20160801085857;w01018-Rtd=1.5E-3,w01018-Flag=N"),
     lambda f: f[0].columns().values == [0.0015] and number("1.5E-3") == 0.0015),
    ("14-lower-case-crc", wire(crc=crc_text(SEGMENT).lower()), variant("hj")),
    ("15-no-crlf", wire(tail=b""), repaired("tail")),
    ("16-lf-only", wire(tail=b"\n"), repaired("tail")),
    ("17-modbus-crc", wire(crc=b"%04X" % MODBUS), variant("modbus")),
    ("18-modbus-crc-swapped", wire(crc=b"%02X%02X" % (MODBUS & 255, MODBUS >> 8)),
     variant("modbus-swapped")),
    ("19-crc-without-leading-zero", with_zero_crc(),
     lambda f: len(f) == 1 and f[0].repaired == ("crc",)),
    ("20-garbage-prefix", b"\x01\x03##12GET / HTTP" + wire(), repaired()),
    ("21-two-sticky", wire() + wire(), lambda f: len(f) == 2 and plain(f)),
    ("22-two-sticky-no-crlf", wire(tail=b"") + wire(), lambda f: len(f) == 2 and plain(f)),
    ("23-3-digit-length", wire(length=str(len(SEGMENT))), repaired("length")),
    ("24-length-too-long", wire(length=f"{len(SEGMENT) + 60:04d}"), repaired("length")),
    ("25-length-too-short", wire(length=f"{len(SEGMENT) - 30:04d}"), repaired("length")),
    ("26-stray-comma-FLAG", wire(header=f"QN={QN};ST=32;CN=2011;PW=123456;,MN={MN};FLAG=5;"),
     lambda f: f[0].flag == 5 and plain(f)),
    ("27-utf8-log", wire("i11001-Info=//清洗管路//"), info("//清洗管路//")),
    ("28-gbk-log", wire("i11001-Info=//清洗管路//".encode("gbk")), info("//清洗管路//")),
    ("29-semicolon-in-log", wire("i11001-Info=//开机; ok, a=b && c//"),
     info("//开机; ok, a=b && c//")),
    ("30-segment-over-1024", wire(LONG),
     lambda f: len(f[0].segment) > 1600 and len(f[0].data) == 54),
    ("31-duplicate-factor",
     wire("DataTime=20160801085857;w00000-Rtd=12.5,w00000-Flag=N;w00000-Rtd=99871,w00000-Flag=N"),
     one({"w00000": {"Rtd": "12.5", "Flag": "N"}, "w00000#2": {"Rtd": "99871", "Flag": "N"}})),
    ("32-spaces-around-keys", wire(" DataTime = 20160801085857 ; w01018-Rtd =2.2, w01018-Flag= N "),
     one({"w01018": {"Rtd": "2.2", "Flag": "N"}})),
]  # fmt: skip


IDS = [f"5.4-{name}" for name, _, _ in ROWS]


@pytest.mark.parametrize("piece", [1, 50, 100_000])
@pytest.mark.parametrize(
    ("sent", "check"), [r[1:] for r in ROWS], ids=[f"5.4-{r[0]}" for r in ROWS]
)
def test_row(sent: bytes, check: Check, piece: int) -> None:
    stream = Stream()
    results = [r for i in range(0, len(sent), piece) for r in stream.feed(sent[i : i + piece])]
    results += stream.close()
    assert b"".join(result.raw for result in results) == sent
    frames = [result for result in results if isinstance(result, Frame)]
    assert frames
    assert check(frames)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("99999999999999", 99999999999999.0),
        ("100000000000000", None),
        ("-1e308", None),
        ("9" * 32, None),
        ("1e-3", 0.001),
    ],
)
def test_what_no_instrument_measures_is_no_number(text: str, expected: float | None) -> None:
    assert number(text) == expected
