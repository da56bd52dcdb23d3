"""Setting up samplers, renewing bottles, what cabinets report."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Point
from jiulong.organisation.rules import Viewer, require, require_or_system
from jiulong.sampling import life
from jiulong.sampling.models import Bottle, Sampler
from jiulong.sampling.telling import changed

#: VaseNo has two digits (HJ 212-2017 table 5).
BOTTLES_MAX: Final = 99
COMMANDS: Final = ("", "3015", "3022", "3012")


def set_sampler(
    *, actor: Viewer | None, point: Point, now: datetime | None = None, **given: Any
) -> Sampler:
    """Set up the point's sampler, or change it; what is not given stays.

    Args:
        actor: None only for the system itself (demo).
        given: bottles, volume_ml, command, factor_code, min_interval_min, active.

    Raises:
        PermissionDenied: the actor's role lacks `edit_point`.
        ValidationError: a value cannot be; it says which.
    """
    user = require_or_system(actor, "edit_point")
    now = now or timezone.now()
    with transaction.atomic():
        found = Sampler.objects.select_for_update().filter(point=point).first()
        sampler = found or Sampler(point=point)
        changes = {name: value for name, value in given.items() if getattr(sampler, name) != value}
        for name, value in changes.items():
            setattr(sampler, name, value)
        _check(sampler)
        sampler.save()
        _count(sampler, now)
        if changes or found is None:
            record_event(actor=user, verb="set_sampler", subject=sampler, data=changes, at=now)
    return sampler


def _check(sampler: Sampler) -> None:
    if not 1 <= sampler.bottles <= BOTTLES_MAX:
        raise ValidationError({"bottles": _("A carousel has 1 to 99 places.")})
    if sampler.command not in COMMANDS:
        raise ValidationError({"command": _("A sample is ordered with 3015, 3022 or 3012.")})
    if not 1 <= sampler.min_interval_min <= 24 * 60:
        raise ValidationError({"min_interval_min": _("1 minute to 1 day.")})
    if not 1 <= sampler.volume_ml <= 10_000:
        raise ValidationError({"volume_ml": _("1 to 10,000 mL.")})


def _count(sampler: Sampler, now: datetime) -> None:
    """As many places as the carousel has; one that something stood in is never taken away."""
    known = set(sampler.places.values_list("position", flat=True))
    wanted = set(range(1, sampler.bottles + 1))
    Bottle.objects.bulk_create(
        Bottle(sampler=sampler, position=number, since=now) for number in sorted(wanted - known)
    )
    sampler.places.filter(
        position__in=known - wanted, state=Bottle.State.FREE, samples=None
    ).delete()


def renew_bottles(
    *, actor: Viewer, sampler: Sampler, note: str = "", now: datetime | None = None
) -> int:
    """Clean bottles were put in where bottles had been collected or drained; returns how many.

    Raises:
        PermissionDenied: the actor's role lacks `order_sample`.
        ValidationError: no place waits for a bottle.
    """
    user = require(actor, "order_sample")
    now = now or timezone.now()
    with transaction.atomic():
        empty = sampler.places.filter(state=Bottle.State.COLLECTED)
        places = sorted(empty.values_list("position", flat=True))
        if not places:
            raise ValidationError(_("No place waits for a new bottle."))
        empty.update(state=Bottle.State.FREE, since=now)
        data = {"bottles": places, "note": note.strip()[:200]}
        record_event(actor=user, verb="renew_bottles", subject=sampler, data=data, at=now)
        for sample in sampler.samples.filter(state=life.ORDERED)[:1]:
            changed(sample)
    return len(places)


def report_cabinet(
    *,
    sampler: Sampler,
    at: datetime,
    temperature_c: Decimal | None = None,
    door: str | None = None,
) -> bool:
    """Take over what the cabinet reported; older news change nothing. Only the system calls it."""
    fields: dict[str, Any] = {"reported_at": at}
    if temperature_c is not None:
        fields["temperature_c"] = temperature_c
    if door is not None:
        fields["door"] = door
    rows = Sampler.objects.filter(pk=sampler.pk).exclude(reported_at__gt=at)
    return bool(rows.update(**fields))
