"""Numbers that depend on a seed and a time alone."""

from __future__ import annotations

import numpy as np

from jiulong.simulator.noise import normal, seed_of, uniform, wander

TIMES = np.arange(0, 40 * 86_400, 60, dtype=np.int64) + 1_760_000_000


def test_it_names_seeds_by_their_words() -> None:
    assert seed_of("a", 1) == seed_of("a", 1)
    assert len({seed_of("a", number) for number in range(1000)}) == 1000
    assert seed_of("a", 12) != seed_of("a1", 2)


def test_it_draws_evenly_and_nearly_normally() -> None:
    places = np.arange(50_000)
    even = uniform(3, places)
    assert 0 <= even.min() < even.max() < 1
    assert abs(even.mean() - 0.5) < 0.01
    bell = normal(3, places)
    assert abs(bell.mean()) < 0.02
    assert abs(bell.std() - 1) < 0.02


def test_any_moment_can_be_had_without_those_before_it() -> None:
    whole = wander(9, TIMES, 5400)
    assert np.array_equal(wander(9, TIMES[777:999], 5400), whole[777:999])
    assert wander(9, TIMES[:0], 5400).size == 0


def test_neighbours_are_alike_and_strangers_are_not() -> None:
    curve = wander(9, TIMES, 5400)
    assert abs(curve.std() - 1) < 0.1
    near = np.corrcoef(curve[:-5], curve[5:])[0, 1]
    far = np.corrcoef(curve[:-600], curve[600:])[0, 1]
    assert near > 0.95
    assert abs(far) < 0.15
    other = wander(10, TIMES, 5400)
    assert abs(np.corrcoef(curve, other)[0, 1]) < 0.15
