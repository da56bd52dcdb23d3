"""Days of statistics from accepted hours: most of them many at once, the others one by one.

Both ways give the same to the last place: whole numbers here, decimals in the engine. A test holds
them against each other. What is unusual – a day without a mean, discharge by batch, flow that is
not known of every value, numbers of many digits – goes to the engine.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np

from jiulong.monitoring.numbers import exact
from jiulong.validity.accepted import Accepted, FactorHours
from jiulong.validity.engine import means
from jiulong.validity.engine.model import Day
from jiulong.validity.engine.numbers import KEPT
from jiulong.validity.engine.rules import REASONS, RuleSet, plain
from jiulong.validity.exact import Scaled, quotient, raised, scaled
from jiulong.validity.runs import HOURS, Ints, Truths, usable

#: L/s over an hour are 3.6 m³.
THIRTY_SIX: Final = 36
#: Sums of products stay below this: whole numbers of 64 bits.
ROOM: Final = 2**62
BITS: Final = (1 << np.arange(HOURS)).astype(np.int64)
GRAMS: Final = 1000
#: What a ratio is kept with; see `engine.means.RATIO_PLACES`.
RATIO: Final = 10**means.RATIO_PLACES


class Result(NamedTuple):
    """A day as it is kept. The columns of `DayStatistic` but for its revision and time."""

    point: int
    factor: int
    on: date
    valid: bool
    over: bool
    substituted: bool
    deviates: bool
    n_expected: int
    n_valid: int
    valid_hours: int
    made_hours: int
    mean: Decimal | None
    ratio: Decimal
    flow_m3: Decimal | None
    load_kg: Decimal | None
    sent_mean: Decimal | None
    method: str
    sent_method: str
    rule: str
    invalid: dict[str, int]
    reasons: list[str]


class _Sums(NamedTuple):
    """Of each day: counts, and exact sums as whole numbers."""

    n_expected: list[int]
    n_valid: list[int]
    n_flows: list[int]
    n_given: list[int]
    valid_hours: list[int]
    products: list[int]
    values: list[int]
    valid_flow: list[int]
    flow: list[int]
    value_places: int
    flow_places: int


class Flow(NamedTuple):
    """Flow of a run's hours in m³ as whole numbers; `known`: of which hours."""

    n: Ints
    places: int
    known: Truths


def flow_of(accepted: Accepted) -> Flow | None:
    """The flow, exactly; None where it has too many digits."""
    total, mean = scaled(accepted.flow_total), scaled(accepted.flow_mean)
    if total is None or mean is None:
        return None
    by_mean = Scaled(mean.n * THIRTY_SIX, mean.places + 1) if mean.n.any() else Scaled(mean.n, 0)
    places = max(total.places, by_mean.places)
    if max(_greatest(total, places), _greatest(by_mean, places)) >= ROOM:
        return None
    known = ~(np.isnan(accepted.flow_total) & np.isnan(accepted.flow_mean))
    return Flow(
        np.maximum(raised(total, places) + raised(by_mean, places), 0), places, known
    )  # fmt: skip


def _greatest(numbers: Scaled, places: int) -> int:
    power: int = 10 ** (places - numbers.places)
    return int(np.abs(numbers.n).max(initial=0)) * power


#: Completes a day of a factor without a load; given are the run's loads of their own by day.
Complete = Callable[[int, Day, Sequence[tuple[date, Decimal]]], Day]


def results(accepted: Accepted, rules: RuleSet, complete: Complete) -> Iterator[Result]:
    """The wanted days of every factor of a run."""
    flow = flow_of(accepted)
    for factor, own in accepted.factors.items():
        wanted = np.flatnonzero(accepted.wanted[factor]).tolist()
        if not wanted:
            continue
        done: dict[int, Result] = {}
        if flow is not None and not accepted.intermittent and _plain_rules(own, rules):
            done = dict(_many(accepted, factor, flow, rules))
        lacking: dict[int, Day] = {}
        for day in wanted:
            if day not in done:
                found = one(accepted, factor, day, rules)
                if found.valid:
                    done[day] = result(accepted, factor, day, found)
                else:
                    lacking[day] = found
        loads = [(r.on, r.load_kg) for r in done.values() if r.load_kg is not None]
        for day, found in list(lacking.items()):
            if is_over(accepted, day):  # until then hours may come that give it a load of its own
                lacking[day] = complete(factor, found, loads)
            done[day] = result(accepted, factor, day, lacking[day])
        yield from done.values()


