"""What follows from an entry's values: title, search text, initials, whose enterprise it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from jiulong.registers import searching, showing, specs
from jiulong.registers.fields import LINKED_ENTERPRISE, LinkField
from jiulong.registers.models import Enterprise, Entry
from jiulong.registers.schema import RegisterSpec

TITLE_MAX: Final = 200


def enterprise_field(spec: RegisterSpec) -> LinkField | None:
    """The field that says whose an entry is: the first link to an enterprise."""
    for field in spec.fields:
        if isinstance(field, LinkField) and field.to == LINKED_ENTERPRISE:
            return field
    return None


def fill(
    entry: Entry,
    spec: RegisterSpec,
    data: Mapping[str, Any],
    enterprises: Mapping[str, int] | None = None,
) -> None:
    """Set the entry's values and what follows from them. Saves nothing.

    Args:
        enterprises: ids by credit code, for many entries; otherwise one is asked for.
    """
    entry.data = specs.to_store(spec.fields, data)
    entry.enterprise_id = _enterprise(spec, entry.data, enterprises)
    entry.title = _title(spec, entry) or entry.number
    entry.initials = searching.initials(entry.title)
    entry.search = searching.haystack(
        list(spec.fields), entry.title, entry.number, entry.address, entry.data
    )


def _title(spec: RegisterSpec, entry: Entry) -> str:
    field = specs.field_of(spec.fields, spec.title)
    value = entry.data.get(field.key)
    names = showing.names_of([field], [entry.data]) if field.type in {"unit", "link"} else None
    text = showing.text(field, value, names or showing.Names())
    return " ".join(text.split())[:TITLE_MAX]


def _enterprise(
    spec: RegisterSpec, data: Mapping[str, Any], enterprises: Mapping[str, int] | None
) -> int | None:
    field = enterprise_field(spec)
    code = data.get(field.key) if field else None
    if not code:
        return None
    if enterprises is not None:
        return enterprises.get(code)
    rows = Enterprise.objects.filter(credit_code=code)
    return rows.values_list("pk", flat=True).first()
