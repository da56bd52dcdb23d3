"""Personal data as everybody sees it: enough to recognise a person one knows, no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from jiulong.registers.fields import Field, PersonField

STAR: Final = "*"


def mask(what: str, value: str) -> str:
    """`what` is name, phone or identity: 陈**, 138****1234, 350***********1X."""
    if not value:
        return ""
    if what == "name":
        return value[0] + STAR * max(1, min(len(value) - 1, 3))
    head, tail = (3, 4) if what == "phone" else (3, 2)
    if len(value) <= head + tail:
        return value[0] + STAR * (len(value) - 1)
    return value[:head] + STAR * (len(value) - head - tail) + value[-tail:]


def masked(field: Field, value: object) -> object:
    """The value as it may be shown and written down in events: persons masked, others as is."""
    if isinstance(field, PersonField) and isinstance(value, str):
        return mask(field.what, value)
    return value


def all_masked(fields: Iterable[Field], values: Mapping[str, Any]) -> dict[str, Any]:
    """As `masked`, for all values of a form."""
    known = {field.key: field for field in fields}
    return {
        key: masked(known[key], value) if key in known else value for key, value in values.items()
    }
