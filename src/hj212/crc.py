"""The checksum of HJ 212 (2017 Annex A), and the two wrong ones seen on real wires.

The standard's register drops its low byte before every input byte, so only eight bits of state
survive from byte to byte and one step is a linear map of order eight: bytes eight places apart
are interchangeable.  Folding a segment to eight bytes with XOR therefore keeps its checksum, and
CPython folds big integers at machine speed.  `crc_reference` is the bitwise text of the standard;
the tests hold the two equal.
"""

from __future__ import annotations

from typing import Literal

CrcMode = Literal["auto", "strict", "ignore"]
CRC_MODES: tuple[CrcMode, ...] = ("auto", "strict", "ignore")

POLYNOMIAL = 0xA001  # x^16 + x^15 + x^2 + 1, reflected, as CRC-16/MODBUS
START = 0xFFFF
_PERIOD = 8  # order of the byte step; derived above, checked by the tests


def _step_eight(register: int) -> int:
    for _ in range(8):
        register = (register >> 1) ^ POLYNOMIAL if register & 1 else register >> 1
    return register


_TABLE = tuple(_step_eight(byte) for byte in range(256))


def _position_tables() -> tuple[tuple[int, ...], ...]:
    """Contribution to the checksum of a byte that stands 0, 1 … 7 places before the last."""
    tables = []
    moved = list(range(256))
    for _ in range(_PERIOD):
        tables.append(tuple(_TABLE[byte] for byte in moved))
        moved = [_TABLE[byte] >> 8 for byte in moved]
    return tuple(tables)


_T0, _T1, _T2, _T3, _T4, _T5, _T6, _T7 = _AT = _position_tables()
_START_BY_LENGTH = tuple(table[START & 0xFF] for table in _AT)

_M64 = (1 << 64) - 1
_M128 = (1 << 128) - 1
_M256 = (1 << 256) - 1
_M512 = (1 << 512) - 1
_M1024 = (1 << 1024) - 1
_M2048 = (1 << 2048) - 1


def _fold_long(number: int, length: int) -> int:
    width = 2048
    while width < length * 4:
        width *= 2
    while width > 2048:
        number = (number >> width) ^ (number & ((1 << width) - 1))
        width //= 2
    return number


def crc(segment: bytes) -> int:
    """HJ 212 checksum of a data segment, 0…0xFFFF (only 256 values occur)."""
    length = len(segment)
    if not length:
        return START
    x = int.from_bytes(segment, "big")
    if length > 64:
        if length > 128:
            if length > 256:
                if length > 512:
                    x = _fold_long(x, length)
                x = (x >> 2048) ^ (x & _M2048)
            x = (x >> 1024) ^ (x & _M1024)
        x = (x >> 512) ^ (x & _M512)
    x = (x >> 256) ^ (x & _M256)
    x = (x >> 128) ^ (x & _M128)
    x = (x >> 64) ^ (x & _M64)
    a, b, c, d, e, f, g, h = x.to_bytes(8, "big")
    return (
        _T7[a] ^ _T6[b] ^ _T5[c] ^ _T4[d] ^ _T3[e] ^ _T2[f] ^ _T1[g] ^ _T0[h]
        ^ _START_BY_LENGTH[(length - 1) & 7]
    )  # fmt: skip


CRC_TEXT: dict[int, bytes] = {value: b"%04X" % value for value in {START, *_TABLE}}


def crc_text(segment: bytes) -> bytes:
    """The checksum as it stands on the wire: four upper-case hex digits, high byte first."""
    return CRC_TEXT[crc(segment)]


def crc_reference(segment: bytes) -> int:
    """Bit by bit, in the order of the standard's text.  For tests and the benchmark only."""
    register = START
    for byte in segment:
        register = _step_eight((register >> 8) ^ byte)
    return register


def crc_modbus(segment: bytes) -> int:
    """CRC-16/MODBUS, which many loggers send by mistake: it keeps the register's low byte."""
    register = START
    table = _TABLE
    for byte in segment:
        register = (register >> 8) ^ table[(register ^ byte) & 0xFF]
    return register


def variant_of(segment: bytes, text: bytes, mode: CrcMode) -> str:
    """Which checksum `text` is of `segment`: hj, modbus, modbus-swapped or bad."""
    try:
        sent = int(text, 16) if len(text) == 4 and text.isalnum() else -1
    except ValueError:
        return "bad"
    if sent < 0:
        return "bad"
    if sent == crc(segment):
        return "hj"
    if mode == "strict":
        return "bad"
    modbus = crc_modbus(segment)
    if sent == modbus:
        return "modbus"
    return "modbus-swapped" if sent == (modbus & 0xFF) << 8 | modbus >> 8 else "bad"
