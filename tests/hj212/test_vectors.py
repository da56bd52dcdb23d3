"""The standard's own examples, byte for byte."""

from __future__ import annotations

import pytest

from hj212 import Frame, Stream, encode, parse
from hj212.cipher import braces, decrypt_body, encrypt_body
from hj212.crc import crc, crc_modbus, crc_reference, crc_text
from tests.hj212.frames import CRCS, MODBUS, SM4_BODIES, SM4_FRAMES, SM4_KEY, STANDARD

FRAMES = pytest.mark.parametrize("name", STANDARD)


def frame_of(wire: bytes) -> Frame:
    result = parse(wire)
    assert isinstance(result, Frame)
    return result


def rebuilt(frame: Frame) -> bytes:
    return encode(
        qn=frame.qn, st=frame.st, cn=frame.cn, pw=frame.pw, mn=frame.mn, flag=frame.flag,
        pnum=frame.pnum, pno=frame.pno, rf=frame.rf, cp=frame.cp,
    )  # fmt: skip


def test_there_are_forty() -> None:
    assert len(STANDARD) == 40


@FRAMES
def test_it_decodes_and_encodes_byte_for_byte(name: str) -> None:
    frame = frame_of(STANDARD[name])
    assert (frame.raw, frame.crc, frame.crc_variant, frame.repaired) == (
        STANDARD[name], CRCS[name], "hj", (),
    )  # fmt: skip
    assert rebuilt(frame) == STANDARD[name]


@FRAMES
def test_stream_and_parse_agree(name: str) -> None:
    (streamed,) = Stream().feed(STANDARD[name])
    parsed = frame_of(STANDARD[name])
    assert isinstance(streamed, Frame)
    assert (streamed.raw, streamed.segment, streamed.data, streamed.params) == (
        parsed.raw, parsed.segment, parsed.data, parsed.params,
    )  # fmt: skip


@pytest.mark.parametrize("name", MODBUS)
def test_modbus_checksum_is_recognised(name: str) -> None:
    frame = STANDARD[name]
    segment = frame[6:-6]
    assert f"{crc_modbus(segment):04X}" == MODBUS[name]
    auto = parse(frame[:-6] + MODBUS[name].encode() + b"\r\n")
    assert isinstance(auto, Frame)
    assert auto.crc_variant == "modbus"


def test_check_values() -> None:
    assert crc(b"123456789") == crc_reference(b"123456789") == 0x2F80
    assert crc_modbus(b"123456789") == 0x4B37
    assert crc_text(b"") == b"FFFF"


@pytest.mark.parametrize("name", SM4_BODIES)
def test_published_cipher_text(name: str) -> None:
    body = frame_of(SM4_FRAMES[name]).cp
    assert encrypt_body(body, SM4_KEY) == SM4_BODIES[name]
    assert decrypt_body(SM4_BODIES[name], SM4_KEY) == body


@pytest.mark.parametrize("name", SM4_BODIES)
@pytest.mark.parametrize("form", ["raw", "braces-short-length", "braces-own-length"])
@pytest.mark.parametrize("piece", [1, 7, 10_000])
def test_enciphered_frame_is_read(name: str, form: str, piece: int) -> None:
    plain = frame_of(SM4_FRAMES[name])
    head, check = plain.raw[6 : plain.raw.index(b"CP=&&") + 5], plain.raw[-6:]
    body = SM4_BODIES[name] if form == "raw" else braces(SM4_BODIES[name])
    segment = head + body + b"&&"
    length = len(segment) if form == "braces-own-length" else len(plain.segment)
    sent = b"##%04d" % length + segment + check
    stream = Stream(keys=lambda mn: [b"another key 1234", SM4_KEY] if mn == plain.mn else [])
    results = [r for i in range(0, len(sent), piece) for r in stream.feed(sent[i : i + piece])]
    (result,) = results + stream.close()
    assert isinstance(result, Frame)
    assert (result.segment, result.raw) == (plain.segment, sent)
    assert result.encrypted == form.split("-", maxsplit=1)[0]
    assert result.data == plain.data


@pytest.mark.parametrize("name", SM4_FRAMES)
def test_encode_enciphers(name: str) -> None:
    plain = frame_of(SM4_FRAMES[name])
    sent = encode(
        qn=plain.qn, st=plain.st, cn=plain.cn, pw=plain.pw, mn=plain.mn, flag=plain.flag,
        cp=plain.cp, key=SM4_KEY,
    )  # fmt: skip
    assert SM4_BODIES[name] in sent
    assert len(sent) == len(plain.raw)
