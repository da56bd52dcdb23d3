"""Findings for lists, and one finding with its evidence."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When

from jiulong.monitoring.models import Finding
from jiulong.monitoring.queries.scope import visible_findings
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may

#: What `sort` may say; a leading "-" reverses.
SORTS: Final[dict[str, tuple[str, ...]]] = {
    "started": ("started_at", "id"),
    "found": ("found_at", "id"),
    "severity": ("rank", "started_at"),
    "multiple": ("multiple", "started_at"),
    "point": ("point__outfall__enterprise__name", "point__code"),
    "rule": ("rule", "started_at"),
}


def findings(
    viewer: Viewer,
    *,
    q: str = "",
    rule: str = "",
    severity: str = "",
    standing: str = "",
    acknowledged: bool | None = None,
    point: str = "",
    factor: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    alarm: int | None = None,
    sort: str = "-started",
) -> QuerySet[Finding]:
    """Findings, filtered and sorted, with everything a list row shows (no query per row).

    `standing`: "open" (still holds), "ended", or "withdrawn", which is left out otherwise. `point`
    and `factor` are codes. `since` and `until` keep what overlaps that time.
    """
    found = visible_findings(viewer).select_related(
        "factor", "point__outfall__enterprise", "acknowledged_by"
    )
    same = {
        "rule": rule, "severity": severity, "point__code": point, "factor__code": factor,
    }  # fmt: skip
    found = found.filter(**{path: wanted for path, wanted in same.items() if wanted})
    found = found.filter(withdrawn_at__isnull=standing != "withdrawn")
    if standing in {"open", "ended"}:
        found = found.filter(ended_at__isnull=standing == "open")
    if alarm is not None:
        found = found.filter(alarm=alarm)
    if acknowledged is not None:
        found = found.filter(acknowledged_at__isnull=not acknowledged)
    if since is not None:
        found = found.filter(Q(ended_at=None) | Q(ended_at__gte=since))
    if until is not None:
        found = found.filter(started_at__lt=until)
    for word in q.split():
        found = found.filter(_mentions(word))
    return _sorted(found, sort)


def finding(viewer: Viewer, pk: int) -> Finding:
    """One finding with its point and factor.

    Raises:
        Finding.DoesNotExist: there is none, or not for this viewer.
    """
    return (
        visible_findings(viewer)
        .select_related("factor", "point__outfall__enterprise", "acknowledged_by", "alarm")
        .get(pk=pk)
    )


def findings_by_rule(viewer: Viewer, *, only_open: bool = True) -> dict[str, int]:
    """How many findings each rule has, for filter chips."""
    found = visible_findings(viewer).filter(withdrawn_at=None).order_by()
    if only_open:
        found = found.filter(ended_at=None)
    return dict(found.values_list("rule").annotate(n=Count("pk")).order_by("rule"))


def acknowledgeable(viewer: Viewer, found: Finding) -> bool:
    """Whether the page offers the viewer to acknowledge this finding."""
    return (
        isinstance(viewer, User)
        and found.acknowledged_at is None
        and may(viewer, "acknowledge_finding")
    )


def _mentions(word: str) -> Q:
    return (
        Q(point__code__icontains=word)
        | Q(point__name__icontains=word)
        | Q(point__outfall__name__icontains=word)
        | Q(point__outfall__enterprise__name__icontains=word)
        | Q(factor__name__icontains=word)
        | Q(factor__name_en__icontains=word)
        | Q(factor__code=word)
    )


def _sorted(found: QuerySet[Finding], sort: str) -> QuerySet[Finding]:
    ranks = (Finding.Severity.INFORMATION, Finding.Severity.WARNING, Finding.Severity.SERIOUS)
    whens = (When(severity=name, then=Value(rank)) for rank, name in enumerate(ranks))
    found = found.annotate(rank=Case(*whens, output_field=IntegerField()))
    paths = SORTS.get(sort.removeprefix("-"))
    if paths is None:
        return found.order_by("-started_at", "-id")
    return found.order_by(*(("-" if sort.startswith("-") else "") + path for path in paths))
