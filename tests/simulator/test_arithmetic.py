"""The arithmetic of HJ 212-2017 annex D.1."""

from __future__ import annotations

import numpy as np

from jiulong.simulator.arithmetic import statistics, summarise
from jiulong.simulator.water import DAY_S, HOUR_S, LOCAL_S, NORMAL, WaterModel

MIDNIGHT = 1_763_000_000 // DAY_S * DAY_S - LOCAL_S


def flat(rows: list[list[float]], marks: str = "") -> tuple[np.ndarray, np.ndarray]:
    """Values and marks of one period of as many slices as given."""
    values = np.array(rows)[:, None, :]
    flags = np.full(values.shape, NORMAL, dtype=np.uint8)
    if marks:
        flags[3:, 0, :] = np.frombuffer(marks.encode(), dtype=np.uint8)
    return values, flags


def model() -> WaterModel:
    return WaterModel("food", "effluent", 1)


def rows(flow: list[float], cod: list[float]) -> list[list[float]]:
    rest = [[1.0] * len(flow)] * 3
    return [flow, [7.0] * len(flow), [20.0] * len(flow), cod, *rest]


def test_means_are_weighted_with_the_flow() -> None:
    values, marks = flat(rows([10.0, 30.0], [100.0, 20.0]))
    found = summarise(model(), values, marks, 300)
    # 3 m³ at 100 and 9 m³ at 20: (300 + 180) g in 12 m³.
    assert found.totals[0, 0] == 12.0
    assert found.means[0, 0] == 20.0
    assert found.means[3, 0] == 40.0
    assert found.totals[3, 0] == 0.48
    assert (found.minima[3, 0], found.maxima[3, 0]) == (20.0, 100.0)


def test_ph_is_a_plain_mean_and_has_no_load() -> None:
    values, marks = flat(rows([1.0, 99.0], [1.0, 1.0]))
    values[1, 0] = [6.0, 8.0]
    found = summarise(model(), values, marks, 300)
    assert found.means[1, 0] == 7.0
    assert found.totals[1, 0] == 0.0


def test_without_flow_the_mean_is_plain_and_the_load_nothing() -> None:
    values, marks = flat(rows([0.0, 0.0], [10.0, 20.0]))
    found = summarise(model(), values, marks, 300)
    assert found.means[3, 0] == 15.0
    assert found.totals[3, 0] == 0.0


def test_only_normal_slices_count_and_one_that_is_not_marks_the_period() -> None:
    values, marks = flat(rows([10.0, 10.0, 10.0], [50.0, 900.0, 70.0]), "NCN")
    found = summarise(model(), values, marks, 200)
    assert found.means[3, 0] == 60.0
    assert found.maxima[3, 0] == 70.0
    assert chr(found.marks[3, 0]) == "C"
    assert chr(found.marks[0, 0]) == "N"


def test_the_gravest_mark_wins() -> None:
    values, marks = flat(rows([10.0, 10.0, 10.0], [50.0, 50.0, 50.0]), "MDN")
    assert chr(summarise(model(), values, marks, 200).marks[3, 0]) == "D"


def test_standing_still_marks_a_period_only_when_all_of_it_stood() -> None:
    values, marks = flat(rows([10.0, 0.0], [50.0, 50.0]), "NF")
    assert chr(summarise(model(), values, marks, 300).marks[3, 0]) == "N"
    values, marks = flat(rows([0.0, 0.0], [50.0, 50.0]), "FF")
    assert chr(summarise(model(), values, marks, 300).marks[3, 0]) == "F"


def test_ten_minutes_add_up_to_the_hour_and_hours_to_the_day() -> None:
    water = model()
    tens = statistics(water, np.arange(MIDNIGHT, MIDNIGHT + DAY_S, 600, dtype=np.int64), 600, 60)
    hours = statistics(
        water, np.arange(MIDNIGHT, MIDNIGHT + DAY_S, HOUR_S, dtype=np.int64), HOUR_S, 60
    )
    day = statistics(water, np.array([MIDNIGHT]), DAY_S, 60)
    assert np.allclose(tens.totals[0].reshape(24, 6).sum(axis=1), hours.totals[0], atol=0.004)
    assert np.allclose(hours.totals[0].sum(), day.totals[0], atol=0.02)
    assert (hours.minima <= hours.means).all()
    assert (hours.means <= hours.maxima).all()