def is_over(accepted: Accepted, day: int) -> bool:
    """Whether all hours of the day are due."""
    return bool((accepted.due[day] == accepted.active[day]).all())


def _plain_rules(own: FactorHours, rules: RuleSet) -> bool:
    known = {*own.reasons} <= set(REASONS)
    loaded = plain(own.code) in rules.arithmetic_factors and rules.has_load(own.code)
    usual = rules.zero_flow_invalid and rules.load == "mean_times_flow"
    return known and usual and not loaded


def one(accepted: Accepted, factor: int, day: int, rules: RuleSet) -> Day:
    """One day, by the engine, without a load that stands in."""
    return means.day(
        accepted.hours(factor, day),
        on=accepted.run.day(day),
        factor=accepted.factors[factor].code,
        rules=rules,
        expected=int(accepted.active[day].sum()),
        intermittent=accepted.intermittent,
    )


def result(accepted: Accepted, factor: int, day: int, found: Day) -> Result:
    """A day of the engine's as it is kept."""
    return Result(
        point=accepted.run.point, factor=factor, on=found.on, valid=found.valid,
        substituted=found.substituted, n_expected=found.n_expected, n_valid=found.n_valid,
        over=is_over(accepted, day),
        valid_hours=found.valid_hours, mean=found.mean, ratio=found.ratio,
        flow_m3=found.flow_m3, load_kg=found.load_kg, method=found.method, rule=found.rule,
        invalid=dict(found.invalid), reasons=list(found.reasons),
        **_annex_d(accepted, accepted.factors[factor]).of(day),
    )  # fmt: skip


class _AnnexD(NamedTuple):
    """What the comparison with the logger's own arithmetic gave, by day."""

    deviates: list[bool]
    made: list[int]
    sent: list[float]
    methods: list[str]

    def of(self, day: int) -> dict[str, Any]:
        """The columns of one day."""
        sent = self.sent[day]
        return {
            "deviates": self.deviates[day],
            "made_hours": self.made[day],
            "sent_mean": None if math.isnan(sent) else exact(sent),
            "sent_method": self.methods[day],
        }


def _annex_d(accepted: Accepted, own: FactorHours) -> _AnnexD:
    days = accepted.run.days
    deviates: Truths = np.zeros(days, dtype=np.bool_)
    if own.differs is not None:
        deviates = deviates | own.differs.any(axis=1)
    sent, methods = np.full(days, np.nan), np.full(days, "", dtype="U10")
    if own.check is not None:
        sent = own.check.sent
        deviates = deviates | own.check.deviates
        methods[own.check.uses_weighted] = "weighted"
        methods[own.check.uses_arithmetic] = "arithmetic"
    return _AnnexD(deviates.tolist(), (own.made @ BITS).tolist(), sent.tolist(), methods.tolist())


def _many(
    accepted: Accepted, factor: int, flow: Flow, rules: RuleSet
) -> Iterator[tuple[int, Result]]:
    """All days of a factor that have a mean and nothing unusual about them."""
    own = accepted.factors[factor]
    numbers = scaled(own.values)
    if numbers is None or not _fits(numbers, flow):
        return
    invalid = _invalid(accepted, own, flow, rules)
    valid = accepted.due.copy()
    for hours in invalid.values():
        valid &= ~hours
    sums = _sums(accepted, numbers, flow, valid)
    weighs = plain(own.code) not in rules.arithmetic_factors
    usual = accepted.wanted[factor] & (~valid | flow.known).all(axis=1)
    bits = {reason: (hours @ BITS).tolist() for reason, hours in invalid.items() if hours.any()}
    loaded = rules.has_load(own.code)
    over = (accepted.due == accepted.active).all(axis=1).tolist()
    annex_d = _annex_d(accepted, own)
    for day in np.flatnonzero(usual).tolist():
        if not rules.enough(sums.n_valid[day], sums.n_expected[day]):
            continue
        if weighs and not sums.valid_flow[day]:
            continue
        mean, load, about = _means(sums, day, weighs=weighs, loaded=loaded)
        yield day, Result(
            point=accepted.run.point, factor=factor, on=accepted.run.day(day), valid=True,
            over=over[day], substituted=False, n_expected=sums.n_expected[day],
            n_valid=sums.n_valid[day],
            valid_hours=sums.valid_hours[day], mean=mean,
            ratio=_ratio(sums.n_valid[day], sums.n_expected[day]),
            flow_m3=_decimal(sums.flow[day], sums.flow_places) if sums.n_flows[day] else None,
            load_kg=load, method="weighted" if weighs else "arithmetic", rule=rules.code,
            invalid={reason: found[day] for reason, found in bits.items() if found[day]},
            reasons=about, **annex_d.of(day),
        )  # fmt: skip


