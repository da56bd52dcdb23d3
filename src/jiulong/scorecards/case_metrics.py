"""Metrics of the casework: what is led by a subject's unit counts for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from jiulong.calendar.working_time import BEIJING
from jiulong.cases.lifecycle import MERGED, WITHDRAWN
from jiulong.cases.models import Case
from jiulong.rounding import rounded
from jiulong.scorecards.dating import last_day
from jiulong.scorecards.engine.periods import first_day
from jiulong.scorecards.metrics import Found, Metric, register
from jiulong.scorecards.models import Subject

#: Rates are in per cent with two decimals.
PLACES: Final = 2
#: A value names at most so many of the cases that it was counted from.
MOST_REFS: Final = 200

#: Case's id, lead unit's id, whether it counts as good.
Counted = Iterable[tuple[int, int, bool]]


def span(period: str) -> tuple[datetime, datetime]:
    """The period's first moment, and the first one after it."""
    start = datetime.combine(first_day(period), time.min, BEIJING)
    return start, datetime.combine(last_day(period) + timedelta(days=1), time.min, BEIJING)


def _led(subjects: Sequence[Subject]) -> QuerySet[Case]:
    units = {subject.unit_id for subject in subjects if subject.unit_id}
    return Case.objects.filter(lead__in=units).exclude(stage__in=(WITHDRAWN, MERGED)).order_by("pk")


def _due(period: str, subjects: Sequence[Subject]) -> Counted:
    start, end = span(period)
    rows = _led(subjects).filter(due_at__gte=start, due_at__lt=end)
    found = rows.values_list("pk", "lead", "late")
    return ((pk, unit or 0, late is False) for pk, unit, late in found)


def _rated(period: str, subjects: Sequence[Subject]) -> Counted:
    start, end = span(period)
    rows = _led(subjects).filter(closed_at__gte=start, closed_at__lt=end, confirmed__isnull=False)
    found = rows.values_list("pk", "lead", "confirmed")
    return ((pk, unit, bool(good)) for pk, unit, good in found)


def _overdue(period: str, subjects: Sequence[Subject]) -> Counted:
    _start, end = span(period)
    # Who replied has kept the promise; how long others take to verify it is not the unit's.
    waiting = Q(replied_at__isnull=True) | Q(replied_at__gte=end)
    rows = _led(subjects).filter(waiting, due_at__lt=end)
    rows = rows.filter(Q(closed_at__isnull=True) | Q(closed_at__gte=end))
    return ((pk, unit, True) for pk, unit in rows.values_list("pk", "lead"))


def _by_unit(counted: Counted) -> dict[int, list[tuple[int, bool]]]:
    found: dict[int, list[tuple[int, bool]]] = defaultdict(list)
    for pk, unit, good in counted:
        found[unit].append((pk, good))
    return found


def _share(counted: Callable[[str, Sequence[Subject]], Counted]) -> Callable[..., Found]:
    def compute(period: str, subjects: Sequence[Subject]) -> Found:
        cases = _by_unit(counted(period, subjects))
        return {
            subject.pk: (_percent(cases[subject.unit_id]), _refs(cases[subject.unit_id]))
            for subject in subjects
            if subject.unit_id in cases
        }

    return compute


def _count(period: str, subjects: Sequence[Subject]) -> Found:
    cases = _by_unit(_overdue(period, subjects))
    none: list[tuple[int, bool]] = []
    return {
        subject.pk: (Decimal(len(found)), _refs(found))
        for subject in subjects
        if subject.unit_id is not None
        for found in [cases.get(subject.unit_id, none)]
    }


def _percent(cases: Sequence[tuple[int, bool]]) -> Decimal:
    good = sum(good for _pk, good in cases)
    return rounded(Decimal(100 * good) / len(cases), PLACES)


def _refs(cases: Sequence[tuple[int, bool]]) -> list[str]:
    return [f"cases.case/{pk}" for pk, _good in cases[:MOST_REFS]]


def register_all() -> None:
    """Offer them."""
    register(Metric("cases.on_time", _("Cases settled in time"), _share(_due), "%"))
    register(Metric("cases.satisfied", _("Satisfied among those asked"), _share(_rated), "%"))
    register(Metric("cases.overdue", _("Cases overdue at the period's end"), _count, "件"))
