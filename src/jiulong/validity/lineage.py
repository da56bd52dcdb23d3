"""Where a day's mean comes from: 24 hours down to their frames, and the sum with its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from jiulong.monitoring import thresholds
from jiulong.monitoring.models import Factor, Period, Point
from jiulong.upkeep.spans import Span
from jiulong.validity.accepted import Accepted, accept, spans
from jiulong.validity.computing import one
from jiulong.validity.context import context
from jiulong.validity.engine.means import reasons_of
from jiulong.validity.engine.model import Day
from jiulong.validity.engine.rules import REASONS, RuleSet
from jiulong.validity.runs import HOURS, Run

HOUR: Final = timedelta(hours=1)
#: The frames of a day's hours that carry a factor, in the order in which the first one counts.
FRAMES: Final = """
SELECT at, batch, ordinal, factors FROM reading
WHERE point = %(point)s AND period = %(period)s AND at >= %(start)s AND at < %(end)s
  AND at <= received_at + %(ahead)s
ORDER BY at, part
"""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an hour does not count, and what says so (`upkeep.mark/17`), where something does."""

    code: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class HourLine:
    """One hour of a day as it was accepted.

    Args:
        flow_m3: of the hour; `product` is value · flow where the hour counts.
        frame: batch and ordinal of the raw frame; None: made from minutes, or nothing came.
        due: whether the hour is over and the point was in service.
    """

    at: datetime
    value: Decimal | None
    flag: str
    flow_m3: Decimal | None
    counts: bool
    reasons: tuple[Reason, ...]
    frame: tuple[int, int] | None
    made: bool
    due: bool
    product: Decimal | None


@dataclass(frozen=True, slots=True)
class DayLineage:
    """A day worked out again, with everything that its result stands on.

    Args:
        day: None where no rule set was in force or the factor has no statistics.
        products, valid_flow, values: the sums of the formula: Σ C·Q, Σ Q and Σ C of valid hours.
    """

    rules: RuleSet | None
    day: Day | None
    hours: list[HourLine]
    products: Decimal
    valid_flow: Decimal
    values: Decimal


def lineage(point: Point, factor: Factor, on: date, now: datetime | None = None) -> DayLineage:
    """The hours of one local day of one factor. Takes no viewer: the caller has asked for one."""
    now = now or timezone.now()
    held = context()
    run = Run(point.pk, on, 1)
    rules = held.rules_on(on)
    if rules is None:
        return DayLineage(None, None, [], Decimal(0), Decimal(0), Decimal(0))
    (accepted,) = accept([(run, rules)], held, now, {point.pk: {(factor.pk, on)}})
    if factor.pk not in accepted.factors:
        return DayLineage(rules, None, [], Decimal(0), Decimal(0), Decimal(0))
    found = one(accepted, factor.pk, 0, rules)
    against = [
        span
        for span in spans({point.pk}, run.start, run.end, held)
        if span.factor in {None, factor.pk}
    ]
    frames = _frames(run, factor.pk)
    hours = [_line(accepted, factor.pk, n, rules, against, frames) for n in range(HOURS)]
    counted = [line for line in hours if line.counts]
    return DayLineage(
        rules,
        found,
        hours,
        sum((line.product for line in counted if line.product is not None), Decimal(0)),
        sum((line.flow_m3 for line in counted if line.flow_m3 is not None), Decimal(0)),
        sum((line.value for line in counted if line.value is not None), Decimal(0)),
    )


def _line(  # noqa: PLR0917 - one hour, and what speaks against it
    accepted: Accepted, factor: int, n: int, rules: RuleSet, against: list[Span],
    frames: dict[int, tuple[int, int]],
) -> HourLine:  # fmt: skip
    hour = accepted.hour(factor, 0, n)
    due = bool(accepted.due[0, n])
    own = accepted.factors[factor]
    codes = reasons_of(hour, rules, own.code) if due else ()
    reasons = [
        Reason(code, reference)
        for code in sorted(codes, key=REASONS.index)
        for reference in (_references(code, hour.at, against) or [""])
    ]
    counts = due and not codes
    product = None
    if counts and hour.value is not None and hour.flow is not None:
        product = hour.value * hour.flow
    return HourLine(
        at=hour.at, value=hour.value, flag=hour.flag, flow_m3=hour.flow, counts=counts,
        reasons=tuple(reasons), frame=frames.get(n), made=bool(own.made[0, n]), due=due,
        product=product,
    )  # fmt: skip


def _references(code: str, at: datetime, against: list[Span]) -> list[str]:
    """What says so of the hour that begins at `at`."""
    return [
        span.reference
        for span in against
        if span.reason == code and span.start < at + HOUR and (span.end is None or span.end > at)
    ]


def _frames(run: Run, factor: int) -> dict[int, tuple[int, int]]:
    """Batch and ordinal of the first frame of each hour that carries the factor."""
    parameters: dict[str, Any] = {
        "point": run.point, "period": int(Period.HOUR), "start": run.start, "end": run.end,
        "ahead": thresholds.CLOCK_AHEAD,
    }  # fmt: skip
    found: dict[int, tuple[int, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(FRAMES, parameters)
        for at, batch, ordinal, factors in cursor:
            if factor in factors:
                found.setdefault(int((at - run.start) / HOUR), (batch, ordinal))
    return found
