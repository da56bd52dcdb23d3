"""Formulas over indicators: arithmetic and comparisons, exact, and nothing else.

An indicator stands by its code, `tax / land`; a code with @, dot or dash in `v("gdp@target")`.
`v("x", 0)` takes 0 where there is none, `has("x")` asks. Besides: + - * /, comparisons, and, or,
not, `min`, `max`, `abs`, `round_half_even(x, places)`, `when(condition, then, otherwise)`.
Evaluated by simpleeval, with fewer kinds of nodes than it knows and decimals for floats.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, DecimalException, localcontext
from functools import lru_cache
from typing import Any, Final

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import PydanticCustomError, core_schema
from simpleeval import InvalidExpression, SimpleEval

from jiulong.rounding import rounded
from jiulong.scorecards.engine.numbers import CONTEXT, is_fit, settled
from jiulong.scorecards.engine.words import Refusal

#: Longer or deeper expressions are a programme, not a formula.
LONGEST: Final = 500
MOST_NODES: Final = 200
MOST_PLACES: Final = 12

Lookup = Callable[[str], Decimal | None]

_NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_OPERATORS: Final[dict[type[ast.AST], Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
    ast.Div: operator.truediv, ast.USub: operator.neg, ast.UAdd: operator.pos,
    ast.Not: operator.not_, ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Gt: operator.gt,
    ast.GtE: operator.ge, ast.Lt: operator.lt, ast.LtE: operator.le,
}  # fmt: skip
_NODES: Final = (
    ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.IfExp, ast.Call, ast.Name, ast.Constant,
    ast.And, ast.Or, ast.Load, *_OPERATORS,
)  # fmt: skip
#: Function → fewest and most arguments.
_FUNCTIONS: Final = {
    "min": (1, 20), "max": (1, 20), "abs": (1, 1), "round_half_even": (1, 2), "when": (3, 3),
    "v": (1, 2), "has": (1, 1),
}  # fmt: skip


class FormulaError(Exception):
    """A formula that is none, or that has no result."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))


