"""Effective means of days and months, and their loads (HJ 356-2019 §7; HJ 212-2017 annex D.1).

C_day = Σ(C_i · Q_i) / Σ Q_i   over the valid hours i
M_day = C_day · Q_day / 1000   kg, C in mg/L, Q in m³
C_month = Σ C_day / n          over the n effective daily means
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import Final

from jiulong.rounding import rounded
from jiulong.validity.engine.model import Day, Hour, Method, Month
from jiulong.validity.engine.numbers import EXACT, quotient
from jiulong.validity.engine.rules import RuleSet, in_order, plain

#: China Standard Time: UTC+8 without daylight saving since 1992.
LOCAL: Final = timezone(timedelta(hours=8))
#: To read; the 75 % rule compares counts.
RATIO_PLACES: Final = 4
SECONDS: Final = 3600  # of an hour
GRAMS: Final = 1000  # g/m³ · m³ → kg
NOTHING: Final = Decimal(0)


def reasons_of(hour: Hour, rules: RuleSet, factor: str) -> tuple[str, ...]:
    """Why the hour does not count, in order; empty where it does."""
    if (
        hour.value is not None
        and not hour.reasons
        and hour.flag in rules.usable_flags
        and (hour.flow is None or hour.flow > 0)
    ):
        return ()  # by far the most hours
    found = set(hour.reasons)
    dry = hour.flow is not None and hour.flow <= 0 and plain(factor) not in rules.summed_factors
    if dry and rules.zero_flow_invalid:
        found.add("flow_zero")
    if hour.flag not in rules.usable_flags:
        found.add("flag")
    if hour.value is None and "flow_zero" not in found:  # without discharge nothing was due
        found.add("missing")
    return in_order(found)


def disagrees(values: Iterable[Decimal | None], rules: RuleSet) -> bool:
    """Whether analyser, logger and platform differ by more than is allowed (HJ 356-2019 §6).

    The first value that is there is the one nearest the instrument; the difference is relative to
    it. Exactly the allowed share still agrees.
    """
    known = [value for value in values if value is not None]
    if rules.disagreement is None or not known:
        return False
    most = rules.disagreement * abs(known[0])
    return any(abs(value - known[0]) > most for value in known[1:])


@dataclass(slots=True)
class _Tally:
    """What a day's hours add up to. Sums are exact."""

    n_given: int
    n_valid: int
    valid_hours: int
    n_flows: int  # hours whose flow is known
    n_dry: int  # hours known to be without discharge
    weighed: int  # valid hours whose flow is known
    flow: Decimal  # of all hours
    valid_flow: Decimal
    values: Decimal
    products: Decimal
    invalid: dict[str, int]
    n_expected: int = 0
    valid: bool = False


def _tally(hours: Sequence[Hour], on: date, factor: str, rules: RuleSet) -> _Tally:
    midnight = datetime.combine(on, time.min, LOCAL)
    valid_hours, counted, invalid = 0, [], dict[str, int]()
    for hour in hours:
        since = hour.at - midnight
        if since.days:
            raise ValueError(f"{hour.at} does not lie in the local day {on}")
        bit = 1 << since.seconds // SECONDS
        reasons = reasons_of(hour, rules, factor)
        if not reasons and hour.value is not None:
            counted.append((hour.value, hour.flow))
            valid_hours |= bit
        for reason in reasons:
            invalid[reason] = invalid.get(reason, 0) | bit
    flows = [hour.flow for hour in hours if hour.flow is not None]
    wet = [flow for flow in flows if flow > 0]
    return _Tally(
        n_given=len(hours),
        n_valid=len(counted),
        valid_hours=valid_hours,
        n_flows=len(flows),
        n_dry=len(flows) - len(wet),
        weighed=sum([flow is not None for _value, flow in counted]),
        flow=sum(wet, NOTHING),
        valid_flow=sum(
            [flow for _value, flow in counted if flow is not None and flow > 0], NOTHING
        ),
        values=sum([value for value, _flow in counted], NOTHING),
        products=sum(
            [value * flow for value, flow in counted if flow is not None and flow > 0], NOTHING
        ),
        invalid=invalid,
    )


def day(
    hours: Sequence[Hour],
    *,
    on: date,
    factor: str,
    rules: RuleSet,
    expected: int = 24,
    intermittent: bool = False,
    substitute: Decimal | None = None,
) -> Day:
    """The effective mean and the load of one local day.

    Args:
        hours: the values of the day, in any order; those that did not come may be left out.
        expected: how many values a day of discharge has.
        intermittent: discharge by batch: as many are expected as `hours` that are not known to be
            without discharge; whoever knows of no flow and no value gives an empty hour.
        substitute: the load that stands in where the day has none of its own, in kg; see
            `substitution`.

    Raises:
        ValueError: an hour lies outside of the day.
    """
    with localcontext(EXACT):
        tally = _tally(hours, on, factor, rules)
        tally.n_expected = tally.n_given - tally.n_dry if intermittent else expected
        tally.valid = rules.enough(tally.n_valid, tally.n_expected)
        mean, method = _mean(tally, factor, rules)
        load, about_load = _load(tally, factor, rules, substitute)
    return Day(
        on=on,
        factor=factor,
        valid=tally.valid,
        mean=mean if tally.valid else None,
        n_expected=tally.n_expected,
        n_valid=tally.n_valid,
        ratio=_ratio(tally.n_valid, tally.n_expected),
        method=method,
        rule=rules.code,
        flow_m3=tally.flow if tally.n_flows else None,
        load_kg=load,
        substituted="substituted" in about_load,
        valid_hours=tally.valid_hours,
        invalid={reason: tally.invalid[reason] for reason in in_order(tally.invalid)},
        reasons=_why(tally, rules) + about_load,
    )


