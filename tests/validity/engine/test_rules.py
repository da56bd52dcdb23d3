"""Rule sets: by date, in order, with the decimals of the standard."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

import hj212
from jiulong.validity.engine.rules import MORE_PLACES, PLACES, RULE_SETS, in_order, rule_set_on
from tests.validity.golden.sheet import HJ356


def test_it_takes_the_default_in_force_with_the_latest_start() -> None:
    local = replace(RULE_SETS["fujian-230"], default=True, effective_to=date(2026, 12, 31))
    known = [*RULE_SETS.values(), local]
    days = [date(2020, 3, 24), date(2023, 6, 30), date(2023, 7, 1), date(2027, 1, 1)]
    found = [rule_set_on(day, known).code for day in days]
    assert found == ["hj356-2019", "hj356-2019", "fujian-230", "hj356-2019"]
    assert rule_set_on(date(2026, 8, 1)).code == "hj356-2019"
    with pytest.raises(LookupError, match="no rule set was in force on 2020-03-23"):
        rule_set_on(date(2020, 3, 23))


def test_every_rule_set_says_where_it_stands() -> None:
    assert [bool(one.laws and one.name and one.name_en) for one in RULE_SETS.values()] == [True] * 3


def test_a_mean_has_one_decimal_more_than_table_b1_lets_loggers_send() -> None:
    wanted = {}
    for code, factor in hj212.FACTORS.items():
        scale = factor.to_mg_per_l
        if scale is None or code in HJ356.unloaded_factors:
            continue
        sent = int(factor.number_type.partition(".")[2] or 0)
        wanted[code] = max(PLACES, sent + 1 - int(scale.log10()))
    assert {code: HJ356.places.get(code, PLACES) for code in wanted} == wanted
    assert set(MORE_PLACES) <= set(wanted)


def test_numbers_are_shown_plainly() -> None:
    shown = [
        HJ356.shown_mean("w20111", Decimal("0.0000005")),
        HJ356.shown_mean("w20111#2", Decimal("0.0000015")),
        HJ356.shown_mean("w01018", Decimal("-0.0004")),
        HJ356.shown_load("w01018", Decimal("1e7")),
    ]
    assert shown == ["0.000000", "0.000002", "0.000", "10000000.000000"]


def test_reasons_have_one_order() -> None:
    told = in_order({"strange", "missing", "mark", "flow_zero"})
    assert told == ("flow_zero", "mark", "missing", "strange")
