"""Figures drawn from numbers as SVG: no browser, the same on paper, in .docx and on the page.

Black on white with classes, so that a page may colour them. A gap in the data is a gap in the line.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from jiulong.documents.svg import Sheet, nice_ticks, told

Number = Decimal | float | int
Tone = Literal["good", "over", "near", "invalid", "none"]

WIDTH: Final = 620.0
LEFT: Final = 52.0
RIGHT: Final = 12.0
TOP: Final = 26.0
DASHES: Final = ("", "6 3", "2 2", "8 3 2 3", "1 3")
#: No more labels than this along an axis: more would touch.
LABELS: Final = 12


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    values: Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class Lines:
    """Values along time; `labels` one for each value. `limit` is a dashed line with its word."""

    labels: Sequence[str]
    series: Sequence[Series]
    unit: str = ""
    limit: Number | None = None
    limit_label: str = ""
    height: float = 220
    #: Whether the axis begins at 0; without it small changes of large numbers show.
    zero: bool = True


@dataclass(frozen=True, slots=True)
class Bars:
    """Lying bars, one a label, the value written at its end; `limit` a line across all."""

    labels: Sequence[str]
    values: Sequence[Number | None]
    unit: str = ""
    limit: Number | None = None
    limit_label: str = ""


@dataclass(frozen=True, slots=True)
class Strip:
    """A row of cells for each name: the days of a month, the months of a year."""

    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[Tone]]]
    legend: Sequence[tuple[Tone, str]] = ()


Drawing = Lines | Bars | Strip


def drawn(drawing: Drawing) -> str:
    """The figure as an SVG document."""
    match drawing:
        case Lines():
            return _lines(drawing)
        case Bars():
            return _bars(drawing)
        case Strip():
            return _strip(drawing)


def _lines(of: Lines) -> str:
    sheet = Sheet(WIDTH, of.height)
    values = [float(v) for one in of.series for v in one.values if v is not None]
    if of.limit is not None:
        values.append(float(of.limit))
    least = min(values, default=0.0)
    ticks = nice_ticks(min(0.0, least) if of.zero else least, max(values, default=1.0))
    low, high, bottom = ticks[0], ticks[-1], of.height - 26

    def up(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - TOP)

    def along(place: int) -> float:
        return LEFT + (place + 0.5) * (WIDTH - LEFT - RIGHT) / max(len(of.labels), 1)

    for tick in ticks:
        sheet.line(LEFT, up(tick), WIDTH - RIGHT, up(tick), "grid")
        sheet.text(LEFT - 6, up(tick) + 4, told(tick), "tick", anchor="end")
    every = -(-len(of.labels) // LABELS)
    for place, label in enumerate(of.labels):
        if place % every == 0:
            sheet.text(along(place), of.height - 10, label, "tick", anchor="middle")
    for number, one in enumerate(of.series):
        points = [(along(p), None if v is None else up(float(v))) for p, v in enumerate(one.values)]
        sheet.curve(points, "value", dash=DASHES[number % len(DASHES)])
    _head(sheet, of)
    if of.limit is not None:
        sheet.line(LEFT, up(float(of.limit)), WIDTH - RIGHT, up(float(of.limit)), "limit")
        sheet.text(WIDTH - RIGHT, up(float(of.limit)) - 4, of.limit_label, "limit", anchor="end")
    return sheet.done()


def _head(sheet: Sheet, of: Lines) -> None:
    """The unit, and which dash is which."""
    sheet.text(LEFT, 14, of.unit, "tick")
    if len(of.series) < 2:
        return
    at = LEFT + 60
    for number, one in enumerate(of.series):
        sheet.line(at, 10, at + 22, 10, "value", dash=DASHES[number % len(DASHES)])
        sheet.text(at + 26, 14, one.name, "tick")
        at += 40 + sheet.width_of(one.name)


def _bars(of: Bars) -> str:
    row, name = 22.0, min(max((Sheet.width_of(one) for one in of.labels), default=0) + 14, 240)
    sheet = Sheet(WIDTH, row * len(of.labels) + 30)
    values = [float(v) for v in of.values if v is not None]
    values += [] if of.limit is None else [float(of.limit)]
    ticks = nice_ticks(0.0, max(values, default=1.0))
    scale = (WIDTH - name - 70) / ticks[-1]
    for place, (label, value) in enumerate(zip(of.labels, of.values, strict=True)):
        y = 18 + place * row
        sheet.text(name - 8, y + 12, label, "name", anchor="end", within=name - 10)
        if value is None:
            sheet.text(name + 4, y + 12, "–", "tick")
            continue
        length = max(float(value), 0.0) * scale
        sheet.box(name, y + 2, length, row - 8, "bar")
        sheet.text(name + length + 5, y + 12, f"{value}{of.unit}", "tick")
    if of.limit is not None:
        at = name + float(of.limit) * scale
        sheet.line(at, 14, at, sheet.height - 10, "limit")
        sheet.text(at, 11, of.limit_label, "limit", anchor="middle")
    return sheet.done()


def _strip(of: Strip) -> str:
    row, name = 18.0, min(max((Sheet.width_of(one) for one, _ in of.rows), default=0) + 14, 200)
    sheet = Sheet(WIDTH, row * len(of.rows) + 46)
    wide = (WIDTH - name - RIGHT) / max(len(of.columns), 1)
    every = -(-len(of.columns) // 31)
    for place, label in enumerate(of.columns):
        if place % every == 0:
            sheet.text(name + (place + 0.5) * wide, 14, label, "tick", anchor="middle")
    for number, (label, tones) in enumerate(of.rows):
        y = 20 + number * row
        sheet.text(name - 8, y + 12, label, "name", anchor="end", within=name - 10)
        for place, tone in enumerate(tones):
            sheet.cell(name + place * wide + 0.5, y + 1, wide - 1, row - 2, tone)
    # Under the cells, or further left where its words need more room.
    long = sum(36 + sheet.width_of(word) for _tone, word in of.legend)
    at, y = max(8.0, min(name, WIDTH - long)), 20 + row * len(of.rows) + 8
    for tone, word in of.legend:
        sheet.cell(at, y, 14, 12, tone)
        sheet.text(at + 19, y + 10, word, "tick")
        at += 36 + sheet.width_of(word)
    return sheet.done()