def _why(tally: _Tally, rules: RuleSet) -> tuple[str, ...]:
    """Why there is no mean."""
    if tally.valid:
        return ()
    found = set(tally.invalid)
    if tally.n_given < tally.n_expected:
        found.add("missing")  # hours that were never given
    return (*in_order(found), "no_discharge" if _is_dry(tally, rules) else "too_few")


@lru_cache(maxsize=4096)
def _ratio(part: int, whole: int) -> Decimal:
    return rounded(quotient(part, whole), RATIO_PLACES) if whole else NOTHING


def _mean(tally: _Tally, factor: str, rules: RuleSet) -> tuple[Decimal | None, Method]:
    code = plain(factor)
    if code in rules.summed_factors:
        return (tally.values if tally.n_valid else None), "sum"
    weighs = code not in rules.arithmetic_factors and tally.valid_flow > 0
    if weighs and tally.weighed == tally.n_valid:
        return quotient(tally.products, tally.valid_flow), "weighted"
    return (quotient(tally.values, tally.n_valid) if tally.n_valid else None), "arithmetic"


def _is_dry(tally: _Tally, rules: RuleSet) -> bool:
    """Whether nothing was discharged: every known flow is 0, and enough of the day is known."""
    if not tally.n_flows or tally.n_dry < tally.n_flows:
        return False
    return tally.n_expected == 0 or rules.enough(tally.n_dry, tally.n_expected)


def _load(
    tally: _Tally, factor: str, rules: RuleSet, substitute: Decimal | None
) -> tuple[Decimal | None, tuple[str, ...]]:
    """Load in kg, and what is to be told about it."""
    if not rules.has_load(factor):
        return None, ()
    if tally.valid:
        return _own_load(tally, rules)
    if _is_dry(tally, rules):
        return NOTHING, ()  # no water, no load: nothing is stood in for at flow 0
    if substitute is not None and rules.substitutes:
        return substitute, ("substituted",)
    return None, ()


def _own_load(tally: _Tally, rules: RuleSet) -> tuple[Decimal | None, tuple[str, ...]]:
    if not tally.n_flows:
        return None, ("flow_unknown",)  # flow is not invented
    complete = tally.n_flows >= max(tally.n_expected, tally.n_given)
    about = () if complete else ("flow_incomplete",)
    if rules.load == "slices":
        return quotient(tally.products, GRAMS), about
    products, flow = tally.products, tally.valid_flow
    if tally.weighed < tally.n_valid or not flow:
        products, flow = tally.values, Decimal(tally.n_valid)
    # C_day as a fraction, so that the load is rounded once.
    return quotient(products * tally.flow, flow * GRAMS), about


def month(
    days: Sequence[Day], *, month: date, rules: RuleSet, expected: int | None = None
) -> Month:
    """The effective mean and the load of one month.

    Args:
        days: the month's days of one factor, in any order; those without any value may be left out.
        month: its first day.
        expected: days on which a mean is expected; None: all of the calendar month, without days of
            discharge by batch on which nothing was discharged.

    Raises:
        ValueError: a day lies outside of the month, or none was given and so no factor.
    """
    if not days:
        raise ValueError("a month needs a day")
    first, length = month.replace(day=1), monthrange(month.year, month.month)[1]
    if strays := [one.on for one in days if one.on.replace(day=1) != first]:
        raise ValueError(f"{strays[0]} does not lie in the month {first:%Y-%m}")
    factor = days[0].factor
    means = [one.mean for one in days if one.valid and one.mean is not None]
    loads = [one.load_kg for one in days if one.load_kg is not None]
    idle = sum(1 for one in days if one.n_expected == 0)
    n_expected = length - idle if expected is None else expected
    valid = rules.enough_days(len(means), n_expected)
    reasons: tuple[str, ...] = () if valid else ("too_few",)
    if rules.has_load(factor) and len(loads) < max(n_expected + idle, len(days)):
        reasons += ("load_incomplete",)
    with localcontext(EXACT):
        total = sum(means, NOTHING)
        summed = plain(factor) in rules.summed_factors
        mean = (total if summed else quotient(total, len(means))) if valid else None
        load = sum(loads, NOTHING) if loads else None
    return Month(
        month=first,
        factor=factor,
        valid=valid,
        mean=mean,
        n_expected=n_expected,
        n_valid=len(means),
        ratio=_ratio(len(means), n_expected),
        rule=rules.code,
        load_kg=load,
        n_substituted=sum(1 for one in days if one.substituted),
        reasons=reasons,
    )
