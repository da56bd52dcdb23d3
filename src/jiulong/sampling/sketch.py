"""A collection run on the schematic district: streets, rivers, numbered stops and the way."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import cos, radians
from pathlib import Path
from typing import Any, Final

from django.contrib.staticfiles import finders

from jiulong.sampling.places import Stop

DRAWING: Final = "monitoring/district.json"
WIDTH: Final = 640.0
MARGIN: Final = 28.0
#: The smallest span drawn, in degrees: one stop alone still has its street around it.
LEAST: Final = 0.02


@dataclass(frozen=True, slots=True)
class Numbered:
    """A stop on the drawing."""

    number: int
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the template draws, in the drawing's own units."""

    width: float
    height: float
    streets: Sequence[str]
    rivers: Sequence[str]
    way: str
    stops: Sequence[Numbered]


@cache
def _shapes() -> tuple[tuple[tuple[tuple[float, float], ...], ...], ...]:
    """Rings of the streets, and lines of the rivers; none where the drawing is not installed."""
    found = finders.find(DRAWING)
    if not found:
        return ((), ())
    listed: list[Any] = json.loads(Path(str(found)).read_text(encoding="utf-8"))["features"]
    rings: dict[str, list[Any]] = {"street": [], "river": []}
    for shape in listed:
        kind, coordinates = shape["properties"]["kind"], shape["geometry"]["coordinates"]
        if kind in rings:
            rings[kind].append(coordinates[0] if kind == "street" else coordinates)
    return tuple(
        tuple(tuple((float(x), float(y)) for x, y in line) for line in rings[kind])
        for kind in ("street", "river")
    )


def sketch(start: Stop, stops: Sequence[Stop]) -> Sketch:
    """The run, numbered in its order, with as much of the district as lies around it."""
    around = [start, *stops]
    west, east = _ends(stop.longitude for stop in around)
    south, north = _ends(stop.latitude for stop in around)
    squeeze = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / ((east - west) * squeeze)
    height = round((north - south) * scale + 2 * MARGIN, 1)

    def place(longitude: float, latitude: float) -> tuple[float, float]:
        x = MARGIN + (longitude - west) * squeeze * scale
        return round(x, 1), round(MARGIN + (north - latitude) * scale, 1)

    def path(line: Iterable[tuple[float, float]]) -> str:
        return "M" + "L".join("{} {}".format(*place(x, y)) for x, y in line)

    streets, rivers = _shapes()
    return Sketch(
        width=WIDTH,
        height=height,
        streets=[path(ring) + "Z" for ring in streets],
        rivers=[path(line) for line in rivers],
        way=path((stop.longitude, stop.latitude) for stop in around),
        stops=[
            Numbered(number, *place(stop.longitude, stop.latitude))
            for number, stop in enumerate(stops, 1)
        ],
    )


def _ends(values: Iterable[float]) -> tuple[float, float]:
    listed = list(values)
    low, high = min(listed), max(listed)
    short = max(0.0, LEAST - (high - low)) / 2
    return low - short, high + short
