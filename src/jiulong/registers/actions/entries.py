"""Entering and changing things of a register."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, reach, require
from jiulong.registers import derived, specs
from jiulong.registers.fields import Values
from jiulong.registers.masking import masked
from jiulong.registers.models import Entry, Register
from jiulong.registers.numbering import next_numbers
from jiulong.registers.references import References
from jiulong.registers.schema import RegisterSpec
from jiulong.registers.values import place as read_place
from jiulong.registers.values import plain

NUMBER_MAX: Final = 80


class _Unchanged:
    """Stands for "leave it as it is", where None means "take it away"."""

    def __repr__(self) -> str:
        return "UNCHANGED"


UNCHANGED: Final = _Unchanged()


class ChangedMeanwhileError(ValueError):
    """Somebody else has changed the entry since the form was opened."""


def create_entry(
    *,
    actor: Viewer | None,
    register: Register | str,
    values: Mapping[str, Any],
    unit: Unit | None = None,
    number: str = "",
    place: Any = None,
    address: str = "",
    holder: User | None = None,
    references: References | None = None,
    now: datetime | None = None,
) -> Entry:
    """Enter a thing; `values` as `check_values` takes them, `place` as `values.place` does.

    Raises:
        PermissionDenied: the actor may not edit entries of the unit.
        ValidationError: by field; `number`, `place`, `unit` and `register` are those beside the
            values.
    """
    row = register if isinstance(register, Register) else Register.objects.get(code=register)
    user = allowed(actor, unit)
    now = now or timezone.now()
    spec = specs.register(row)
    check_in_use(row)
    data = specs.check_values(spec.fields, values, references=references)
    entry = Entry(register=row, unit=unit, holder=holder, created_by=user, created_at=now)
    _set_place(entry, spec, place, address)
    entry.number = clean_number(number)
    entry.updated_at = now
    with transaction.atomic():
        if not entry.number:
            (entry.number,) = next_numbers(row, spec, unit, 1, now)
        check_free(row, entry.number)
        derived.fill(entry, spec, data)
        entry.save(force_insert=True)
        record_event(
            actor=user, verb="create_entry", subject=entry, at=now, data=told_new(entry, spec)
        )
    return entry


def update_entry(
    *,
    actor: Viewer | None,
    entry: Entry,
    values: Mapping[str, Any] | None = None,
    unit: Unit | _Unchanged | None = UNCHANGED,
    number: str | _Unchanged = UNCHANGED,
    place: Any = UNCHANGED,
    address: str | _Unchanged = UNCHANGED,
    holder: User | _Unchanged | None = UNCHANGED,
    version: int | None = None,
    references: References | None = None,
    now: datetime | None = None,
) -> Entry:
    """Change what is given: in `values` only the fields named, None or "" takes one away.

    Raises:
        PermissionDenied: the actor may not edit entries of its unit, or of the new one.
        ValidationError: by field.
        ChangedMeanwhileError: the entry is no longer at `version`.
    """
    now = now or timezone.now()
    with transaction.atomic():
        current = Entry.objects.select_for_update(of=("self",)).select_related("register", "unit")
        fresh = current.get(pk=entry.pk)  # before and after in the event must be true
        user = allowed(actor, fresh.unit_id, fresh)
        check_in_use(fresh.register)
        _check_there(fresh, version)
        spec = specs.register(fresh.register)
        before = state(fresh)
        if not isinstance(unit, _Unchanged) and unit != fresh.unit:
            allowed(actor, unit)
            fresh.unit = unit
        if not isinstance(holder, _Unchanged):
            fresh.holder = holder
        if not isinstance(number, _Unchanged) and clean_number(number) not in {"", fresh.number}:
            check_free(fresh.register, clean_number(number))
            fresh.number = clean_number(number)
        if place is not UNCHANGED or not isinstance(address, _Unchanged):
            _set_place(fresh, spec, _or(place, _place_of(fresh)), _or(address, fresh.address))
        data = merged(fresh, spec, values or {}, references)
        derived.fill(fresh, spec, data)
        changes = differences(before, state(fresh), spec)
        if not changes:
            return fresh
        fresh.version += 1
        fresh.updated_at = now
        fresh.save()
        record_event(
            actor=user, verb="update_entry", subject=fresh, at=now, data={"changes": changes}
        )
    return fresh


def merged(
    entry: Entry, spec: RegisterSpec, values: Mapping[str, Any], references: References | None
) -> dict[str, Any]:
    """The entry's values with these changed. Raises ValidationError by field."""
    new = specs.check_values(
        spec.fields, values, partial=True, current=entry.data, references=references
    )
    whole = {**entry.data, **new}
    return {key: value for key, value in whole.items() if value is not None}


