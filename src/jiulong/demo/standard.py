"""The forty published frames of the standard, through a real socket.

They are the annex examples of HJ/T 212-2005, HJ 212-2017 and HJ 212-2025, so the first thing a new
installation reads is what the standard itself prints. Not all are welcome: one bears another
password than the rest, and an acknowledgement of 2005 bears no MN at all; both belong in
quarantine.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from typing import Final

from hj212 import PROFILES, Damage, Frame, Stream, answer, parse
from jiulong.demo.actions import STANDARD_LOGGERS
from jiulong.demo.district import DATA
from jiulong.simulator.ledger import Ledger, Sent

#: A gateway answers within milliseconds; while it still loads its registry, within seconds.
PATIENCE_S: Final = 15.0


def frames() -> list[bytes]:
    """The published frames, with their envelopes."""
    rows = json.loads((DATA / "standard.json").read_text(encoding="utf-8"))
    return [bytes.fromhex(row["frame_hex"]) for row in rows]


def awaited(raw: bytes) -> bool:
    """Whether a gateway that knows `STANDARD_LOGGERS` acknowledges this frame."""
    found = parse(raw)
    if isinstance(found, Damage):
        return False
    passwords = {mn: password for mn, _profile, password in STANDARD_LOGGERS}
    known = found.mn in passwords and found.pw == passwords[found.mn]
    profile = PROFILES[str(found.version)]
    return known and answer(found, profile) is not None


async def feed(host: str, port: int, ledger: Ledger) -> int:
    """Send all frames over one connection; returns how many acknowledgements came.

    Frames of one QN are acknowledged in the order in which they were sent.
    """
    reader, writer = await asyncio.open_connection(host, port)
    waiting: list[tuple[Frame, bytes]] = []
    for raw in frames():
        found = parse(raw)
        if awaited(raw) and isinstance(found, Frame):
            waiting.append((found, raw))
        writer.write(raw)
    total = len(waiting)
    await writer.drain()
    stream = Stream()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(PATIENCE_S):
            while waiting and (data := await reader.read(65_536)):
                for result in stream.feed(data):
                    if isinstance(result, Frame) and result.cn in {"9013", "9014", "9022"}:
                        _take(waiting, result.dialogue_qn, ledger)
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()
    return total - len(waiting)


def _take(waiting: list[tuple[Frame, bytes]], qn: str, ledger: Ledger) -> None:
    for place, (frame, raw) in enumerate(waiting):
        if frame.dialogue_qn == qn:
            ledger.acknowledge(raw, Sent(frame.mn, frame.cn, qn))
            del waiting[place]
            return
