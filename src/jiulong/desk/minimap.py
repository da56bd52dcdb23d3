"""The district as a small drawing with lights: our own schematic, no script, no request."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders
from django.utils.translation import get_language

DRAWING: Final = "monitoring/district.json"
#: Width of the drawing in its own units; the height follows from the district.
WIDTH: Final = 1000.0
MARGIN: Final = 24.0
#: Two names nearer than this would overlap.
APART_X: Final = 170.0
APART_Y: Final = 44.0
#: What is wrong is drawn last, so that it lies on top.
GRAVITY: Final = ("jade", "indigo", "amber", "cinnabar")

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Frame:
    """Longitude and latitude → the drawing's units, equirectangular around the district."""

    west: float
    north: float
    scale: float
    squeeze: float
    height: float

    def place(self, longitude: float, latitude: float) -> Place:
        x = MARGIN + (longitude - self.west) * self.squeeze * self.scale
        return round(x, 1), round(MARGIN + (self.north - latitude) * self.scale, 1)


@dataclass(frozen=True, slots=True)
class Label:
    x: float
    y: float
    zh: str
    en: str

    @property
    def text(self) -> str:
        return self.zh if (get_language() or "zh").startswith("zh") else self.en


@dataclass(frozen=True, slots=True)
class Base:
    """What does not change: streets, rivers, names."""

    frame: Frame
    streets: tuple[str, ...]
    rivers: tuple[str, ...]
    labels: tuple[Label, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A point on the drawing."""

    x: float
    y: float
    light: str
    code: str
    title: str
    #: URL name of its own page; the code is the address's argument.
    page: str = "monitoring:point"


@cache
def base() -> Base:
    """The schematic, read once.

    Raises:
        LookupError: the drawing is not installed.
    """
    found = finders.find(DRAWING)
    if not found:
        raise LookupError(DRAWING)
    shapes = json.loads(Path(str(found)).read_text(encoding="utf-8"))["features"]
    frame = _frame(place for shape in _of(shapes, "street") for place in _ring(shape))
    return Base(
        frame=frame,
        streets=tuple(_path(frame, _ring(shape)) + "Z" for shape in _of(shapes, "street")),
        rivers=tuple(
            _path(frame, shape["geometry"]["coordinates"]) for shape in _of(shapes, "river")
        ),
        labels=_apart(_label(frame, shape) for shape in _of(shapes, "label")),
    )


def spots(rows: Iterable[dict[str, Any]]) -> list[Spot]:
    """The points of `monitoring.queries.map_rows` on the drawing, what is wrong on top."""
    frame = base().frame
    ranked = sorted(rows, key=lambda row: (GRAVITY.index(row["light"]), row["code"]))
    return [
        Spot(
            *frame.place(row["longitude"], row["latitude"]),
            light=row["light"],
            code=row["code"],
            title=f"{row['enterprise']} {row['name']}",
        )
        for row in ranked
    ]


def _apart(labels: Iterable[Label]) -> tuple[Label, ...]:
    """The names that fit; where two would overlap, the later gives way."""
    kept: list[Label] = []
    for label in labels:
        if all(abs(label.x - k.x) > APART_X or abs(label.y - k.y) > APART_Y for k in kept):
            kept.append(label)
    return tuple(kept)


def _frame(places: Iterable[Sequence[float]]) -> Frame:
    listed = list(places)
    west, east = min(x for x, _y in listed), max(x for x, _y in listed)
    south, north = min(y for _x, y in listed), max(y for _x, y in listed)
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)
    height = round((north - south) * scale + 2 * MARGIN, 1)
    return Frame(west=west, north=north, scale=scale, squeeze=squeeze, height=height)


def _of(shapes: list[Any], kind: str) -> list[Any]:
    return [shape for shape in shapes if shape["properties"]["kind"] == kind]


def _ring(shape: Any) -> list[Sequence[float]]:
    ring: list[Sequence[float]] = shape["geometry"]["coordinates"][0]
    return ring


def _label(frame: Frame, shape: Any) -> Label:
    x, y = frame.place(*shape["geometry"]["coordinates"])
    return Label(x, y, zh=shape["properties"]["zh"], en=shape["properties"]["en"])


def _path(frame: Frame, line: Iterable[Sequence[float]]) -> str:
    return "M" + "L".join("{} {}".format(*frame.place(x, y)) for x, y in line)
