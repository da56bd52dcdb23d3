"""Findings of failed checks: from the first that an instrument failed to the next it passed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import connection

from jiulong.monitoring.models import Factor, Finding, Point
from jiulong.monitoring.raising import raise_finding, withdraw_finding
from jiulong.upkeep.models import QcTest

#: The rule stands among the judge's own, `monitoring/judgements/failed_check.py`.
RULE: Final = "failed_check"


def settle(point: Point, factor: Factor, test: QcTest) -> None:
    """Bring the findings of one instrument in line with a check that came, in time order or not."""
    _in_turn(point, factor)
    checks = QcTest.objects.filter(point=point, factor=factor, withdrawn_at=None)
    found = Finding.objects.filter(rule=RULE, withdrawn_at=None, point=point, factor=factor)
    if test.passed:
        for standing in found.filter(started_at__lte=test.at).exclude(ended_at__lte=test.at):
            _end(standing, test.at, test.entered_at)
        later = checks.filter(at__gt=test.at).order_by("at", "id").first()
        if later is not None and not later.passed:
            _raise(point, factor, later)
        return
    before = checks.filter(at__lt=test.at).order_by("-at", "-id").first()
    if before is None or before.passed:
        _raise(point, factor, test)


def unsettle(test: QcTest) -> None:
    """A check was withdrawn: what it began is over, or begins with the next failed one."""
    found = Finding.objects.filter(
        rule=RULE, withdrawn_at=None, point=test.point_id, factor=test.factor_id, started_at=test.at
    )
    for finding in found:
        cause = f"{test._meta.label_lower}/{test.pk}"  # noqa: SLF001 - documented by Django
        withdraw_finding(finding=finding, cause=cause, now=test.withdrawn_at or test.entered_at)
    later = (
        QcTest.objects.filter(
            point=test.point_id, factor=test.factor_id, at__gte=test.at, withdrawn_at=None
        )
        .order_by("at", "id")
        .first()
    )
    if later is not None and not later.passed:
        settle(test.point, test.factor, later)


def _end(finding: Finding, at: datetime, now: datetime) -> None:
    raise_finding(
        rule=finding.rule, point=finding.point, factor=finding.factor, ended_at=at, now=now,
        started_at=finding.started_at, severity=finding.severity, value=finding.value,
        limit_value=finding.limit_value, detail=finding.detail,
    )  # fmt: skip


def _raise(point: Point, factor: Factor, test: QcTest) -> None:
    passed = (
        QcTest.objects.filter(
            point=point, factor=factor, passed=True, at__gt=test.at, withdrawn_at=None
        )
        .order_by("at")
        .values_list("at", flat=True)
        .first()
    )
    raise_finding(
        rule=RULE, point=point, factor=factor, started_at=test.at, ended_at=passed,
        now=test.entered_at, value=test.measured, limit_value=test.reference,
        detail={
            "test": test.pk, "kind": test.kind, "measure": test.measure, "error": str(test.error),
            "tolerance": str(test.tolerance), "source": test.rule_source,
        },
    )  # fmt: skip


def _in_turn(point: Point, factor: Factor) -> None:
    """Two checks of one instrument that come at once are settled one after the other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"qc {point.pk} {factor.pk}"])
