"""Rates as exact quotients of counts that add up."""

from __future__ import annotations

from decimal import Decimal

from jiulong.validity.engine.rates import PARTS, Counts, total


def test_transmission_times_validity_is_valid_by_due() -> None:
    # 96/120 = 0.8; 72/96 = 0.75; 0.8 · 0.75 = 0.6 = 72/120
    counts = Counts(due=120, received=96, valid=72)
    shares = [counts.share(rate) for rate in ("transmission", "validity", "transmission_validity")]
    assert shares == [Decimal("0.8"), Decimal("0.75"), Decimal("0.6")]


def test_rates_of_many_are_of_their_sums_and_no_mean_of_rates() -> None:
    # 1/1 and 1/3: together 2/4 = 0.5, the mean of the rates would be 0.6667
    assert total([Counts(due=1, received=1), Counts(due=3, received=1)]).share(
        "transmission"
    ) == Decimal("0.5")


def test_nothing_counted_is_no_rate() -> None:
    assert {Counts().share(rate) for rate in PARTS} == {None}
    # a tie goes to the even neighbour: 1/32 = 0.03125 → 0.0312; 3/32 = 0.09375 → 0.0938
    shares = [Counts(asked=32, answered=n).share("feedback") for n in (1, 3)]
    assert shares == [Decimal("0.0312"), Decimal("0.0938")]
