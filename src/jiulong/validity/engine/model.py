"""What the engine is given and what it gives. Numbers are `Decimal`, times are aware."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

#: How a mean was formed: Σ(C·Q)/Σ(Q), or ΣC/n where there is no flow or the factor forbids it.
Method = Literal["weighted", "arithmetic"]


@dataclass(frozen=True, slots=True)
class Hour:
    """The value of one hour as it was accepted, with all that speaks against it.

    Args:
        at: start of the hour.
        value: mg/L (pH and such: as measured); None: nothing came.
        flow: m³ in that hour; None: not known.
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
    """The effective mean of one local day, and how it came about."""

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
    #: Bit h is set where the hour h (0 to 23, local) counts.
    valid_hours: int = 0
    #: Reason → bits of the hours that it makes invalid.
    invalid: Mapping[str, int] = field(default_factory=dict)
    #: Why the day has no mean or no load of its own, in order.
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Month:
    """The effective mean of one month: the arithmetic mean of its effective daily means."""

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
