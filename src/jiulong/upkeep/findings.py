"""The rule `qc_failed`: an instrument failed a check, until it passes one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.judgements import Rule, Window, register
from jiulong.monitoring.models import Alarm, Factor, Finding, Point
from jiulong.monitoring.raising import raise_finding
from jiulong.upkeep.models import QcTest


@register
class QcFailed(Rule):
    """Failed checks in a row of one instrument are one finding; the next passed one ends it."""

    code = "qc_failed"
    name = _("Check failed")
    meaning = _("A check of the instrument was outside its limit.")
    family = Alarm.Family.DEVICE

    def judge(self, window: Window) -> Iterable[Finding]:  # noqa: ARG002
        """Nothing: checks are judged when they are entered."""
        return ()


def settle(point: Point, factor: Factor, test: QcTest) -> None:
    """Bring the findings of one instrument in line with a check that came, in time order or not."""
    _in_turn(point, factor)
    checks = QcTest.objects.filter(point=point, factor=factor, withdrawn_at=None)
    found = Finding.objects.filter(rule=QcFailed.code, point=point, factor=factor)
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
        rule=QcFailed.code, point=test.point_id, factor=test.factor_id, started_at=test.at
    )
    for finding in found:
        finding.detail = finding.detail | {"withdrawn": test.withdrawn_reason}
        _end(finding, finding.started_at, test.withdrawn_at or test.entered_at)
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
        rule=QcFailed.code, point=point, factor=factor, started_at=test.at, ended_at=passed,
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
