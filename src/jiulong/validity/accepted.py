"""The accepted layer: which hours count, and what speaks against the others.

A pure function of raw hours and minutes, marks, checks and discrepancies. Nothing of it is stored
by itself: statistics keep its bits, and a page works it out again hour by hour.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final, NamedTuple

import numpy as np
from django.db.models import Q

from jiulong.monitoring.limits import PERMIT_LAXER
from jiulong.monitoring.models import Discrepancy, Limit, Period, Point
from jiulong.monitoring.numbers import exact
from jiulong.rounding import rounded
from jiulong.upkeep.queries import invalid_spans
from jiulong.upkeep.spans import Span
from jiulong.validity import annexd
from jiulong.validity.context import Context
from jiulong.validity.engine.means import disagrees
from jiulong.validity.engine.model import Hour
from jiulong.validity.engine.rules import RuleSet, plain
from jiulong.validity.runs import (
    HOURS,
    Codes,
    Floats,
    Frames,
    Marks,
    Run,
    Truths,
    by_point,
    read,
    usable,
    zone,
)

HOUR: Final = timedelta(hours=1)
HOUR_S: Final = 3600
DAY_S: Final = 86_400
MINUTE_S: Final = 60
#: A value worked out from minutes is kept with so many places, more than any instrument shows.
MADE_PLACES: Final = 6
#: m³ in an hour that a mean of one litre a second makes.
M3_PER_LITRE_A_SECOND: Final = Decimal("3.6")


@dataclass(slots=True)
class FactorHours:
    """One factor of a run: a row a day, a column an hour. Mark 0: no frame."""

    code: str
    values: Floats
    marks: Marks
    made: Truths
    #: Reason from outside the frame → hours.
    reasons: dict[str, Truths] = field(default_factory=dict)
    check: annexd.DayCheck | None = None
    differs: Truths | None = None  # hours that the minutes do not give

    def flag(self, day: int, hour: int) -> str:
        """The mark as it was sent."""
        mark = int(self.marks[day, hour])
        return chr(mark) if mark else ""


@dataclass(slots=True)
class Accepted:
    """The hours of one run with all that speaks against them."""

    run: Run
    intermittent: bool
    active: Truths  # the point was in service
    due: Truths  # …and the hour is over
    flow_total: Floats  # m³ as sent
    flow_mean: Floats  # L/s, where no total was sent
    factors: dict[int, FactorHours]
    wanted: dict[int, Truths]  # factor → days of which a statistic is made

    def flow(self, day: int, hour: int) -> Decimal | None:
        """m³ of an hour; None: not known."""
        total, mean = self.flow_total[day, hour], self.flow_mean[day, hour]
        if not np.isnan(total):
            return exact(float(total))
        return None if np.isnan(mean) else exact(float(mean)) * M3_PER_LITRE_A_SECOND

    def hours(self, factor: int, day: int) -> list[Hour]:
        """The hours of one day that are due, as the engine takes them."""
        return [self.hour(factor, day, int(hour)) for hour in np.flatnonzero(self.due[day])]

    def hour(self, factor: int, day: int, hour: int) -> Hour:
        """One hour."""
        own = self.factors[factor]
        value = float(own.values[day, hour])
        return Hour(
            at=self.run.start + timedelta(days=day, hours=hour),
            value=None if np.isnan(value) else exact(value),
            flow=self.flow(day, hour),
            flag=own.flag(day, hour),
            reasons=tuple(r for r, hours in own.reasons.items() if hours[day, hour]),
        )


class _Raw(NamedTuple):
    """Frames of one run, by period."""

    hours: list[Frames]
    days: list[Frames]
    minutes: list[Frames]


def accept(
    runs: Sequence[tuple[Run, RuleSet]],
    context: Context,
    now: datetime,
    stands: Mapping[int, set[tuple[int, date]]],
) -> Iterator[Accepted]:
    """The accepted hours of every run. A handful of queries, however many runs there are.

    `stands` are days of factors, by point, that are computed in any case: they were before.
    """
    whole = [run for run, _rules in runs]
    raw = [read(whole, period, context.codes.flow) for period in _PERIODS]
    points = {run.point for run in whole}
    facts = {point.pk: point for point in Point.objects.filter(pk__in=points)}
    start = min((run.start for run in whole), default=now)
    end = max((run.end for run in whole), default=now)
    against = by_point(spans(points, start, end, context))
    limits = _limits(points)
    for n, (run, rules) in enumerate(runs):
        yield _accepted(
            run, rules, facts[run.point], context.codes, now,
            _Raw(*(frames[n] for frames in raw)), against[run.point], limits[run.point],
            stands.get(run.point, set()),
        )  # fmt: skip


_PERIODS: Final = (Period.HOUR, Period.DAY, Period.MINUTE)


def spans(points: set[int], start: datetime, end: datetime, context: Context) -> list[Span]:
    """What speaks against values: marks, checks, and frames that contradict an hour."""
    contradicted = _contradicted(points, start, end, context)
    return [*invalid_spans(points, start, end), *contradicted]


def _contradicted(
    points: set[int], start: datetime, end: datetime, context: Context
) -> Iterator[Span]:
    """Hours of which two frames differ by more than is allowed (HJ 356-2019 §6)."""
    ids = {code: pk for pk, code in context.codes.by_id.items()}
    for row in Discrepancy.objects.filter(
        point__in=points, period=Period.HOUR, at__gte=start, at__lt=end
    ).order_by("id"):
        rules = context.rules_on(row.at.astimezone(zone()).date())
        for code, (kept, other) in row.differences.items():
            pair = [None if v is None else Decimal(str(v)) for v in (kept, other)]
            if rules is not None and code in ids and disagrees(pair, rules):
                yield Span(
                    row.point_id, ids[code], row.at, row.at + HOUR, "disagreement",
                    f"monitoring.discrepancy/{row.pk}",
                )  # fmt: skip


_Held = tuple[int, date, date | None]


def _limits(points: set[int]) -> dict[int, list[_Held]]:
    """Factor, first and last day of every limit, by point."""
    found: dict[int, list[_Held]] = defaultdict(list)
    # A permit says what has to be measured; a standard limits much that no station measures.
    rows = Limit.objects.filter(
        Q(origin=Limit.Origin.PERMIT) | Q(note=PERMIT_LAXER), point__in=points
    ).order_by("point", "factor", "valid_from")
    columns = ("point_id", "factor_id", "valid_from", "valid_to")
    for point, factor, first, last in rows.values_list(*columns):
        found[point].append((factor, first, last))
    return found


def _accepted(  # noqa: PLR0917 - what is known of one run
    run: Run, rules: RuleSet, point: Point, codes: Codes, now: datetime, raw: _Raw,
    against: Sequence[Span], limits: Sequence[_Held], stands: set[tuple[int, date]],
) -> Accepted:  # fmt: skip
    size = run.days * HOURS
    active, due = _times(run, point, now)
    found = Accepted(
        run=run,
        intermittent=point.discharge == Point.Discharge.INTERMITTENT,
        active=active,
        due=due,
        flow_total=np.full(size, np.nan),
        flow_mean=np.full(size, np.nan),
        factors={},
        wanted={},
    )
    _fill_flow(found, raw.hours, codes.flow, rules)
    sent = {f for part in (*raw.hours, *raw.minutes) for f in part.factors}
    sent |= {held[0] for held in limits} | {factor for factor, _on in stands}
    for factor in sorted(sent & codes.computed):
        values, marks = _column(raw.hours, factor, size)
        shape = (run.days, HOURS)
        found.factors[factor] = FactorHours(
            codes.by_id[factor], values.reshape(shape), marks.reshape(shape),
            np.zeros(shape, dtype=np.bool_),
        )  # fmt: skip
    found.flow_total = found.flow_total.reshape(run.days, HOURS)
    found.flow_mean = found.flow_mean.reshape(run.days, HOURS)
    if raw.minutes:
        _use_minutes(found, raw, codes, rules, point.minute_interval * MINUTE_S)
    _use_days(found, raw.days, rules)
    for factor, own in found.factors.items():
        own.reasons |= _outside(run, factor, against, own.reasons)
        there = (own.marks > 0).any(axis=1) | own.made.any(axis=1)
        found.wanted[factor] = (there | _limited(run, factor, limits)) & active.any(axis=1)
    for factor, on in stands:
        if factor in found.wanted and 0 <= (on - run.first).days < run.days:
            found.wanted[factor][(on - run.first).days] = True
    return found


def _times(run: Run, point: Point, now: datetime) -> tuple[Truths, Truths]:
    """Hours in which the point was in service, and those of them that are over."""
    shape = (run.days, HOURS)
    begins = np.arange(run.days * HOURS) * HOUR_S
    started = (point.active_from - run.start).total_seconds() // HOUR_S * HOUR_S
    active = begins >= started
    if point.active_to is not None:
        active &= begins < (point.active_to - run.start).total_seconds()
    over = begins + HOUR_S <= (now - run.start).total_seconds()
    return active.reshape(shape), (active & over).reshape(shape)


def _column(frames: Sequence[Frames], factor: int, size: int) -> tuple[Floats, Marks]:
    """Values and marks of one factor by the hour; the first frame of an hour counts."""
    values, marks = np.full(size, np.nan), np.zeros(size, dtype=np.uint8)
    for part in frames:
        if factor not in part.factors:
            continue
        place = part.factors.index(factor)
        index = (part.at_s // HOUR_S)[::-1]
        fresh = marks[index] == 0
        index = index[fresh]
        values[index] = part.values[::-1, place][fresh]
        marks[index] = part.marks[::-1, place][fresh]
    return values, marks


def _fill_flow(found: Accepted, frames: Sequence[Frames], flow: int, rules: RuleSet) -> None:
    """Flow of the hours, where its own mark leaves it usable."""
    size = found.run.days * HOURS
    mean, marks = _column(frames, flow, size)
    totals = [
        part._replace(factors=(flow,), values=part.flow_total[:, None],
                      marks=part.marks[:, [part.factors.index(flow)]])
        for part in frames if flow in part.factors
    ]  # fmt: skip
    total, _marks = _column(totals, flow, size)
    counts = usable(marks, rules.usable_flags)
    found.flow_total = np.where(counts, total, np.nan)
    found.flow_mean = np.where(counts & np.isnan(total), mean, np.nan)


def _use_minutes(found: Accepted, raw: _Raw, codes: Codes, rules: RuleSet, interval_s: int) -> None:
    """Make hours that were not sent from their minutes, and compare the others with theirs."""
    run = found.run
    came = np.zeros(run.days * HOURS, dtype=np.bool_)
    for part in raw.hours:
        came[part.at_s // HOUR_S] = True
    due = HOUR_S // interval_s
    lacking = (~came).reshape(found.due.shape) & found.due
    for factor, own in found.factors.items():
        weigh = plain(own.code) not in rules.arithmetic_factors
        sums = annexd.hour_sums(
            raw.minutes, factor, codes.flow, interval_s=interval_s, hours=run.days * HOURS,
            rules=rules, weigh=weigh,
        )  # fmt: skip
        counts = usable(own.marks, rules.usable_flags)
        unit = annexd.units(own.values).repeat(HOURS)
        differs = annexd.hours_differ(own.values.ravel(), sums, unit, rules, due)
        own.differs = differs.reshape(found.due.shape) & counts
        own.reasons["disagreement"] = own.differs
        enough = (sums.n >= due * annexd.MADE_SHARE).reshape(found.due.shape)
        own.made = lacking & enough
        _make(found, own, sums)


def _make(found: Accepted, own: FactorHours, sums: annexd.Sums) -> None:
    best, water = (column.reshape(found.due.shape) for column in (sums.best, sums.flow))
    for day, hour in np.argwhere(own.made):
        own.values[day, hour] = _kept(best[day, hour])
        if np.isnan(found.flow_total[day, hour]) and not np.isnan(water[day, hour]):
            found.flow_total[day, hour] = _kept(water[day, hour])


def _kept(value: float) -> float:
    return float(rounded(Decimal(float(value)), MADE_PLACES))


def _use_days(found: Accepted, frames: Sequence[Frames], rules: RuleSet) -> None:
    """Compare the day means that were sent with the hours that were."""
    flow = np.where(
        np.isnan(found.flow_total),
        found.flow_mean * float(M3_PER_LITRE_A_SECOND),
        found.flow_total,
    )
    for factor, own in found.factors.items():
        sent = np.full(found.run.days, np.nan)
        for part in frames:
            if factor in part.factors:
                index = (part.at_s // DAY_S)[::-1]
                sent[index] = part.values[::-1, part.factors.index(factor)]
        if np.isnan(sent).all():
            continue
        counts = usable(own.marks, rules.usable_flags) & ~np.isnan(own.values)
        whole = (counts | ~found.active).all(axis=1) & found.active.any(axis=1)
        normal = np.asarray(whole, dtype=np.bool_)
        own.check = annexd.day_check(
            sent, own.values, flow, normal, rules,
            weigh=plain(own.code) not in rules.arithmetic_factors,
        )  # fmt: skip


def _outside(
    run: Run, factor: int, against: Sequence[Span], known: Mapping[str, Truths]
) -> dict[str, Truths]:
    """Hours that a span touches, by reason."""
    size = run.days * HOURS
    found: dict[str, Any] = {}
    for span in against:
        if span.factor not in {None, factor}:
            continue
        first = max(int((span.start - run.start).total_seconds() // HOUR_S), 0)
        last = size
        if span.end is not None:
            last = min(-int(-(span.end - run.start).total_seconds() // HOUR_S), size)
        if first >= size or last <= 0 or first >= last:
            continue
        if span.reason not in found:
            before = known.get(span.reason)
            found[span.reason] = (
                np.zeros(size, dtype=np.bool_) if before is None else before.ravel().copy()
            )
        found[span.reason][first:last] = True
    return {reason: hours.reshape(run.days, HOURS) for reason, hours in found.items()}


def _limited(run: Run, factor: int, limits: Sequence[_Held]) -> Truths:
    """Days on which a limit on the factor was in force."""
    found = np.zeros(run.days, dtype=np.bool_)
    for limited, first, last in limits:
        if limited == factor:
            begin = max((first - run.first).days, 0)
            end = run.days if last is None else (last - run.first).days + 1
            found[begin : max(end, 0)] = True
    return found
