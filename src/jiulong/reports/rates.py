"""The rates of a network by point, and their sums over any group of points.

transmission = factor-hours that came ÷ factor-hours due
validity = factor-hours that count ÷ factor-hours that came
transmission-validity = their product, so factor-hours that count ÷ due
online = time in service without an `offline` finding ÷ time in service
marking = factor-hours that do not count and carry a mark ÷ factor-hours that do not count
feedback = statements that were given in time ÷ statements that were due (see `sections.alarms`)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.models import Finding
from jiulong.reports.days import Series
from jiulong.reports.figures import share
from jiulong.reports.scope import Scope, overlap

HOUR: Final = timedelta(hours=1)
DEFINITIONS: Final[dict[str, tuple[str | Promise, str | Promise]]] = {
    "transmission": (
        _("Transmission rate"),
        _("hourly values received ÷ hourly values due"),
    ),
    "validity": (
        _("Validity rate"),
        _("hourly values that count ÷ hourly values received (HJ 356-2019)"),
    ),
    "transmission_validity": (
        _("Transmission-validity rate"),
        _("transmission rate × validity rate: values that count ÷ values due"),
    ),
    "online": (
        _("Online rate"),
        _("time in service without an interruption ÷ time in service"),
    ),
    "marking": (
        _("Marking rate"),
        _("hourly values that do not count and were marked ÷ all that do not count"),
    ),
}


@dataclass(frozen=True, slots=True)
class Counts:
    """What rates are made of; adds up."""

    due: int = 0
    received: int = 0
    valid: int = 0
    marked: int = 0
    service_s: int = 0
    offline_s: int = 0
    drops: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.due + other.due,
            self.received + other.received,
            self.valid + other.valid,
            self.marked + other.marked,
            self.service_s + other.service_s,
            self.offline_s + other.offline_s,
            self.drops + other.drops,
        )

    def told(self) -> dict[str, str | None]:
        """The rates as shares, by the keys of `DEFINITIONS`."""
        return {
            "transmission": share(self.received, self.due),
            "validity": share(self.valid, self.received),
            "transmission_validity": share(self.valid, self.due),
            "online": share(self.service_s - self.offline_s, self.service_s),
            "marking": share(self.marked, self.due - self.valid),
        }


def by_point(scope: Scope, found: Iterable[Series]) -> dict[int, Counts]:
    """Point id → counts; every point of the scope has some."""
    counts = {pk: Counts() for pk in scope.places}
    for one in found:
        counts[one.point] += Counts(
            one.hours, one.hours - one.missing_hours, one.valid_hours, one.marked_hours
        )
    offline = interruptions(scope)
    for pk, place in scope.places.items():
        start, end = scope.service(place)
        lost, drops = offline.get(pk, (timedelta(), 0))
        counts[pk] += Counts(
            service_s=int((end - start).total_seconds()),
            offline_s=int(lost.total_seconds()),
            drops=drops,
        )
    return counts


def interruptions(scope: Scope) -> dict[int, tuple[timedelta, int]]:
    """Point id → how long it was not heard while in service, and how often."""
    reaching = Q(ended_at=None) | Q(ended_at__gt=scope.span.start)
    rows = Finding.objects.filter(
        reaching, rule="offline", point__in=scope.ids, withdrawn_at=None,
        started_at__lt=scope.span.end,
    ).values_list("point_id", "started_at", "ended_at")  # fmt: skip
    found: dict[int, tuple[timedelta, int]] = {}
    for point, started, ended in rows:
        lost = overlap(started, ended or scope.now, scope.service(scope.places[point]))
        before, drops = found.get(point, (timedelta(), 0))
        found[point] = (before + lost, drops + 1)
    scope.note("network", "interruptions", sum(n for _lost, n in found.values()),
               table="monitoring.finding", rule="offline", first=scope.span.first,
               last=scope.span.last)  # fmt: skip
    return found


def total(counts: Iterable[Counts]) -> Counts:
    """Their sum."""
    return sum(counts, Counts())
