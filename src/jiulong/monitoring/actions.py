"""Every write of monitoring by people. `actor` None is the machine's command line alone.

The judge writes findings itself; see `judge.py`.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Factor, Finding, Limit, Outfall, Point
from jiulong.monitoring.queries.scope import visible_findings
from jiulong.organisation.rules import Viewer, require, require_or_system
from jiulong.registers.models import Enterprise


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


def set_limit(
    *,
    actor: Viewer | None,
    point: Point,
    factor: Factor,
    statistic: str,
    valid_from: date,
    source: str,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
    valid_to: date | None = None,
) -> Limit:
    """Let a limit hold from a day on. The one that held ends the day before; no value is altered.

    What was judged already stays as it was judged.

    Raises:
        PermissionDenied: the actor's role lacks `set_limit`.
        ValidationError: bounds or days make no sense, or a limit already starts in that time.
    """
    user = require_or_system(actor, "set_limit")
    limit = Limit(
        point=point, factor=factor, statistic=statistic, minimum=minimum, maximum=maximum,
        valid_from=valid_from, valid_to=valid_to, source=source,
    )  # fmt: skip
    _check_limit(limit)
    with transaction.atomic():
        # The lock on the point keeps two people from setting overlapping limits at once.
        Point.objects.select_for_update().get(pk=point.pk)
        ended = _end_before(limit)
        limit.save()
        told = _told(limit) | {"ends": [old.pk for old in ended]}
        record_event(actor=user, verb="set_limit", subject=limit, data=told)
    return limit


def create_outfall(
    *,
    actor: Viewer | None,
    enterprise: Enterprise,
    code: str,
    name: str,
    longitude: float,
    latitude: float,
    receiving_water: str = "",
) -> Outfall:
    """Enter where an enterprise's wastewater leaves (WGS-84 degrees).

    Raises:
        PermissionDenied: the actor's role lacks `edit_point`.
        ValidationError: a field is wrong, or the code is taken; it says which.
    """
    user = require_or_system(actor, "edit_point")
    outfall = Outfall(
        enterprise=enterprise, code=code, name=name, longitude=longitude, latitude=latitude,
        receiving_water=receiving_water,
    )  # fmt: skip
    outfall.full_clean()
    with transaction.atomic():
        outfall.save()
        told = {"code": code, "enterprise": enterprise.name}
        record_event(actor=user, verb="create_outfall", subject=outfall, data=told)
    return outfall


def create_point(
    *,
    actor: Viewer | None,
    outfall: Outfall,
    code: str,
    name: str,
    active_from: datetime,
    position: str = Point.Position.EFFLUENT,
    realtime_interval_s: int = 60,
    minute_interval: int = 10,
) -> Point:
    """Enter a monitored place; frames are expected from `active_from` on.

    Raises:
        PermissionDenied: the actor's role lacks `edit_point`.
        ValidationError: a field is wrong, or the code is taken; it says which.
    """
    user = require_or_system(actor, "edit_point")
    point = Point(
        outfall=outfall, code=code, name=name, position=position, active_from=active_from,
        realtime_interval_s=realtime_interval_s, minute_interval=minute_interval,
    )  # fmt: skip
    point.full_clean()
    _check_intervals(point)
    with transaction.atomic():
        point.save()
        told = {"code": code, "outfall": outfall.code}
        record_event(actor=user, verb="create_point", subject=point, data=told)
    return point


def retire_point(*, actor: Viewer | None, point: Point, at: datetime) -> Point:
    """Expect no frames of a point after `at`; what it sent stays.

    Raises:
        PermissionDenied: the actor's role lacks `edit_point`.
        ValidationError: `at` is before it came into service.
    """
    user = require_or_system(actor, "edit_point")
    if at < point.active_from:
        raise ValidationError({"active_to": _("This is before the point came into service.")})
    with transaction.atomic():
        Point.objects.filter(pk=point.pk).update(active_to=at)
        told = {"active_to": at.isoformat()}
        record_event(actor=user, verb="retire_point", subject=point, data=told)
    point.refresh_from_db()
    return point


#: HJ 212-2017 §6.3: what `MinInterval` and `RtdInterval` (seconds) may be.
MINUTE_INTERVALS = frozenset({1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30})
REALTIME_INTERVAL_S = range(30, 3601)


def _check_intervals(point: Point) -> None:
    if point.minute_interval not in MINUTE_INTERVALS:
        allowed = ", ".join(map(str, sorted(MINUTE_INTERVALS)))
        raise ValidationError({"minute_interval": _("One of %(all)s.") % {"all": allowed}})
    if point.realtime_interval_s not in REALTIME_INTERVAL_S:
        raise ValidationError({"realtime_interval_s": _("From 30 to 3600 seconds.")})


def _check_limit(limit: Limit) -> None:
    limit.full_clean()
    if limit.minimum is not None and limit.maximum is not None and limit.minimum > limit.maximum:
        raise ValidationError({"minimum": _("The minimum is above the maximum.")})
    if limit.valid_to is not None and limit.valid_to < limit.valid_from:
        raise ValidationError({"valid_to": _("The last day is before the first.")})


def _end_before(limit: Limit) -> list[Limit]:
    """End the limits of the same kind that hold when `limit` begins."""
    same = Limit.objects.filter(
        point=limit.point, factor=limit.factor, statistic=limit.statistic
    ).exclude(valid_to__lt=limit.valid_from)
    if limit.valid_to is not None:
        same = same.filter(valid_from__lte=limit.valid_to)
    overlapping = list(same)
    for old in overlapping:
        if old.valid_from >= limit.valid_from:
            text = _("Another limit starts on %(day)s; end this one before.")
            raise ValidationError({"valid_to": text % {"day": old.valid_from.isoformat()}})
    for old in overlapping:
        old.valid_to = limit.valid_from - timedelta(days=1)
        old.save(update_fields=["valid_to"])
    return overlapping


def _told(limit: Limit) -> dict[str, Any]:
    return {
        "point": limit.point.code,
        "factor": limit.factor.code,
        "statistic": limit.statistic,
        "minimum": None if limit.minimum is None else str(limit.minimum),
        "maximum": None if limit.maximum is None else str(limit.maximum),
        "valid_from": limit.valid_from.isoformat(),
        "valid_to": limit.valid_to.isoformat() if limit.valid_to else None,
        "source": limit.source,
    }


def _tell(point: int) -> None:
    """Tell listeners at commit that findings of a point changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify('findings', %s)", [json.dumps({"points": [point]})])
