"""Every pack in the box is sound, applies whole, and its matters lead from filing to closing."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings

from jiulong.cases.models import MatterType
from jiulong.cases.pack_checks import FIRST_COLUMN
from jiulong.cases.schema import DemoCase, MatterSpec
from jiulong.cases.views.ledger import USUAL, columns_of
from jiulong.demo.district import district
from jiulong.packs.checking import Shelf, check
from jiulong.registers.fields import ChoiceField, Field
from jiulong.registers.schema import DemoEntry, RegisterSpec
from tests.factories import NOW
from tests.packs.box.walk import Known, Walk, ways

GROUND = "xiangcheng"
NAMES = sorted(path.parent.name for path in settings.PACKS.glob("*/pack.yaml"))
#: Standards, kinds of bulletins, letters: nothing that is filed and closed.
LIBRARIES = {"lihui", "shuizhi", "zeren"}
SYSTEMS = [name for name in NAMES if name not in {GROUND, *LIBRARIES}]
#: A clock, and where its limit is from: the domain's notes, or [D] for the district's own.
CLOCK = re.compile(
    r"^\s+(- \{.*)?(assign|accept|return|handle|rework|verify|close|feedback|support|clock): .*"
)
LIMIT = re.compile(r"\d+ (hours|working_hours|working_days|days|months)")
#: Sections that play a past of their own and open its cases by the acts that people use.
PASTS = ("demo_standings", "demo_sheets", "demo_projects")
LABELS = frozenset({"name", "one", "about", "label", "hint", "title", "service", "group"})
SOURCE = re.compile(r"#.*(\[(D|M-|F:)|DOMAIN|law|regulations|wh|wd)")


@pytest.fixture(scope="module")
def shelf() -> Shelf:
    """All packs of the box, read once."""
    found, mistakes = check(NAMES, settings.PACKS)
    assert [str(mistake) for mistake in mistakes] == []
    return found


def items(shelf: Shelf, section: str) -> list[Any]:
    return [item for pack in shelf.given for item in pack.items(section)]


def test_the_box_holds_the_systems_of_the_district() -> None:
    assert NAMES == [
        "baiqi", "duban", "gongzufang", "hehu", "huanbao", "jianyi-tian", "liangwei", "lihui",
        "minsheng", "mujun", "qibiyikan-2024", "rencai", "sanbiyikan-2025", "shenpi",
        "shipin-baobao", "shuizhi",
        "targets-2023", "wangge", "xiangcheng", "yinhuan", "yuanqu", "zeren", "zhongdian-xiangmu",
    ]  # fmt: skip


@pytest.mark.usefixtures("whole_box")
@pytest.mark.parametrize("name", SYSTEMS)
def test_each_matter_of_a_pack_leads_to_closing(name: str) -> None:
    stages: dict[tuple[str, str, str], str] = {}
    known: Known = {}
    for matter in MatterType.objects.filter(pack=name):
        walk = Walk(matter, NOW, known)
        for severity, result in ways(walk.spec):
            stages[matter.code, severity, result] = walk.to_close(severity, result).stage

    assert stages
    assert stages == dict.fromkeys(stages, "closed")


def routed(item: MatterSpec) -> Iterator[str]:
    """Choices for which no route fits."""
    if item.routes and not item.routes[-1].when:
        return
    fields = {field.key: field for field in item.fields}
    for key in {key for route in item.routes for key in route.when}:
        field = fields.get(key)
        if isinstance(field, ChoiceField):
            named = [route.when[key] for route in item.routes if set(route.when) == {key}]
            known = {each for one in named for each in (one if isinstance(one, list) else [one])}
            yield from (f"{item.key}: {c.key}" for c in field.choices if c.key not in known)


def test_there_is_a_route_for_every_choice(shelf: Shelf) -> None:
    matters: list[MatterSpec] = items(shelf, "matters")

    assert [item.key for item in matters if item.auto_assign and not item.routes] == []
    assert [missing for item in matters for missing in routed(item)] == []


@pytest.mark.parametrize("section", ["registers", "matters", "triggers"])
def test_every_label_is_there_in_both_languages(shelf: Shelf, section: str) -> None:
    for item in items(shelf, section):
        dumped = item.model_dump(mode="json", by_alias=True)
        assert list(labels_without_english(dumped)) == []


def labels_without_english(value: Any, key: str = "") -> Iterator[str]:
    """Labels that are a plain string: Chinese alone."""
    if isinstance(value, dict):
        if "zh" not in value:
            for name, part in value.items():
                yield from labels_without_english(part, name)
    elif isinstance(value, list):
        for part in value:
            yield from labels_without_english(part, key)
    elif key in LABELS and isinstance(value, str) and not value.isascii():
        yield value


@pytest.mark.parametrize("name", SYSTEMS)
def test_every_clock_says_where_its_limit_is_from(name: str) -> None:
    bare = []
    for path in sorted((settings.PACKS / name).glob("*.yaml")):
        above = ""
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if re.match(r"\s+(tasks|routes|clocks):", line):
                above = line
            limited = CLOCK.match(line) and LIMIT.search(line.partition("#")[0])
            if limited and not SOURCE.search(line) and not SOURCE.search(above):
                bare.append(f"{path.name}:{number}: {line.strip()}")

    assert bare == []


def choices_of(field: Field, value: Any) -> list[str]:
    """What is given and is none of the choices."""
    if not isinstance(field, ChoiceField):
        return []
    given = value if isinstance(value, list) else [value]
    return sorted(set(given) - {option.key for option in field.choices})


def test_the_demo_says_only_what_its_forms_know(shelf: Shelf) -> None:
    registers: dict[str, RegisterSpec] = {item.key: item for item in items(shelf, "registers")}
    matters: dict[str, MatterSpec] = {item.key: item for item in items(shelf, "matters")}
    entries: list[DemoEntry] = items(shelf, "demo_entries")
    cases: list[DemoCase] = items(shelf, "demo_cases")
    numbers = {(entry.register_key, entry.number) for entry in entries}
    wrong = []
    for entry in entries:
        fields = {field.key: field for field in registers[entry.register_key].fields}
        for key, value in entry.data.items():
            wrong += [f"{entry.number} {key} {bad}" for bad in choices_of(fields[key], value)]
    for case in cases:
        spec = matters[case.matter]
        fields = {field.key: field for field in [*spec.fields]}
        reply = {field.key: field for field in spec.reply}
        for key, value in case.data.items():
            wrong += [f"{case.title} {key} {bad}" for bad in choices_of(fields[key], value)]
        for key, value in case.reply.items():
            wrong += [f"{case.title} {key} {bad}" for bad in choices_of(reply[key], value)]
        if case.entry and (spec.register_key, case.entry) not in numbers:
            wrong.append(f"{case.title}: no entry {case.entry}")
        if set(case.done) - {task.key for task in spec.tasks}:
            wrong.append(f"{case.title}: no task {case.done}")
        if "close" in case.steps and spec.closing.results and not case.result:
            wrong.append(f"{case.title}: closed without a result")

    assert wrong == []


def test_the_demo_has_a_case_for_every_matter_and_every_stage(shelf: Shelf) -> None:
    cases: list[DemoCase] = items(shelf, "demo_cases")
    last = {case.steps[-1] if case.steps else "file" for case in cases}

    told = {
        matter.key
        for pack in shelf.given
        if not any(pack.items(section) for section in PASTS)
        for matter in pack.items("matters")
    }
    assert sorted(told - {case.matter for case in cases}) == []
    assert last >= {
        "file", "assign", "accept", "return", "feedback", "reply", "verify", "send_back", "close",
        "suspend", "withdraw", "ask_extension",
    }  # fmt: skip
    assert len(cases) > 250


def test_firms_of_the_demo_are_the_demos_firms(shelf: Shelf) -> None:
    known = {f"XC{firm.number:03d}" for firm in district().enterprises}
    named = {case.enterprise for case in items(shelf, "demo_cases") if case.enterprise}
    linked = {entry.data.get("enterprise") for entry in items(shelf, "demo_entries")} - {None}

    assert named | linked <= known


def test_people_of_the_demo_are_no_real_people(shelf: Shelf) -> None:
    """Names are masked or by-names; nobody is born in 2099; the telephone numbers are a range."""
    specs = {item.key: item for item in [*items(shelf, "registers"), *items(shelf, "matters")]}
    told = [
        (specs[entry.register_key].fields, entry.data) for entry in items(shelf, "demo_entries")
    ]
    told += [(specs[case.matter].fields, case.data) for case in items(shelf, "demo_cases")]
    looks = {
        "phone": r"13900000\d{3}",
        "identity": r"3506022099\d{7}[\dX]",
        "name": ".*[某级员部].*",
    }
    wrong = [
        str(data[field.key])
        for fields, data in told
        for field in fields
        if field.type == "person" and field.key in data
        and not re.fullmatch(looks[field.what], str(data[field.key]))
    ]  # fmt: skip

    assert wrong == []


def test_the_demo_names_no_official_and_no_real_firm() -> None:
    """The seeds name people and firms; none of them stands in a pack."""
    real = re.compile("三宝|科华|傲农|盈趣|海莱|信华|雅歌|精益珍|金投|正兴车轮|科晖|视瑞特")
    hits = [
        f"{path.parent.name}/{path.name}: {found.group()}"
        for path in sorted(settings.PACKS.rglob("*.yaml"))
        for found in real.finditer(path.read_text(encoding="utf-8"))
    ]

    assert hits == []


def test_every_column_that_a_ledger_names_is_shown(shelf: Shelf) -> None:
    for item in items(shelf, "matters"):
        named = [name for name in item.ledger if name != FIRST_COLUMN]
        shown = [column.name.removeprefix("field_") for column in columns_of(item)]
        assert shown == [FIRST_COLUMN, *(named or USUAL)], item.key


def test_every_icon_is_one_that_is_copied() -> None:
    copied = json.loads((settings.PACKS.parent / "package.json").read_text())["jiulong"]["icons"]
    named = {
        found.group(1)
        for path in settings.PACKS.rglob("*.yaml")
        for found in re.finditer(
            r"^    icon: (\S+)", path.read_text(encoding="utf-8"), re.MULTILINE
        )
    }

    assert sorted(named - set(copied)) == []


def test_what_opens_by_itself_asks_nothing_of_nobody(shelf: Shelf) -> None:
    """A trigger or a follow-up fills in no form: its matter must not demand one."""
    matters: dict[str, MatterSpec] = {item.key: item for item in items(shelf, "matters")}
    opened = {item.root.matter for item in items(shelf, "triggers")}
    opened |= {
        result.follow_up
        for matter in matters.values()
        for result in matter.closing.results
        if result.follow_up
    }
    demanding = {key for key in opened if any(field.required for field in matters[key].fields)}

    assert demanding == set()
