"""One indicator: its figures through the years, and who contributed how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, QuerySet

from jiulong.organisation.rules import Viewer, require
from jiulong.rounding import rounded
from jiulong.scorecards.dating import over
from jiulong.scorecards.engine import periods
from jiulong.scorecards.expecting import Course, to_date
from jiulong.scorecards.models import Indicator, Observation, Subject, Target
from jiulong.scorecards.queries.lines import AimLine, all_of, visible_subjects
from jiulong.scorecards.queries.values import Value, values

TENTH = 1


@dataclass(frozen=True, slots=True)
class Month:
    """One period of a year: the value, last year's, and the growth between them."""

    period: str
    month: int
    value: Value | None
    last_year: Decimal | None
    growth: Decimal | None
    expected: Decimal | None


@dataclass(frozen=True, slots=True)
class Part:
    """A subject's contribution: `share` of the whole's growth in %, `moved` ranks since before."""

    subject: Subject
    value: Value | None
    last_year: Decimal | None
    growth: Decimal | None
    amount: Decimal | None
    share: Decimal | None
    target: Target | None
    change: Decimal | None = None


def indicators(viewer: Viewer) -> QuerySet[Indicator]:
    """All indicators that hold."""
    require(viewer, "see_scores")
    return Indicator.objects.filter(retired_at=None).select_related("owner")


def growth(value: Decimal | None, base: Decimal | None) -> Decimal | None:
    """By how many percent a value lies above its base, to a tenth; None where it has none."""
    if value is None or base is None or base <= 0:
        return None
    return rounded((value - base) * 100 / base, TENTH)


def months(row: Indicator, subject: Subject, year: int, on: date,
           target: Target | None) -> list[Month]:  # fmt: skip
    """The year's periods that are over, with last year beside; one query."""
    spans = all_of(year) + all_of(year - 1)
    found = values([row.pk], [subject.pk], spans)
    course, before = Course.of(row), _by_month(found, row, subject, year)
    told = []
    for period in [one for one in all_of(year) if periods.parse(one).frequency == row.every]:
        if row.january_with_february and period.endswith("-01"):
            continue
        month = periods.parse(period).last
        value, base = found.get((row.pk, subject.pk, period, "")), before.get(month)
        if value is None and not over(period, on):
            continue
        aim = target.value if target else None
        expected = to_date(course, aim, month, before).best if aim is not None else None
        grown = growth(value.value if value else None, base) if _has_growth(row) else None
        told.append(Month(period, month, value, base, grown, expected))
    return told


def _has_growth(row: Indicator) -> bool:
    return row.kind == Indicator.Kind.LEVEL and row.measure != "%"


def _by_month(
    found: Mapping[tuple[int, int, str, str], Value], row: Indicator, subject: Subject, year: int
) -> dict[int, Decimal]:
    told = {}
    for period in all_of(year):
        if periods.parse(period).frequency != row.every:
            continue
        base = found.get((row.pk, subject.pk, period, "base"))
        past = found.get((row.pk, subject.pk, periods.year_before(period), ""))
        if base or past:
            told[periods.parse(period).last] = (base or past).value  # type: ignore[union-attr]
    return told


def parts(viewer: Viewer, line: AimLine | None, row: Indicator, subject: Subject,
          period: str) -> tuple[str, list[Part]]:  # fmt: skip
    """The parts of a subject, the largest share of the growth first; four queries.

    Returns: the period that they speak of – `period`, or the last one that most of them reported.
    """
    below = list(visible_subjects(viewer).filter(parent=subject))
    period = _reported(row, below, period)
    before = periods.previous(period, joint=row.january_with_february)
    spans = [period, periods.year_before(period), before]
    found = values([row.pk], [subject.pk, *(one.pk for one in below)], spans)
    targets = {
        one.subject_id: one
        for one in Target.objects.filter(
            indicator=row, subject__in=below, period=line.target.period if line else period[:4],
            current=True,
        )
    }  # fmt: skip
    whole = _amount(found, row, subject.pk, period)
    told = [_part(found, row, one, period, before, whole, targets.get(one.pk)) for one in below]
    known = [one for one in told if one.value is not None or one.target is not None]
    return period, sorted(known, key=lambda one: _order(one, row), reverse=row.direction == "up")


def _reported(row: Indicator, below: Sequence[Subject], period: str) -> str:
    """The last period that most parts have reported; theirs come later than the whole's."""
    spans = [period]
    for _n in range(2):
        spans.append(periods.previous(spans[-1], joint=row.january_with_february))
    counts = dict(
        Observation.objects.filter(
            current=True, companion="", indicator=row, subject__in=below, period__in=spans
        ).order_by().values_list("period").annotate(Count("pk"))
    )  # fmt: skip
    most = max(counts.values(), default=0)
    return next((one for one in spans if counts.get(one, 0) * 2 > most), period)


def _order(one: Part, row: Indicator) -> Decimal:
    if _has_growth(row) and one.amount is not None:
        return one.amount
    least = Decimal(-(10**12))
    return one.value.value if one.value else least


def _base(found: Mapping[tuple[int, int, str, str], Value], row: Indicator, pk: int,
          period: str) -> Decimal | None:  # fmt: skip
    base = found.get((row.pk, pk, period, "base"))
    past = found.get((row.pk, pk, periods.year_before(period), ""))
    one = base or past
    return one.value if one else None


def _amount(found: Mapping[tuple[int, int, str, str], Value], row: Indicator, pk: int,
            period: str) -> Decimal | None:  # fmt: skip
    value, base = found.get((row.pk, pk, period, "")), _base(found, row, pk, period)
    return value.value - base if value and base is not None and _has_growth(row) else None


def _part(  # noqa: PLR0917 - one row of the table
    found: Mapping[tuple[int, int, str, str], Value], row: Indicator, one: Subject, period: str,
    before: str, whole: Decimal | None, target: Target | None,
) -> Part:  # fmt: skip
    value = found.get((row.pk, one.pk, period, ""))
    base = _base(found, row, one.pk, period)
    amount = _amount(found, row, one.pk, period)
    share = rounded(amount * 100 / whole, TENTH) if amount is not None and whole else None
    grown = growth(value.value if value else None, base) if _has_growth(row) else None
    change = None
    if not _has_growth(row) and value is not None:
        past = found.get((row.pk, one.pk, before, ""))
        change = value.value - past.value if past else None
    return Part(one, value, base, grown, amount, share, target, change)


def revisions(row: Indicator, subject: Subject, year: int) -> list[Observation]:
    """Values of a year that were corrected, every revision, the newest first."""
    rows = Observation.objects.filter(
        indicator=row, subject=subject, period__in=all_of(year), revision__gt=1
    ).values_list("period", flat=True)
    return list(
        Observation.objects.filter(indicator=row, subject=subject, period__in=set(rows))
        .select_related("by", "sheet").order_by("-period", "companion", "-revision")
    )  # fmt: skip


def observation(viewer: Viewer, pk: int) -> Observation | None:
    """One value, for who may see its subject."""
    rows = Observation.objects.filter(pk=pk, subject__in=visible_subjects(viewer))
    return rows.select_related("indicator", "subject", "by", "sheet__plan", "sheet__unit").first()


def chain(row: Observation) -> Sequence[Observation]:
    """Every revision of the same value, the newest first."""
    same = {"indicator": row.indicator, "subject": row.subject, "period": row.period,
            "companion": row.companion}  # fmt: skip
    return list(Observation.objects.filter(**same).select_related("by").order_by("-revision"))
