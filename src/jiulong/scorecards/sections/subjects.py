"""The section `subjects`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.organisation.models import Unit
from jiulong.packs.sections import Change, Context, Fault, RefusedError, Section, no_such, register
from jiulong.registers.models import Enterprise, Entry
from jiulong.scorecards.models import Subject
from jiulong.scorecards.sections.items import Choice, KindOfChange, SubjectItem

SUBJECTS: Final = "subjects"


def _check(items: Sequence[SubjectItem], context: Context) -> Iterator[Fault]:
    kinds = Unit.Kind.values
    for n, item in enumerate(items):
        if item.unit:
            yield from context.unknown((n, "unit"), "units", item.unit)
        if item.each is None:
            continue
        for m, code in enumerate(item.each.units):
            yield from context.unknown((n, "each", "units", m), "units", code)
        for m, kind in enumerate(item.each.unit_kinds):
            if kind not in kinds:
                told = no_such(_("the kinds of units"), kind, kinds)
                yield Fault((n, "each", "unit_kinds", m), told)
        if item.each.register_key:
            key = item.each.register_key
            yield from context.unknown((n, "each", "register"), "registers", key)


def selected(item: SubjectItem) -> dict[str, dict[str, Any]]:
    """Code → columns of every subject that an item makes; empty while nobody is there."""
    base = {"kind": item.kind}
    if item.each is None:
        unit = Unit.objects.filter(code=item.unit).first() if item.unit else None
        name = item.name or (unit.name if unit else "")
        return {item.code: {**base, "name": name, "unit_id": unit.pk if unit else None}}
    return {code: {**base, **columns} for code, columns in _each(item.each)}


def _each(choice: Choice) -> Iterator[tuple[str, dict[str, Any]]]:
    if choice.units or choice.unit_kinds:
        wanted = Q(code__in=choice.units) | Q(kind__in=choice.unit_kinds)
        for unit in Unit.objects.filter(wanted).order_by("code"):
            yield unit.code, {"name": unit.name, "unit_id": unit.pk}
    if choice.enterprises:
        firms = Enterprise.objects.select_related("unit").order_by("pk")
        if choice.trades:
            firms = firms.filter(trade__in=choice.trades)
        for firm in firms:
            yield (
                firm.unit.code,
                {"name": firm.name, "unit_id": firm.street_id, "enterprise_id": firm.pk},
            )
    if choice.register_key:
        yield from _entries(choice)


def _entries(choice: Choice) -> Iterator[tuple[str, dict[str, Any]]]:
    rows = Entry.objects.filter(register__code=choice.register_key, removed_at=None)
    for key, values in choice.where.items():
        rows = rows.filter(**{f"data__{key}__in": values})
    for entry in rows.order_by("pk"):
        yield (
            f"{choice.register_key}/{entry.number}",
            {
                "name": entry.title, "unit_id": entry.unit_id, "entry_id": entry.pk,
                "enterprise_id": entry.enterprise_id,
            },
        )  # fmt: skip


def _tags(item: SubjectItem) -> list[str]:
    """The item's own code marks whom it made."""
    return sorted({item.code, *item.tags})


def _lacking(item: SubjectItem, rows: dict[str, Subject]) -> dict[str, Any]:
    """What differs from the database, by subject."""
    found: dict[str, Any] = {}
    for code, columns in selected(item).items():
        row = rows.get(code)
        parent = row.parent.code if row and row.parent else ""
        if row is None or row.retired_at:
            found[code] = {"name": columns["name"], "tags": _tags(item)}
        elif (
            any(getattr(row, key) != value for key, value in columns.items())
            or not set(_tags(item)) <= set(row.tags)
            or (item.parent and item.parent != parent)
        ):
            found[code] = {"name": columns["name"], "tags": _tags(item), "parent": item.parent}
    return found


def _plan(items: Sequence[SubjectItem], context: Context) -> Sequence[Change]:
    rows = {row.code: row for row in Subject.objects.select_related("parent")}
    marks = {tag for row in rows.values() if not row.retired_at for tag in row.tags}
    changes = []
    for item in items:
        lacking = _lacking(item, rows)
        known = item.code in marks
        kind: KindOfChange = (
            "change" if lacking and known else "add" if lacking or not known else "same"
        )
        changes.append(Change(kind, item.code, {}, lacking, item))
    here = {item.code for item in items}
    gone = sorted((context.held.get(SUBJECTS, frozenset()) - here) & marks)
    return [*changes, *(Change("retire", code) for code in gone)]


def _apply(changes: Sequence[Change], context: Context) -> None:
    for change in changes:
        if change.kind == "retire":
            _retire(change.key, context)
        elif change.kind != "same":
            _write(change.item, context)
    _parents([change.item for change in changes if change.item is not None])


def _write(item: SubjectItem, context: Context) -> None:
    if item.unit and not Unit.objects.filter(code=item.unit).exists():
        raise RefusedError([_("there is no unit “%(code)s”") % {"code": item.unit}])
    for code, columns in selected(item).items():
        row = Subject.objects.filter(code=code).first() or Subject(code=code, pack=context.pack)
        for key, value in columns.items():
            setattr(row, key, value)
        row.tags = sorted({*row.tags, *_tags(item)})
        row.retired_at = None
        row.save()


def _parents(items: Sequence[SubjectItem]) -> None:
    """After everybody is there: who is a part of whom."""
    for item in items:
        if item.parent:
            parent = Subject.objects.filter(code=item.parent).first()
            if parent is None:
                told = _("“%(code)s”: there is no subject “%(parent)s”")
                raise RefusedError([told % {"code": item.code, "parent": item.parent}])
            wanted = Subject.objects.filter(code__in=selected(item)).exclude(pk=parent.pk)
            wanted.exclude(parent=parent).update(parent=parent)


def _retire(code: str, context: Context) -> None:
    """Whom the item made lose its mark; who bears no mark of any item is no longer measured."""
    for row in Subject.objects.filter(tags__contains=[code], retired_at=None):
        row.tags = [tag for tag in row.tags if tag != code]
        if not row.tags or (row.pack == context.pack and row.code == code):
            row.retired_at = context.now
        row.save(update_fields=["tags", "retired_at"])


def register_section() -> None:
    register(
        Section(
            key=SUBJECTS, label=gettext_lazy("Who is measured"), model=SubjectItem, order=75,
            check=_check, plan=_plan, apply=_apply,
        )
    )  # fmt: skip
