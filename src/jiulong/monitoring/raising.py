"""Findings that come from elsewhere than readings: a failed check, an open door, a false mark.

A floor above registers its `Rule` like any other (its `judge` gives nothing) and says here when
what the rule is about begins and ends. Only the machine calls this: permission was checked by the
act that led here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from jiulong.evidence.actions import record_event
from jiulong.evidence.channels import points_payload
from jiulong.monitoring.judgements import rules
from jiulong.monitoring.keeping import keep, number_findings, reinstate
from jiulong.monitoring.models import Factor, Finding, Point


def raise_finding(
    *,
    rule: str,
    point: Point,
    started_at: datetime,
    now: datetime,
    factor: Factor | None = None,
    severity: str | None = None,
    ended_at: datetime | None = None,
    detail: Mapping[str, Any] | None = None,
    **numbers: Any,
) -> Finding:
    """Write down an event, once: the same rule, point, factor and start is the same finding.

    Args:
        severity: a `Finding.Severity`; default that of the rule.
        numbers: `value`, `limit_value`, `multiple`, where there are any (Decimal).

    Raises:
        KeyError: no such rule is registered.
    """
    fields = {
        "severity": severity or rules()[rule].severity,
        "last_at": ended_at or started_at,
        "ended_at": ended_at,
        "detail": dict(detail or {}),
        **numbers,
    }
    with transaction.atomic():
        number_findings()
        finding, made = Finding.objects.get_or_create(
            rule=rule, point=point, factor=factor, started_at=started_at,
            defaults={**fields, "found_at": now},
        )  # fmt: skip
        if not made:
            if finding.withdrawn_at is not None:
                reinstate([finding], now)
            for name, value in {**fields, "withdrawn_at": None, "withdrawn_cause": ""}.items():
                setattr(finding, name, value)
        keep([finding], now)
        tell({point.pk})
    return finding


def end_findings(
    *, rule: str, point: Point, now: datetime, factor: Factor | None = None
) -> list[Finding]:
    """What the rule found at the point is over as of `now`; returns what was still open."""
    standing = Finding.objects.filter(
        rule=rule, point=point, factor=factor, ended_at=None, started_at__lte=now
    )
    with transaction.atomic():
        ended = list(standing.select_for_update())
        for finding in ended:
            finding.ended_at, finding.last_at = now, max(finding.last_at, now)
        if ended:
            keep(ended, now)
            tell({point.pk})
    return ended


def withdraw_finding(*, finding: Finding, cause: str, now: datetime) -> Finding:
    """Have a finding stand no more, with the cause; it stays and says so. Recorded as an event."""
    with transaction.atomic():
        finding.withdrawn_at, finding.withdrawn_cause = now, cause[:300]
        record_event(
            actor=None, verb="withdraw_finding", subject=finding, at=now, data=told(finding)
        )
        keep([finding], now)
        tell({finding.point_id})
    return finding


def told(finding: Finding) -> dict[str, Any]:
    """A finding as an event tells it."""
    return {
        "rule": finding.rule,
        "point": finding.point.code,
        "factor": finding.factor.code if finding.factor else None,
        "started_at": finding.started_at.isoformat(),
        "cause": finding.withdrawn_cause,
    }


def tell(points: set[int]) -> None:
    """Tell listeners at commit that findings of these points changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('findings', %s)", [points_payload(points)])
