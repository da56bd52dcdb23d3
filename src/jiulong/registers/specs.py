"""Registers as their packs say, read once; and whole sets of values, checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, Final

import orjson
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.registers import formulas, values
from jiulong.registers.fields import ComputedField, Field, Values
from jiulong.registers.masking import mask
from jiulong.registers.models import Register
from jiulong.registers.references import References
from jiulong.registers.schema import RegisterSpec

#: Kinds of fields that are not among the values: files are attachments, the others are reckoned.
NOT_GIVEN: Final = frozenset({"file", "computed"})


def register(which: Register | str) -> RegisterSpec:
    """The register's spec, parsed once for each version of it.

    Raises:
        Register.DoesNotExist: nothing has this code.
    """
    row = which if isinstance(which, Register) else Register.objects.get(code=which)
    return _parsed(orjson.dumps(row.spec, option=orjson.OPT_SORT_KEYS))


@lru_cache(maxsize=256)
def _parsed(spec: bytes) -> RegisterSpec:
    return RegisterSpec.model_validate_json(spec)


def field_of(fields: Sequence[Field], key: str) -> Field:
    """The field with this key. Raises LookupError without one."""
    for field in fields:
        if field.key == key:
            return field
    raise LookupError(key)


def check_values(
    fields: Sequence[Field],
    raw: Mapping[str, Any],
    *,
    partial: bool = False,
    current: Mapping[str, Any] | None = None,
    references: References | None = None,
) -> Values:
    """The values as they are stored, from a form, a sheet or a pack.

    Args:
        raw: by field key; text as typed, or the kinds a sheet has.
        partial: only what is in `raw` is looked at, and what is empty there is None in the
            answer: the caller takes it away. Otherwise required fields must be there.
        current: what is stored now: a person given as the mask of what is stored stays.
        references: `AllReferences()` for many rows.

    Raises:
        ValidationError: by field key, everything that is wrong.
    """
    references = references or References()
    known = {field.key: field for field in fields}
    wrong: dict[str, list[str]] = {
        str(key): [_("there is no such field")] for key in raw if key not in known
    }
    found: Values = {}
    for field in fields:
        if field.type in NOT_GIVEN or (partial and field.key not in raw):
            continue
        try:
            value = _checked(field, raw.get(field.key), current or {}, references)
        except ValueError as error:
            wrong[field.key] = [str(error)]
            continue
        if value is not None or partial:
            found[field.key] = value
    if wrong:
        raise ValidationError(wrong)
    return found


def _checked(field: Field, raw: Any, current: Mapping[str, Any], references: References) -> Any:
    stored = current.get(field.key)
    if field.type == "person" and stored and raw == mask(field.what, str(stored)):
        return stored
    if values.empty(raw):
        if field.required:
            raise ValueError(_("This field is required."))
        return None
    value = values.read(field, raw, references)
    if field.required and value in ("", []):
        raise ValueError(_("This field is required."))
    return value


def completed(
    fields: Sequence[Field], data: Mapping[str, Any], today: date | None = None
) -> Values:
    """The values with the computed ones; those that move with the calendar as of today."""
    whole = dict(data)
    for field in fields:
        if isinstance(field, ComputedField):
            value = formulas.reckon(field, whole, today or timezone.localdate())
            if value is None:
                whole.pop(field.key, None)
            else:
                whole[field.key] = value
    return whole


def to_store(fields: Sequence[Field], data: Mapping[str, Any]) -> Values:
    """The values with those computed ones that stay as they are until an edit."""
    whole = completed(fields, data)
    moving = {field.key for field in fields if formulas.moves(field)}
    return {key: value for key, value in whole.items() if key not in moving}


def untaken(fields: Sequence[Field]) -> set[str]:
    """Keys of fields that are not among the values that are given."""
    return {field.key for field in fields if field.type in NOT_GIVEN}
