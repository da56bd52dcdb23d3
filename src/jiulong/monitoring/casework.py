"""What the judge found, as triggers of packs read it: an exceedance becomes a case."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from jiulong.cases.triggers import Found
from jiulong.evidence.locks import Lock
from jiulong.monitoring.judgements import rules
from jiulong.monitoring.models import Finding
from jiulong.monitoring.thresholds import STALE_AFTER
from jiulong.monitoring.words import factor_name, point_title
from jiulong.packs import vocabulary

NAME: Final = "monitoring"
RELATED: Final = (
    "point__outfall__enterprise__unit",
    "point__outfall__enterprise__street",
    "factor",
)


class MonitoringFindings:
    """Findings in the order of their ids. Several processes write them, so that a higher id may be
    committed before a lower one: while anybody writes, nothing is read (`keeping.number_findings`).
    """

    name = NAME

    def after(self, position: int, limit: int) -> Sequence[Found]:
        """The next findings after an id; none while findings are being written."""
        with transaction.atomic():
            found = self._read(position, limit) if _all_are_there() else []
            transaction.set_rollback(True)  # only reads: the lock goes with the savepoint
        return found

    def _read(self, position: int, limit: int) -> list[Found]:
        rows = _standing().filter(pk__gt=position)
        return [_found(row) for row in rows.order_by("pk")[:limit]]


class ReinstatedFindings(MonitoringFindings):
    """Findings that were withdrawn and stand again: their cases may be over by now."""

    stream = "again"

    def _read(self, position: int, limit: int) -> list[Found]:
        rows = _standing().filter(reinstated__gt=position)
        return [
            replace(_found(row), position=row.reinstated, reference=f"{row.pk}/{row.reinstated}")
            for row in rows.order_by("reinstated")[:limit]
        ]


def _standing() -> QuerySet[Finding]:
    """Findings that may open a case."""
    warnings = [code for code, rule in rules().items() if rule.warns]
    # A warning of what was long over when its data came, as in a back-fill, opens no case.
    over = Q(ended_at__isnull=False, found_at__gt=F("ended_at") + STALE_AFTER)
    stale = Q(over, rule__in=warnings)  # of what still holds the comparison would be NULL
    return Finding.objects.filter(withdrawn_at=None).exclude(stale).select_related(*RELATED)


def _all_are_there() -> bool:
    """Whether nobody is writing findings; as long as the lock is held nobody begins to."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [int(Lock.FINDINGS)])
        return bool(cursor.fetchone()[0])


def about(finding: Finding) -> str:
    """What a finding is about: a second one about the same joins the open case.

    One alarm is one case; what raises no alarm goes by point, rule and factor.
    """
    if finding.alarm_id is not None:
        return about_alarm(finding.alarm_id)
    factor = finding.factor.code if finding.factor else ""
    return "/".join(filter(None, (finding.point.code, finding.rule, factor)))


def about_alarm(number: int) -> str:
    """How a case names the alarm it is about."""
    return f"alarm/{number}"


def _found(finding: Finding) -> Found:
    outfall = finding.point.outfall
    with translation.override("zh-hans"):  # a case is written in the district's language
        known = rules().get(finding.rule)
        rule = str(known.name) if known else finding.rule
        factor = factor_name(finding.factor) if finding.factor else ""
        title = f"{point_title(finding.point)}：{factor}{rule}"
        words = f"{title}，{timezone.localtime(finding.started_at):%Y-%m-%d %H:%M} 起。"
        if finding.value is not None and finding.limit_value is not None:
            words += (
                f"最高 {finding.value.normalize():f}，限值 {finding.limit_value.normalize():f}。"
            )
    return Found(
        id=finding.pk,
        kind=finding.rule,
        severity=finding.severity,
        about=about(finding),
        title=title,
        words=words,
        enterprise=outfall.enterprise,
        area=outfall.enterprise.street,
        place=(outfall.longitude, outfall.latitude),
        data=_data(finding, rule, factor),
    )


#: Matters that ask for the kind of fault as a choice, by the rule's code.
BY_CODE: Final = frozenset({"offline", "missing", "late", "discrepancy"})


def _data(finding: Finding, rule: str, factor: str) -> dict[str, str]:
    """What a case's form is filled in with; a matter takes the fields it has."""
    told = {
        "rule": finding.rule if finding.rule in BY_CODE else rule,
        "factor": factor,
        "outfall": finding.point.outfall.name,
        "period": _period(finding),
    }
    numbers = {
        "value": (finding.value, 6), "limit": (finding.limit_value, 6),
        "multiple": (finding.multiple, 2),
    }  # fmt: skip
    for name, (number, places) in numbers.items():
        if number is not None:
            told[name] = f"{round(number, places).normalize():f}"
    return told


def _period(finding: Finding) -> str:
    start = timezone.localtime(finding.started_at)
    told = f"{start:%Y-%m-%d %H:%M}"
    if finding.ended_at is None:
        return told
    end = timezone.localtime(finding.ended_at)
    return f"{told}–{end:%H:%M}" if end.date() == start.date() else f"{told}–{end:%Y-%m-%d %H:%M}"


def offer_kinds() -> None:
    """Have the kinds of findings listed for whoever writes triggers."""
    vocabulary.offer(
        vocabulary.Words(
            key="findings",
            about=_("What engines find: `kinds` of a trigger `on: finding`, and its `source`"),
            words=lambda: [
                vocabulary.Word(code, rule.name, of=NAME) for code, rule in rules().items()
            ],
        )
    )
