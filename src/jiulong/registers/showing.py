"""Values as people read them, on pages and in files. Persons are always masked here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from django.urls import reverse
from django.utils.html import format_html, format_html_join, linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from jiulong.organisation.models import Unit
from jiulong.pages import lights, words
from jiulong.registers.fields import (
    LINKED_ENTERPRISE,
    ChoiceField,
    ComputedField,
    Field,
    MoneyField,
    NumberField,
    PersonField,
)
from jiulong.registers.masking import mask
from jiulong.registers.models import Enterprise, Entry

#: The light that a tone of an option stands for.
STATES: Final = {"jade": "met", "amber": "near", "cinnabar": "over", "indigo": "told"}


@dataclass(slots=True)
class Names:
    """What codes and numbers among the values are called: loaded once for a page of rows."""

    units: dict[str, str] = field(default_factory=dict)
    #: (register's code or "enterprise", number) → title and id
    links: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)


def names_of(fields: Sequence[Field], rows: Iterable[Mapping[str, Any]]) -> Names:
    """The names that these values need; one query for units and one for each linked register."""
    rows = list(rows)
    found = Names()
    codes = {row[f.key] for f in fields if f.type == "unit" for row in rows if row.get(f.key)}
    if codes:
        found.units = dict(Unit.objects.filter(code__in=codes).values_list("code", "name"))
    wanted: dict[str, set[str]] = {}
    for one in fields:
        if one.type == "link":
            wanted.setdefault(one.to, set()).update(r[one.key] for r in rows if r.get(one.key))
    for to, numbers in wanted.items():
        found.links |= _titles(to, numbers)
    return found


def _titles(to: str, numbers: set[str]) -> dict[tuple[str, str], tuple[str, int]]:
    if not numbers:
        return {}
    if to == LINKED_ENTERPRISE:
        firms = Enterprise.objects.filter(credit_code__in=numbers)
        return {(to, code): (name, pk)
                for code, name, pk in firms.values_list("credit_code", "name", "pk")}  # fmt: skip
    rows = Entry.objects.filter(register__code=to, number__in=numbers)
    return {(to, number): (title, pk)
            for number, title, pk in rows.values_list("number", "title", "pk")}  # fmt: skip


def option_labels(one: ChoiceField, value: Any) -> list[str]:
    """The labels of what was chosen, in the field's order; a key that is gone stays itself."""
    picked = value if isinstance(value, list) else [value]
    known = {option.key: str(option.label) for option in one.choices}
    return [known.get(key) or str(key) for key in picked]


def text(one: Field, value: Any, names: Names) -> str:
    """A value in words, without mark-up; empty for nothing."""
    if value in (None, "", []):
        return ""
    if isinstance(one, ChoiceField):
        return "、".join(option_labels(one, value))
    if isinstance(one, PersonField):
        return mask(one.what, str(value))
    return str(_named(one, value, names))


def _named(one: Field, value: Any, names: Names) -> Any:
    if one.type == "boolean":
        return _("yes") if value else _("no")
    if one.type == "unit":
        return names.units.get(value, value)
    if one.type == "link":
        return names.links.get((one.to, value), (value, 0))[0]
    return place_text(value) if one.type == "place" else value


def place_text(value: Mapping[str, Any]) -> str:
    """A place in words: the address, and the coordinates where it has them."""
    pair = ""
    if value.get("longitude") is not None:
        pair = f"{value['longitude']:.5f}, {value['latitude']:.5f}"
    near = f"±{value['accuracy_m']:g} m" if pair and value.get("accuracy_m") is not None else ""
    return " · ".join(filter(None, [value.get("address", ""), pair, near]))


def html(one: Field, value: Any, names: Names) -> Any:
    """A value as a cell or a fact shows it."""
    if value in (None, "", []):
        return words.MISSING
    if isinstance(one, ChoiceField):
        return _choice(one, value)
    if isinstance(one, NumberField | MoneyField | ComputedField):
        return words.number(value, one.unit, _digits(one, str(value)))
    if one.type == "text" and one.lines > 1:
        return mark_safe(linebreaks(value, autoescape=True))  # noqa: S308 - escaped by Django
    if one.type == "link":
        return _link(one.to, value, names)
    return text(one, value, names)


def _digits(one: Field, value: str) -> int:
    written = len(value.partition(".")[2])
    return written if isinstance(one, NumberField | MoneyField) else min(written, 6)


def _choice(one: ChoiceField, value: Any) -> Any:
    picked = value if isinstance(value, list) else [value]
    known = {option.key: option for option in one.choices}
    parts = []
    for key in picked:
        option = known.get(key)
        if option is None or not option.light:
            parts.append((str(option.label) if option else key,))
        else:
            parts.append((lights.light(STATES[option.light], str(option.label)),))
    return format_html_join("、", "{}", parts) if len(parts) > 1 else parts[0][0]


def _link(to: str, value: str, names: Names) -> Any:
    title, pk = names.links.get((to, value), (value, 0))
    if not pk:
        return value
    name = "registers:enterprise" if to == LINKED_ENTERPRISE else "registers:entry"
    return format_html('<a href="{}">{}</a>', reverse(name, args=[pk]), title)


def exported(one: Field, value: Any, names: Names) -> Any:
    """A value for a sheet: numbers and days as such, everything else in words."""
    if value in (None, "", []):
        return None
    if isinstance(one, NumberField | MoneyField | ComputedField):
        number = float(value)
        return int(number) if number.is_integer() and "." not in str(value) else number
    if one.type == "date":
        return date.fromisoformat(value)
    if one.type == "link":
        return value
    return text(one, value, names)
