"""Explanations as rows keep them: keys and figures, not sentences, so that each reader has their
language and nothing is said twice.

A step is `[key, params, value, rows, steps]`; in `params` a figure is `{"n": "1.50"}`, an
indicator `{"c": "gdp"}`, a name `{"zh": …, "en": …}`. A row is
`[subject, group, indicator, period, value, ref]`.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from jiulong.scorecards.engine.names import Name
from jiulong.scorecards.engine.numbers import exact_text
from jiulong.scorecards.engine.observations import Row
from jiulong.scorecards.engine.words import Code, Step

Stored = list[Any]


def stored(step: Step) -> Stored:
    """A step and all beneath it, for a JSON column."""
    return [
        step.key,
        {name: _param(value) for name, value in step.params.items()},
        None if step.value is None else exact_text(step.value),
        [stored_row(row) for row in step.rows],
        [stored(inner) for inner in step.steps],
    ]


def step_of(kept: Stored) -> Step:
    """The step again."""
    key, params, value, rows, steps = kept
    return Step(
        key,
        {name: _value(one) for name, one in params.items()},
        None if value is None else Decimal(value),
        tuple(row_of(row) for row in rows),
        tuple(step_of(inner) for inner in steps),
    )


def stored_row(row: Row) -> list[str]:
    """One observation as the standing keeps it."""
    return [row.subject, row.group, row.indicator, row.period, exact_text(row.value), row.ref]


def row_of(kept: list[str]) -> Row:
    """The observation again."""
    subject, group, indicator, period, value, ref = kept
    return Row(subject, group, indicator, period, Decimal(value), ref)


def _param(value: Any) -> Any:
    match value:
        case Decimal():
            return {"n": exact_text(value)}
        case Code():
            return {"c": str(value)}
        case Name():
            return {"zh": value.zh, "en": value.en}
        case bool() | int() | str():
            return value
    return str(value)


def _value(kept: Any) -> Any:
    match kept:
        case {"n": number}:
            return Decimal(number)
        case {"c": code}:
            return Code(code)
        case {"zh": zh, "en": en}:
            return Name(zh=zh, en=en)
    return kept
