"""What must hold for any bytes at all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hj212 import Damage, Frame, Stream, encode, parse
from hj212 import stream as stream_module
from hj212.body import read_body
from hj212.crc import CRC_MODES, CrcMode, crc, crc_reference
from hj212.shape import columns_of
from hj212.stream import Result
from tests.hj212.frames import BODY, HEADER, SM4_BODIES, SM4_FRAMES, SM4_KEY, STANDARD, wire

FEW = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))

MODES = st.sampled_from(CRC_MODES)
PLAIN = SM4_FRAMES["short"]
ENCIPHERED = PLAIN[: PLAIN.index(b"&&") + 2] + SM4_BODIES["short"] + PLAIN[-8:]
PIECES = [
    *STANDARD.values(),
    ENCIPHERED,
    *(wire(tail=tail) for tail in (b"", b"\n", b"\r", b"**\r\n", rb"\r\n", b" \r\n")),
    *(wire(length=length) for length in ("0001", "9999", "0500", "162", "00162")),
    *(wire(crc=text) for text in (b"0000", b"80", b"", b"zzzz")),
    wire(f"{BODY};i11001-Info=//##0101QN=1 && {BODY}//"),
    b"\r\n", b"##", b"##01", b"#", b"&&1C80\r\n", b"\x00\xff##0020QN=", b"GET / HTTP/1.1\r\n\r\n",
]  # fmt: skip


@st.composite
def soups(draw: st.DrawFn) -> bytes:
    """Frames, halves of frames, changed frames and noise."""
    parts = []
    for _ in range(draw(st.integers(1, 6))):
        piece = draw(st.sampled_from(PIECES) | st.binary(max_size=30))
        if piece and draw(st.integers(0, 2)) == 0:
            place = draw(st.integers(0, len(piece) - 1))
            other = draw(st.binary(max_size=3) | st.sampled_from([b"##", b"&&", b";", b"\r\n"]))
            piece = piece[:place] + other + piece[place + draw(st.integers(0, 40)) :]
        parts.append(piece)
    return b"".join(parts)


def told(result: Result) -> tuple[Any, ...]:
    """All a result says."""
    if isinstance(result, Damage):
        inner = told(result.frame) if result.frame else None
        return (result.reason, result.offset, result.raw, inner)
    return (
        result.offset, result.raw, result.segment, result.crc, result.crc_variant,
        result.repaired, result.encrypted, result.qn, result.mn, result.cn, result.flag,
        result.data, result.params, result.time,
    )  # fmt: skip


def new_stream(mode: CrcMode, keyed: bool) -> Stream:
    return Stream(mode, keys=(lambda _mn: [SM4_KEY]) if keyed else None, max_segment=1200)


@given(
    soups(), st.lists(st.integers(1, 200), min_size=1), st.sampled_from(CRC_MODES), st.booleans()
)
@FEW
def test_any_cut_gives_the_same(soup: bytes, cuts: list[int], mode: CrcMode, keyed: bool) -> None:
    stream = new_stream(mode, keyed)
    whole = [told(result) for result in stream.feed(soup) + stream.close()]
    stream = new_stream(mode, keyed)
    pieces: list[Result] = []
    position, turn = 0, 0
    while position < len(soup):
        size = cuts[turn % len(cuts)]
        pieces += stream.feed(soup[position : position + size])
        position, turn = position + size, turn + 1
    pieces += stream.close()
    assert [told(result) for result in pieces] == whole


@given(soups(), MODES, st.booleans(), st.sets(st.integers(0, 500), max_size=4))
@FEW
def test_every_byte_is_accounted_for(
    soup: bytes, mode: CrcMode, keyed: bool, pauses: set[int]
) -> None:
    stream = new_stream(mode, keyed)
    results = []
    for place, byte in enumerate(soup):
        results += stream.feed(bytes([byte]))
        if place in pauses:
            results += stream.flush()
    results += stream.close()
    assert b"".join(result.raw for result in results) == soup
    offset = 0
    for result in results:
        assert result.raw
        assert result.offset == offset
        offset += len(result.raw)
    assert stream.buffered == 0


@given(soups(), st.sampled_from(CRC_MODES), st.booleans())
@FEW
def test_a_stored_frame_reads_as_it_did(soup: bytes, mode: CrcMode, keyed: bool) -> None:
    keys = (lambda _mn: [SM4_KEY]) if keyed else None
    stream = new_stream(mode, keyed)
    for result in stream.feed(soup) + stream.close():
        again = parse(result.raw, mode, keys, 1200)
        if isinstance(result, Frame):
            assert told(again)[1:] == told(result)[1:]
        else:
            assert isinstance(again, Damage)
            assert again.raw == result.raw


@given(st.lists(st.sampled_from(list(STANDARD)), min_size=1, max_size=5), st.binary(max_size=60))
@FEW
def test_garbage_hides_no_frame(names: list[str], noise: bytes) -> None:
    sent = noise + b"".join(STANDARD[name] + noise for name in names)
    stream = Stream()
    frames = [r for r in stream.feed(sent) + stream.close() if isinstance(r, Frame)]
    assert [f.segment for f in frames] == [STANDARD[name][6:-6] for name in names]


@given(soups(), MODES, st.booleans())
@FEW
def test_the_short_way_equals_the_long_way(soup: bytes, mode: CrcMode, keyed: bool) -> None:
    stream = new_stream(mode, keyed)
    short = [told(result) for result in stream.feed(soup) + stream.close()]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream_module, "_STARTS", frozenset())
        stream = new_stream(mode, keyed)
        assert [told(result) for result in stream.feed(soup) + stream.close()] == short


KEYS = st.from_regex(r"\A[A-Za-z0-9_]{1,6}(-[A-Z][a-z]{0,4})?\Z")
ATTRIBUTES = st.sampled_from(["Rtd", "Flag", "Min", "Max", "Avg", "Cou", "ZsRtd", "RS", "x"])
VALUES = st.sampled_from(
    ["", "1", "-1.5", "7.", ".5", "+3", "-", "1E-3", "NaN", "inf", "N", "D", "9" * 40, "1_0", "2,5"]
) | st.text("0123456789.+-eENnaif:_/ =&#清", max_size=8)
ITEMS = st.tuples(
    KEYS | st.builds("{}-{}".format, st.sampled_from(["w01018", "w00000", "B01"]), ATTRIBUTES),
    VALUES,
)


@given(st.lists(ITEMS, max_size=12), st.lists(st.sampled_from(";,"), min_size=12, max_size=12))
@FEW
def test_shape_reads_as_patience_does(pairs: list[tuple[str, str]], marks: list[str]) -> None:
    body = "".join(f"{k}={v}{m}" for (k, v), m in zip(pairs, marks, strict=False))[:-1]
    sent = wire(body)
    for turn in range(3):  # the third time its shape is known
        frame = parse(sent)
        assert isinstance(frame, Frame)
        if turn == 1:  # columns first, the other order last
            assert frame.columns() == columns_of(read_body(frame.cp)[0])
        assert (frame.data, frame.params) == read_body(frame.cp)
        assert frame.columns() == columns_of(frame.data)
        assert frame.time == parse(sent).time  # type: ignore[union-attr]


@given(st.lists(ITEMS, max_size=12), st.lists(VALUES, min_size=12, max_size=12))
@FEW
def test_a_known_shape_takes_other_values(pairs: list[tuple[str, str]], others: list[str]) -> None:
    for _ in range(3):
        seen = parse(wire(";".join(f"{key}=1" for key, _ in pairs)))
        assert isinstance(seen, Frame)
        assert seen.data is seen.data
    changed = ";".join(f"{key}={v}" for (key, _), v in zip(pairs, others, strict=False))
    frame = parse(wire(changed))
    assert isinstance(frame, Frame)
    assert frame.columns() == columns_of(read_body(frame.cp)[0])
    assert (frame.data, frame.params) == read_body(frame.cp)


FIELD = st.text("0123456789abcXYZ_-", max_size=24)


@given(
    FIELD, FIELD, FIELD, FIELD, FIELD, st.none() | st.integers(0, 255),
    st.text(st.characters(exclude_characters="&", exclude_categories=["Cs"]), max_size=300),
    st.booleans(), st.none() | st.tuples(st.integers(1, 9999), st.integers(1, 9999)),
)  # fmt: skip
@FEW
def test_what_is_encoded_is_decoded(
    qn: str, system: str, cn: str, pw: str, mn: str, flag: int | None, cp: str, rf: bool,
    packets: tuple[int, int] | None,
) -> None:  # fmt: skip
    pnum, pno = packets or (None, None)
    sent = encode(
        qn=qn, st="3" + system, cn=cn, pw=pw, mn=mn, flag=flag, cp=cp, rf=rf, pnum=pnum, pno=pno
    )  # fmt: skip
    frame = parse(sent)
    assert isinstance(frame, Frame)
    assert (frame.qn, frame.st, frame.cn, frame.pw, frame.mn) == (qn, "3" + system, cn, pw, mn)
    assert (frame.flag, frame.cp, frame.rf) == (flag, cp.encode(), rf)
    assert (frame.pnum, frame.pno, frame.repaired) == (pnum, pno, ())
    assert frame.raw == sent


@given(st.binary(max_size=3000))
@FEW
def test_folding_equals_the_standard(segment: bytes) -> None:
    assert crc(segment) == crc_reference(segment)


def test_folding_at_every_length() -> None:
    text = HEADER.encode() * 200
    for length in [*range(1100), 4096, 8192, 9999]:
        assert crc(text[:length]) == crc_reference(text[:length])


def test_keys_that_raise_lose_nothing() -> None:
    broken = [b"too short"]
    stream = Stream(keys=lambda _mn: broken)
    sent = wire() + ENCIPHERED
    with pytest.raises(ValueError, match="16 bytes"):
        stream.feed(sent)
    assert stream.buffered == len(sent)
    broken[:] = [SM4_KEY]
    assert [type(result) for result in stream.feed(wire())] == [Frame] * 3
