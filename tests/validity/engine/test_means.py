"""The engine against the same formulas in fractions, for whatever hours there may be."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from jiulong.validity.engine import means
from jiulong.validity.engine.model import Day, Hour
from jiulong.validity.engine.numbers import KEPT, quotient
from tests.validity.golden.sheet import COD, HJ356, ON, hours

numbers = st.decimals(-5, 5000, places=3)
flows = st.one_of(st.none(), st.just(Decimal(0)), st.decimals(0, 9999, places=2))
flags = st.sampled_from(["N", "N", "N", "N", ".", "", "D", "M"])
whys = st.sampled_from([(), (), (), ("qc",), ("mark", "qc"), ("disagreement",)])
cells = st.tuples(st.one_of(st.none(), numbers), flows, flags, whys)
TIMES = [one.at for one in hours("24x1/1")]


def counts(one: Hour) -> bool:
    fine = one.flag in {"", ".", "N"} and not one.reasons
    return fine and one.value is not None and (one.flow is None or one.flow > 0)


def expected_mean(valid: list[Hour]) -> Fraction:
    if all(one.flow is not None for one in valid):
        flow = sum(Fraction(one.flow or 0) for one in valid)
        return sum(Fraction(one.value or 0) * Fraction(one.flow or 0) for one in valid) / flow
    return sum((Fraction(one.value or 0) for one in valid), Fraction()) / len(valid)


def half_even(value: Fraction) -> Decimal:
    with localcontext(prec=100):
        return Decimal(round(value * 10**KEPT)).scaleb(-KEPT)  # Python rounds a Fraction half even


def judged(row: list[tuple[Decimal | None, Decimal | None, str, tuple[str, ...]]]) -> Day:
    return means.day(
        [Hour(at, *cell) for at, cell in zip(TIMES, row, strict=False)],
        on=ON, factor=COD, rules=HJ356,
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(st.lists(cells, min_size=15, max_size=24))
def test_it_gives_what_the_formulas_give(
    row: list[tuple[Decimal | None, Decimal | None, str, tuple[str, ...]]],
) -> None:
    given_hours = [Hour(at, *cell) for at, cell in zip(TIMES, row, strict=False)]
    valid = [one for one in given_hours if counts(one)]
    found = judged(row)
    assert found.n_valid == len(valid)
    assert found.valid_hours.bit_count() == len(valid)
    assert found.valid == (4 * len(valid) >= 3 * 24)
    if not found.valid:
        assert found.mean is None
        return
    mean = expected_mean(valid)
    assert found.mean == half_even(mean)
    total = [Fraction(one.flow) for one in given_hours if one.flow is not None]
    assert found.load_kg == (half_even(mean * sum(total) / 1000) if total else None)


@settings(max_examples=40, deadline=None)
@given(st.lists(cells, min_size=20, max_size=24), st.randoms(use_true_random=False))
def test_the_order_of_hours_does_not_matter(row: list[object], random: object) -> None:
    given_hours = [Hour(at, *cell) for at, cell in zip(TIMES, row, strict=False)]  # type: ignore[misc]
    shuffled = list(given_hours)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    both = [means.day(h, on=ON, factor=COD, rules=HJ356) for h in (given_hours, shuffled)]
    assert both[0] == both[1]


@settings(max_examples=80, deadline=None)
@given(
    st.integers(-(10**20), 10**20),
    st.integers(-(10**12), 10**12).filter(bool),
    st.integers(0, 6),
)
def test_a_quotient_is_the_nearest_of_its_places(top: int, bottom: int, places: int) -> None:
    found = quotient(Decimal(top).scaleb(-places), bottom)
    assert found == half_even(Fraction(top, bottom * 10**places))
    assert found.as_tuple().exponent == -KEPT
