"""Bytes that should not be on the line: what gateways meet in the wild."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Final

from hj212 import Frame, encode, parse

if TYPE_CHECKING:
    from jiulong.simulator.station import Station

#: A Modbus request and a web probe, both seen on real ports of this kind.
RUBBISH: Final = (b"\x01\x03\x00\x00\x00\x0a\xc5\xcd", b"GET / HTTP/1.0\r\n\r\n", b"\x00\xff##12")
#: A name that no registry has.
STRANGER: Final = "0100DE3035060299999999FF"


def soiled(kind: str, frame: bytes, station: Station, dice: random.Random) -> bytes:
    """A piece of dirt, made from a frame where it looks like one. Never the frame itself."""
    if kind == "garbage":
        return dice.choice(RUBBISH)
    if kind == "bad_crc":
        place = dice.randrange(len(frame) // 2, len(frame) - 8)
        return frame[:place] + bytes([frame[place] ^ 0x01]) + frame[place + 1 :]
    found = parse(frame, keys=(lambda _mn: [station.key]) if station.key else None)
    if not isinstance(found, Frame):
        return dice.choice(RUBBISH)
    stranger = kind == "unknown_mn"
    return encode(
        cn=found.cn, st=found.st, qn=found.qn, cp=found.cp, flag=found.flag,
        pw=found.pw if stranger else "000000", mn=STRANGER if stranger else found.mn,
    )  # fmt: skip
