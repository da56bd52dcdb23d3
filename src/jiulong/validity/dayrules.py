"""What is judged by days: rules register here and are asked wherever statistics changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple


class Stretch(NamedTuple):
    """Days of one factor at one point, both included, in which statistics are new or changed.

    Not every day between the two need have changed.
    """

    point_id: int
    factor_id: int
    first: date
    last: date


#: Called in the transaction that wrote the statistics. From nothing there are thousands of
#: stretches of a year each: a rule asks for all of them at once. It must give the same whether
#: days come at once or one by one, and again.
DayRule = Callable[[Sequence[Stretch], datetime], None]

_registered: Final[list[DayRule]] = []


def register(rule: DayRule) -> None:
    """Have days judged by this rule from now on."""
    if rule not in _registered:
        _registered.append(rule)


def registered() -> tuple[DayRule, ...]:
    """Every rule, in the order of registration."""
    return tuple(_registered)
