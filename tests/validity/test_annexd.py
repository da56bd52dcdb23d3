"""What a logger should have worked out, and what is no reason to doubt it."""

from __future__ import annotations

import numpy as np
import pytest

from jiulong.simulator.arithmetic import Statistics, statistics
from jiulong.simulator.station import slice_of
from jiulong.simulator.water import WATERS, WaterModel
from jiulong.validity import annexd
from jiulong.validity.engine.rules import RULE_SETS, plain
from jiulong.validity.runs import Frames, usable

RULES = RULE_SETS["hj356-2019"]
#: Midnight in Zhangzhou, 2 November 2026.
START = 1_793_548_800
DAYS = 2


def frames(model: WaterModel, length_s: int) -> Frames:
    """What a station sends of two days, with the decimals of its instruments."""
    starts = np.arange(START, START + DAYS * 86_400, length_s, dtype=np.int64)
    found: Statistics = statistics(model, starts, length_s, slice_of(length_s))
    sent = [np.round(found.means[n], i.decimals) for n, i in enumerate(model.instruments)]
    ids = tuple(range(len(model.instruments)))
    return Frames(ids, starts - START, np.array(sent).T, found.totals[0], found.marks.T.copy())


@pytest.mark.parametrize("trade", sorted({trade for trade, _position in WATERS}))
def test_an_honest_logger_deviates_nowhere(trade: str) -> None:
    """Rounded values, marks and batch discharge of every trade of the simulator."""
    model = WaterModel(trade, "effluent", 5)
    minutes, hours, days = (frames(model, length) for length in (600, 3600, 86_400))
    flow = annexd.flow_of(hours, 0, 3600, RULES).reshape(DAYS, 24)
    for n, instrument in enumerate(model.instruments[1:], 1):
        weigh = plain(instrument.code) not in RULES.arithmetic_factors
        sums = annexd.hour_sums(
            [minutes], n, 0, interval_s=600, hours=DAYS * 24, rules=RULES, weigh=weigh
        )
        values = hours.values[:, n].reshape(DAYS, 24)
        normal = usable(hours.marks[:, n], RULES.usable_flags).reshape(DAYS, 24)
        unit = annexd.units(values).repeat(24)
        differs = annexd.hours_differ(values.ravel(), sums, unit, RULES, 6) & normal.ravel()
        check = annexd.day_check(
            days.values[:, n], values, flow, normal.all(axis=1), RULES, weigh=weigh
        )
        assert (differs.any(), check.deviates.any()) == (False, False), instrument.code


def test_the_last_place_that_is_sent_is_a_unit() -> None:
    values = np.array([[1.0, 2.5], [3.0, 4.0], [0.125, np.nan]])
    assert annexd.units(values).tolist() == [0.1, 1.0, 0.001]


def test_it_shows_which_method_a_logger_uses() -> None:
    values = np.tile([20.0, 60.0], (3, 12))
    flow = np.tile([10.0, 30.0], (3, 12))
    check = annexd.day_check(
        np.array([50.0, 40.0, 45.0]), values, flow, np.ones(3, dtype=np.bool_), RULES, weigh=True
    )
    assert check.uses_weighted.tolist() == [True, False, False]
    assert check.uses_arithmetic.tolist() == [False, True, False]
    assert check.deviates.tolist() == [False, False, True]


def test_a_part_of_a_day_proves_nothing() -> None:
    values = np.full((1, 24), 20.0)
    check = annexd.day_check(
        np.array([90.0]), values, values, np.zeros(1, dtype=np.bool_), RULES, weigh=True
    )
    assert not check.deviates.any()
