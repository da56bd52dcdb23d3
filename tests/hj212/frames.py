"""Frames for tests: the standard's examples, and a builder for spoiled ones."""

from __future__ import annotations

import json
from pathlib import Path

from hj212.crc import crc_text

_VECTORS = json.loads((Path(__file__).parent / "vectors" / "standard.json").read_text("utf-8"))

STANDARD: dict[str, bytes] = {row["id"]: bytes.fromhex(row["frame"]) for row in _VECTORS["frames"]}
CRCS: dict[str, str] = {row["id"]: row["crc"] for row in _VECTORS["frames"]}
MODBUS: dict[str, str] = {row["id"]: row["modbus"] for row in _VECTORS["frames"] if "modbus" in row}
SM4_KEY = bytes.fromhex(_VECTORS["sm4"]["key"])
SM4_BODIES = {name: bytes.fromhex(_VECTORS["sm4"][name]) for name in ("long", "short")}
SM4_FRAMES = {
    "long": STANDARD["2025 A.2 long (as published)"],
    "short": STANDARD["2025 A.2 short (as published)"],
}

MN = "010000A8900016F000169DC0"
QN = "20160801085857223"
HEADER = f"QN={QN};ST=32;CN=2011;PW=123456;MN={MN};Flag=5;"
BODY = "DataTime=20160801085857;w01018-Rtd=2.2,w01018-Flag=N;w21003-Rtd=0.31,w21003-Flag=N"


def wire(
    body: str | bytes = BODY,
    header: str = HEADER,
    *,
    segment: bytes | None = None,
    length: str | None = None,
    crc: bytes | None = None,
    tail: bytes = b"\r\n",
) -> bytes:
    """A frame, right unless a part of it is given."""
    raw = body.encode() if isinstance(body, str) else body
    whole = header.encode() + b"CP=&&" + raw + b"&&" if segment is None else segment
    size = f"{len(whole):04d}" if length is None else length
    return b"##" + size.encode() + whole + (crc_text(whole) if crc is None else crc) + tail