def _fits(numbers: Scaled, flow: Flow) -> bool:
    """Whether a day's sum of products is a whole number of 64 bits."""
    values = int(np.abs(numbers.n).max(initial=0))
    return values * int(flow.n.max(initial=0)) * HOURS < ROOM


def _invalid(
    accepted: Accepted, own: FactorHours, flow: Flow, rules: RuleSet
) -> Mapping[str, Truths]:
    """Hours that do not count by reason, in the order of `REASONS`; as `engine.reasons_of`."""
    due = accepted.due
    dry = flow.known & (flow.n == 0) & due
    found = {
        "flow_zero": dry,
        "flag": due & (own.marks > 0) & ~usable(own.marks, rules.usable_flags),
        "missing": due & np.isnan(own.values) & ~dry,
    }
    for reason, hours in own.reasons.items():
        found[reason] = hours & due
    return {reason: found[reason] for reason in REASONS if reason in found}


def _sums(accepted: Accepted, numbers: Scaled, flow: Flow, valid: Truths) -> _Sums:
    value, water = np.where(valid, numbers.n, 0), np.where(accepted.due, flow.n, 0)
    own_water = np.where(valid, water, 0)
    return _Sums(
        n_expected=accepted.active.sum(axis=1).tolist(),
        n_valid=valid.sum(axis=1).tolist(),
        n_flows=(flow.known & accepted.due).sum(axis=1).tolist(),
        n_given=accepted.due.sum(axis=1).tolist(),
        valid_hours=(valid @ BITS).tolist(),
        products=(value * own_water).sum(axis=1).tolist(),
        values=value.sum(axis=1).tolist(),
        valid_flow=own_water.sum(axis=1).tolist(),
        flow=water.sum(axis=1).tolist(),
        value_places=numbers.places,
        flow_places=flow.places,
    )


def _means(
    sums: _Sums, day: int, *, weighs: bool, loaded: bool
) -> tuple[Decimal, Decimal | None, list[str]]:
    """Mean, load in kg, and what is to be told of the load."""
    top, bottom = sums.values[day], sums.n_valid[day]
    if weighs:
        top, bottom = sums.products[day], sums.valid_flow[day]
    mean = Decimal(quotient(top * 10 ** (KEPT - sums.value_places), bottom)).scaleb(-KEPT)
    if not loaded:
        return mean, None, []
    if not sums.n_flows[day]:
        return mean, None, ["flow_unknown"]
    # C_day as a fraction times Q_day, so that the load is rounded once.
    top, bottom = top * sums.flow[day], bottom * GRAMS
    places = KEPT - sums.value_places - sums.flow_places
    if places >= 0:
        top *= 10**places
    else:
        bottom *= 10**-places
    short = sums.n_flows[day] < max(sums.n_expected[day], sums.n_given[day])
    load = Decimal(quotient(top, bottom)).scaleb(-KEPT)
    return mean, load, ["flow_incomplete"] if short else []


_RATIOS: Final[dict[tuple[int, int], Decimal]] = {}


def _ratio(part: int, whole: int) -> Decimal:
    known = _RATIOS.get((part, whole))
    if known is None:
        known = Decimal(quotient(part * RATIO, whole)).scaleb(-means.RATIO_PLACES)
        _RATIOS[part, whole] = known
    return known


def _decimal(number: int, places: int) -> Decimal:
    return Decimal(number).scaleb(-places)
