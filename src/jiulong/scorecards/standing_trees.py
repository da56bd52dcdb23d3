"""Explanations as rows keep them: keys and figures, not sentences, so that each reader has their
language and nothing is said twice.

A step is `[key, params, value, rows, steps]`; in `params` a figure is `{"n": "1.50"}`, an
indicator `{"c": "gdp"}`, a name `{"zh": …, "en": …}`. A row beneath it is
`[indicator, period, value, ref]`: whose it is, the standing's row says. A step that only reads a
row is that row alone.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from jiulong.scorecards.engine.names import Name
from jiulong.scorecards.engine.numbers import exact_text
from jiulong.scorecards.engine.observations import Row
from jiulong.scorecards.engine.words import Code, Step

Stored = list[Any]
#: The step that reads one row; half of all steps are such.
READ: Final = "read"
#: How many parts a step has that is written out; one that only reads has as many as a row.
WHOLE: Final = 5


def stored(step: Step) -> Stored:
    """A step and all beneath it, for a JSON column."""
    if step.key == READ and len(step.rows) == 1 and not step.steps:
        return _row(step.rows[0])
    return [
        step.key,
        {name: _param(value) for name, value in step.params.items()},
        None if step.value is None else exact_text(step.value),
        [_row(row) for row in step.rows],
        [stored(inner) for inner in step.steps],
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


def _row(row: Row) -> Stored:
    return [row.indicator, row.period, exact_text(row.value), row.ref]


def _row_of(kept: Stored) -> Row:
    indicator, period, value, ref = kept
    return Row("", "", indicator, period, Decimal(value), ref)


def _param(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {"n": exact_text(value)}
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
