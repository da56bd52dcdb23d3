"""QN: the only thing that ties an answer to its question, so it must never repeat."""

from __future__ import annotations

from datetime import datetime, timedelta

from hj212.text import CHINA

_MILLISECOND = timedelta(milliseconds=1)


class QnGenerator:
    """QNs for one MN: `YYYYMMDDhhmmsszzz` in UTC+8, strictly increasing.

    Where the clock stands still or steps back, the number counts on from the last one.
    """

    def __init__(self, last: str = "") -> None:
        self._last: datetime | None = None
        if last:
            moment = datetime.strptime(last[:14], "%Y%m%d%H%M%S").replace(tzinfo=CHINA)
            self._last = moment + timedelta(milliseconds=int(last[14:17]))

    def next(self, now: datetime) -> str:
        """A fresh QN at an aware time."""
        moment = now.astimezone(CHINA)
        moment = moment.replace(microsecond=moment.microsecond // 1000 * 1000)
        if self._last is not None and moment <= self._last:
            moment = self._last + _MILLISECOND
        self._last = moment
        return f"{moment:%Y%m%d%H%M%S}{moment.microsecond // 1000:03d}"
