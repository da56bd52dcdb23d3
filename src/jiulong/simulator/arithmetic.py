"""What a logger makes of its real-time values: HJ 212-2017 annex D.1.

A slice of `slice_s` seconds carries the volume Q·T·10⁻³ m³ and the mass D·C·10⁻³ kg; volumes and
masses add up over minutes, hours and days, and a mean concentration is mass over volume. Only
slices with normal data count, unless there are none. pH and temperature are plain means.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from jiulong.simulator.noise import Floats, Ints
from jiulong.simulator.water import NORMAL, Marks, WaterModel

Truths = NDArray[np.bool_]

#: If a period is not normal, this is what it is: the gravest mark in it (2017, notes to C.16).
GRAVEST: Final = b"DTBCMSF"


class Statistics(NamedTuple):
    """A row a factor, a column a period. `totals`: m³ for flow, else kg (g where sent in µg/L)."""

    totals: Floats
    minima: Floats
    means: Floats
    maxima: Floats
    marks: Marks


def statistics(model: WaterModel, starts: Ints, length_s: int, slice_s: int) -> Statistics:
    """Statistics of the periods that begin at `starts` (ascending) and last `length_s`."""
    slices = np.arange(0, length_s, slice_s, dtype=np.int64)
    times = (starts[:, None] + slices[None, :]).ravel()
    sample = model.sample(times)
    shape = (len(model.instruments), starts.size, slices.size)
    return summarise(model, sample.values.reshape(shape), sample.marks.reshape(shape), slice_s)


def summarise(model: WaterModel, values: Floats, marks: Marks, slice_s: int) -> Statistics:
    """`values` and `marks`: factor x period x slice."""
    normal = marks == NORMAL
    clean = bool(normal.all())  # the usual case, and the quick one
    counted = normal if clean else normal | ~normal.any(axis=2, keepdims=True)
    volume = values[0] * slice_s * 1e-3
    totals = np.zeros(values.shape[:2])
    means = np.empty(values.shape[:2])
    totals[0] = volume.sum(axis=1)
    means[0] = totals[0] / (values.shape[2] * slice_s) * 1e3
    for row, instrument in enumerate(model.instruments):
        if instrument.kind == "pollutant":
            means[row], totals[row] = _weighted(values[row], volume, counted[row])
        elif row:
            means[row] = values[row].mean(axis=1)
    low = (values if clean else np.where(counted, values, np.inf)).min(axis=2)
    high = (values if clean else np.where(counted, values, -np.inf)).max(axis=2)
    for row, instrument in enumerate(model.instruments):
        means[row] = np.clip(np.round(means[row], instrument.decimals), low[row], high[row])
    worst = marks[:, :, 0] if clean else _worst(marks, (values[0] > 0)[None])
    return Statistics(np.round(totals, 3), low, means, high, worst)


def _weighted(values: Floats, volume: Floats, counted: Truths) -> tuple[Floats, Floats]:
    """Flow-weighted means (plain ones where nothing flowed), and loads of the whole period."""
    weight = volume * counted
    water = weight.sum(axis=1)
    mass = (values * weight).sum(axis=1)
    plain = (values * counted).sum(axis=1) / counted.sum(axis=1)
    means = np.divide(mass, water, out=plain, where=water > 0)
    return means, means * volume.sum(axis=1) * 1e-3


def _worst(marks: Marks, flowing: Truths) -> Marks:
    """One abnormal value makes a period abnormal; standing still only if all stood still."""
    still = (marks == ord("F")) & ~flowing
    relevant = np.where(still & ~still.all(axis=2, keepdims=True), NORMAL, marks)
    worst = np.full(marks.shape[:2], NORMAL, dtype=np.uint8)
    for mark in reversed(GRAVEST):
        worst[(relevant == mark).any(axis=2)] = mark
    return worst
