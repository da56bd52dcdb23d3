"""Whether an instrument passed a check: pure, by the limits of the rulebook.

HJ 355-2019 judges a check by its error – relative to the true value, to the range, or absolute –
with limits that depend on how high the true value is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiulong.upkeep.provisions import QcLimitItem

#: (true value, what the instrument said)
Pair = tuple[Decimal, Decimal]


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far off the instrument was, by which limit, and whether that passes."""

    measure: str
    error: Decimal
    tolerance: Decimal
    rule: str
    source: str
    passed: bool


def judged(
    limits: Iterable[QcLimitItem],
    *,
    factor: str,
    kind: str,
    pairs: Sequence[Pair],
    range_upper: Decimal | None = None,
    misses: int = 0,
) -> Verdict:
    """Judge one check.

    Args:
        factor: its code.
        pairs: one for a standard sample; for a comparison as many as were taken.
        misses: of several pairs so many may lie outside; the worst that must pass decides.

    Raises:
        ValidationError: no limit holds for it, or the limit needs what was not given.
    """
    fitting = [one for one in limits if one.factor == factor and kind in one.kinds]
    verdicts = [_one(_limit(fitting, pair[0]), pair, range_upper) for pair in pairs]
    if not verdicts:
        raise ValidationError({"measured": _("Give what the instrument measured.")})
    if len(verdicts) == 1:
        misses = 0
    ranked = sorted(verdicts, key=lambda one: abs(one.error) / one.tolerance, reverse=True)
    return ranked[min(misses, len(ranked) - 1)]


def _limit(fitting: Sequence[QcLimitItem], reference: Decimal) -> QcLimitItem:
    for one in fitting:
        above = one.low is None or reference >= one.low
        if above and (one.high is None or reference < one.high):
            return one
    raise ValidationError({"kind": _("There is no limit for this check of this factor.")})


def _one(limit: QcLimitItem, pair: Pair, range_upper: Decimal | None) -> Verdict:
    reference, measured = pair
    error = measured - reference
    if limit.measure == "relative":
        if reference <= 0:
            raise ValidationError({"reference": _("The true value must be above zero.")})
        error /= reference
    elif limit.measure == "range":
        if range_upper is None or range_upper <= 0:
            raise ValidationError({"range_upper": _("This check is judged by the range: give it.")})
        error /= range_upper
    return Verdict(
        measure=limit.measure, error=error, tolerance=limit.tolerance, rule=limit.key,
        source=limit.source.zh, passed=abs(error) <= limit.tolerance,
    )  # fmt: skip
