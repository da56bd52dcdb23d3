"""Putting split uploads together again.

The standard's sub-frames are each complete: their factors are united under (MN, ST, CN, DataTime).
Some devices cut the text of one body instead and number the pieces; those are joined in order.
Time comes in from outside, in seconds of any steady clock.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from hj212.body import Data, Params, read_body
from hj212.frame import Frame

REASSEMBLY_S = 60.0  # a device waits for our 9014 up to 3 x 10 s between two sub-frames
PENDING_MAX = 64  # sets per connection; the oldest is given up as incomplete

Key = tuple[str, ...]

_STARTS_WITH_TIME = re.compile(rb"\s*DataTime\s*=")
_STARTS_WITH_ITEM = re.compile(rb"\s*[A-Za-z0-9_]{2,10}(?:-[A-Z][A-Za-z]*)?\s*=")
_OPEN_ITEM = re.compile(rb"(?:^|[;,])[^=;,]*$")


@dataclass(frozen=True)
class Merged:
    """A set of sub-frames, or one frame that was never split."""

    frames: tuple[Frame, ...]  # in order of PNO
    complete: bool
    data: Data = field(repr=False)
    params: Params = field(repr=False)


@dataclass
class _Pending:
    count: int
    deadline: float
    frames: dict[int, Frame] = field(default_factory=dict)


class Merger:
    """Collects the sub-frames of one connection."""

    def __init__(self, reassembly_s: float = REASSEMBLY_S) -> None:
        self._wait = reassembly_s
        self._pending: dict[Key, _Pending] = {}

    def add(self, frame: Frame, now: float) -> list[Merged]:
        """What this frame completes, itself if it is single; the same PNO again replaces.

        A Flag that announces packets without saying which is taken for single (§1.2, trap 1).
        """
        count = 1 if frame.pnum is None else frame.pnum
        place = 1 if frame.pno is None else frame.pno
        if count <= 1 or not 1 <= place <= count:
            return [_merged([frame], complete=True)]
        key = self._key(frame, count)
        pending = self._pending.setdefault(key, _Pending(count, now + self._wait))
        pending.frames[place] = frame
        pending.deadline = now + self._wait
        if len(pending.frames) == count:
            del self._pending[key]
            return [_finished(pending)]
        if len(self._pending) > PENDING_MAX:
            return [_finished(self._pending.pop(next(iter(self._pending))))]
        return []

    def expire(self, now: float) -> list[Merged]:
        """Sets whose missing sub-frames did not come: still worth storing, marked incomplete."""
        late = [key for key, pending in self._pending.items() if pending.deadline <= now]
        return [_finished(self._pending.pop(key)) for key in late]

    def _key(self, frame: Frame, count: int) -> Key:
        """By DataTime; a later piece of cut text has none and joins the set that lacks it."""
        device = (frame.mn, frame.st, frame.cn, str(count))
        nameless: Key = (*device, "")  # a later piece came first
        if _STARTS_WITH_TIME.match(frame.cp):
            key: Key = (*device, frame.params.get("DataTime", ""))
            return key if key in self._pending or nameless not in self._pending else nameless
        for key, pending in reversed(self._pending.items()):
            if key[:4] == device and (frame.pno or 1) not in pending.frames:
                return key
        return nameless


def _finished(pending: _Pending) -> Merged:
    frames = [pending.frames[place] for place in sorted(pending.frames)]
    return _merged(frames, complete=len(frames) == pending.count)


def _merged(frames: list[Frame], *, complete: bool) -> Merged:
    if len(frames) == 1:
        return Merged(tuple(frames), complete, frames[0].data, frames[0].params)
    if not all(_STARTS_WITH_TIME.match(frame.cp) for frame in frames[1:]):
        data, params = read_body(_joined(frames))
        return Merged(tuple(frames), complete, data, params)
    united: Data = {}
    params = {}
    for frame in frames:
        for code, row in frame.data.items():
            united.setdefault(code, {}).update(row)
        params.update(frame.params)
    return Merged(tuple(frames), complete, united, params)


def _joined(frames: list[Frame]) -> bytes:
    """The bodies end to end; a separator only where one was lost, not inside a cut item."""
    body = frames[0].cp
    for frame in frames[1:]:
        piece = frame.cp
        whole = _STARTS_WITH_ITEM.match(piece) and not _OPEN_ITEM.search(body)
        body += (b";" if whole and not body.endswith((b";", b",")) else b"") + piece
    return body
