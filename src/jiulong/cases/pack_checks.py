"""What the models of matters and triggers cannot see by themselves. No database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from jiulong.cases import triggers
from jiulong.cases.schema import (
    DateTrigger,
    DemoCase,
    FindingTrigger,
    MatterSpec,
    RoundTrigger,
    TaskSpec,
    TriggerItem,
)
from jiulong.cases.vocabulary import ASKED, PLACE_HOLDERS
from jiulong.organisation.verbs import VERBS
from jiulong.packs import vocabulary
from jiulong.packs.sections import Context, Fault, Path, no_such
from jiulong.pages.icons import known_or
from jiulong.registers import numbering
from jiulong.registers.checks import field_faults
from jiulong.registers.fields import ChoiceField, DateField, Field
from jiulong.registers.schema import RegisterSpec

#: The light comes first in every ledger, named or not.
FIRST_COLUMN: Final = "light"


def check_matters(items: Sequence[MatterSpec], context: Context) -> Iterable[Fault]:
    """Faults of the section `matters`."""
    for index, item in enumerate(items):
        yield from field_faults(item.fields, (index, "fields"), context)
        yield from field_faults(item.reply, (index, "reply"), context)
        for faults in (
            _units(item, context),
            _routes(item),
            _tasks(item),
            _clocks(item),
            _closing(item, context),
            _words(item, context),
        ):
            yield from (Fault((index, *fault.path), fault.message) for fault in faults)


def _units(item: MatterSpec, context: Context) -> Iterator[Fault]:
    """Every unit that is named: by code, or by a place holder that means something."""
    named: list[tuple[Path, str]] = [(("dispatch",), item.dispatch)]
    for place, route in enumerate(item.routes):
        named.append((("routes", place, "lead"), route.lead))
        named += [
            (("routes", place, "supports", number), unit)
            for number, unit in enumerate(route.supports)
        ]
    named += [(("tasks", place, "unit"), task.unit) for place, task in enumerate(item.tasks)]
    if item.verify is not None:
        named.append((("verify", "by"), item.verify.by))
    fields = {field.key for field in item.fields if field.type == "unit"}
    for path, reference in named:
        if not reference.startswith("$"):
            yield from context.unknown(path, "units", reference)
        elif reference.startswith("$field."):
            yield from _one_of(path, reference.removeprefix("$field."), fields, _("unit fields"))
        else:
            yield from _one_of(path, reference, PLACE_HOLDERS, _("place holders"))


def _one_of(path: Path, key: str, known: Iterable[str], what: str) -> Iterator[Fault]:
    if key not in set(known):
        yield Fault(path, no_such(what, key, sorted(known)))


def _routes(item: MatterSpec) -> Iterator[Fault]:
    for place, route in enumerate(item.routes):
        yield from _when(item, route.when, ("routes", place, "when"))
        last = place == len(item.routes) - 1
        if not route.when and not last:
            yield Fault(
                ("routes", place, "when"), _("this route always fits: those below never count")
            )


def _when(item: MatterSpec, when: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    fields: dict[str, Field] = {field.key: field for field in item.fields}
    for key, wanted in when.items():
        if key == "severity":
            keys = [severity.key for severity in item.severities]
            yield from _values(wanted, keys, (*path, key), _("severities"))
        elif key not in ASKED:
            yield from _one_of((*path, key), key, {*fields, *ASKED}, _("form fields"))
            field = fields.get(key)
            if isinstance(field, ChoiceField):
                options = [option.key for option in field.choices]
                yield from _values(wanted, options, (*path, key), _("choices"))


def _values(wanted: Any, known: Sequence[str], path: Path, what: str) -> Iterator[Fault]:
    for value in wanted if isinstance(wanted, list) else [wanted]:
        yield from _one_of(path, str(value), known, what)


def _tasks(item: MatterSpec) -> Iterator[Fault]:
    before: dict[str, set[str]] = {}
    keys = [task.key for task in item.tasks]
    for place, task in enumerate(item.tasks):
        path: Path = ("tasks", place)
        if task.key in before:
            yield Fault((*path, "key"), _("this key is there twice"))
        before[task.key] = set(task.after)
        known = {key: wanted for key, wanted in task.when.items() if "." not in key}
        yield from _when(item, known, (*path, "when"))
        for number, key in enumerate(task.after):
            yield from _one_of((*path, "after", number), key, keys, _("tasks"))
    for place, task in enumerate(item.tasks):
        if task.key in _all_before(task.key, before):
            yield Fault(("tasks", place, "after"), _("this task waits for itself"))
        yield from _answers(item, task, _all_before(task.key, before), ("tasks", place, "when"))


def _answers(item: MatterSpec, task: TaskSpec, before: set[str], path: Path) -> Iterator[Fault]:
    """`TASK.FIELD` names a task that is done before, and one of its fields."""
    tasks = {each.key: each for each in item.tasks}
    for asked, wanted in task.when.items():
        key, dot, name = asked.partition(".")
        if not dot:
            continue
        if key not in before:
            yield Fault((*path, asked), _("“%(key)s” is not done before this task") % {"key": key})
            continue
        fields = {field.key: field for field in tasks[key].fields} if key in tasks else {}
        yield from _one_of((*path, asked), name, fields, _("fields of the task"))
        field = fields.get(name)
        if isinstance(field, ChoiceField):
            options = [option.key for option in field.choices]
            yield from _values(wanted, options, (*path, asked), _("choices"))


def _all_before(key: str, before: Mapping[str, set[str]]) -> set[str]:
    found: set[str] = set()
    todo = list(before.get(key, ()))
    while todo:
        one = todo.pop()
        if one not in found:
            found.add(one)
            todo += before.get(one, ())
    return found


def _clocks(item: MatterSpec) -> Iterator[Fault]:
    keys = {severity.key for severity in item.severities}
    for name in ("assign", "accept", "handle", "rework", "support", "verify", "close"):
        clock = getattr(item.clocks, name)
        if not isinstance(clock, dict):
            continue
        for key in clock:
            yield from _one_of(("clocks", name, key), key, {*keys, "default"}, _("severities"))
        if name == "handle" and "default" not in clock and (left := sorted(keys - clock.keys())):
            told = _("no limit for %(keys)s; expected one each, or `default`")
            yield Fault(("clocks", name), told % {"keys": "、".join(left)})
    for place, rung in enumerate(item.ladder):
        for number, key in enumerate(rung.severities):
            path: Path = ("ladder", place, "severities", number)
            yield from _one_of(path, key, keys, _("severities"))


def _closing(item: MatterSpec, context: Context) -> Iterator[Fault]:
    register = context.known.get("registers", item.register_key) if item.register_key else None
    known = {f.key for f in register.fields} if isinstance(register, RegisterSpec) else None
    entries: list[tuple[Path, Mapping[str, Any]]] = [(("closing", "entry"), item.closing.entry)]
    for place, result in enumerate(item.closing.results):
        entries.append((("closing", "results", place, "entry"), result.entry))
        if result.follow_up is not None:
            path: Path = ("closing", "results", place, "follow_up")
            yield from context.unknown(path, "matters", result.follow_up)
    for path, values in entries:
        if values and item.register_key is None:
            yield Fault(path, _("no `register` says what entry that is"))
        for key in values if known is not None else ():
            yield from _one_of((*path, key), key, known or (), _("fields of the register"))


def _words(item: MatterSpec, context: Context) -> Iterator[Fault]:
    if known_or(item.icon, "") != item.icon:
        yield Fault(("icon",), _("there is no such icon; `jiulong pack codes icons` lists them"))
    if item.register_key is not None:
        yield from context.unknown(("register",), "registers", item.register_key)
    elif item.entry == "required":
        yield Fault(("entry",), _("no `register` says what entry that is"))
    if numbering.faults(item.number):
        told = _("expected {serial}, and perhaps {year}, {month} and {unit}")
        yield Fault(("number",), told)
    for place, verb in enumerate(item.file_by):
        yield from _one_of(("file_by", place), verb, VERBS, _("verbs"))
    known = {FIRST_COLUMN, *vocabulary.known("columns")}
    known |= {f.key for f in (*item.fields, *item.reply)}
    for place, column in enumerate(item.ledger):
        yield from _one_of(("ledger", place), column, known, _("columns"))


def check_triggers(items: Sequence[TriggerItem], context: Context) -> Iterable[Fault]:
    """Faults of the section `triggers`."""
    for index, item in enumerate(items):
        rule = item.root
        yield from context.unknown((index, "matter"), "matters", rule.matter)
        if isinstance(rule, FindingTrigger):
            yield from _one_of((index, "source"), rule.source, triggers.sources(), _("finders"))
            kinds = vocabulary.known("findings", rule.source)
            for place, kind in enumerate(rule.kinds if kinds else ()):
                yield from _one_of((index, "kinds", place), kind, kinds, _("findings"))
        else:
            yield from _about_entries(rule, index, context)


def _about_entries(
    rule: RoundTrigger | DateTrigger, index: int, context: Context
) -> Iterator[Fault]:
    yield from context.unknown((index, "register"), "registers", rule.register_key)
    register = context.known.get("registers", rule.register_key)
    if not isinstance(register, RegisterSpec):
        return
    fields: dict[str, Field] = {field.key: field for field in register.fields}
    if isinstance(rule, RoundTrigger) and rule.since is not None:
        days = [key for key, field in fields.items() if isinstance(field, DateField)]
        yield from _one_of((index, "since"), rule.since, days, _("date fields"))
    for key in rule.where:
        yield from _one_of((index, "where", key), key, fields, _("fields of the register"))
    if isinstance(rule, DateTrigger):
        dates = [key for key, field in fields.items() if isinstance(field, DateField)]
        yield from _one_of((index, "field"), rule.field, dates, _("date fields"))
        return
    field = fields.get(rule.by) if rule.by else None
    if isinstance(rule.every, dict) and not isinstance(field, ChoiceField):
        yield Fault((index, "every"), _("expected `by`: a choice field of the register"))
    elif isinstance(rule.every, dict) and isinstance(field, ChoiceField):
        options = [option.key for option in field.choices]
        yield from _values(list(rule.every), options, (index, "every"), _("choices"))


def check_demo(items: Sequence[DemoCase], context: Context) -> Iterable[Fault]:
    """Faults of the section `demo_cases`."""
    for index, item in enumerate(items):
        yield from context.unknown((index, "matter"), "matters", item.matter)
        matter = context.known.get("matters", item.matter)
        if isinstance(matter, MatterSpec):
            keys = {field.key for field in matter.fields}
            for key in item.data:
                yield from _one_of((index, "data", key), key, keys, _("form fields"))
            results = [result.key for result in matter.closing.results]
            if item.result is not None:
                yield from _one_of((index, "result"), item.result, results, _("results"))
