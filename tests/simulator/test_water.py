"""The water is plausible, the same for everybody who asks, and never better than its instrument."""

from __future__ import annotations

import numpy as np
import pytest

from jiulong.simulator.arithmetic import statistics
from jiulong.simulator.noise import seed_of
from jiulong.simulator.trades import WATERS
from jiulong.simulator.water import DAY_S, HOUR_S, LOCAL_S, NORMAL, WaterModel

MIDNIGHT = 1_763_000_000 // DAY_S * DAY_S - LOCAL_S
HOURS = np.arange(MIDNIGHT - 30 * DAY_S, MIDNIGHT, HOUR_S, dtype=np.int64)
MINUTES = np.arange(MIDNIGHT, MIDNIGHT + DAY_S, 60, dtype=np.int64)
ALL = sorted(WATERS)


def model(trade: str = "municipal", position: str = "effluent", seed: int = 5) -> WaterModel:
    return WaterModel(trade, position, seed)


#: The waters in which ammonia and total nitrogen are both measured.
NITROGEN = [name for name in ALL if {"w21003", "w21001"} <= set(model(*name).codes)]


def test_the_same_seed_and_time_give_the_same_water() -> None:
    one, other = model().sample(MINUTES), model().sample(MINUTES)
    assert np.array_equal(one.values, other.values)
    assert np.array_equal(one.marks, other.marks)
    assert not np.array_equal(one.values, model(seed=6).sample(MINUTES).values)


def test_a_part_of_a_day_is_a_part_of_the_day() -> None:
    whole, part = model().sample(MINUTES), model().sample(MINUTES[200:420])
    assert np.array_equal(whole.values[:, 200:420], part.values)
    assert np.array_equal(whole.marks[:, 200:420], part.marks)


@pytest.mark.parametrize(("trade", "position"), ALL)
def test_every_trade_stays_in_its_ranges(trade: str, position: str) -> None:
    water = model(trade, position)
    values, marks = water.sample(HOURS)
    assert np.isfinite(values).all()
    assert (values >= 0).all()
    assert ((values[1] > 4) & (values[1] < 12)).all()
    assert ((values[2] > 5) & (values[2] < 50)).all()
    assert set(marks.ravel().tolist()) <= set(b"NMCDBTF")
    for row, instrument in enumerate(water.instruments):
        # Nobody reads more from an instrument than it can tell.
        assert np.array_equal(values[row], np.round(values[row], instrument.decimals))


@pytest.mark.parametrize(("trade", "position"), NITROGEN)
def test_ammonia_is_never_more_than_total_nitrogen(trade: str, position: str) -> None:
    water = model(trade, position)
    values, marks = water.sample(HOURS)
    ammonia, total = water.codes.index("w21003"), water.codes.index("w21001")
    normal = (marks[ammonia] == NORMAL) & (marks[total] == NORMAL)
    assert (values[ammonia] <= values[total])[normal].all()


def test_pollutants_rise_and_fall_together() -> None:
    found = [model(seed=seed_of("plant", number)).sample(HOURS) for number in range(20)]
    links = []
    for values, marks in found:
        normal = (marks[3:] == NORMAL).all(axis=0)
        links.append(np.corrcoef(values[3:, normal])[0, 1:])
    assert (np.mean(links, axis=0) > 0.3).all()


def test_flow_follows_the_day_and_the_week() -> None:
    values, _ = model("food").sample(HOURS)
    hour = (HOURS + LOCAL_S) % DAY_S // HOUR_S
    assert values[0, hour == 14].mean() > 1.4 * values[0, hour == 2].mean()
    weekday = ((HOURS + LOCAL_S) // DAY_S + 3) % 7
    assert values[0, weekday >= 5].mean() < 0.7 * values[0, weekday < 5].mean()


def test_a_batch_discharger_rests_at_night_and_says_so() -> None:
    values, marks = model("plating").sample(HOURS)
    night = ((HOURS + LOCAL_S) % DAY_S // HOUR_S) < 6
    assert (values[0, night] == 0).all()
    assert (values[0, ~night & ((HOURS + LOCAL_S) % DAY_S // HOUR_S < 22)] > 0).all()
    assert set(marks[3, night].tolist()) == {ord("F")}


def test_a_wet_analyser_holds_its_value_until_the_next() -> None:
    values, _ = model("food").sample(MINUTES)
    cod = values[3].reshape(24, 60)
    assert (cod == cod[:, :1]).all()
    assert len(set(cod[:, 0].tolist())) > 12
    assert len(set(values[0].tolist())) > 500


def test_somebody_looks_after_every_analyser_each_week() -> None:
    _, marks = model("steel").sample(HOURS)
    weeks = (HOURS + LOCAL_S) // DAY_S // 7
    for week in sorted(set(weeks.tolist()))[1:-1]:
        seen = bytes(marks[3, weeks == week].tolist())
        assert seen.count(b"M") == 1
        assert seen.count(b"C") == 1


def test_about_one_outlet_hour_in_a_hundred_is_over_its_limit() -> None:
    """About 1.2 % of outlet-hours (Guangdong, third quarter of 2019), an upper bound."""
    limits = {"w01018": 50, "w21003": 5, "w21011": 0.5, "w21001": 15}
    over = 0
    plants = 60
    for number in range(plants):
        water = model(seed=seed_of("outlet", number))
        found = statistics(water, HOURS, HOUR_S, 600)
        rows = [(water.codes.index(code), limit) for code, limit in limits.items()]
        hit = [(found.means[row] > limit) & (found.marks[row] == NORMAL) for row, limit in rows]
        over += int(np.any(hit, axis=0).sum())
    assert 0.006 < over / (plants * HOURS.size) < 0.02
