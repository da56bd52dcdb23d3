"""Figures that the system works out itself: metrics of other floors, formulas over indicators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils import timezone

from jiulong.evidence.actions import record_event
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.rounding import rounded
from jiulong.scorecards import metrics
from jiulong.scorecards.actions.observing import Seen, observe
from jiulong.scorecards.computing import language, names_in
from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.formulas import Formula
from jiulong.scorecards.engine.observations import Observations, Row
from jiulong.scorecards.engine.readings import Gap, Reading, Source
from jiulong.scorecards.models import Indicator, Subject
from jiulong.scorecards.queries.rows import engine_rows

EVERY: Final = timedelta(hours=1)
#: A value names at most so many of the rows that it was worked out from.
MOST_REFS: Final = 200
LONGEST_REF: Final = 80
#: The engine wants a group; here nobody is ranked.
GROUP: Final = "all"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A subject has no value of a computed indicator, and why."""

    indicator: str
    subject: str
    period: str
    why: str


@dataclass(frozen=True, slots=True)
class Computed:
    """What a round wrote, and what it could not."""

    written: int
    skipped: Sequence[Skipped]


@transaction.atomic
def compute_values(
    *,
    actor: Viewer | None,
    wanted: Sequence[str],
    now: datetime,
    again: str = "",
    metrics_too: bool = True,
) -> Computed:
    """Work out every metric and formula for some periods; what is the same is left alone.

    Args:
        wanted: periods; an indicator takes those of its own frequency.
        again: reason that stands at values which came out differently.
        metrics_too: False: only what is reckoned from figures.

    Raises:
        PermissionDenied: the actor may not revise figures.
    """
    user = require_or_system(actor, "revise_observation")
    written, skipped = 0, list[Skipped]()
    for row in _ordered(Indicator.objects.filter(retired_at=None)):
        subjects = list(Subject.objects.filter(retired_at=None))
        if row.metric and not metrics_too:
            continue
        for period in wanted:
            if periods.parse(period).frequency != row.every:
                continue
            seen = list(_metric(row, period, subjects) if row.metric
                        else _formula(row, period, subjects, skipped))  # fmt: skip
            made = observe(actor=user, seen=seen, now=now, reason=again or "系统重新计算")
            written += len(made)
            if made:
                data = {"period": period, "values": len(made)}
                record_event(actor=user, verb="compute_values", subject=row, data=data, at=now)
    return Computed(written, skipped)


def _ordered(rows: Iterable[Indicator]) -> list[Indicator]:
    """Computed ones, each after those that it is reckoned from."""
    computed = {row.code: row for row in rows if row.metric or row.formula}
    done: dict[str, Indicator] = {}

    def put(row: Indicator, above: tuple[str, ...] = ()) -> None:
        if row.code in done or row.code in above:
            return
        for name in sorted(names_in(row.formula)) if row.formula else ():
            under = computed.get(name.partition("@")[0])
            if under is not None:
                put(under, (*above, row.code))
        done[row.code] = row

    for row in computed.values():
        put(row)
    return list(done.values())


def _metric(row: Indicator, period: str, subjects: Sequence[Subject]) -> Iterator[Seen]:
    metric = metrics.registered().get(row.metric)
    if metric is None:  # of a floor that is no longer there
        return
    for subject, (value, refs) in metric.compute(period, subjects).items():
        told = tuple(ref[:LONGEST_REF] for ref in refs[:MOST_REFS])
        yield Seen(row.pk, subject, period, rounded(value, row.decimals), refs=told)


def _formula(
    row: Indicator, period: str, subjects: Sequence[Subject], skipped: list[Skipped]
) -> Iterator[Seen]:
    formula = Formula(row.formula)
    spans = {period, *periods.ending_with(period), *periods.enclosing(period)}
    named = {subject.pk: (subject.code, GROUP) for subject in subjects}
    rows = engine_rows(subjects=named, indicators=formula.names, periods=spans)
    rows += _bases(formula, rows, named, period)
    source = Source(Observations.of(rows), period)
    reading, known = Reading(formula=formula), {one.subject for one in rows}
    for subject in subjects:
        if subject.code not in known:
            continue
        found = reading.figure(source, subject.code)
        if isinstance(found, Gap):
            why = found.step.text(language())
            skipped.append(Skipped(row.code, subject.code, period, why))
            continue
        refs = sorted({ref for step in found.steps for ref in step.refs if ref})
        yield Seen(row.pk, subject.pk, period, rounded(found.value, row.decimals),
                   refs=tuple(refs[:MOST_REFS]))  # fmt: skip


def _bases(
    formula: Formula, rows: Sequence[Row], named: Mapping[int, tuple[str, str]], period: str
) -> list[Row]:
    """Where no comparable base was given, last year's own value is the base."""
    codes = {name.removesuffix("@base") for name in formula.names if name.endswith("@base")}
    if not codes:
        return []
    before = periods.year_before(period)
    given = {(row.subject, row.indicator) for row in rows if row.period == period}
    return [
        row._replace(indicator=f"{row.indicator}@base", period=period)
        for row in engine_rows(subjects=named, indicators=codes, periods={before})
        if "@" not in row.indicator and (row.subject, f"{row.indicator}@base") not in given
    ]


def step(now: datetime) -> bool:
    """The keeper's round: the periods that ended last."""
    today = timezone.localtime(now).date()
    ended = [periods.previous(periods.of(today, every)) for every in periods.MONTHS]
    compute_values(actor=None, wanted=ended, now=now)
    return False
