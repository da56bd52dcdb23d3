"""What a sheet becomes: entries of a register, or enterprises."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiulong.evidence.actions import Act, record_events
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Reach, reach
from jiulong.registers import derived, specs, values
from jiulong.registers.actions.entries import (
    clean_number,
    differences,
    state,
    told_new,
)
from jiulong.registers.columns import NUMBER, SheetColumn, sheet_columns
from jiulong.registers.models import Enterprise, Entry, Register
from jiulong.registers.numbering import next_numbers
from jiulong.registers.references import AllReferences

BATCH = 1000
Given = Mapping[str, Any]


@dataclass(slots=True)
class Outcome:
    """What becomes of a row."""

    kind: Literal["add", "change", "same"]
    thing: Any
    changes: dict[str, list[Any]]


class Target(Protocol):
    """Where rows go. `key` is the column by which a row names what is there already."""

    columns: list[SheetColumn]
    key: str

    def load(self, keys: Sequence[str], *, lock: bool) -> None:
        """Fetch what is there already; `lock` when it is about to be written."""

    def row(self, given: Given, now: datetime) -> Outcome:
        """Judge one row: values by column key. Raises ValidationError by column key."""

    def write(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        """Write them all. Runs in the caller's transaction."""


class EntryTarget:
    """Rows become entries of a register, or change those whose number they bear.

    An empty cell leaves what is there.
    """

    key = NUMBER.key

    def __init__(self, register: Register, user: User) -> None:
        self.register, self.user = register, user
        self.spec = specs.register(register)
        self.columns = sheet_columns(self.spec)
        self._fields = {field.key: field for field in self.spec.fields}
        self._skipped = specs.untaken(self.spec.fields)
        self._references = AllReferences()
        self._reach: Reach = reach(user, "import_entries")
        self._units = {unit.code: unit for unit in Unit.objects.all()}
        self._people = {one.username: one for one in User.objects.filter(is_active=True)}
        self._firms = dict(Enterprise.objects.values_list("credit_code", "pk"))
        self._known: dict[str, Entry] = {}
        self._final = False

    def load(self, keys: Sequence[str], *, lock: bool) -> None:
        self._final = lock
        rows = Entry.objects.filter(register=self.register, number__in=keys)
        rows = rows.select_for_update(of=("self",)) if lock else rows
        self._known = {row.number: row for row in rows.select_related("unit", "holder")}

    def row(self, given: Given, now: datetime) -> Outcome:
        number = clean_number(str(given.get(self.key) or ""))
        known = self._known.get(number)
        if known is not None and known.removed_at is not None:
            raise ValidationError({self.key: _("this number was removed; restore it first")})
        entry = known or Entry(register=self.register, number=number, created_by=self.user,
                               created_at=now)  # fmt: skip
        before = state(entry) if known else {}
        wrong: dict[str, list[str]] = {}
        self._beside(entry, given, wrong, new=known is None)
        data = self._data(entry, given, wrong, new=known is None)
        if wrong:
            raise ValidationError(wrong)
        if known is None and not self._final:  # titles and initials are for what is written
            return Outcome("add", entry, {})
        derived.fill(entry, self.spec, data, self._firms)
        entry.updated_at = now
        if known is None:
            return Outcome("add", entry, {})
        changes = differences(before, state(entry), self.spec)
        return Outcome("change" if changes else "same", entry, changes)

    def _data(
        self, entry: Entry, given: Given, wrong: dict[str, list[str]], *, new: bool
    ) -> dict[str, Any]:
        raw = {key: given[key] for key in self._fields if key in given and key not in self._skipped}
        try:
            found = specs.check_values(
                self.spec.fields, raw, partial=not new, current=entry.data,
                references=self._references,
            )  # fmt: skip
        except ValidationError as error:
            wrong |= error.message_dict
            return {}
        return {**entry.data, **{k: v for k, v in found.items() if v is not None}}

    def _beside(
        self, entry: Entry, given: Given, wrong: dict[str, list[str]], *, new: bool
    ) -> None:
        if not new and not self._reach.covers(entry.unit_id):
            wrong[self.key] = [_("this entry is another unit's")]
        self._unit(entry, given, wrong, new=new)
        if name := given.get("#holder"):
            entry.holder = self._people.get(str(name).strip())
            if entry.holder is None:
                wrong["#holder"] = [_("nobody has the account “%(name)s”") % {"name": name}]
        self._place(entry, given, wrong)

    def _unit(self, entry: Entry, given: Given, wrong: dict[str, list[str]], *, new: bool) -> None:
        named = values.plain(given.get("#unit") or "")
        if named:
            found = self._references.unit(named)
            if found is None:
                told = _("there is no single unit “%(text)s”")
                wrong["#unit"] = [told % {"text": named[:40]}]
                return
            entry.unit = self._units[found[0]]
        elif new:
            entry.unit = self._units.get(self.user.unit.code) if self.user.unit else None
        if not self._reach.covers(entry.unit_id):
            wrong["#unit"] = [_("you may not enter things for this unit")]

    def _place(self, entry: Entry, given: Given, wrong: dict[str, list[str]]) -> None:
        pair = [given.get("#longitude"), given.get("#latitude")]
        if any(not values.empty(one) for one in pair):
            try:
                found = values.place(pair)
            except ValueError as error:
                wrong["#longitude"] = [str(error)]
                return
            entry.longitude, entry.latitude = found["longitude"], found["latitude"]
        if address := values.plain(given.get("#address") or ""):
            entry.address = address[:200]
        if self.spec.place == "required" and entry.longitude is None:
            wrong["#longitude"] = [_("this register needs a place")]

    def write(self, outcomes: Sequence[Outcome], now: datetime) -> None:
        added = [one.thing for one in outcomes if one.kind == "add"]
        self._number([entry for entry in added if not entry.number], now)
        Entry.objects.bulk_create(added, batch_size=BATCH)
        changed = [one for one in outcomes if one.kind == "change"]
        for one in changed:
            one.thing.version += 1
        Entry.objects.bulk_update(
            [one.thing for one in changed],
            ["data", "title", "search", "initials", "enterprise", "unit", "holder", "longitude",
             "latitude", "address", "version", "updated_at"],
            batch_size=BATCH,
        )  # fmt: skip
        acts = [Act(actor=self.user, verb="create_entry", subject=entry, at=now,
                    data=told_new(entry, self.spec)) for entry in added]  # fmt: skip
        acts += [Act(actor=self.user, verb="update_entry", subject=one.thing, at=now,
                     data={"changes": one.changes}) for one in changed]  # fmt: skip
        record_events(acts)

    def _number(self, entries: Sequence[Entry], now: datetime) -> None:
        by_unit: dict[int | None, list[Entry]] = {}
        for entry in entries:
            by_unit.setdefault(entry.unit_id, []).append(entry)
        for group in by_unit.values():
            numbers = next_numbers(self.register, self.spec, group[0].unit, len(group), now)
            for entry, number in zip(group, numbers, strict=True):
                entry.number = number
                entry.search = f"{number.lower()} {entry.search}"
