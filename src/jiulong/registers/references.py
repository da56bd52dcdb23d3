"""What values name: units, entries of other registers, enterprises. One look-up each, or all."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import TypeVar

from django.db.models import Q

from jiulong.organisation.models import Unit
from jiulong.registers.fields import LINKED_ENTERPRISE
from jiulong.registers.models import Enterprise, Entry


class References:
    """Asks the database for each name, and remembers the answer."""

    def __init__(self) -> None:
        self._units: dict[str, tuple[str, str] | None] = {}
        self._links: dict[tuple[str, str], str | None] = {}

    def unit(self, text: str) -> tuple[str, str] | None:
        """Code and kind of the unit with this code, or with this name if only one bears it."""
        if text not in self._units:
            self._units[text] = self._find_unit(text)
        return self._units[text]

    def link(self, to: str, text: str) -> str | None:
        """The number of the register's entry; an enterprise's credit code, by unit and name too."""
        key = (to, text)
        if key not in self._links:
            self._links[key] = self._find_link(to, text)
        return self._links[key]

    def _find_unit(self, text: str) -> tuple[str, str] | None:
        rows = Unit.objects.order_by()
        found = list(rows.filter(code=text).values_list("code", "kind"))
        found = found or list(rows.filter(name=text).values_list("code", "kind")[:2])
        return found[0] if len(found) == 1 else None

    def _find_link(self, to: str, text: str) -> str | None:
        if to != LINKED_ENTERPRISE:
            rows = Entry.objects.filter(register__code=to, number=text, removed_at=None)
            return rows.values_list("number", flat=True).first()
        codes = Enterprise.objects.order_by().values_list("credit_code", flat=True)
        found = list(codes.filter(Q(credit_code=text.upper()) | Q(unit__code=text)))
        found = found or list(codes.filter(name=text)[:2])
        return found[0] if len(found) == 1 else None


class AllReferences(References):
    """Loads each kind of name whole on its first use: for files of many rows."""

    @cached_property
    def _all_units(self) -> dict[str, tuple[str, str] | None]:
        rows = list(Unit.objects.order_by().values_list("code", "name", "kind"))
        named = _unique((name, (code, kind)) for code, name, kind in rows)
        return named | {code: (code, kind) for code, _name, kind in rows}

    @cached_property
    def _all_enterprises(self) -> dict[str, str | None]:
        rows = list(Enterprise.objects.order_by().values_list("credit_code", "name", "unit__code"))
        named = _unique((name, code) for code, name, _unit in rows)
        return named | {key: code for code, _name, unit in rows for key in (code, unit)}

    @cached_property
    def _numbers(self) -> dict[str, set[str]]:
        return {}

    def _find_unit(self, text: str) -> tuple[str, str] | None:
        return self._all_units.get(text)

    def _find_link(self, to: str, text: str) -> str | None:
        if to == LINKED_ENTERPRISE:
            found = self._all_enterprises.get(text.upper())
            return found or self._all_enterprises.get(text)
        if to not in self._numbers:
            rows = Entry.objects.filter(register__code=to, removed_at=None).order_by()
            self._numbers[to] = set(rows.values_list("number", flat=True))
        return text if text in self._numbers[to] else None


Kind = TypeVar("Kind")


def _unique(pairs: Iterable[tuple[str, Kind]]) -> dict[str, Kind | None]:
    """By name; None where several bear it: nobody may guess which is meant."""
    found: dict[str, Kind | None] = {}
    for name, value in pairs:
        found[name] = None if name in found else value
    return found
