"""The evidence of a finding in words: every key of `Finding.detail` with a label and a form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring.models import Factor, Finding, Period
from jiulong.monitoring.words import factor_name
from jiulong.pages import words

Show = Callable[[Any], Any]


def _clock(text: str) -> Any:
    return words.clock(datetime.fromisoformat(text), seconds=True)


def _span(seconds: float) -> str:
    return words.span(timedelta(seconds=seconds))


#: rule → (key of the detail, label, how it is shown), in the order of reading.
FACTS: Final[dict[str, tuple[tuple[str, str | Promise, Show], ...]]] = {
    "hour_exceedance": (
        ("count", _("Hours outside the limit"), words.number),
        ("worst_at", _("Worst at"), _clock),
    ),
    "instant_exceedance": (
        ("count", _("Values outside the limit"), words.number),
        ("worst_at", _("Worst at"), _clock),
    ),
    "offline": (("seconds", _("Silent for"), _span),),
    "missing": (
        ("hours", _("Incomplete hours"), words.number),
        ("expected", _("Readings expected"), words.number),
        ("received", _("Readings received"), words.number),
        ("filled_at", _("Complete since"), _clock),
    ),
    "late": (
        ("count", _("Late frames"), words.number),
        ("delay_s", _("Longest delay"), _span),
        ("received_from", _("First of them received"), _clock),
    ),
    "discrepancy": (("count", _("Contradicting frames"), words.number),),
}
#: Shown in a form of their own, or the judge's own bookkeeping.
ELSEWHERE: Final = frozenset({"examples", "batch"})


def facts(finding: Finding) -> list[tuple[str | Promise, Any]]:
    """Label and value of everything in the detail; what a newer rule adds keeps its key."""
    known = FACTS.get(finding.rule, ())
    told = [
        (label, _shown(show, finding.detail[key]))
        for key, label, show in known
        if finding.detail.get(key) is not None
    ]
    rest = finding.detail.keys() - {key for key, _label, _show in known} - ELSEWHERE
    return [*told, *((key, str(finding.detail[key])) for key in sorted(rest))]


def _shown(show: Show, value: Any) -> Any:
    try:
        return show(value)
    except (TypeError, ValueError, ArithmeticError):  # an older rule wrote something else
        return str(value)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Two frames about one moment: where they stand, and each value in which they differ."""

    at: datetime
    period: str | Promise
    kept: tuple[int, int]
    other: tuple[int, int]
    values: list[tuple[str, str, float | None, float | None]]


def contradictions(finding: Finding) -> list[Contradiction]:
    """The examples of a discrepancy, factors by name, means before extremes."""
    examples = finding.detail.get("examples", [])
    codes = {key.split("-")[0] for example in examples for key in example["differences"]}
    named = {factor.code: factor for factor in Factor.objects.filter(code__in=codes)}
    return [
        Contradiction(
            at=datetime.fromisoformat(example["at"]),
            period=Period[example["period"].upper()].label,
            kept=tuple(example["kept"]),
            other=tuple(example["other"]),
            values=list(_differences(example["differences"], named)),
        )
        for example in examples
    ]


def _differences(
    told: dict[str, list[float | None]], named: dict[str, Factor]
) -> Iterable[tuple[str, str, float | None, float | None]]:
    for key in sorted(told, key=lambda key: ("-" in key, key)):
        code, _dash, attribute = key.partition("-")
        name = factor_name(named[code]) if code in named else code
        yield name, attribute, told[key][0], told[key][1]
