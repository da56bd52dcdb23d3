"""The order of a collection run: always to the nearest place that is left. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Final

EARTH_M: Final = 6_371_000.0


@dataclass(frozen=True, slots=True)
class Stop:
    """A place to go to: key, degrees WGS 84."""

    key: int
    longitude: float
    latitude: float


def metres(one: Stop, other: Stop) -> float:
    """Great-circle distance."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    chord = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * (
        sin(east / 2) ** 2
    )
    return 2 * EARTH_M * asin(sqrt(chord))


def route(start: Stop, stops: Sequence[Stop]) -> list[Stop]:
    """The stops, always to the nearest one that is left; of two equally near the lower key."""
    here, left, found = start, list(stops), []
    while left:
        here = min(left, key=lambda stop: (metres(here, stop), stop.key))
        left.remove(here)
        found.append(here)
    return found


def length_m(start: Stop, stops: Sequence[Stop]) -> float:
    """How long the way is from the start over the stops, in a straight line each."""
    way = [start, *stops]
    return sum(metres(one, other) for one, other in pairwise(way))
