"""Outfalls and points: where there is something to measure."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Outfall, Point
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.registers.models import Enterprise


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
