"""Schemes that cannot be are refused with their place."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from jiulong.scorecards.engine import vocabulary
from jiulong.scorecards.engine.schemes import Scheme, SchemeError
from tests.scorecards.engine.making import criterion, spelled

SHARE = {"kind": "share", "value": "x"}
RANK = {"by": "rank", "steps": [{"class": "A", "to": 30}, {"class": "B", "to": 100}]}


def faults(mapping: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(SchemeError) as caught:
        Scheme.read(mapping)
    return [(".".join(map(str, one.path)), one.message) for one in caught.value.faults]


C = "contests.0.criteria"


@pytest.mark.parametrize(
    ("mapping", "path", "said"),
    [
        (spelled(criterion("c", SHARE, 90)), "contests",
         "weights of the contests add up to 90; expected 100 (group: –)"),
        (spelled(criterion("c", SHARE), criterion("c", SHARE)), f"{C}.1.key",
         "“c” stands twice"),
        (spelled(criterion("c", SHARE, 0)), f"{C}.0", "“c” has no weight"),
        (spelled(criterion("c", SHARE), effective_to="2023-12-31"), "effective_to",
         "2023-12-31 lies before the first day, 2024-01-01"),
        (spelled(criterion("c", SHARE), lowest=5, highest=1), "highest",
         "the greatest score is below the least"),
        (spelled(criterion("c", SHARE, groups=["towns"])), f"{C}.0.groups.0",
         "there is no group “towns”"),
        (spelled(criterion("c", SHARE), adjustments=[criterion("d", SHARE)]), "adjustments.0.rule",
         "beside the contests only bonus, penalty and veto can stand, not share"),
        (spelled(criterion("c", SHARE), ties={"by": ["d"]}), "ties.by.0",
         "“d” is no criterion, contest or indicator of this scheme"),
        (spelled(criterion("c", SHARE), classes={**RANK, "steps": RANK["steps"][:1]}),
         "classes.steps.0.to", "the last class goes to 100 percent, not to 30"),
        (spelled(criterion("c", SHARE), classes={**RANK, "steps": RANK["steps"][::-1]}),
         "classes.steps.1.to", "classes go down the ranks: 30 comes after 100"),
        (spelled(criterion("c", {"kind": "rank_points", "value": "x"})), f"{C}.0.rule",
         "expected one of “step” and “last”"),
        (spelled(criterion("c", {**SHARE, "worst": 110})), f"{C}.0.rule.worst",
         "the worst gets more than the best"),
        (spelled(criterion("c", {"kind": "completion", "value": "x", "floor": 2})),
         f"{C}.0.rule.floor", "the floor is above the cap"),
        (spelled(criterion("c", {"kind": "completion", "value": {"formula": "x"}})),
         f"{C}.0.rule.against",
         "only an indicator has a target of its own; name another one, or a number"),
        (spelled(criterion("c", {"kind": "growth_level", "value": {"indicator": "x", "per": "y"}})),
         f"{C}.0.rule.value", "growth is of a plain indicator; else write “growth_value”"),
        (spelled(criterion("c", {"kind": "linear", "value": "x", "zero": 1, "full": 1})),
         f"{C}.0.rule.full", "the same figure cannot get nothing and full marks"),
        (spelled(criterion("c", {"kind": "steps", "value": "x", "steps": [
            {"at": 1, "percent": 1}, {"at": 2, "percent": 2}]})), f"{C}.0.rule.steps.1.at",
         "the best line stands first: 2 comes after 1"),
        (spelled(criterion("c", {"kind": "share", "value": {"per": "y"}})), f"{C}.0.rule.value",
         "expected one of “indicator”, “number” and “formula”"),
        (spelled(criterion("c", SHARE),
                 adjustments=[criterion("v", {"kind": "veto", "facts": ["veto@a"]})]),
         "adjustments.0.rule", "a veto without effect; expected “zero”, “last” or “class”"),
        (spelled(criterion("c", SHARE), consequences=[
            {"when": "last", "does": "case", "contest": "other"}]), "consequences.0.contest",
         "there is no contest “other”"),
    ],
)  # fmt: skip
def test_it_says_where_and_why(mapping: dict[str, Any], path: str, said: str) -> None:
    assert (path, said) in faults(mapping)


def test_weights_in_percent_add_up_to_a_hundred_in_each_contest_and_group() -> None:
    mapping = spelled(
        weights="percent",
        groups=[{"key": "a", "name": "甲"}, {"key": "b", "name": "乙"}],
        contests=[
            {
                "key": "k",
                "name": "比",
                "weight": 100,
                "criteria": [criterion("c", SHARE, 60), criterion("d", SHARE, 40, groups=["a"])],
            }
        ],
    )
    assert faults(mapping) == [
        ("contests.0.criteria", "weights in “k” add up to 60; expected 100")
    ]  # fmt: skip


def test_what_the_shape_forbids_is_told_with_its_path() -> None:
    mapping = spelled(criterion("c", {**SHARE, "colour": 1}), colour="red")
    assert faults(mapping) == [
        (f"{C}.0.rule.share.colour", "Extra inputs are not permitted"),
        ("colour", "Extra inputs are not permitted"),
    ]
    wrong = spelled(criterion("c", {"kind": "share", "value": {"formula": "open('x')"}}))
    assert "there is no function “open”" in faults(wrong)[0][1]


def test_it_survives_being_written_down() -> None:
    mapping = spelled(
        criterion("c", {"kind": "growth_level", "value": "x", "level": {"by": "share"}}, 50),
        criterion("d", {"kind": "completion", "value": {"formula": "a / b"}, "against": 7}, 50),
        adjustments=[criterion("v", {"kind": "veto", "facts": ["veto@a"], "class": "D"})],
        classes=RANK, labels={"x": {"zh": "甲", "en": "A"}},
    )  # fmt: skip
    scheme = Scheme.read(mapping)
    for defaults in (True, False):
        kept = scheme.model_dump(mode="json", by_alias=True, exclude_defaults=not defaults)
        assert Scheme.read(kept) == scheme


def test_its_json_schema_knows_the_short_forms() -> None:
    parts = Scheme.model_json_schema(by_alias=True)["$defs"]
    kinds = [[one["type"] for one in parts[name]["anyOf"]] for name in ("Name", "Reading")]
    assert kinds == [["string", "object"], ["string", "object", "number"]]
    assert {"class", "to"} == set(parts["RankStep"]["properties"])


def test_every_sentence_is_said_and_has_both_languages() -> None:
    source = Path(vocabulary.__file__).parent
    code = "".join(
        path.read_text() for path in source.rglob("*.py") if path.name != "vocabulary.py"
    )
    built = ("completion_", "companion_", "missing_", "table_", "no_")  # keys put together
    for table in (vocabulary.STEPS, vocabulary.FAULTS):
        for key, sentences in table.items():
            assert f'"{key}"' in code or key.startswith(built), key
            fields = [sorted({name for _t, name, _s, _c in Formatter().parse(text) if name})
                      for text in sentences]  # fmt: skip
            assert fields[0] == fields[1], key
            assert re.search(r"[\u4e00-\u9fff=]", sentences[0]) or not re.search(
                "[a-z]{3}", re.sub(r"\{.*?\}", "", sentences[0])
            ), key
    said = set(re.findall(r'(?:Step|Refusal)\(\s*"([a-z_]+)"', code))
    assert said <= {*vocabulary.STEPS, *vocabulary.FAULTS}
