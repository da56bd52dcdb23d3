"""What higher floors draw on a point's chart: marks, checks, samples.

An app registers a function in its `apps.py`; monitoring never knows which apps there are. Three
shapes suffice: a `band` from time to time with a letter, a `tick` at the foot of the chart, a
`bottle` above it. Times are epoch milliseconds, as in the series.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from jiulong.monitoring.models import Factor, Point
from jiulong.organisation.rules import Viewer

#: A chart with more of one kind says nothing more.
MOST: Final = 200


@dataclass(frozen=True, slots=True)
class Drawn:
    """One thing on the chart. `tone` is one of `pages.lights`; `address` opens what it is."""

    shape: Literal["band", "tick", "bottle"]
    start: datetime
    words: str
    end: datetime | None = None
    letter: str = ""
    tone: str = "told"
    address: str = ""

    def as_json(self) -> dict[str, Any]:
        """As the chart's script reads it."""
        return {
            "shape": self.shape,
            "start": round(self.start.timestamp() * 1000),
            "end": round(self.end.timestamp() * 1000) if self.end else None,
            "words": self.words,
            "letter": self.letter,
            "tone": self.tone,
            "address": self.address,
        }


#: Viewer, point, factor, from, until.
Overlay = Callable[[Viewer, Point, Factor, datetime, datetime], Iterable[Drawn]]

_known: Final[dict[str, Overlay]] = {}


def register(name: str, overlay: Overlay) -> None:
    """Have charts show this as well; the same name again replaces it."""
    _known[name] = overlay


def drawn(
    viewer: Viewer, point: Point, factor: Factor, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    """Everything that lies over this stretch of the chart, at most `MOST` of each kind."""
    found = []
    for overlay in _known.values():
        found += [one.as_json() for one in list(overlay(viewer, point, factor, start, end))[:MOST]]
    return found
