"""What a register's model cannot see by itself: faults of a pack, found without a database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from django.utils.translation import gettext as _

from jiulong.packs.sections import Context, Fault, Path, no_such
from jiulong.pages.icons import known_or
from jiulong.registers import formulas, numbering
from jiulong.registers.fields import (
    LINKED_ENTERPRISE,
    ChoiceField,
    ComputedField,
    Field,
    LinkField,
    TextField,
)
from jiulong.registers.schema import RegisterSpec

REGISTERS: Final = "registers"
COUNTED: Final = frozenset({"number", "money", "computed"})
#: Of a regular expression: repetition without an end, and an innermost group with its own.
ENDLESS: Final = re.compile(r"[*+]|\{\d*,\}")
GROUP: Final = re.compile(r"\(([^()]*)\)([*+]|\{\d*,\})?")
#: What views and queues can pick by; others have too many values.
PICKED: Final = frozenset({"choice", "boolean", "unit"})
SORTED: Final = frozenset({"text", "choice", "number", "money", "date", "boolean", "computed"})


def register_faults(item: RegisterSpec, index: int, context: Context) -> Iterator[Fault]:
    """Everything wrong with the register at this place of the section."""
    at: Path = (index,)
    if known_or(item.icon, "") != item.icon:
        yield Fault((*at, "icon"), _("there is no such icon; see the icons in package.json"))
    yield from field_faults(item.fields, (*at, "fields"), context)
    known = {field.key: field for field in item.fields}
    yield from _titled(item, known, at)
    for name, keys in (("columns", item.columns), ("sheet", item.sheet)):
        for place, key in enumerate(keys):
            yield from _there(known, key, (*at, name, place))
    if item.board is not None:
        yield from _there(known, item.board, (*at, "board"))
        board = known.get(item.board)
        if board is not None and (not isinstance(board, ChoiceField) or board.several):
            yield Fault((*at, "board"), _("a board needs a choice field with one value"))
    if item.number is not None and numbering.faults(item.number):
        told = _("expected {serial}, and perhaps {year}, {month} and {unit}")
        yield Fault((*at, "number"), told)
    for place, view in enumerate(item.views):
        path: Path = (*at, "views", place)
        yield from _where(known, view.where, (*path, "where"))
        yield from _order(known, [view.sort] if view.sort else [], (*path, "sort"))
    yield from _queue(item, known, (*at, "queue"))


def field_faults(fields: Sequence[Field], at: Path, context: Context) -> Iterator[Fault]:
    """Faults of a list of fields: of a register, or of a matter's form."""
    known: dict[str, Field] = {}
    for place, field in enumerate(fields):
        path: Path = (*at, place)
        if field.key in known:
            yield Fault((*path, "key"), _("this key is there twice"))
        known[field.key] = field
        if isinstance(field, ChoiceField) and len({o.key for o in field.choices}) < len(
            field.choices
        ):
            yield Fault((*path, "choices"), _("two of these have the same key"))
        if isinstance(field, TextField) and field.pattern is not None:
            try:
                re.compile(field.pattern)
                if _explodes(field.pattern):
                    yield Fault((*path, "pattern"), _("a repetition within a repetition"))
            except re.error as error:
                yield Fault((*path, "pattern"), _("no regular expression: %s") % error)
        if isinstance(field, LinkField) and field.to != LINKED_ENTERPRISE:
            yield from context.unknown((*path, "to"), REGISTERS, field.to)
    for place, field in enumerate(fields):
        if isinstance(field, ComputedField):
            yield from _formula(field, fields[:place], (*at, place, "formula"))


def _explodes(pattern: str) -> bool:
    """Whether something that repeats without end repeats without end, as in `(a+)+`: a few dozen
    letters would keep the server busy for hours.
    """
    text = re.sub(r"\\.|\[[^\]]*\]", "x", pattern)
    while group := GROUP.search(text):
        endless = ENDLESS.search(group[1]) is not None
        if endless and group[2]:
            return True
        text = text[: group.start()] + ("x+" if endless or group[2] else "x") + text[group.end() :]
    return False


def _formula(field: ComputedField, before: Sequence[Field], at: Path) -> Iterator[Fault]:
    try:
        names = formulas.names(field.formula)
    except ValueError as error:
        yield Fault(at, str(error))
        return
    numbers = {one.key for one in before if one.type in COUNTED}
    days = {one.key for one in before if one.type == "date"}
    for key in sorted(names.numbers - numbers):
        yield Fault(at, no_such(_("the numbers above this field"), key, numbers))
    for key in sorted(names.days - days):
        yield Fault(at, no_such(_("the dates above this field"), key, days))


def _titled(item: RegisterSpec, known: dict[str, Field], at: Path) -> Iterator[Fault]:
    yield from _there(known, item.title, (*at, "title"))
    field = known.get(item.title)
    if field is not None and (field.type in {"file", "computed", "place"} or not field.required):
        told = _("the field that heads an entry must be required, and no file, place or formula")
        yield Fault((*at, "title"), told)


def _queue(item: RegisterSpec, known: dict[str, Field], at: Path) -> Iterator[Fault]:
    if item.queue is None:
        return
    yield from _where(known, item.queue.where, (*at, "where"))
    yield from _order(known, item.queue.by, (*at, "by"))
    for place, key in enumerate(item.queue.public):
        yield from _there(known, key, (*at, "public", place))


def _where(
    known: dict[str, Field], where: dict[str, str | bool | list[str]], at: Path
) -> Iterator[Fault]:
    for key, wanted in where.items():
        yield from _there(known, key, (*at, key))
        field = known.get(key)
        if field is None:
            continue
        if field.type not in PICKED:
            yield Fault((*at, key), _("pick by choices, units, yes or no"))
        elif isinstance(field, ChoiceField):
            options = {option.key for option in field.choices}
            for one in wanted if isinstance(wanted, list) else [wanted]:
                if one not in options:
                    yield Fault((*at, key), no_such(key, str(one), options))


def _order(known: dict[str, Field], keys: Iterable[str], at: Path) -> Iterator[Fault]:
    for key in keys:
        bare = key.removeprefix("-")
        if bare == "number":
            continue
        yield from _there(known, bare, at)
        field = known.get(bare)
        if field is not None and (field.type not in SORTED or formulas.moves(field)):
            yield Fault(at, _("nothing can be put in order by “%(key)s”") % {"key": bare})


def _there(known: dict[str, Field], key: str, at: Path) -> Iterator[Fault]:
    if key not in known:
        yield Fault(at, no_such(_("the fields"), key, known))
