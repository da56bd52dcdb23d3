"""What a mark does to the days it touches: the same engine, once with the mark and once without."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from django.utils import timezone

from jiulong.monitoring import limits
from jiulong.monitoring.models import Factor, Limit, Point
from jiulong.monitoring.numbers import Breach, breach
from jiulong.upkeep.models import Mark
from jiulong.upkeep.queries import invalid_spans
from jiulong.upkeep.spans import Span
from jiulong.validity.accepted import Accepted, accept
from jiulong.validity.context import context
from jiulong.validity.engine import means
from jiulong.validity.engine.model import Day, Hour
from jiulong.validity.engine.rules import RuleSet
from jiulong.validity.runs import Run

HOUR: Final = timedelta(hours=1)
#: A preview shows so many days of a long mark.
MOST_DAYS: Final = 7
MARK: Final = "mark"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One day of one factor, as it comes out."""

    day: Day
    mean: str  # as it is shown; empty: none
    over: Breach | None


@dataclass(frozen=True, slots=True)
class Effect:
    """What a mark does to one factor on one day."""

    factor: Factor
    on: date
    limit: Limit | None
    without: Outcome
    marked: Outcome

    @property
    def halves(self) -> tuple[Outcome, Outcome]:
        """Without and with the mark."""
        return self.without, self.marked

    @property
    def has_load(self) -> bool:
        """Whether the factor has loads at all: pH has none."""
        return any(half.day.load_kg is not None for half in self.halves)

    @property
    def changes(self) -> bool:
        """Whether anything is different."""
        return self.without != self.marked

    @property
    def hides(self) -> bool:
        """Whether a day over its limit would no longer be one."""
        return self.without.over is not None and self.marked.over is None


@dataclass(frozen=True, slots=True)
class Told:
    """Effects as a page tells them: what changes in full, what does not in a line."""

    changing: list[Effect]
    same: list[Effect]

    @classmethod
    def of(cls, effects: Sequence[Effect]) -> Told:
        """Parted, in their order."""
        return cls(
            [one for one in effects if one.changes], [one for one in effects if not one.changes]
        )

    def __bool__(self) -> bool:
        return bool(self.changing or self.same)


def of_mark(mark: Mark, *, now: datetime | None = None) -> list[Effect]:
    """What a mark that was handed in does, or would do if it counted."""
    return _effects(mark.point, _span(mark), f"upkeep.mark/{mark.pk}", mark.factors, now)


def of_new(
    point: Point,
    *,
    started_at: datetime,
    ended_at: datetime,
    factors: Collection[int],
    invalidates: bool,
    replaces: Mark | None = None,
    now: datetime | None = None,
) -> list[Effect]:
    """What a mark would do if it were handed in.

    Args:
        invalidates: whether its kind takes values away; otherwise nothing changes.
        replaces: the mark it would take the place of.
    """
    if not invalidates or ended_at <= started_at:
        return []
    span = Span(point.pk, None, started_at, ended_at, MARK, "")
    removed = f"upkeep.mark/{replaces.pk}" if replaces else ""
    return _effects(point, span, removed, factors, now)


def _span(mark: Mark) -> Span | None:
    if not mark.invalidates:
        return None
    return Span(mark.point_id, None, mark.started_at, mark.ended_at, MARK, "")


def _effects(
    point: Point,
    span: Span | None,
    removed: str,
    factors: Collection[int],
    now: datetime | None,
) -> list[Effect]:
    if span is None or span.end is None:
        return []
    first = timezone.localdate(span.start)
    last = timezone.localdate(span.end - timedelta(microseconds=1))
    run = Run(point.pk, first, min((last - first).days + 1, MOST_DAYS))
    held = context()
    runs = list(held.under_rules([run]))
    others = [
        one
        for one in invalid_spans([point.pk], run.start, run.end)
        if one.reason == MARK and one.reference != removed
    ]
    found: list[Effect] = []
    for accepted, (_run, rules) in zip(
        accept(runs, held, now or timezone.now(), {}), runs, strict=True
    ):
        wanted = [pk for pk in accepted.factors if not factors or pk in factors]
        found += _of_run(accepted, rules, wanted, others, span)
    return found


def _of_run(
    accepted: Accepted,
    rules: RuleSet,
    wanted: Sequence[int],
    others: Sequence[Span],
    span: Span,
) -> Iterator[Effect]:
    run = accepted.run
    held = limits.in_force([run.point], Limit.Statistic.DAY, run.first, run.last)
    known = {factor.pk: factor for factor in Factor.objects.filter(pk__in=wanted)}
    for pk in wanted:
        fitting = [one for one in others if one.factor in {None, pk}]
        for index in range(run.days):
            if not accepted.wanted[pk][index]:
                continue
            limit = _limit(held.get((run.point, pk), []), run.day(index))
            hours = accepted.hours(pk, index)
            days = (
                _day(accepted, rules, (pk, index), marked(hours, spans))
                for spans in (fitting, [*fitting, span])
            )
            without, marks = (_outcome(day, rules, limit) for day in days)
            yield Effect(known[pk], run.day(index), limit, without, marks)


def marked(hours: Sequence[Hour], spans: Collection[Span]) -> list[Hour]:
    """The hours with the marks of these spans and no others."""
    found = []
    for hour in hours:
        reasons = tuple(reason for reason in hour.reasons if reason != MARK)
        if any(_touches(span, hour.at) for span in spans):
            reasons = (*reasons, MARK)
        found.append(replace(hour, reasons=reasons))
    return found


def _touches(span: Span, at: datetime) -> bool:
    return span.start < at + HOUR and (span.end is None or span.end > at)


def _limit(rows: Sequence[Limit], on: date) -> Limit | None:
    holding = [row for row in rows if row.valid_from <= on and (row.valid_to or on) >= on]
    return holding[-1] if holding else None


def _day(accepted: Accepted, rules: RuleSet, where: tuple[int, int], hours: Sequence[Hour]) -> Day:
    factor, index = where
    return means.day(
        hours, on=accepted.run.day(index), factor=accepted.factors[factor].code, rules=rules,
        expected=int(accepted.active[index].sum()), intermittent=accepted.intermittent,
    )  # fmt: skip


def _outcome(day: Day, rules: RuleSet, limit: Limit | None) -> Outcome:
    over = None
    if day.mean is not None and limit is not None:
        over = breach(day.mean, limit.minimum, limit.maximum, code=day.factor)
    mean = "" if day.mean is None else rules.shown_mean(day.factor, day.mean)
    return Outcome(day, mean, over)
