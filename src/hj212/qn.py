"""QN: the only thing that ties an answer to its question, so it must never repeat."""

from __future__ import annotations

from datetime import datetime, timedelta

from hj212.text import CHINA

_MILLISECOND = timedelta(milliseconds=1)
_QN_DIGITS = 17


def qn_moment(qn: str) -> datetime:
    """The time in a QN, aware; ValueError if it is not YYYYMMDDhhmmsszzz."""
    if len(qn) != _QN_DIGITS or not (qn.isascii() and qn.isdigit()):
        raise ValueError(f"not a QN: {qn!r}")
    second = datetime.strptime(qn[:14], "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
    return second + timedelta(milliseconds=int(qn[14:]))


def qn_text(moment: datetime) -> str:
    """An aware time as QN, to the millisecond."""
    local = moment.astimezone(CHINA)
    return f"{local:%Y%m%d%H%M%S}{local.microsecond // 1000:03d}"


class QnGenerator:
    """QNs for one MN, strictly increasing.

    Where the clock stands still or steps back, the number counts on from the last one; give that
    one (from storage) to a new generator.
    """

    def __init__(self, last: str = "") -> None:
        self._last = qn_moment(last) if last else None

    def next(self, now: datetime) -> str:
        """A fresh QN at an aware time."""
        moment = now.replace(microsecond=now.microsecond // 1000 * 1000)
        if self._last is not None and moment <= self._last:
            moment = self._last + _MILLISECOND
        self._last = moment
        return qn_text(moment)
