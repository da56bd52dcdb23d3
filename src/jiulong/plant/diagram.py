"""The way of the water as a drawing: influent → process → outfall → river section.

Pure: columns of boxes in, places out. The template draws them and lists the same beneath.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

WIDTH: Final = 1080
BOX: Final = 228
SPACE: Final = (WIDTH - 4 * BOX) // 3
HEAD: Final = 34
LINE: Final = 20
PADDING: Final = 12
BETWEEN: Final = 12
#: Characters that fit a line; a Chinese one takes the place of two.
LETTERS: Final = 30


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a box; `tone` is a light's name, "" none."""

    text: str
    tone: str = ""

    @property
    def short(self) -> str:
        """As much of it as fits, with an ellipsis."""
        return shortened(self.text)


@dataclass(frozen=True, slots=True)
class Box:
    """Something on the way of the water."""

    title: str
    lines: Sequence[Line] = ()
    tone: str = "none"
    address: str = ""
    light: str = ""  # where its tone needs a word of its own

    @property
    def short(self) -> str:
        """As much of the title as fits."""
        return shortened(self.title)

    @property
    def height(self) -> int:
        return 2 * PADDING + LINE * (1 + len(self.lines))


@dataclass(frozen=True, slots=True)
class Placed:
    """A box and where it stands; `rows` are its lines with their baselines."""

    box: Box
    x: int
    y: int

    @property
    def title_y(self) -> int:
        return self.y + PADDING + 14

    @property
    def rows(self) -> list[tuple[int, Line]]:
        return [(self.title_y + LINE * n, line) for n, line in enumerate(self.box.lines, 1)]


@dataclass(frozen=True, slots=True)
class Column:
    """One stage: its heading and boxes from above."""

    label: str
    boxes: Sequence[Box] = ()


@dataclass(frozen=True)
class Drawing:
    """Everything with its place, in a box of `width` × `height`."""

    height: int
    heads: list[tuple[int, str]] = field(default_factory=list)
    boxes: list[Placed] = field(default_factory=list)
    arrows: list[tuple[int, int, int]] = field(default_factory=list)
    width: int = WIDTH
    box_width: int = BOX


def laid_out(columns: Sequence[Column]) -> Drawing:
    """Columns from left to right, boxes from above, an arrow between columns that have boxes."""
    tallest = max((_height(column) for column in columns), default=0)
    drawing = Drawing(HEAD + max(tallest, 60) + PADDING)
    middle = HEAD + max(tallest, 60) // 2
    for n, column in enumerate(columns):
        x = n * (BOX + SPACE)
        drawing.heads.append((x, column.label))
        y = middle - _height(column) // 2
        for box in column.boxes:
            drawing.boxes.append(Placed(box, x, y))
            y += box.height + BETWEEN
        if n:
            drawing.arrows.append((x - SPACE + 4, x - 4, middle))
    return drawing


def shortened(text: str, most: int = LETTERS) -> str:
    """As much of the text as fits a line of `most` narrow letters."""
    room = most
    for place, letter in enumerate(text):
        room -= 2 if ord(letter) > 0x2E7F else 1
        if room < 0:
            return text[: max(place - 1, 1)] + "…"
    return text


def _height(column: Column) -> int:
    boxes = column.boxes
    return sum(box.height for box in boxes) + BETWEEN * max(0, len(boxes) - 1)
