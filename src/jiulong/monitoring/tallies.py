"""Findings and alarms under the seals: as they stood when their day was settled, and since.

What is still open grows and is not told of. Acknowledgements are people's acts with events of their
own.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Final

from django.conf import settings
from django.db.models import Min, Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.evidence import chores, tallies
from jiulong.monitoring.models import Alarm, Finding, Outfall, Point

FINDINGS: Final = "findings"
ALARMS: Final = "alarms"
#: A day is told of at this local time of the next one, with the statistics of that day.
TOLD_AT: Final = time(12)
DAY: Final = timedelta(days=1)
#: Columns under the digest, in this order for good.
OF_FINDING: Final = (
    "id", "rule", "severity", "factor_id", "started_at", "last_at", "ended_at", "found_at",
    "value", "limit_value", "multiple", "detail", "withdrawn_at", "withdrawn_cause",
)  # fmt: skip
OF_ALARM: Final = (
    "id", "family", "kind", "severity", "rules", "state", "started_at", "last_at", "ended_at",
    "closed_at", "raised_at", "respond_by", "close_by", "merged_into_id",
)  # fmt: skip


def register() -> None:
    """Tell of findings by the day on which they were found, of alarms by that of their start."""
    tallies.register(
        tallies.Tally(
            FINDINGS, _("Findings"), "monitoring_finding", _local("found_at"), "point_id",
            OF_FINDING, "ended_at IS NOT NULL", lambda: _first(Finding, "found_at"), _next, _due,
            lambda pk, _day: _named(Point, pk),
        )
    )  # fmt: skip
    tallies.register(
        tallies.Tally(
            ALARMS, _("Alarms"), "monitoring_alarm", _local("started_at"), "outfall_id",
            OF_ALARM, "state NOT IN ('open', 'quiet')", lambda: _first(Alarm, "started_at"),
            _next, _due, lambda pk, _day: _named(Outfall, pk),
        )
    )  # fmt: skip
    every = timedelta(minutes=10)
    for name in (FINDINGS, ALARMS):
        chores.register(
            chores.Chore(f"tally-{name}", every, lambda now, name=name: tallies.step(name, now))  # type: ignore[misc]
        )


def ended_before(changed: Iterable[Finding]) -> set[int]:
    """Those of findings that are open now and were told of as ended. Before they are written."""
    opened = [one.pk for one in changed if one.pk is not None and one.ended_at is None]
    if not opened:
        return set()
    rows = Finding.objects.filter(pk__in=opened, ended_at__isnull=False)
    return set(rows.values_list("pk", flat=True))


def tell_findings(kept: Iterable[Finding], now: datetime) -> None:
    """These, which are over or were, were written in this transaction."""
    rows = {(timezone.localdate(one.found_at), one.point_id) for one in kept}
    tallies.retell(FINDINGS, rows, now)


def tell_alarms(changed: Iterable[tuple[datetime, int]], now: datetime) -> None:
    """Alarms at these outfalls, starting then or before their change, were written just now."""
    rows = {(timezone.localdate(start), outfall) for start, outfall in changed}
    tallies.retell(ALARMS, rows, now)


def _local(column: str) -> str:
    return f"({column} AT TIME ZONE '{settings.TIME_ZONE}')::date"


def _first(model: type[Model], column: str) -> date | None:
    first = model._default_manager.aggregate(first=Min(column))["first"]  # noqa: SLF001 - Django's
    return None if first is None else timezone.localdate(first)


def _next(day: date) -> date:
    return day + DAY


def _due(day: date) -> datetime:
    told = datetime.combine(day + DAY, TOLD_AT)
    return timezone.make_aware(told, timezone.get_default_timezone())


def _named(model: type[Point | Outfall], pk: int) -> str:
    return model._default_manager.filter(pk=pk).values_list("code", flat=True).first() or str(pk)  # noqa: SLF001
