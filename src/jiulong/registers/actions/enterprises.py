"""Entering and changing enterprises."""

from __future__ import annotations

import re
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from stdnum.cn import uscc

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.registers.models import Enterprise
from jiulong.registers.searching import initials

#: Two signs of authority and kind, the district, the body and its check (GB 32100-2015: no I, O,
#: S, V, Z). `uscc.validate` wants digits for the first two, which rural bodies (N2…) do not have.
CREDIT_CODE: Final = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}")
#: What `update_enterprise` may change. The credit code is whose it is: it stays.
CHANGEABLE: Final = frozenset({"name", "trade", "street", "longitude", "latitude", "address"})


def create_enterprise(
    *,
    actor: Viewer | None,
    name: str,
    credit_code: str,
    trade: str,
    unit: Unit | None = None,
    street: Unit | None = None,
    longitude: float | None = None,
    latitude: float | None = None,
    address: str = "",
) -> Enterprise:
    """Enter an enterprise; without a `unit` it gets one of its own, coded by its credit code.

    Raises:
        PermissionDenied: the actor's role lacks `edit_enterprise`.
        ValidationError: a field is wrong, or the code is taken; it says which.
    """
    user = require_or_system(actor, "edit_enterprise")
    check_credit_code(credit_code)
    with transaction.atomic():
        unit = unit or _own_unit(name, credit_code)
        enterprise = Enterprise(
            unit=unit,
            name=name,
            credit_code=credit_code,
            trade=trade,
            street=street,
            longitude=longitude,
            latitude=latitude,
            address=address,
            initials=initials(name)[:120],
        )
        enterprise.full_clean()
        enterprise.save()
        told: dict[str, Any] = {"name": name, "credit_code": credit_code, "trade": trade}
        record_event(actor=user, verb="create_enterprise", subject=enterprise, data=told)
    return enterprise


def update_enterprise(
    *, actor: Viewer | None, enterprise: Enterprise, **changes: Any
) -> Enterprise:
    """Change name, trade, street or place.

    Raises:
        PermissionDenied: the actor's role lacks `edit_enterprise`.
        TypeError: a field is not among CHANGEABLE.
        ValidationError: a value is wrong; it says which.
    """
    user = require_or_system(actor, "edit_enterprise")
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"cannot change {', '.join(sorted(unknown))}")
    with transaction.atomic():
        rows = Enterprise.objects.select_for_update(of=("self",)).select_related("street", "unit")
        fresh = rows.get(pk=enterprise.pk)
        told = {}
        for field, value in changes.items():
            before = getattr(fresh, field)
            if before != value:
                told[field] = [_told(before), _told(value)]
                setattr(fresh, field, value)
        if not told:
            return fresh
        fresh.initials = initials(fresh.name)[:120]
        fresh.full_clean()
        fresh.save()
        if "name" in told:
            Unit.objects.filter(pk=fresh.unit_id).update(name=fresh.name)
        record_event(actor=user, verb="update_enterprise", subject=fresh, data={"changes": told})
    return fresh


def check_credit_code(code: str) -> None:
    """Raises ValidationError where it is no unified social credit code."""
    if not CREDIT_CODE.fullmatch(code) or uscc.calc_check_digit(code[:-1]) != code[-1]:
        text = _("“%(code)s” is no unified social credit code: 18 characters, the last a check.")
        raise ValidationError({"credit_code": text % {"code": code}})


def _own_unit(name: str, credit_code: str) -> Unit:
    unit = Unit(code=credit_code, name=name, kind=Unit.Kind.ENTERPRISE)
    unit.full_clean()
    unit.save()
    return unit


def _told(value: Any) -> Any:
    return value.code if isinstance(value, Unit) else value
