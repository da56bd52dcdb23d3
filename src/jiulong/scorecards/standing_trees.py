"""Explanations as rows keep them: keys and figures, not sentences, so that each reader has their
language and nothing is said twice.

A step is `[key, params, value, rows, steps]`; in `params` a figure is `{"n": "1.50"}`, an
indicator `{"c": "gdp"}`, a name `{"zh": …, "en": …}`. A row beneath it is
`[indicator, period, value, ref]`: whose it is, the standing's row says. A step that only reads a
row is that row alone.

The trees of a row are packed: they are eight tenths of all that a standing keeps, and nothing asks
for what is in them but the page of that row.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

import orjson

from jiulong.scorecards.engine.names import Name
from jiulong.scorecards.engine.numbers import exact_text
from jiulong.scorecards.engine.observations import Row
from jiulong.scorecards.engine.words import Code, Step

Stored = list[Any]
#: The step that reads one row; half of all steps are such.
READ: Final = "read"
#: How many parts a step has that is written out; one that only reads has as many as a row.
WHOLE: Final = 5


class Texts(dict[Decimal, str]):
    """The digits of each figure, worked out once: most stand in several steps."""

    def __missing__(self, value: Decimal) -> str:
        told = self[value] = exact_text(value)
        return told


def stored(steps: Iterable[Step], texts: Texts | None = None) -> list[Stored]:
    """Steps and all beneath them, for a JSON column."""
    known = Texts() if texts is None else texts
    return [_stored(step, known) for step in steps]


def packed(steps: Iterable[Step], texts: Texts | None = None) -> bytes:
    """The same, small: the explanations of the criteria of a row, in their order."""
    # Level 1 takes a fifth of the room; a higher one would take longer than all it saves.
    return zlib.compress(orjson.dumps(stored(steps, texts)), 1)


def unpacked(kept: bytes | memoryview) -> list[Step]:
    """The steps again; none where nothing is kept."""
    return [step_of(one) for one in orjson.loads(zlib.decompress(kept))] if kept else []


def _stored(step: Step, texts: Texts) -> Stored:
    key, params, value, rows, steps = step
    if key == READ and len(rows) == 1 and not steps:
        return _row(rows[0], texts)
    return [
        key,
        {
            name: {"n": texts[one]} if type(one) is Decimal else _param(one)
            for name, one in params.items()
        },
        None if value is None else texts[value],
        [_row(row, texts) for row in rows],
        [_stored(inner, texts) for inner in steps],
    ]


def step_of(kept: Stored) -> Step:
    """The step again; rows do not say whose they are."""
    if len(kept) != WHOLE:
        row = _row_of(kept)
        params = {"indicator": Code(row.indicator), "period": row.period, "value": row.value}
        return Step(READ, params, row.value, (row,))
    key, params, value, rows, steps = kept
    return Step(
        key,
        {name: _value(one) for name, one in params.items()},
        None if value is None else Decimal(value),
        tuple(_row_of(row) for row in rows),
        tuple(step_of(inner) for inner in steps),
    )


def stored_row(row: Row) -> list[str]:
    """One observation as the standing keeps it."""
    return [row.subject, row.group, row.indicator, row.period, exact_text(row.value), row.ref]


def row_of(kept: list[str]) -> Row:
    """The observation again."""
    subject, group, indicator, period, value, ref = kept
    return Row(subject, group, indicator, period, Decimal(value), ref)


def _row(row: Row, texts: Texts) -> Stored:
    return [row.indicator, row.period, texts[row.value], row.ref]


def _row_of(kept: Stored) -> Row:
    indicator, period, value, ref = kept
    return Row("", "", indicator, period, Decimal(value), ref)


def _param(value: Any) -> Any:
    if isinstance(value, Code):
        return {"c": str(value)}
    if isinstance(value, Name):
        return {"zh": value.zh, "en": value.en}
    return value if isinstance(value, int | str) else str(value)


def _value(kept: Any) -> Any:
    match kept:
        case {"n": number}:
            return Decimal(number)
        case {"c": code}:
            return Code(code)
        case {"zh": zh, "en": en}:
            return Name(zh=zh, en=en)
    return kept