def allowed(
    actor: Viewer | None, unit: Unit | int | None, entry: Entry | None = None
) -> User | None:
    """The actor, if they may edit entries of the unit: None for the system itself.

    Whose right reaches their own things alone may edit what they entered or hold, and enter
    things for the unit they belong to or for none.

    Raises:
        PermissionDenied: they may not.
    """
    if actor is None:
        return None
    user = require(actor, "edit_entry")
    where = reach(user, "edit_entry")
    unit_id = unit.pk if isinstance(unit, Unit) else unit
    if where.covers(unit_id):
        return user
    own = unit_id in {None, user.unit_id} if entry is None else (
        where.own in {entry.created_by_id, entry.holder_id}
    )  # fmt: skip
    if where.own is None or not own:
        raise PermissionDenied("edit_entry")
    return user


def check_in_use(register: Register) -> None:
    """Raises ValidationError where the register is retired."""
    if register.retired_at is not None:
        raise ValidationError({"register": _("This register is no longer in use.")})


def check_free(register: Register, number: str) -> None:
    """Raises ValidationError where the register has the number, removed or not."""
    if Entry.objects.filter(register=register, number=number).exists():
        raise ValidationError({"number": _("The number %(number)s is taken.") % {"number": number}})


def clean_number(number: str) -> str:
    """An official number without blanks around it. Raises ValidationError when too long."""
    text = plain(number).replace("\n", " ")
    if len(text) > NUMBER_MAX:
        told_ = _("A number has at most %(most)d characters.") % {"most": NUMBER_MAX}
        raise ValidationError({"number": told_})
    return text


def state(entry: Entry) -> dict[str, Any]:
    """Everything of an entry that an edit can change: values by key, the rest behind a #."""
    place = _place_of(entry)
    values: Values = entry.data
    return values | {
        "#number": entry.number,
        "#unit": entry.unit.code if entry.unit else None,
        "#holder": str(entry.holder) if entry.holder else None,
        "#place": f"{place[0]:.6f}, {place[1]:.6f}" if place else None,
        "#address": entry.address or None,
    }


def told_new(entry: Entry, spec: RegisterSpec) -> dict[str, Any]:
    """The event's data of a new entry."""
    return {"changes": differences({}, state(entry), spec)}


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], spec: RegisterSpec
) -> dict[str, list[Any]]:
    """By key, what was and what is, as events and histories tell it: persons masked.

    The change of a person may so read the same twice; it is a change all the same.
    """
    known = {field.key: field for field in spec.fields}

    def shown(key: str, value: Any) -> Any:
        return masked(known[key], value) if key in known else value

    keys = [*before, *(key for key in after if key not in before)]
    return {
        key: [shown(key, before.get(key)), shown(key, after.get(key))]
        for key in keys
        if before.get(key) != after.get(key)
    }


def _place_of(entry: Entry) -> tuple[float, float] | None:
    if entry.longitude is None or entry.latitude is None:
        return None
    return entry.longitude, entry.latitude


def _set_place(entry: Entry, spec: RegisterSpec, place: Any, address: str) -> None:
    found: dict[str, Any]
    try:
        found = read_place(place) if place else {"longitude": None, "latitude": None, "address": ""}
    except ValueError as error:
        raise ValidationError({"place": str(error)}) from error
    if spec.place == "none":
        found = {"longitude": None, "latitude": None, "address": ""}
        address = ""
    if spec.place == "required" and found["longitude"] is None:
        raise ValidationError({"place": _("This register needs a place.")})
    entry.longitude, entry.latitude = found["longitude"], found["latitude"]
    entry.address = (plain(address or "") or found["address"])[:200]


def _check_there(entry: Entry, version: int | None) -> None:
    if entry.removed_at is not None:
        raise ValidationError({"number": _("This entry has been removed; restore it first.")})
    if version is not None and version != entry.version:
        raise ChangedMeanwhileError(
            _("Somebody else has changed this entry meanwhile. Look at it again.")
        )


def _or(given: Any, otherwise: Any) -> Any:
    return otherwise if isinstance(given, _Unchanged) else given