class NoFigureError(FormulaError):
    """An indicator of the formula has no value."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(Refusal("formula_missing", name=code))


class Formula:
    """An expression that was looked through before it is used; a pydantic type, written as text.

    Raises:
        FormulaError: on creation, when it is none.
    """

    __slots__ = ("_node", "names", "needs", "text")

    def __init__(self, text: str) -> None:
        self.text = text.strip()
        tree = _parsed(self.text)
        self.names = frozenset(_codes(tree, optional=True))
        #: Codes without which there is no result.
        self.needs = frozenset(_codes(tree, optional=False))
        self._node = _Exact().visit(tree)

    def evaluate(self, value: Lookup) -> Decimal:
        """The result, where `value` gives an indicator's value or None.

        Raises:
            NoFigureError: an indicator has none.
            FormulaError: division by zero, or a number that nobody can mean.
        """
        try:
            with localcontext(CONTEXT):
                return settled(_decimal(_evaluator(value).eval(self.text, self._node)))
        except (DecimalException, ZeroDivisionError) as error:
            raise FormulaError(Refusal("formula_division")) from error
        except (InvalidExpression, TypeError, ArithmeticError) as error:
            raise FormulaError(Refusal("formula_no_number")) from error

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Formula) and other.text == self.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __repr__(self) -> str:
        return f"Formula({self.text!r})"

    @classmethod
    def __get_pydantic_core_schema__(
        cls, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _validated, serialization=core_schema.plain_serializer_function_ser_schema(_written)
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "minLength": 1, "maxLength": LONGEST}


def _written(formula: Formula) -> str:
    return formula.text


def _validated(value: Any) -> Formula:
    if isinstance(value, Formula):
        return value
    try:
        return compiled(value if isinstance(value, str) else str(value))
    except FormulaError as error:
        # pydantic's own kind of error, so that a pack tells it at its line
        raise PydanticCustomError("text", "{told}", {"told": str(error)}) from error


@lru_cache(maxsize=1024)
def compiled(text: str) -> Formula:
    """The formula; the same text again costs nothing."""
    return Formula(text)


def _parsed(text: str) -> ast.expr:
    if not text or len(text) > LONGEST:
        raise FormulaError(Refusal("formula_length", most=LONGEST))
    try:
        tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, MemoryError, RecursionError) as error:
        column = getattr(error, "offset", None) or 1
        raise FormulaError(Refusal("formula_syntax", column=column)) from error
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_NODES:
        raise FormulaError(Refusal("formula_length", most=LONGEST))
    named = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    quoted = {id(one) for node in nodes if isinstance(node, ast.Call) for one in _quoted(node)}
    for node in nodes:
        _look(node, named, quoted)
    return tree


def _look(node: ast.AST, named: set[int], quoted: set[int]) -> None:
    """Raises FormulaError: something that formulas do not know."""
    if not isinstance(node, _NODES):
        raise FormulaError(Refusal("formula_unknown", name=type(node).__name__))
    if isinstance(node, ast.Call):
        _look_at_call(node)
    elif isinstance(node, ast.Name) and id(node) not in named:
        _look_at_name(node)
    elif isinstance(node, ast.Constant) and id(node) not in quoted:
        _look_at_number(node)


def _look_at_name(node: ast.Name) -> None:
    if not _NAME.fullmatch(node.id) or node.id in _FUNCTIONS:
        raise FormulaError(Refusal("formula_name", name=node.id))


def _look_at_number(node: ast.Constant) -> None:
    if isinstance(node.value, bool) or not isinstance(node.value, (int, float)):
        raise FormulaError(Refusal("formula_unknown", name=repr(node.value)[:40]))
    if not is_fit(_literal(node.value)):
        raise FormulaError(Refusal("unfit_number", value=repr(node.value)[:40]))


def _look_at_call(node: ast.Call) -> None:
    name = node.func.id if isinstance(node.func, ast.Name) else "?"
    if name not in _FUNCTIONS:
        raise FormulaError(Refusal("formula_function", name=name, known=", ".join(_FUNCTIONS)))
    fewest, most = _FUNCTIONS[name]
    if node.keywords or not fewest <= len(node.args) <= most:
        raise FormulaError(Refusal("formula_arguments", name=name, fewest=fewest, most=most))
    if name in {"v", "has"} and not _quoted(node):
        raise FormulaError(Refusal("formula_quoted", name=name))
    if name == "round_half_even" and len(node.args) > 1:
        places = node.args[1]
        whole = isinstance(places, ast.Constant) and type(places.value) is int
        if not whole or not 0 <= places.value <= MOST_PLACES:  # type: ignore[attr-defined]
            raise FormulaError(Refusal("formula_places", most=MOST_PLACES))


def _quoted(node: ast.Call) -> list[ast.Constant]:
    """The code in `v("…")` and `has("…")`."""
    if not isinstance(node.func, ast.Name) or node.func.id not in {"v", "has"} or not node.args:
        return []
    first = node.args[0]
    is_code = isinstance(first, ast.Constant) and isinstance(first.value, str)
    return [first] if is_code and first.value.strip() else []  # type: ignore[attr-defined,list-item]


def _codes(tree: ast.expr, *, optional: bool) -> Iterator[str]:
    functions = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and id(node) not in functions:
            yield node.id
        if isinstance(node, ast.Call) and (quoted := _quoted(node)):
            is_needed = len(node.args) == 1 and getattr(node.func, "id", "") == "v"
            if optional or is_needed:
                yield str(quoted[0].value)


def _literal(value: float) -> Decimal:
    """The decimal that was written: a float keeps its shortest text."""
    return Decimal(repr(value))


class _Exact(ast.NodeTransformer):
    """Decimals for numbers, and `when` so that only one branch is worked out."""

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, (int, float)):
            exact: Any = _literal(node.value)
            return ast.copy_location(ast.Constant(exact), node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.func, ast.Name) and node.func.id == "when":
            test, body, otherwise = node.args
            return ast.copy_location(ast.IfExp(test=test, body=body, orelse=otherwise), node)
        return node


class _Evaluator(SimpleEval):  # type: ignore[misc]  # it has no types
    """simpleeval with the nodes of formulas alone."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.nodes: dict[Any, Any] = {one: do for one, do in self.nodes.items() if one in _NODES}


def _evaluator(value: Lookup) -> Any:
    def needed(code: str, default: Decimal | None = None) -> Decimal:
        found = value(code)
        if found is None and default is None:
            raise NoFigureError(code)
        return found if found is not None else default  # type: ignore[return-value]

    functions = {
        "min": min, "max": max, "abs": abs, "round_half_even": _round,
        "v": needed, "has": lambda code: value(code) is not None,
    }  # fmt: skip
    return _Evaluator(operators=_OPERATORS, functions=functions, names=lambda node: needed(node.id))


def _round(value: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    return rounded(value, int(places))


def _decimal(value: Any) -> Decimal:
    if isinstance(value, int):  # has("x"), a comparison
        return Decimal(value)
    if not isinstance(value, Decimal):
        raise TypeError(value)
    return value
