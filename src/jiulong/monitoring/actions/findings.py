"""What people say to findings and alarms. The judge writes them itself; see `keeping`."""

from __future__ import annotations

import json
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Alarm, Finding
from jiulong.monitoring.queries.scope import visible_alarms, visible_findings
from jiulong.organisation.rules import Viewer, require


class AlreadyAcknowledgedError(ValueError):
    """Somebody was quicker; the finding keeps their name and note."""


def acknowledge_finding(
    *, actor: Viewer, finding: Finding, note: str = "", now: datetime | None = None
) -> Finding:
    """Put one's name to having seen a finding, once, with a note.

    Raises:
        PermissionDenied: the role lacks `acknowledge_finding`, or the finding is not theirs.
        AlreadyAcknowledgedError: it was acknowledged before.
    """
    user = require(actor, "acknowledge_finding")
    if not visible_findings(actor).filter(pk=finding.pk).exists():
        raise PermissionDenied("acknowledge_finding")
    now = now or timezone.now()
    with transaction.atomic():
        changed = Finding.objects.filter(pk=finding.pk, acknowledged_at=None).update(
            acknowledged_by=user, acknowledged_at=now, note=note
        )
        if not changed:
            raise AlreadyAcknowledgedError(_("This finding was acknowledged before."))
        data = {"note": note}
        record_event(actor=user, verb="acknowledge_finding", subject=finding, data=data, at=now)
        _tell(finding.point_id)
    finding.refresh_from_db()
    return finding


def acknowledge_alarm(
    *, actor: Viewer, alarm: Alarm, note: str = "", now: datetime | None = None
) -> Alarm:
    """The desk puts its name to having seen an alarm and its findings, once, with a note.

    Enterprises answer in the case: what they have seen settles nothing for the desk.

    Raises:
        PermissionDenied: the role lacks `keep_duty`, or the alarm is not theirs.
        AlreadyAcknowledgedError: it was acknowledged before.
    """
    user = require(actor, "keep_duty")
    if not visible_alarms(actor).filter(pk=alarm.pk).exists():
        raise PermissionDenied("keep_duty")
    now = now or timezone.now()
    with transaction.atomic():
        said = {"acknowledged_by": user, "acknowledged_at": now, "note": note}
        changed = Alarm.objects.filter(pk=alarm.pk, acknowledged_at=None).update(**said)
        if not changed:
            raise AlreadyAcknowledgedError(_("This alarm was acknowledged before."))
        seen = Finding.objects.filter(alarm=alarm, acknowledged_at=None)
        points = set(seen.values_list("point", flat=True))
        seen.update(**said)
        data = {"note": note, "outfall": alarm.outfall.code, "kind": alarm.kind}
        record_event(actor=user, verb="acknowledge_alarm", subject=alarm, data=data, at=now)
        for point in points:
            _tell(point)
    alarm.refresh_from_db()
    return alarm


def _tell(point: int) -> None:
    """Tell listeners at commit that findings of a point changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('findings', %s)", [json.dumps({"points": [point]})])
