"""Computed fields: + - * / ( ), numbers, keys of fields, `days_since(key)`. Nothing else runs."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, DivisionByZero, InvalidOperation, Overflow
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _

from jiulong.registers.fields import ComputedField, Field

LENGTH_MAX: Final = 500
DEPTH_MAX: Final = 40
SINCE: Final = "days_since"
_SIGNS: Final[dict[type[ast.operator], str]] = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Names:
    """The fields that a formula reads: numbers, and days of which it counts the days since."""

    numbers: frozenset[str]
    days: frozenset[str]


@lru_cache(maxsize=512)
def parsed(formula: str) -> ast.expr:
    """The checked tree of a formula.

    Raises:
        ValueError: it is no formula; it says what is wrong.
    """
    if len(formula) > LENGTH_MAX:
        raise ValueError(_("a formula has at most %(most)d characters") % {"most": LENGTH_MAX})
    try:
        tree = ast.parse(formula.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ValueError(_("“%(formula)s” is no formula") % {"formula": formula}) from error
    _check(tree, 0)
    return tree


def names(formula: str) -> Names:
    """What the formula reads. Raises ValueError as `parsed` does."""
    nodes = list(_leaves(parsed(formula)))
    days = {arg.id for node in nodes if isinstance(node, ast.Call)
            for arg in node.args if isinstance(arg, ast.Name)}  # fmt: skip
    numbers = {node.id for node in nodes if isinstance(node, ast.Name)}
    return Names(frozenset(numbers), frozenset(days))


def moves(field: Field) -> bool:
    """Whether the field's value changes with the calendar, so that it cannot be stored."""
    return isinstance(field, ComputedField) and bool(names(field.formula).days)


def reckon(field: ComputedField, data: Mapping[str, Any], today: date) -> str | None:
    """The value as a decimal string; None while something it needs is unknown, or by zero."""
    try:
        value = _value(parsed(field.formula), data, today)
        if value is None:
            return None
        return format(value.quantize(Decimal(1).scaleb(-field.decimals)), "f")
    except (DivisionByZero, InvalidOperation, Overflow, ZeroDivisionError, ValueError):
        return None


def _check(node: ast.expr, depth: int) -> None:
    if depth > DEPTH_MAX:
        raise ValueError(_("the formula is nested too deeply"))
    if isinstance(node, ast.BinOp) and type(node.op) in _SIGNS:
        _check(node.left, depth + 1)
        _check(node.right, depth + 1)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub | ast.UAdd):
        _check(node.operand, depth + 1)
    elif not (_is_number(node) or isinstance(node, ast.Name) or _is_since(node)):
        raise ValueError(
            _("“%(part)s”: expected + - * / ( ), numbers, fields or days_since(field)")
            % {"part": ast.unparse(node)}
        )


def _is_number(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and type(node.value) in {int, float}


def _is_since(node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == SINCE
        and len(node.args) == 1 and isinstance(node.args[0], ast.Name) and not node.keywords
    )  # fmt: skip


def _leaves(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp):
        yield from _leaves(node.left)
        yield from _leaves(node.right)
    elif isinstance(node, ast.UnaryOp):
        yield from _leaves(node.operand)
    else:
        yield node


def _value(node: ast.expr, data: Mapping[str, Any], today: date) -> Decimal | None:
    if isinstance(node, ast.BinOp):
        left, right = _value(node.left, data, today), _value(node.right, data, today)
        return None if left is None or right is None else _apply(node.op, left, right)
    if isinstance(node, ast.UnaryOp):
        inner = _value(node.operand, data, today)
        return inner if inner is None or isinstance(node.op, ast.UAdd) else -inner
    return _leaf(node, data, today)


def _leaf(node: ast.expr, data: Mapping[str, Any], today: date) -> Decimal | None:
    if isinstance(node, ast.Name):
        known = data.get(node.id)
        return None if known in {None, ""} else Decimal(str(known))
    if isinstance(node, ast.Call) and isinstance(node.args[0], ast.Name):
        day = data.get(node.args[0].id)
        return Decimal((today - date.fromisoformat(str(day))).days) if day else None
    return Decimal(str(node.value)) if isinstance(node, ast.Constant) else None


def _apply(sign: ast.operator, left: Decimal, right: Decimal) -> Decimal:
    if isinstance(sign, ast.Add):
        return left + right
    if isinstance(sign, ast.Sub):
        return left - right
    return left * right if isinstance(sign, ast.Mult) else left / right
