"""What the engine is given and what it gives. Numbers are `Decimal`, times are aware."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

#: How a mean was formed: Σ(C·Q)/Σ(Q); ΣC/n where flow is unknown or the factor forbids weighting;
#: the sum in m³ (flow itself); the mean of manual values.
Method = Literal["weighted", "arithmetic", "sum", "manual"]


@dataclass(frozen=True, slots=True)
class Hour:
    """The value of one hour as it was accepted, with all that speaks against it.

    Args:
        at: start of the hour.
        value: mg/L (pH and such: as measured; flow itself: m³); None: nothing came.
        flow: m³ in that hour; None: not known. Less than 0 is a meter's noise and counts as 0.
        flag: the HJ 212 data flag as sent; "" or ".": none.
        reasons: codes of `rules` that make it invalid for causes outside the frame: `mark`, `qc`,
            `disagreement`.
    """

    at: datetime
    value: Decimal | None
    flow: Decimal | None
    flag: str = ""
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Day:
    """The effective mean of one local day, and how it came about.

    Args:
        mean: mg/L to `numbers.KEPT` places (flow: m³ of the day); None: it cannot be formed.
        ratio: `n_valid` ÷ `n_expected` to four places, to be read; the rule compares the counts.
        flow_m3: all of the day's flow as far as it is known; None: nothing of it is.
        load_kg: to `numbers.KEPT` places; None: not known, or the factor has none.
    """

    on: date
    factor: str
    valid: bool
    mean: Decimal | None
    n_expected: int
    n_valid: int
    ratio: Decimal
    method: Method
    rule: str
    flow_m3: Decimal | None
    load_kg: Decimal | None
    substituted: bool
    #: Bit h is set where a value of the hour h (0 to 23, local) counts.
    valid_hours: int = 0
    #: Reason → bits of the hours that it makes invalid; an hour stands under each that applies.
    invalid: Mapping[str, int] = field(default_factory=dict)
    #: Why the day has no mean or no load of its own, in order; empty where it has both. First
    #: `rules.REASONS`, then `too_few` or `no_discharge`, then what became of the load:
    #: `substituted`, `manual`, `flow_unknown`, `flow_incomplete`.
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """The effective mean of one month: the arithmetic mean of its effective daily means.

    Args:
        load_kg: sum of the days' loads, their own and those that stand in; None: there is none.
        reasons: `too_few`: no mean; `load_incomplete`: days without a load are not in the sum.
    """

    month: date  # its first day
    factor: str
    valid: bool
    mean: Decimal | None
    n_expected: int
    n_valid: int
    ratio: Decimal
    rule: str
    load_kg: Decimal | None
    n_substituted: int
    reasons: tuple[str, ...] = ()
