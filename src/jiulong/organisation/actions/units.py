"""Every write about units."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation import events
from jiulong.organisation.models import Post, Unit, User
from jiulong.organisation.rules import Viewer, require_or_system

CHANGEABLE: Final = frozenset({"name", "kind", "longitude", "latitude"})
#: What a unit of this kind must stand under, where it stands under anything.
UNDER: Final = {
    Unit.Kind.DISTRICT: frozenset({Unit.Kind.DISTRICT}),
    Unit.Kind.COMMUNITY: frozenset({Unit.Kind.STREET, Unit.Kind.ZONE, Unit.Kind.DISTRICT}),
    Unit.Kind.GRID: frozenset({Unit.Kind.COMMUNITY, Unit.Kind.STREET, Unit.Kind.ZONE}),
}


def create_unit(
    *,
    actor: Viewer | None,
    code: str,
    name: str,
    kind: str,
    parent: Unit | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
) -> Unit:
    """Enter a part of the organisation; its place in degrees, WGS 84.

    Raises:
        PermissionDenied: the actor's role lacks `manage_accounts`.
        ValidationError: a field is wrong, or the code is taken; it says which.
    """
    user = require_or_system(actor, "manage_accounts")
    unit = Unit(
        code=code, name=name, kind=kind, parent=parent, longitude=longitude, latitude=latitude
    )
    unit.full_clean()
    _check_parent(unit.kind, parent)
    with transaction.atomic():
        unit.save()
        told = {"code": code, "name": name, "kind": kind, "parent": parent.code if parent else None}
        events.record(actor=user, verb="create_unit", subject=unit, data=told)
    unit.refresh_from_db(fields=["path"])
    return unit


def update_unit(*, actor: Viewer | None, unit: Unit, **changes: Any) -> Unit:
    """Change name, kind or place. Its code stays: lists and files carry it.

    Raises:
        PermissionDenied: the actor's role lacks `manage_accounts`.
        TypeError: a field is not among CHANGEABLE.
        ValidationError: a value is wrong; it says which.
    """
    user = require_or_system(actor, "manage_accounts")
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"cannot change {', '.join(sorted(unknown))}")
    with transaction.atomic():
        current = Unit.objects.select_for_update().get(pk=unit.pk)
        told = {}
        for field, value in changes.items():
            if getattr(current, field) != value:
                told[field] = [getattr(current, field), value]
                setattr(current, field, value)
        current.full_clean()
        _check_parent(current.kind, current.parent)
        current.save(update_fields=list(changes))
        if told:
            events.record(actor=user, verb="update_unit", subject=current, data=told)
    return current


def move_unit(*, actor: Viewer | None, unit: Unit, parent: Unit | None) -> Unit:
    """Put a unit, with all below it, under another one.

    Raises:
        PermissionDenied: the actor's role lacks `manage_accounts`.
        ValidationError: the new parent stands below the unit, or is of no fitting kind.
    """
    user = require_or_system(actor, "manage_accounts")
    with transaction.atomic():
        # One move at a time: two at once could make a circle that neither sees.
        list(Unit.objects.select_for_update().filter(parent=None).order_by("pk"))
        current = Unit.objects.select_for_update(of=("self",)).get(pk=unit.pk)
        above = Unit.objects.get(pk=parent.pk) if parent else None
        if above is not None and above.path.startswith(current.path):
            raise ValidationError({"parent": _("A unit cannot stand below itself.")})
        _check_parent(current.kind, above)
        told = {"parent": [current.parent.code if current.parent else None,
                           above.code if above else None]}  # fmt: skip
        current.parent = above
        current.save(update_fields=["parent"])
        events.record(actor=user, verb="move_unit", subject=current, data=told)
    current.refresh_from_db(fields=["path"])
    return current


def close_unit(*, actor: Viewer | None, unit: Unit, on: date | None = None) -> Unit:
    """Close a unit from a day on; what it did stays. Nobody may be left in it.

    Raises:
        PermissionDenied: the actor's role lacks `manage_accounts`.
        ValidationError: open units stand below it, or people are in it.
    """
    user = require_or_system(actor, "manage_accounts")
    day = on or timezone.localdate()
    with transaction.atomic():
        current = Unit.objects.select_for_update().get(pk=unit.pk)
        if Unit.objects.filter(parent=current, closed_on=None).exists():
            raise ValidationError(_("Close or move the units below it first."))
        lasting = Q(to_on=None) | Q(to_on__gte=day)
        posts = Post.objects.filter(lasting, unit=current, user__is_active=True)
        if User.objects.filter(unit=current, is_active=True).exists() or posts.exists():
            raise ValidationError(_("Move its people to other units first."))
        current.closed_on = day
        current.save(update_fields=["closed_on"])
        told = {"code": current.code, "on": day.isoformat()}
        events.record(actor=user, verb="close_unit", subject=current, data=told)
    return current


def _check_parent(kind: str, parent: Unit | None) -> None:
    allowed = UNDER.get(Unit.Kind(kind))
    if parent is None or allowed is None or parent.kind in allowed:
        return
    text = _("A %(kind)s cannot stand under a %(above)s.")
    told = {"kind": Unit.Kind(kind).label, "above": Unit.Kind(parent.kind).label}
    raise ValidationError({"parent": text % told})
