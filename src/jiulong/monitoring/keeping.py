"""How findings are kept: written once, with what follows from them, and gathered into alarms.

Whoever finds something, the judge, a rule on days or a floor above, hands it to `keep` inside its
own transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from django.db import connection
from django.db.models import Q

from jiulong.evidence.actions import Act, record_events
from jiulong.evidence.locks import Lock
from jiulong.monitoring import alarms, tallies
from jiulong.monitoring.judgements.base import rules
from jiulong.monitoring.models import Finding

_FIELDS: Final = [
    "severity", "started_at", "last_at", "ended_at", "value", "limit_value", "multiple", "detail",
    "withdrawn_at", "withdrawn_cause",
]  # fmt: skip

NUMBER_AGAIN: Final = """
UPDATE monitoring_finding SET reinstated = nextval('monitoring_reinstated') WHERE id = ANY(%s)
"""

#: What makes two findings the same event.
Key = tuple[str, int, int | None, datetime]


def keep(found: Iterable[Finding], now: datetime) -> list[Finding]:
    """Write what is new (no pk) or changed, what follows from it, and the alarms it makes."""
    told: list[Finding] = []
    kept = _saved(found, told, now)
    for rule in rules().values():
        kept += _saved(rule.follow(kept, now), told, now) if kept else []
    alarms.merge(kept, now)
    tallies.tell_findings(told, now)
    return kept


def _saved(found: Iterable[Finding], told: list[Finding], now: datetime) -> list[Finding]:
    """Write them, and add to `told` those that are over or were.

    A new one may take up the row of one that was withdrawn, which was over.
    """
    listed = list(found)
    over = tallies.ended_before(listed)
    fresh = {id(one) for one in listed if one.pk is None}
    kept = save(listed, now)
    told += [
        one for one in kept if one.ended_at is not None or one.pk in over or id(one) in fresh
    ]  # fmt: skip
    return kept


def save(found: Iterable[Finding], now: datetime | None = None) -> list[Finding]:
    """Write findings. A withdrawn one that is found again stands again, under its own number; that
    is recorded, as its withdrawal was.
    """
    # A rule may come back to a finding within one window: the last word counts.
    listed = list({finding.pk or f"new {id(finding)}": finding for finding in found}.values())
    for finding in listed:
        if finding.withdrawn_at is not None and finding.ended_at is None:
            finding.ended_at = finding.last_at  # what does not stand is not open
    _reinstate([finding for finding in listed if finding.pk is None], now)
    fresh = [finding for finding in listed if finding.pk is None]
    changed = [finding for finding in listed if finding.pk is not None]
    # What is withdrawn makes room for what takes its place.
    Finding.objects.bulk_update(changed, _FIELDS, batch_size=500)
    if fresh:
        number_findings()
    Finding.objects.bulk_create(fresh, batch_size=1000)
    return [*changed, *fresh]


def number_findings() -> None:
    """Say, until the transaction ends, that findings of it have numbers and are not there yet.

    Numbers are given before the commit: whoever goes on by them (`casework`) waits for these.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [int(Lock.FINDINGS)])


def key(finding: Finding) -> Key:
    """What makes a finding the same event."""
    return finding.rule, finding.point_id, finding.factor_id, finding.started_at


def _reinstate(fresh: Sequence[Finding], now: datetime | None) -> None:
    """Let findings that were withdrawn before take up their old rows."""
    if not fresh:
        return
    same: dict[str, Any] = {
        "rule__in": {finding.rule for finding in fresh},
        "point__in": {finding.point_id for finding in fresh},
        "started_at__in": {finding.started_at for finding in fresh},
    }
    gone = {
        key(finding): finding for finding in Finding.objects.filter(~Q(withdrawn_at=None), **same)
    }
    again: list[Finding] = []
    for finding in fresh:
        if (old := gone.get(key(finding))) is not None:
            finding.pk, finding.alarm_id = old.pk, old.alarm_id
            finding.found_at = old.found_at
            again.append(old)
    reinstate(again, now)


def reinstate(gone: Sequence[Finding], now: datetime | None) -> None:
    """Record that withdrawn findings stand again, and number them for whoever opens cases.

    Args:
        gone: the rows as they were withdrawn; the caller writes what they are now.
    """
    if not gone:
        return
    number_findings()
    with connection.cursor() as cursor:
        cursor.execute(NUMBER_AGAIN, [[finding.pk for finding in gone]])
    record_events([_reinstated(old, now) for old in gone])


def _reinstated(old: Finding, now: datetime | None) -> Act:
    told = {
        "rule": old.rule, "point": old.point_id, "factor": old.factor_id,
        "started_at": old.started_at.isoformat(), "withdrawn": old.withdrawn_cause,
    }  # fmt: skip
    return Act(actor=None, verb="reinstate_finding", subject=old, data=told, at=now)
