"""A carousel as a picture: where each bottle stands, what shape it has. Drawn on the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin
from typing import Final

from django.utils.functional import Promise

from jiulong.sampling.models import Bottle, Sample
from jiulong.sampling.queries.carousels import Place

#: The drawing's own units.
SIZE: Final = 320.0
#: Bottles of one ring; what is more stands on a second one inside.
RING: Final = 30
OUTER, INNER = 132.0, 88.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """One bottle on the drawing."""

    x: float
    y: float
    r: float
    position: int
    state: str
    word: str | Promise
    sample: Sample | None
    mark: str  # path of the shape that says the state without colour


def drawn(places: Sequence[Place]) -> list[Drawn]:
    """The bottles, the first at the top, clockwise."""
    words = dict(Bottle.State.choices)
    found = []
    for ring, radius in ((places[:RING], OUTER), (places[RING:], INNER)):
        if not ring:
            continue
        r = round(min(20.0, pi * radius / max(len(ring), 8) - 2), 1)
        for index, place in enumerate(ring):
            angle = 2 * pi * index / len(ring) - pi / 2
            x = round(SIZE / 2 + radius * cos(angle), 1)
            y = round(SIZE / 2 + radius * sin(angle), 1)
            found.append(
                Drawn(
                    x, y, r, place.position, place.state, words.get(place.state, place.state),
                    place.sample, _mark(place.state, x, y, r),
                )
            )  # fmt: skip
    return found


def _mark(state: str, x: float, y: float, r: float) -> str:
    """Water for filled, water and a bar for sealed, a cross for taken away, nothing for free."""
    low = f"M{x - r} {y}A{r} {r} 0 0 0 {x + r} {y}Z"
    s = round(r * 0.7, 1)
    if state == Bottle.State.FILLED:
        return low
    if state == Bottle.State.SEALED:
        return f"{low}M{x - s} {round(y - s, 1)}H{x + s}V{round(y - s * 0.5, 1)}H{x - s}Z"
    if state == Bottle.State.COLLECTED:
        return f"M{x - s} {y - s}L{x + s} {y + s}M{x + s} {y - s}L{x - s} {y + s}"
    return ""
