"""What is wrong in an item, in words for its writer, at its line and column."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import pytest
from django.utils import translation
from pydantic import Field, field_validator

from jiulong.packs.explaining import validated
from jiulong.packs.reading import child, read
from jiulong.packs.sections import Item
from jiulong.packs.text import Text


class Words(Item):
    type: Literal["text", "long"]
    longest: int | None = Field(default=None, ge=1)


class Choice(Item):
    type: Literal["choice"]
    choices: list[str] = Field(min_length=1)


class Clock(Item):
    amount: int
    measure: Literal["hours", "days"]


class Thing(Item):
    key: Annotated[str, Field(pattern="^[a-z]+$", max_length=5)]
    label: Text = Text("物")
    fields: list[Annotated[Words | Choice, Field(discriminator="type")]] = []
    clock: str | Clock | None = None
    price: Decimal | None = None
    on: date | None = None
    several: bool = False
    limit: Annotated[str, Field(pattern="^[0-9]+ days$", examples=["5 days"])] | None = None
    data: dict[Annotated[str, Field(pattern="^[a-z]+$")], object] = {}
    even: int = 0
    level: Literal["1", "2"] = "1"

    @field_validator("even")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError(f"{value} is odd; expected an even number")
        return value


def explained(text: str) -> tuple[Thing | None, list[str]]:
    document = read(text.encode(), "f")
    with translation.override("en"):
        item, mistakes = validated(Thing, document.root, document)
    assert item is None or isinstance(item, Thing)
    return item, [str(mistake) for mistake in mistakes]


KEYS = "clock, data, even, fields, key, label, level, limit, on, price, several"
MEANT = "; did you mean “choices”?"
HERE = "; expected it among the keys here"
#: What is written → what is told.
WRONG: dict[str, list[str]] = {
    "label: x": ["f:1:1: “key” is missing" + HERE],
    "key: a\nkeyy: b": [
        "f:2:1: there is no key “keyy” here; expected one of " + KEYS + "; did you mean “key”?"
    ],
    "key: A": ["f:1:6: “A”; expected the form ^[a-z]+$"],
    "key: abcdef": ["f:1:6: “abcdef”; expected at most 5 characters"],
    "key: [a]": ["f:1:6: a list here; expected text"],
    "key:": ["f:1:5: nothing here; expected text"],
    "key: a\nlabel: {en: x}": ["f:2:8: no Chinese; expected {zh: 中文, en: English}"],
    "key: a\nfields: x": ["f:2:9: “x”; expected a list: lines that begin with “- ”"],
    "key: a\nfields:\n  - x": ["f:3:5: “x”; expected keys and values: “key: value”"],
    "key: a\nfields:\n  - {choices: [a]}": ["f:3:5: “type” is missing" + HERE],
    "key: a\nfields:\n  - {type: chioce, choices: [a]}": [
        "f:3:5: “chioce”; expected one of text, long, choice; did you mean “choice”?"
    ],
    "key: a\nfields:\n  - type: text\n  - type: choice\n    choises: [a]": [
        "f:4:5: “choices” is missing" + HERE,
        "f:5:5: there is no key “choises” here; expected one of choices, type" + MEANT,
    ],
    "key: a\nfields: [{type: choice, choices: []}]": [
        "f:2:34: a list here; expected at least 1 of them"
    ],
    "key: a\nfields: [{type: text, longest: 0}]": ["f:2:32: “0”; expected 1 or more"],
    "key: a\nclock: {amount: x, measure: days}": ["f:2:17: “x”; expected a whole number"],
    "key: a\nclock: {amount: 1, measure: day}": [
        "f:2:29: “day”; expected one of hours, days; did you mean “days”?"
    ],
    "key: a\nclock: {amount: 1}": ["f:2:8: “measure” is missing" + HERE],
    "key: a\nclock: [1]": ["f:2:8: a list here; expected text or keys and values: “key: value”"],
    "key: a\nprice: dear": ["f:2:8: “dear”; expected a number"],
    "key: a\non: tomorrow": ["f:2:5: “tomorrow”; expected a date such as 2026-03-01"],
    "key: a\nlimit: 5days": ["f:2:8: “5days”; expected something like 5 days"],
    "key: a\nseveral: perhaps": ["f:2:10: “perhaps”; expected true or false"],
    "key: a\ndata: {B: 1}": ["f:2:8: “B”; expected the form ^[a-z]+$"],
    "key: a\neven: 3": ["f:2:7: 3 is odd; expected an even number"],
}


@pytest.mark.parametrize("text", WRONG)
def test_it_says_where_and_what(text: str) -> None:
    assert explained(text) == (None, WRONG[text])


@pytest.mark.parametrize(
    ("text", "attribute", "value"),
    [
        ("key: a\nlabel: 2026", "label", Text("2026")),
        ("key: a\nlabel: {zh: 12, en: 1.50}", "label", Text("12", "1.50")),
        ("key: true", "key", "true"),
        ("key: a\nlevel: 2", "level", "2"),
        ("key: a\nprice: 1.10", "price", Decimal("1.10")),
        ("key: a\nprice: 3", "price", Decimal(3)),
        ("key: a\nseveral: yes", "several", True),
        ("key: a\non: 2026-03-01", "on", date(2026, 3, 1)),
        ("key: a\nclock: 5", "clock", "5"),
        ("key: a\nfields: [{type: choice, choices: [1, true, x]}]", "fields",
         [Choice(type="choice", choices=["1", "true", "x"])]),
        ("key: a\ndata: {n: 1, t: x}", "data", {"n": 1, "t": "x"}),
    ],
)  # fmt: skip
def test_it_takes_words_as_they_were_written(text: str, attribute: str, value: Any) -> None:
    item, mistakes = explained(text)
    assert mistakes == []
    assert getattr(item, attribute) == value


def test_it_finds_the_node_of_a_key() -> None:
    root = read(b"a: {b: [1, 2]}", "f").root
    node = child(root, "a")
    assert node is not None
    assert child(node, "b", key=True) is not child(node, "b")
    assert child(node, "c") is None
