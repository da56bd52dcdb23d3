"""Random numbers that depend on a seed and a time alone: any moment without those before it.

Numbers stand on a lattice of times and are interpolated between, so neighbours are alike as in an
autoregressive process; yet history and live data come from the same function and join without a
seam, and a logger can answer for any past hour without having kept it.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_Words = NDArray[np.uint64]

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15
#: Four uniform numbers of 16 bits summed: nearly normal, and bounded, as instruments are.
_IRWIN_HALL_SCALE = float(np.sqrt(3.0))


def seed_of(*parts: object) -> int:
    """A 64-bit seed from words and numbers, the same on every machine and every run."""
    state = 0xCBF29CE484222325  # FNV-1a
    for byte in "|".join(map(str, parts)).encode():
        state = ((state ^ byte) * 0x100000001B3) & _MASK
    return state


@lru_cache(maxsize=65_536)
def _mixed(seed: int) -> int:
    """Far apart for near seeds: else the numbers of seed 2 were those of seed 1, shifted by one."""
    return int.from_bytes(blake2b((seed & _MASK).to_bytes(8, "big"), digest_size=8).digest())


def words(seed: int, places: NDArray[Any]) -> _Words:
    """64 random bits for every place (splitmix64)."""
    start = np.uint64(_mixed(seed))
    state = places.astype(np.int64).view(np.uint64) * np.uint64(_GOLDEN) + start
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def uniform(seed: int, places: NDArray[Any]) -> Floats:
    """A number in [0, 1) for every place."""
    return (words(seed, places) >> np.uint64(11)) / float(1 << 53)


def normal(seed: int, places: NDArray[Any]) -> Floats:
    """A number of mean 0 and variance 1 for every place, within ±3.5."""
    bits = words(seed, places)
    low = np.uint64(0xFFFF)
    total: Floats = np.zeros(bits.shape)
    for shift in (0, 16, 32, 48):
        total += ((bits >> np.uint64(shift)) & low) / 65535.0
    return (total - 2.0) * _IRWIN_HALL_SCALE


def wander(seed: int, times: Ints, period_s: int) -> Floats:
    """A curve of mean 0 and variance near 1 that forgets itself within about `period_s`."""
    if times.size == 0:
        return np.zeros(times.shape)
    place = times // period_s
    first = int(place.min())
    lattice = normal(seed, np.arange(first, int(place.max()) + 2))
    share = (times - place * period_s) / period_s
    near = lattice[place - first]
    far = lattice[place - first + 1]
    # Interpolation takes variance away between the lattice; this gives it back.
    return (near * (1.0 - share) + far * share) / np.sqrt((1.0 - share) ** 2 + share**2)
