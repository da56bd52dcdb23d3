"""What scenarios do to instruments. Each is a function of time, as the water itself is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from jiulong.simulator.noise import Ints

if TYPE_CHECKING:
    from jiulong.simulator.water import Sample, WaterModel


def _row(model: WaterModel, factor: str) -> int | None:
    return model.codes.index(factor) if factor in model.codes else None


def _inside(times: Ints, start: float, end: float) -> NDArray[np.bool_]:
    result: NDArray[np.bool_] = (times >= start) & (times < end)
    return result


@dataclass(frozen=True, slots=True)
class Exceedance:
    """A factor shows `multiple` times what it usually does."""

    factor: str
    multiple: float
    start: float
    end: float

    def apply(self, model: WaterModel, times: Ints, sample: Sample) -> None:
        row = _row(model, self.factor)
        if row is not None:
            inside = _inside(times, self.start, self.end)
            usual = model.typical(row) if row > 2 else sample.values[row, inside]
            # A tenth of the usual noise stays in it: no instrument shows a round number for hours.
            noise = (sample.values[row, inside] / usual - 1) * 0.1
            sample.values[row, inside] = usual * self.multiple * (1 + noise)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A factor goes on showing the value it had when this began."""

    factor: str
    start: float
    end: float

    def apply(self, model: WaterModel, times: Ints, sample: Sample) -> None:
        row = _row(model, self.factor)
        if row is not None:
            plain = model.without_overlays().sample(np.array([int(self.start)], dtype=np.int64))
            sample.values[row, _inside(times, self.start, self.end)] = plain.values[row, 0]


@dataclass(frozen=True, slots=True)
class Marked:
    """A factor carries a data flag (HJ 212-2017 table 8)."""

    factor: str
    flag: str
    start: float
    end: float

    def apply(self, model: WaterModel, times: Ints, sample: Sample) -> None:
        row = _row(model, self.factor)
        if row is not None:
            sample.marks[row, _inside(times, self.start, self.end)] = ord(self.flag)
