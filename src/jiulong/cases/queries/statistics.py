"""Rates by unit, month and matter. What each means stands in `words.DEFINITIONS`, shown with them.

All are exact fractions of whole numbers; `percent` rounds them once, half up, to a tenth.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Final

from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from jiulong.cases.lifecycle import CLOSED, MERGED, WITHDRAWN
from jiulong.cases.models import Case, MatterType
from jiulong.cases.queries.scope import IS_OPEN, visible
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer

TENTH: Final = Decimal("0.1")
GONE: Final = (WITHDRAWN, MERGED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The figures of a group of cases; rates in per cent, None where nothing is known yet."""

    key: Any
    filed: int
    assigned: int
    accepted: int
    judged: int
    on_time: int
    replied: int
    reworked: int
    asked: int
    satisfied: int
    closed: int
    rating: Decimal | None
    reminders: int

    @property
    def response(self) -> Decimal | None:
        return percent(self.accepted, self.assigned)

    @property
    def punctual(self) -> Decimal | None:
        return percent(self.on_time, self.judged)

    @property
    def rework(self) -> Decimal | None:
        return percent(self.reworked, self.replied)

    @property
    def satisfaction(self) -> Decimal | None:
        return percent(self.satisfied, self.asked)

    @property
    def closing(self) -> Decimal | None:
        return percent(self.closed, self.filed)


def percent(part: int, whole: int) -> Decimal | None:
    """`part` of `whole` in per cent, half up to a tenth; None of nothing."""
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(TENTH, ROUND_HALF_UP)


def totals(viewer: Viewer, now: datetime, **asked: Any) -> Rates:
    """All cases together."""
    row = _filed(viewer, **asked).aggregate(**_figures(now))
    return _rates(None, row)


def by_unit(viewer: Viewer, now: datetime, **asked: Any) -> list[Rates]:
    """By the lead unit; most cases first. The key is the unit."""
    rows: list[Any] = list(
        _filed(viewer, **asked).exclude(lead=None).values("lead").annotate(**_figures(now))
    )
    units = Unit.objects.in_bulk({row["lead"] for row in rows})
    found = [_rates(units[row.pop("lead")], row) for row in rows]
    return sorted(found, key=lambda one: (-one.filed, one.key.code))


def by_matter(viewer: Viewer, now: datetime, **asked: Any) -> list[Rates]:
    """By the kind of casework, in the order of the packs. The key is the matter type."""
    rows: list[Any] = list(_filed(viewer, **asked).values("matter").annotate(**_figures(now)))
    matters = {matter.pk: matter for matter in MatterType.objects.all()}
    found = [_rates(matters[row.pop("matter")], row) for row in rows]
    return sorted(found, key=lambda one: (one.key.position, one.key.code))


def by_month(viewer: Viewer, now: datetime, **asked: Any) -> list[Rates]:
    """By the month of filing in Beijing time, the oldest first. The key is its first moment."""
    month = TruncMonth("filed_at", tzinfo=timezone.get_default_timezone())
    rows: Any = _filed(viewer, **asked).values(month=month).annotate(**_figures(now))
    return [_rates(row.pop("month"), row) for row in rows.order_by("month")]


def _filed(
    viewer: Viewer,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    matter: str = "",
) -> QuerySet[Case]:
    """Cases filed in the time, without those withdrawn or merged: nobody is judged by them."""
    found = visible(viewer).exclude(stage__in=GONE).order_by()
    if since is not None:
        found = found.filter(filed_at__gte=since)
    if until is not None:
        found = found.filter(filed_at__lt=until)
    return found.filter(matter__code=matter) if matter else found


def _figures(now: datetime) -> dict[str, Any]:
    known = Q(late__isnull=False)
    over = Q(late=None, due_at__lt=now) & IS_OPEN
    replied = Q(replied_at__isnull=False)

    def count(wanted: Q) -> Count:
        return Count("pk", filter=wanted)

    return {
        "filed": Count("pk"),
        "assigned": count(Q(assigned_at__isnull=False)),
        "accepted": count(Q(accepted_at__isnull=False)),
        "judged": count(known | over),
        "on_time": count(Q(late=False)),
        "replied": count(replied),
        "reworked": count(replied & Q(reworks__gt=0)),
        "asked": count(Q(confirmed__isnull=False)),
        "satisfied": count(Q(confirmed=True)),
        "closed": count(Q(stage=CLOSED)),
        "rating": Avg(F("rating")),
        "reminders": Sum("reminders"),
    }


def _rates(key: Any, row: dict[str, Any]) -> Rates:
    rating = row.pop("rating")
    exact = None if rating is None else Decimal(str(rating)).quantize(TENTH, ROUND_HALF_UP)
    return Rates(key=key, rating=exact, **(row | {"reminders": row["reminders"] or 0}))
