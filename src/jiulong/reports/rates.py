"""The network's rates in accounts: counted and defined by `validity.rates`, told as shares."""

from __future__ import annotations

from django.db.models import Q

from jiulong.monitoring.models import Finding
from jiulong.reports.figures import share
from jiulong.reports.scope import Scope
from jiulong.validity.engine.rates import Counts, total
from jiulong.validity.rates import DEFINITIONS, rates

__all__ = ["DEFINITIONS", "Counts", "by_point", "interruptions", "told", "total"]


def by_point(scope: Scope) -> dict[int, Counts]:
    """Point id → counts; every point of the scope has some."""
    span = scope.span
    found = rates(scope.ids, span.first, span.last, "point", now=scope.now)
    scope.note(
        "network", "rates", len(found), table="validity.rates", first=span.first, last=span.last
    )
    return {pk: Counts() for pk in scope.places} | {int(one.key): one.counts for one in found}


def told(counts: Counts) -> dict[str, str | None]:
    """The rates as shares, by the keys of `DEFINITIONS`."""
    return {code: share(*counts.of(code)) for code in DEFINITIONS}


def interruptions(scope: Scope) -> int:
    """How often points were not heard in the span."""
    reaching = Q(ended_at=None) | Q(ended_at__gt=scope.span.start)
    found = Finding.objects.filter(
        reaching, rule="offline", point__in=scope.ids, withdrawn_at=None,
        started_at__lt=scope.span.end,
    ).count()  # fmt: skip
    scope.note(
        "network", "interruptions", found, table="monitoring.finding", rule="offline",
        first=scope.span.first, last=scope.span.last,
    )  # fmt: skip
    return found
