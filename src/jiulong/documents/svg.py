"""A sheet of SVG: strokes and words, every look as an attribute, every text escaped."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

from jiulong.documents.text import clean

FACE: Final = "Noto Serif SC"
SIZE: Final = 11.0
#: Looks by class. A page's style sheet may colour `.drawing .value` and the others; paper does not.
LOOKS: Final = {
    "grid": 'stroke="#cfd4d6" stroke-width="0.6"',
    "value": 'stroke="#16232b" stroke-width="1.4" fill="none" stroke-linejoin="round"',
    "limit": 'stroke="#b93a26" stroke-width="1.1" stroke-dasharray="5 3"',
    "bar": 'fill="#5f6f78"',
    "frame": 'fill="none" stroke="#16232b" stroke-width="0.6"',
}
INK: Final = {"limit": "#b93a26", "tick": "#4a555b", "name": "#16232b"}
CELLS: Final = {
    "good": 'fill="#d9e2e0" stroke="#8b9794"',
    "near": 'fill="#a9b0b2" stroke="#5f6f78"',
    "over": 'fill="#16232b" stroke="#16232b"',
    "invalid": 'fill="#ffffff" stroke="#5f6f78"',
    "none": 'fill="#ffffff" stroke="#dde3e4"',
}


def told(number: float) -> str:
    """A number of an axis: no tail of zeros, no exponent."""
    return f"{number:.6f}".rstrip("0").rstrip(".") or "0"


def nice_ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers from below `low` to above `high`, some `about` of them."""
    if not high > low:
        high = low + 1.0
    raw = (high - low) / about
    size: float = 10.0 ** math.floor(math.log10(raw))
    step = next(size * m for m in (1, 2, 2.5, 5, 10) if size * m >= raw)
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(n * step, 10) for n in range(first, last + 1)]


class Sheet:
    """Collects marks and closes into an SVG document of its width and height."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.marks: list[str] = []

    @staticmethod
    def width_of(text: str) -> float:
        """About how long the text is: Chinese signs are as wide as high, others half."""
        wide = sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.56 for c in clean(text))
        return wide * SIZE

    def line(
        self, x1: float, y1: float, x2: float, y2: float, look: str, *, dash: str = ""
    ) -> None:
        how = LOOKS[look] + (f' stroke-dasharray="{dash}"' if dash else "")
        self.marks.append(
            f'<line class="{look}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {how}/>'
        )

    def curve(
        self, points: Sequence[tuple[float, float | None]], look: str, *, dash: str = ""
    ) -> None:
        """A line that stops where a value is missing; a value alone is a dot."""
        how = LOOKS[look] + (f' stroke-dasharray="{dash}"' if dash else "")
        for run in _runs(points):
            if len(run) == 1:
                x, y = run[0]
                self.marks.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="1.8"/>')
                continue
            path = " ".join(f"{x:.1f},{y:.1f}" for x, y in run)
            self.marks.append(f'<polyline class="{look}" points="{path}" {how}/>')

    def box(self, x: float, y: float, width: float, height: float, look: str) -> None:
        self.marks.append(
            f'<rect class="{look}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}"'
            f' height="{height:.1f}" {LOOKS[look]}/>'
        )

    def cell(self, x: float, y: float, width: float, height: float, tone: str) -> None:
        """A square of a calendar; what is not valid is struck through: more than a grey."""
        self.marks.append(
            f'<rect class="{tone}" x="{x:.1f}" y="{y:.1f}" width="{width:.1f}"'
            f' height="{height:.1f}" stroke-width="0.6" {CELLS[tone]}/>'
        )
        if tone == "invalid":
            self.line(x, y + height, x + width, y, "frame")

    def text(
        self, x: float, y: float, text: str, look: str, *, anchor: str = "start", within: float = 0
    ) -> None:
        """A word; cut with … where it is longer than `within`."""
        if not (shown := self._cut(clean(text).replace("\n", " "), within)):
            return
        self.marks.append(
            f'<text class="{look}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
            f' font-family="{FACE}" font-size="{SIZE}" fill="{INK[look]}">{escape(shown)}</text>'
        )

    def _cut(self, text: str, within: float) -> str:
        if not within or self.width_of(text) <= within:
            return text
        while text and self.width_of(text + "…") > within:
            text = text[:-1]
        return text + "…"

    def done(self) -> str:
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" class="drawing"'
            f' viewBox="0 0 {self.width:g} {self.height:g}">{"".join(self.marks)}</svg>'
        )


def _runs(points: Sequence[tuple[float, float | None]]) -> list[list[tuple[float, float]]]:
    runs: list[list[tuple[float, float]]] = [[]]
    for x, y in points:
        if y is None:
            runs.append([])
        else:
            runs[-1].append((x, y))
    return [run for run in runs if run]
