"""A simulated sampler: its carousel, and the cabinet that it stands in."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import pi, sin

from jiulong.simulator.water import HOUR_S


@dataclass(slots=True)
class Bottles:
    """The sampler's carousel."""

    size: int = 24
    filled: list[tuple[int, float]] = field(default_factory=list)
    door_open: bool = False
    warmer_c: float = 0.0  # a broken refrigerator, by so much above its 4 ℃

    def take(self, now: float) -> int | None:
        """Fill the next bottle; None when all are full."""
        if len(self.filled) >= self.size:
            return None
        number = len(self.filled) + 1
        self.filled.append((number, now))
        return number

    def empty(self) -> None:
        self.filled.clear()

    def temperature_c(self, now: float) -> float:
        """Of the cabinet: 4 ℃, swinging by half a degree within the hour."""
        return round(4.0 + self.warmer_c + 0.5 * sin(now / HOUR_S * 2 * pi), 1)
