"""Alarms for lists, one alarm with its findings, and the case that grew from it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Case as Choose
from django.db.models import Count, IntegerField, Q, QuerySet, Value, When

from jiulong.cases import queries as cases
from jiulong.cases.models import Case
from jiulong.monitoring.casework import NAME, about_alarm
from jiulong.monitoring.models import Alarm, Finding, Severity
from jiulong.monitoring.queries.scope import visible_alarms, visible_findings
from jiulong.monitoring.thresholds import COUNTED_DAYS
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may

SORTS: Final[dict[str, tuple[str, ...]]] = {
    "started": ("started_at", "id"),
    "severity": ("rank", "started_at"),
    "respond": ("respond_by", "id"),
    "outfall": ("outfall__enterprise__name", "outfall__code"),
    "kind": ("kind", "started_at"),
}


def alarms(
    viewer: Viewer,
    *,
    q: str = "",
    kind: str = "",
    family: str = "",
    severity: str = "",
    state: str = "",
    outfall: str = "",
    acknowledged: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    sort: str = "-started",
) -> QuerySet[Alarm]:
    """Alarms, filtered and sorted, with everything a row shows.

    `state`: one of `Alarm.State`, "live" (open or quiet) or "" (all that stand: those merged into
    others or withdrawn are only given when asked for). `outfall` is a code. `since` and `until`
    keep what overlaps that time.
    """
    found = visible_alarms(viewer).select_related("outfall__enterprise", "acknowledged_by")
    same = {"kind": kind, "family": family, "severity": severity, "outfall__code": outfall}
    found = found.filter(**{path: wanted for path, wanted in same.items() if wanted})
    if state == "live":
        found = found.filter(state__in=(Alarm.State.OPEN, Alarm.State.QUIET))
    else:
        found = found.filter(state=state) if state else found.filter(state__in=Alarm.STANDING)
    if acknowledged is not None:
        found = found.filter(acknowledged_at__isnull=not acknowledged)
    if since is not None:
        found = found.filter(Q(ended_at=None) | Q(ended_at__gte=since))
    if until is not None:
        found = found.filter(started_at__lt=until)
    for word in q.split():
        found = found.filter(
            Q(outfall__code__icontains=word)
            | Q(outfall__name__icontains=word)
            | Q(outfall__enterprise__name__icontains=word)
        )
    return _sorted(found.annotate(count=Count("findings", Q(findings__withdrawn_at=None))), sort)


def alarm(viewer: Viewer, pk: int) -> Alarm:
    """One alarm.

    Raises:
        Alarm.DoesNotExist: there is none, or not for this viewer.
    """
    seen = visible_alarms(viewer).select_related(
        "outfall__enterprise", "acknowledged_by", "merged_into"
    )
    return seen.get(pk=pk)


def findings_of(viewer: Viewer, target: Alarm) -> list[Finding]:
    """The findings of an alarm in the order of their start, withdrawn ones too."""
    rows = visible_findings(viewer).filter(alarm=target).order_by("started_at", "pk")
    return list(rows.select_related("factor", "point__outfall__enterprise"))


def alarm_case(viewer: Viewer, target: Alarm) -> list[Case]:
    """The cases that grew from an alarm and from those that were merged into it, newest first."""
    numbers = [target.pk, *Alarm.objects.filter(merged_into=target).values_list("pk", flat=True)]
    names = [about_alarm(number) for number in numbers]
    found = cases.visible(viewer).filter(source=NAME, source_ref__in=names)
    return cases.furnished(list(found.order_by("-pk")[:10]))


def days_over(findings: Iterable[Finding]) -> dict[int, int]:
    """For each daily exceedance, by its pk: days over in the 30 that end with it (DOMAIN A8)."""
    asked = [finding for finding in findings if finding.rule == "day_exceedance"]
    if not asked:
        return {}
    earliest = min(finding.started_at for finding in asked) - timedelta(days=COUNTED_DAYS)
    rows = Finding.objects.filter(
        rule="day_exceedance", point__in={finding.point_id for finding in asked},
        withdrawn_at=None, started_at__gt=earliest,
    )  # fmt: skip
    starts = list(rows.values_list("point", "factor", "started_at"))
    return {
        finding.pk: sum(
            point == finding.point_id
            and factor == finding.factor_id
            and finding.started_at - timedelta(days=COUNTED_DAYS) < start <= finding.started_at
            for point, factor, start in starts
        )
        for finding in asked
    }


def acknowledgeable_alarm(viewer: Viewer, target: Alarm) -> bool:
    """Whether the page offers the viewer to acknowledge this alarm."""
    return (
        isinstance(viewer, User)
        and target.acknowledged_at is None
        and target.state in Alarm.STANDING
        and may(viewer, "keep_duty")
    )


def _sorted(found: QuerySet[Alarm], sort: str) -> QuerySet[Alarm]:
    whens = (When(severity=name, then=Value(rank)) for rank, name in enumerate(Severity.values))
    found = found.annotate(rank=Choose(*whens, output_field=IntegerField()))
    paths = SORTS.get(sort.removeprefix("-"), SORTS["started"])
    return found.order_by(*(("-" if sort.startswith("-") else "") + path for path in paths))
