"""Every write of registers. `actor` None is the machine's command line alone."""

from __future__ import annotations

from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.registers.models import Enterprise

#: GB 32100-2015: no I, O, S, V, Z; weights 3^i mod 31; the check character closes the sum to 31.
CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_LENGTH: Final = 18


def credit_check(body: str) -> str:
    """The 18th character of a unified social credit code, from its first 17.

    Raises:
        ValueError: not 17 characters of the code's alphabet.
    """
    if len(body) != CREDIT_LENGTH - 1 or any(sign not in CREDIT_ALPHABET for sign in body):
        raise ValueError(body)
    total = sum(CREDIT_ALPHABET.index(sign) * pow(3, place, 31) for place, sign in enumerate(body))
    return CREDIT_ALPHABET[(31 - total % 31) % 31]


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
) -> Enterprise:
    """Enter an enterprise; without a `unit` it gets one of its own, coded by its credit code.

    Raises:
        PermissionDenied: the actor's role lacks `edit_enterprise`.
        ValidationError: a field is wrong, or the code is taken; it says which.
    """
    user = require_or_system(actor, "edit_enterprise")
    _check_credit_code(credit_code)
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
        )
        enterprise.full_clean()
        enterprise.save()
        told: dict[str, Any] = {"name": name, "credit_code": credit_code, "trade": trade}
        record_event(actor=user, verb="create_enterprise", subject=enterprise, data=told)
    return enterprise


def _own_unit(name: str, credit_code: str) -> Unit:
    unit = Unit(code=credit_code, name=name, kind=Unit.Kind.ENTERPRISE)
    unit.full_clean()
    unit.save()
    return unit


def _check_credit_code(code: str) -> None:
    try:
        right = credit_check(code[:-1]) == code[-1:]
    except ValueError:
        right = False
    if not right:
        text = _("“%(code)s” is no unified social credit code: 18 characters, the last a check.")
        raise ValidationError({"credit_code": text % {"code": code}})
