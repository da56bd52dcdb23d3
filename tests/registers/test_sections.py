"""Registers and demo entries from packs: what is refused, changed, kept and retired."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from pydantic import ValidationError as ModelError

from jiulong.packs.sections import Change, Context, Fault, RefusedError
from jiulong.registers import sections
from jiulong.registers.models import Entry
from jiulong.registers.schema import DemoEntry, RegisterSpec
from tests.factories import NOW, make_unit
from tests.registers.conftest import OUTFALLS, Scene


class Known:
    def __init__(self, items: list[RegisterSpec]) -> None:
        self._items = {item.key: item for item in items}

    def get(self, section: str, code: str) -> Any:
        return self._items.get(code) if section == "registers" else None

    def has(self, _section: str, code: str) -> bool:
        return code in self._items or code == "enterprise"

    def codes(self, _section: str) -> list[str]:
        return list(self._items)

    def items(self, _section: str) -> list[Any]:
        return list(self._items.values())


def spec(**changes: Any) -> RegisterSpec:
    return RegisterSpec.model_validate({**deepcopy(OUTFALLS), **changes})


def context(*items: RegisterSpec, held: tuple[str, ...] = ()) -> Context:
    known = Known(list(items))
    return Context(pack="test", known=known, now=NOW, held={"registers": frozenset(held)})


def with_field(key: str, **changes: Any) -> RegisterSpec:
    """The register with one field described otherwise."""
    fields = deepcopy(OUTFALLS["fields"])
    for field in fields:
        if field["key"] == key:
            field.update(changes)
    return spec(fields=[{k: v for k, v in f.items() if v is not ...} for f in fields])


def faults(item: RegisterSpec) -> list[tuple[Any, ...]]:
    return [fault.path[1:] for fault in sections.check([item], context(item))]


def test_the_test_pack_is_right_and_comes_back_as_it_was(scene: Scene) -> None:
    assert faults(spec()) == []
    assert [RegisterSpec.model_validate(item) for item in sections.export("test")] == [spec()]
    assert sections.export("other") == []


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": "nome"}, ("title",)),
        ({"title": "note"}, ("title",)),
        ({"columns": ["name", "nme"]}, ("columns", 1)),
        ({"sheet": ["x"]}, ("sheet", 0)),
        ({"board": "tags"}, ("board",)),
        ({"board": "flow"}, ("board",)),
        ({"number": "PK{year}"}, ("number",)),
        ({"number": "PK{serial}{week}"}, ("number",)),
        ({"views": [{"name": "x", "where": {"stage": "gone"}}]}, ("views", 0, "where", "stage")),
        ({"views": [{"name": "x", "where": {"name": "y"}}]}, ("views", 0, "where", "name")),
        ({"views": [{"name": "x", "sort": "-nothing"}]}, ("views", 0, "sort")),
        ({"queue": {"by": ["age"]}}, ("queue", "by")),
        ({"queue": {"by": ["kind"], "public": ["x"]}}, ("queue", "public", 0)),
    ],
)
def test_faults_are_found_where_they_are(changes: dict[str, Any], path: tuple[Any, ...]) -> None:
    assert faults(spec(**changes)) == [path]


@pytest.mark.parametrize(
    ("key", "changes", "path"),
    [
        ("daily", {"formula": "flow * hours"}, ("fields", 16, "formula")),
        ("daily", {"formula": "age * 2"}, ("fields", 16, "formula")),
        ("daily", {"formula": "__import__('os')"}, ("fields", 16, "formula")),
        ("daily", {"formula": "flow ** 9"}, ("fields", 16, "formula")),
        ("age", {"formula": "days_since(flow)"}, ("fields", 17, "formula")),
        ("name", {"pattern": "("}, ("fields", 0, "pattern")),
        ("name", {"pattern": r"((a)+\d*){2,}b"}, ("fields", 0, "pattern")),
        ("upstream", {"to": "test.inflows"}, ("fields", 12, "to")),
    ],
)
def test_faults_of_fields_are_found(
    key: str, changes: dict[str, Any], path: tuple[Any, ...]
) -> None:
    assert faults(with_field(key, **changes)) == [path]


def test_unknown_keys_are_no_part_of_a_register() -> None:
    with pytest.raises(ModelError):
        spec(colour="red")


def plan(*items: RegisterSpec, held: tuple[str, ...] = ()) -> list[Change]:
    return sections.plan(items, context(*items, held=held))


def test_it_adds_once_and_changes_what_differs(db: None) -> None:
    for expected in ("add", "same"):
        changes = plan(spec())
        assert [change.kind for change in changes] == [expected]
        sections.apply([c for c in changes if c.kind != "same"], context(spec()))
    (change,) = plan(spec(order=10))
    assert (change.kind, change.before, change.after) == ("change", {"order": 50}, {"order": 10})


def test_a_register_that_is_gone_is_retired_with_its_entries_and_may_return(scene: Scene) -> None:
    changes = plan(held=("test.outfalls",))
    assert [(change.kind, change.key) for change in changes] == [("retire", "test.outfalls")]
    sections.apply(changes, context())
    scene.register.refresh_from_db()
    assert (scene.register.retired_at, Entry.objects.count()) == (NOW, 1)
    sections.apply(plan(spec()), context(spec()))
    scene.register.refresh_from_db()
    assert scene.register.retired_at is None


def test_a_field_that_is_gone_leaves_its_values(scene: Scene) -> None:
    smaller = spec(fields=[f for f in OUTFALLS["fields"] if f["key"] != "cost"],
                   sheet=[], views=[])  # fmt: skip
    Entry.objects.update(data={**scene.entry.data, "cost": "3.00"})
    sections.apply(plan(smaller), context(smaller))
    scene.entry.refresh_from_db()
    assert scene.entry.data["cost"] == "3.00"


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("name", {"type": "number", "searchable": ...}),
        ("flow", {"max": 5}),
        ("stage", {"choices": [{"key": "traced", "label": "溯源"}]}),
        ("phone", {"what": "identity"}),
    ],
)
def test_a_kind_that_what_is_stored_does_not_fit_is_refused_with_examples(
    scene: Scene, key: str, changes: dict[str, Any]
) -> None:
    with pytest.raises(RefusedError) as caught:
        plan(with_field(key, **changes))
    (fault,) = caught.value.faults
    assert fault.path[:2] == (0, "fields")
    assert "PK-1" in fault.message


def test_what_follows_from_fields_is_made_again(scene: Scene) -> None:
    changed = with_field("daily", formula="flow * 2")
    sections.apply(plan(changed), context(changed))
    scene.entry.refresh_from_db()
    assert scene.entry.data["daily"] == "25.00"


DEMO = {"register": "test.outfalls", "number": "D-1", "unit": "350602-x",
        "place": [117.6, 24.5], "data": {"name": "示例", "kind": "雨洪"}}  # fmt: skip


def demo(*items: dict[str, Any]) -> list[DemoEntry]:
    return [DemoEntry.model_validate(item) for item in items]


def test_demo_entries_are_entered_once(scene: Scene) -> None:
    make_unit(code="350602-x")
    items = demo(DEMO, {**DEMO, "number": "D-2", "data": {**DEMO["data"], "upstream": "D-1"}})
    changes = sections.plan_demo(items, context(spec()))
    assert [change.kind for change in changes] == ["add", "add"]
    sections.apply_demo(changes, context(spec()))
    entry = Entry.objects.get(number="D-2")
    assert (entry.data["kind"], entry.data["upstream"], entry.longitude) == ("rain", "D-1", 117.6)
    again = sections.plan_demo(items, context(spec()))
    assert [change.kind for change in again] == ["same", "same"]


def test_demo_entries_that_make_no_sense_are_refused(scene: Scene) -> None:
    found = sections.check_demo(
        demo(
            {**DEMO, "register": "test.none"},
            {**DEMO, "data": {"name": "x", "kind": "sea", "colour": "red"}},
            {**DEMO, "number": "D-3", "data": {"name": "x"}},
            {**DEMO, "number": "D-3"},
        ),
        context(spec()),
    )
    assert [fault.path for fault in found if isinstance(fault, Fault)] == [
        (0, "register"),
        (1, "data", "kind"),
        (1, "data", "colour"),
        (2, "data"),
        (3, "number"),
    ]
    changes = sections.plan_demo(demo({**DEMO, "unit": "nowhere"}), context(spec()))
    with pytest.raises(RefusedError):
        sections.apply_demo(changes, context(spec()))
