"""Registers and demo entries as sections of a pack."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import Unit, User
from jiulong.packs.sections import (
    Change,
    Context,
    Fault,
    RefusedError,
    Section,
    differences,
)
from jiulong.registers import derived, specs, values
from jiulong.registers.actions import create_entry
from jiulong.registers.checks import register_faults
from jiulong.registers.fields import LINKED_ENTERPRISE, Field
from jiulong.registers.models import Entry, Register
from jiulong.registers.references import AllReferences, References
from jiulong.registers.relative import dated
from jiulong.registers.schema import DemoEntry, RegisterSpec

#: Faults shown of entries that a changed field does not fit.
EXAMPLES: Final = 3
CHUNK: Final = 1000
#: Any day: whether a relative one can be read is the same on all of them.
EPOCH: Final = date(2026, 1, 1)


def _stored() -> dict[str, dict[str, Any]]:
    rows = Register.objects.filter(retired_at=None)
    return {row.code: row.spec for row in rows}


def _wanted(item: RegisterSpec) -> dict[str, Any]:
    return item.model_dump(mode="json", by_alias=True)


def plan(items: Sequence[RegisterSpec], context: Context) -> list[Change]:
    """What applying would change; refuses fields whose kind what is stored does not fit."""
    changes = differences(items, _stored(), held=context.held.get("registers", ()), wanted=_wanted)
    places = {item.key: index for index, item in enumerate(items)}
    faults = [
        Fault((places[change.key], *path), told)
        for change in changes
        if change.kind in {"add", "change"} and change.item is not None
        for path, told in _unfit(change.item)
    ]
    if faults:
        raise RefusedError(faults)
    return changes


def _unfit(item: RegisterSpec) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Fields whose definition has changed so that stored values are none of theirs any more."""
    row = Register.objects.filter(code=item.key).first()
    if row is None:
        return
    before = {field.key: field for field in specs.register(row).fields}
    references = AllReferences()
    for index, field in enumerate(item.fields):
        if field.type in specs.NOT_GIVEN or field == before.get(field.key):
            continue
        wrong = list(_wrong(row, field, references))
        if wrong:
            examples = "; ".join(f"{number}: {told}" for number, told in wrong[:EXAMPLES])
            told = ngettext(
                "%(count)d entry does not fit: %(examples)s",
                "%(count)d entries do not fit: %(examples)s",
                len(wrong),
            )
            yield ("fields", index), told % {"count": len(wrong), "examples": examples}


def _wrong(row: Register, field: Field, references: References) -> Iterator[tuple[str, str]]:
    known = Entry.objects.filter(register=row, data__has_key=field.key)
    for number, value in known.values_list("number", f"data__{field.key}").iterator(CHUNK):
        if values.empty(value):
            continue
        try:
            values.read(field, value, references)
        except ValueError as error:
            yield number, str(error)


def apply(changes: Sequence[Change], context: Context) -> None:
    """Write the registers. One that is gone from the pack is retired; its entries stay."""
    for change in changes:
        if change.kind == "retire":
            row = Register.objects.get(code=change.key)
            row.retired_at = context.now
            row.save(update_fields=["retired_at"])
        else:
            row = _write(change.item, context)
        record_event(
            actor=context.actor, verb=f"{change.kind}_register", subject=row, at=context.now,
            data={"code": change.key, "pack": context.pack},
        )  # fmt: skip


def _write(item: RegisterSpec, context: Context) -> Register:
    before = Register.objects.filter(code=item.key).first()
    old = specs.register(before) if before else None
    row, _made = Register.objects.update_or_create(
        code=item.key,
        defaults={
            "pack": context.pack, "spec": _wanted(item), "position": item.order, "retired_at": None,
        },
    )  # fmt: skip
    if old is not None and _follows(old) != _follows(item):
        _derive_again(row, item)
    return row


def _follows(spec: RegisterSpec) -> object:
    """What entries' titles, search texts and computed values are made from."""
    return spec.title, spec.fields


def _derive_again(row: Register, spec: RegisterSpec) -> None:
    """Titles, search texts and computed values of entries after their fields have changed."""
    chunk: list[Entry] = []
    touched = ["data", "title", "search", "initials", "enterprise"]
    for entry in Entry.objects.filter(register=row).iterator(CHUNK):
        derived.fill(entry, spec, entry.data)
        chunk.append(entry)
        if len(chunk) == CHUNK:
            Entry.objects.bulk_update(chunk, touched)
            chunk = []
    Entry.objects.bulk_update(chunk, touched)


