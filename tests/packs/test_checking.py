"""Folders of packs: what is wrong between files, and between packs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiulong.packs import loading, sections
from jiulong.packs.checking import Shelf, check
from tests.packs.conftest import UNITS, Write

KEYS = "name, requires, summary, title, version; did you mean “summary”?"
THERE = "units of this pack and those it requires"
ZONE = "{code: %s, name: x, kind: zone, parent: %s}"
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def _english() -> Any:
    with translation.override("en"):
        yield


def told(box: Path, *paths: Path | str) -> list[str]:
    return [str(mistake) for mistake in check(paths, box)[1]]


def test_it_finds_nothing_wrong(write: Write, box: Path) -> None:
    write("xc", UNITS)
    write("wg", "grids: [{code: g1, name: 格, community: 350602001}]", requires="xc")
    assert told(box, box) == []


def test_it_takes_a_folder_a_head_a_name_or_a_folder_of_packs(write: Write, box: Path) -> None:
    pack = write("xc", UNITS)
    for path in (pack, pack / "pack.yaml", "xc", box):
        shelf, mistakes = check([path, path], box)
        assert ([one.name for one in shelf.given], mistakes) == (["xc"], [])


def test_it_says_when_there_is_no_pack(write: Write, box: Path) -> None:
    (box / "xc").mkdir()
    file = "packs/xc/pack.yaml:1:1: there is no such file; expected it at the head of a pack"
    assert told(box, box / "xc") == [file]
    assert told(box, "nowhere") == [file.replace("packs/xc", "nowhere")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("units: [{code: a}]", [
            "1:9: “kind” is missing; expected it among the keys here",
            "1:9: “name” is missing; expected it among the keys here"]),
        ("untis: []", ["1:1: there is no key “untis” here; expected one of "]),
        ("units: {a: b}", ["1:8: expected a list under “units”: lines that begin with “- ”"]),
        ("units: x", ["1:8: expected a list under “units”: lines that begin with “- ”"]),
        ("units:\n- {code: a, name: b, kind: street}\n- {code: a, name: b, kind: street}",
         ["3:3: “a” is there twice, first at packs/p/things.yaml:2:3; expected once"]),
        ("units: [{code: a, name: b, kind: zone, parent: c}]",
         [f"1:48: there is no “c” among {THERE}"]),
        ("units:\n- {code: abcd, name: b, kind: zone}\n- " + ZONE % ("b", "abce"),
         [f"3:42: there is no “abce” among {THERE}; did you mean “abcd”?"]),
        (f"units:\n- {ZONE}\n- {ZONE}" % ("a", "b", "b", "a"),
         ["2:42: “a” lies within itself; expected no circle",
          "3:42: “b” lies within itself; expected no circle"]),
        ("units: [{code: a, name: b, kind: zone, parent: a}]",
         ["1:48: “a” lies within itself; expected no circle"]),
        ("units: [{code: a, name: b, kind: zone, longitude: 200}]",
         ["1:51: “200”; expected 180 or less"]),
        ("units: [{code: a, name: b, kind: zone}]\ngrids: [{code: a, name: b, community: a}]",
         ["2:16: “a” is a unit already; expected a code of its own"]),
        ("units: [{code: a, name: b, kind: zone}, {code: c, name: b, kind: district, parent: a}]",
         ["1:84: a unit of the kind district cannot lie in a zone; expected district"]),
        ("roles: [{code: officer, name: b, verbs: [see_cases]}]",
         ["1:16: “officer” is a role in the box; expected a code of its own"]),
        ("roles: [{code: x, name: b, verbs: [see_case]}]",
         ["1:36: there is no “see_case” among rights; did you mean “see_cases”?"]),
        ("roles: [{code: x, name: b, verbs: [see_cases, see_logs]}]",
         ["1:47: a pack brings no administrators (manage_accounts, manage_roles, see_logs)"]),
        ("calendar: [{date: 2026-03-10, kind: workday}]",
         ["1:19: 2026-03-10 is a weekday, worked anyway; expected a Saturday or Sunday"]),
    ],
)  # fmt: skip
def test_it_says_what_is_wrong_in_an_item(
    write: Write, box: Path, text: str, expected: list[str]
) -> None:
    found = told(box, write("p", text))
    assert [len(found), *found] == [len(expected), *found]
    for one, beginning in zip(found, expected, strict=True):
        assert one.startswith(f"packs/p/things.yaml:{beginning}")


def test_it_says_what_is_wrong_at_the_head(write: Write, box: Path) -> None:
    (write("p", "units: []") / "pack.yaml").write_text(
        "name: q\ntitle: x\nversion: [1]\nsumary: x\n", encoding="utf-8"
    )
    assert told(box, "p") == [
        "packs/p/pack.yaml:1:1: “summary” is missing; expected it among the keys here",
        "packs/p/pack.yaml:3:10: a list here; expected text",
        "packs/p/pack.yaml:4:1: there is no key “sumary” here; expected one of " + KEYS,
    ]


def test_it_wants_the_name_of_the_folder(write: Write, box: Path) -> None:
    write("p", "units: []").rename(box / "q")
    assert told(box, box / "q") == [
        "packs/q/pack.yaml:1:7: the pack is called “p”, its folder “q”; expected the same"
    ]


def test_it_lets_a_small_pack_be_one_file(write: Write, box: Path) -> None:
    pack = write("p", "units: []")
    (pack / "things.yaml").unlink()
    with (pack / "pack.yaml").open("a", encoding="utf-8") as file:
        file.write(UNITS)
    shelf, mistakes = check([pack], box)
    assert (mistakes, len(shelf.given[0].items("units"))) == ([], 2)


def test_it_reads_a_section_from_several_files(write: Write, box: Path) -> None:
    pack = write("p", UNITS)
    (pack / "more.yaml").write_text(
        "units: [{code: c1, name: 社区, kind: community, parent: 350602001}]", encoding="utf-8"
    )
    (pack / "README.md").write_text("# Words", encoding="utf-8")
    shelf, mistakes = check([pack], box)
    assert (mistakes, len(shelf.given[0].items("units"))) == ([], 3)


def test_it_tells_of_a_file_that_would_not_be_read(write: Write, box: Path) -> None:
    (write("p", "units: []") / "more.yml").write_text("units: []")
    assert told(box, "p") == ["packs/p/more.yml:1:1: would not be read; expected the ending .yaml"]


@pytest.mark.parametrize(
    ("requires", "expected"),
    [
        ("xcc", "5:12: there is no “xcc” among packs; did you mean “xc”?"),
        ("p", "5:12: “p” requires this pack itself; expected no circle"),
        ("circle", "5:12: “circle” requires this pack itself; expected no circle"),
        ("bad", "5:12: “bad” has mistakes itself, the first: packs/bad/things.yaml:1:8: "),
    ],
)
def test_it_says_what_is_wrong_with_what_is_required(
    write: Write, box: Path, requires: str, expected: str
) -> None:
    write("xc", UNITS)
    write("circle", "units: []", requires="p")
    write("bad", "units: 1")
    (found,) = told(box, write("p", "units: []", requires=requires))
    assert found.startswith(f"packs/p/pack.yaml:{expected}")


def test_it_knows_only_what_is_required(write: Write, box: Path) -> None:
    write("xc", UNITS)
    text = "grids: [{code: g1, name: 格, community: 350602001}]"
    assert len(told(box, write("wg", text))) == 1
    assert told(box, write("wg", text, requires="xc")) == []
    write("mid", "units: []", requires="xc")
    assert told(box, write("wg", text, requires="mid")) == []


def test_it_refuses_one_thing_in_two_packs(write: Write, box: Path) -> None:
    write("xc", UNITS)
    first, second = told(box, write("yc", UNITS, requires="xc"))
    assert first == "packs/yc/things.yaml:2:5: “350602” is defined by the pack “xc” already"
    assert second.startswith("packs/yc/things.yaml:3:5: “350602001”")


def test_it_refuses_two_packs_of_one_name(write: Write, box: Path, tmp_path: Path) -> None:
    import shutil

    shutil.copytree(write("p", "units: []"), tmp_path / "p")
    assert told(box, box / "p", tmp_path / "p") == [
        "p/pack.yaml:1:7: there is another pack “p” in packs/p; expected one of a name"
    ]


def test_it_orders_packs_by_what_they_stand_on(write: Write, box: Path) -> None:
    write("c", "units: []", requires="b, a")
    write("b", "units: []", requires="a")
    write("a", "units: []")
    assert [pack.name for pack in Shelf(["c"], box).in_order()] == ["a", "b", "c"]


def test_a_digest_tells_what_a_pack_says_and_nothing_else(write: Write) -> None:
    first = loading.load(write("p", UNITS)).digest()
    assert loading.load(write("p", "# words\n" + UNITS)).digest() == first
    assert loading.load(write("p", UNITS.replace("芗城区", "芗城"))).digest() != first


@pytest.mark.parametrize(
    "pack", sorted(head.parent.name for head in ROOT.glob("packs/*/pack.yaml"))
)
def test_each_pack_in_the_box_is_right(pack: str) -> None:
    assert told(ROOT / "packs", ROOT / "packs" / pack) == []


ANY = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
words = st.sampled_from(
    ["code", "key", "name", "kind", "fields", "type", "units", "x", "350602", "true", "街", "zh"]
)
scalars = words | st.integers() | st.booleans() | st.none() | st.text(max_size=5)
things = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=5),
    max_leaves=12,
)


@settings(ANY)
@given(data=st.data())
def test_it_never_breaks_whatever_a_section_holds(
    write: Write, box: Path, data: st.DataObject
) -> None:
    from jiulong.packs.reading import write as as_yaml

    keys = st.sampled_from([section.key for section in sections.registered()])
    content = data.draw(st.dictionaries(keys, things | st.lists(things), min_size=1, max_size=3))
    for mistake in check([write("p", as_yaml(content))], box)[1]:
        assert mistake.position.line >= 1
        assert mistake.message


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(data=st.data())
def test_it_never_breaks_when_a_right_pack_is_damaged(
    write: Write, box: Path, data: st.DataObject
) -> None:
    """A line lost, doubled, indented or cut in a real file: mistakes with places, or none."""
    files = sorted(ROOT.glob("packs/*/*.yaml"))
    lines = data.draw(st.sampled_from(files)).read_text(encoding="utf-8").splitlines()
    for _wound in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        act = data.draw(st.sampled_from(["lose", "double", "indent", "cut", "colon", "tab"]))
        line = lines[at]
        lines[at : at + 1] = {
            "lose": [], "double": [line, line], "indent": [f"  {line}"], "tab": [f"\t{line}"],
            "cut": [line[: len(line) // 2]], "colon": [line.replace(":", "", 1)],
        }[act]  # fmt: skip
        lines = lines or [""]
    for mistake in check([write("p", "\n".join(lines))], box)[1]:
        assert mistake.position.line >= 1
        assert mistake.message
