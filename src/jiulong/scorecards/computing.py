"""Formulas over indicators: what they name, and that none goes in a circle. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from django.utils.translation import get_language


def language() -> str:
    """The engine's word for the language that is spoken."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def names_in(formula: str) -> set[str]:
    """The indicators that a formula names, with their companions: `gdp`, `gdp@target`.

    Raises:
        ValueError: it is no expression; in words.
    """
    from jiulong.scorecards.engine.formulas import FormulaError, compiled  # noqa: PLC0415

    try:
        return set(compiled(formula).names)
    except FormulaError as error:
        raise ValueError(error.refusal.text(language())) from error


def circle(start: str, uses: Mapping[str, Collection[str]]) -> list[str]:
    """A way from an indicator back to itself; empty when there is none."""
    trail: list[str] = []

    def back(code: str) -> bool:
        if code in trail:
            return code == start
        trail.append(code)
        if any(back(name.partition("@")[0]) for name in sorted(uses.get(code, ()))):
            return True
        trail.pop()
        return False

    return [*trail, start] if back(start) else []
