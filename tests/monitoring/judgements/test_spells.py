"""Runs of values outside their limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from jiulong.monitoring.judgements.spells import Judged, Spell, spells
from tests.factories import NOW

HOUR = timedelta(hours=1)
LIMIT = Decimal(50)


def judged(*values: int | None) -> list[Judged]:
    return [
        Judged(NOW + n * HOUR, Decimal(value), None, LIMIT)
        for n, value in enumerate(values)
        if value is not None
    ]


def at(n: int) -> datetime:
    return NOW + n * HOUR


def test_it_joins_hours_in_a_row_and_keeps_the_worst() -> None:
    assert spells(judged(40, 60, 100, 55, 50, 40), code="w01018") == [
        Spell(at(1), at(3), at(4), 3, Decimal(100), LIMIT, Decimal("1.00"), at(2))
    ]


def test_it_stays_open_until_a_value_keeps_the_limit() -> None:
    (spell,) = spells(judged(40, 60, None, None), code="w01018")
    assert (spell.last_at, spell.ended_at) == (at(1), None)


def test_absent_values_neither_end_nor_count() -> None:
    (spell,) = spells(judged(60, None, 70, 40), code="w01018")
    assert (spell.started_at, spell.ended_at, spell.count) == (at(0), at(3), 2)


def test_it_goes_on_from_an_open_run() -> None:
    (before,) = spells(judged(60), code="w01018")
    (after,) = spells(judged(60, 70, 40)[1:], code="w01018", going_on=before)
    assert after == spells(judged(60, 70, 40), code="w01018")[0]


def test_the_worst_ph_is_the_farthest_outside() -> None:
    values = [Judged(at(n), Decimal(v), Decimal(6), Decimal(9)) for n, v in enumerate(["9.1", "5"])]
    (spell,) = spells(values, code="w01001")
    assert (spell.value, spell.bound, spell.multiple) == (Decimal(5), Decimal(6), None)


@given(st.lists(st.integers(0, 100), max_size=40), st.integers(0, 40))
def test_it_gives_the_same_in_two_parts_as_in_one(values: list[int], cut: int) -> None:
    whole = spells(judged(*values), code="w01018")
    first = spells(judged(*values)[:cut], code="w01018")
    going_on = first[-1] if first and first[-1].ended_at is None else None
    rest = spells(judged(*values)[cut:], code="w01018", going_on=going_on)
    assert (first[:-1] if going_on else first) + rest == whole
