"""Figures that the system works out itself: metrics of other floors, formulas over indicators."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
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
    subjects = list(Subject.objects.filter(retired_at=None))
    for row in _ordered(Indicator.objects.filter(retired_at=None)):
        spans = [one for one in wanted if periods.parse(one).frequency == row.every]
        if not spans or (row.metric and not metrics_too):
            continue
        seen = list(_metric(row, spans, subjects) if row.metric
                    else _formula(row, spans, subjects, skipped))  # fmt: skip
        made = observe(actor=user, seen=seen, now=now, reason=again or "系统重新计算",
                       over_revised=False)  # fmt: skip
        written += len(made)
        if made:
            data = {"periods": sorted({one.period for one in made}), "values": len(made)}
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


def _metric(row: Indicator, spans: Sequence[str], subjects: Sequence[Subject]) -> Iterator[Seen]:
    metric = metrics.registered().get(row.metric)
    if metric is None:  # of a floor that is no longer there
        return
    for period in spans:
        for subject, (value, refs) in metric.compute(period, subjects).items():
            told = tuple(ref[:LONGEST_REF] for ref in refs[:MOST_REFS])
            yield Seen(row.pk, subject, period, rounded(value, row.decimals), refs=told)


def _formula(
    row: Indicator, spans: Sequence[str], subjects: Sequence[Subject], skipped: list[Skipped]
) -> Iterator[Seen]:
    formula = Formula(row.formula)
    reading, observed = Reading(formula=formula), _rows(formula, spans, subjects)
    known = {(one.subject, one.period) for one in observed}
    observations = Observations.of(observed)
    for period in spans:
        source, around = Source(observations, period), _around(period)
        for subject in subjects:
            if not any((subject.code, one) in known for one in around):
                continue
            found = reading.figure(source, subject.code)
            if isinstance(found, Gap):
                why = found.step.text(language())
                skipped.append(Skipped(row.code, subject.code, period, why))
                continue
            refs = sorted({ref for step in found.steps for ref in step.refs if ref})
            yield Seen(row.pk, subject.pk, period, rounded(found.value, row.decimals),
                       refs=tuple(refs[:MOST_REFS]))  # fmt: skip


def _around(period: str) -> set[str]:
    """The period, those that end with it, those in which it lies."""
    return {period, *periods.ending_with(period), *periods.enclosing(period)}


def _rows(formula: Formula, spans: Sequence[str], subjects: Sequence[Subject]) -> list[Row]:
    """What a formula reads for some periods.

    Where no comparable base was given, last year's own value is the base.
    """
    named = {subject.pk: (subject.code, GROUP) for subject in subjects}
    wanted = {one for period in spans for one in _around(period)}
    rows = engine_rows(subjects=named, indicators=formula.names, periods=wanted)
    codes = {name.removesuffix("@base") for name in formula.names if name.endswith("@base")}
    if not codes:
        return rows
    given = {(row.subject, row.indicator, row.period) for row in rows}
    following = {periods.year_before(period): period for period in spans}
    past = engine_rows(subjects=named, indicators=codes, periods=set(following))
    bases = [row._replace(indicator=f"{row.indicator}@base", period=following[row.period])
             for row in past if "@" not in row.indicator]  # fmt: skip
    return rows + [row for row in bases if (row.subject, row.indicator, row.period) not in given]


def step(now: datetime) -> bool:
    """The keeper's round: the periods that ended last."""
    today = timezone.localtime(now).date()
    ended = [periods.previous(periods.of(today, every)) for every in periods.MONTHS]
    compute_values(actor=None, wanted=ended, now=now)
    return False