def check(items: Sequence[RegisterSpec], context: Context) -> Iterator[Fault]:
    """What the model cannot see: keys that are named and not there, formulas, links."""
    for index, item in enumerate(items):
        yield from register_faults(item, index, context)


def export(pack: str) -> list[dict[str, Any]]:
    """The registers that the pack defined, as it may write them."""
    rows = Register.objects.filter(pack=pack, retired_at=None)
    return [specs.register(row).model_dump(mode="json", exclude_defaults=True, by_alias=True)
            for row in rows]  # fmt: skip


# -- demo entries -----------------------------------------------------------------------------


def _demo_code(item: DemoEntry) -> str:
    return f"{item.register_key} {item.number}"


def plan_demo(items: Sequence[DemoEntry], context: Context) -> list[Change]:  # noqa: ARG001
    """Demo entries are entered once; what somebody did to them since stays."""
    numbers = [item.number for item in items]
    rows = Entry.objects.filter(number__in=numbers).values_list("register__code", "number")
    there = {f"{code} {number}" for code, number in rows}
    return [
        Change(
            "same" if _demo_code(item) in there else "add",
            _demo_code(item),
            {},
            item.model_dump(mode="json", by_alias=True),
            item,
        )
        for item in items
    ]


def apply_demo(changes: Sequence[Change], context: Context) -> None:
    """Enter the demo's entries; what links to another comes in the order of the pack."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    people = {user.username: user for user in User.objects.all()}
    registers = {row.code: row for row in Register.objects.all()}
    for change in changes:
        item: DemoEntry = change.item
        try:
            register = _known(registers, item.register_key, "register")
            today = timezone.localtime(context.now).date()
            create_entry(
                actor=None,
                register=register,
                values=dated(item.data, specs.register(register).fields, today),
                unit=_known(units, item.unit, "unit"),
                holder=_known(people, item.holder, "holder"),
                number=item.number,
                place=item.place,
                address=item.address,
                references=References(),
                now=context.now,
            )
        except ValidationError as error:
            told = "; ".join(f"{key}: {' '.join(words)}" for key, words in _words(error).items())
            raise RefusedError([f"{change.key}: {told}"]) from error


def _known(found: Mapping[str, Any], code: str | None, field: str) -> Any:
    if code is None:
        return None
    if code not in found:
        raise ValidationError({field: _("there is no “%(code)s”") % {"code": code}})
    return found[code]


def _words(error: ValidationError) -> dict[str, list[str]]:
    if hasattr(error, "error_dict"):
        return dict(error.message_dict)
    return {"": error.messages}


def check_demo(items: Sequence[DemoEntry], context: Context) -> Iterator[Fault]:
    """Registers that are not there, numbers twice, fields that their register does not have."""
    seen: set[str] = set()
    for index, item in enumerate(items):
        yield from context.unknown((index, "register"), "registers", item.register_key)
        if _demo_code(item) in seen:
            yield Fault((index, "number"), _("this number is there twice"))
        seen.add(_demo_code(item))
        spec = context.known.get("registers", item.register_key)
        if isinstance(spec, RegisterSpec):
            yield from _demo_faults(item, index, spec)


def _demo_faults(item: DemoEntry, index: int, spec: RegisterSpec) -> Iterable[Fault]:
    known = {field.key: field for field in spec.fields}
    for key, value in dated(item.data, spec.fields, EPOCH).items():
        field = known.get(key)
        if field is None:
            yield Fault((index, "data", key), _("this register has no such field"))
        elif field.type not in {"unit", "link", *specs.NOT_GIVEN} and not values.empty(value):
            try:
                values.read(field, value, References())
            except ValueError as error:
                yield Fault((index, "data", key), str(error))
    for field in spec.fields:
        missing = field.required and values.empty(item.data.get(field.key))
        if missing and field.type not in specs.NOT_GIVEN:
            yield Fault((index, "data"), _("“%(key)s” is required") % {"key": field.key})


REGISTERS: Final = Section(
    key="registers", label=gettext_lazy("Registers"), model=RegisterSpec, order=50, plan=plan,
    apply=apply, check=check, export=export, built_in=frozenset({LINKED_ENTERPRISE}),
)  # fmt: skip
DEMO_ENTRIES: Final = Section(
    key="demo_entries", label=gettext_lazy("Demo entries"), model=DemoEntry, order=90,
    plan=plan_demo, apply=apply_demo, check=check_demo, code=_demo_code, demo=True,
)  # fmt: skip
