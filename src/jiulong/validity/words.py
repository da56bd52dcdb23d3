"""What the codes of statistics are called, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.pages.words import figure

#: Why an hour does not count, and why a day has no mean or load of its own.
REASONS: Final[Mapping[str, Promise]] = {
    "flow_zero": _("No flow"),
    "flag": _("Data flag"),
    "qc": _("Check failed"),
    "mark": pgettext_lazy("why data do not count", "Marked"),
    "disagreement": _("Values disagree"),
    "missing": _("Not received"),
    "too_few": _("Too few valid hours"),
    "no_discharge": _("No discharge"),
    "substituted": _("Load stands in"),
    "manual": _("Manual data"),
    "flow_unknown": _("Flow not known"),
    "flow_incomplete": _("Flow not known of all hours"),
    "load_incomplete": _("Days without a load"),
}
METHODS: Final[Mapping[str, Promise]] = {
    "weighted": _("weighted by flow"),
    "arithmetic": _("arithmetic mean"),
    "sum": pgettext_lazy("method of a statistic", "sum"),
    "manual": _("manual data"),
}
CAUSES: Final[Mapping[str, Promise]] = {
    "readings": _("Readings came later"),
    "ended": _("The day ended"),
    "substitution": _("A load that stood in changed"),
    "rules": _("Computed anew"),
    "upkeep.mark": pgettext_lazy("cause of a revision", "Mark"),
    "upkeep.qctest": _("Quality control"),
    "upkeep.manualdatum": _("Manual data"),
    "monitoring.discrepancy": _("Frames contradict each other"),
}
COLUMNS: Final[Mapping[str, Promise]] = {
    "valid": _("Valid"),
    "over": _("Day over"),
    "substituted": _("Load stands in"),
    "deviates": _("Logger's arithmetic deviates"),
    "n_expected": _("Hours expected"),
    "n_valid": _("Valid hours"),
    "valid_hours": _("Hours that count"),
    "made_hours": _("Hours made from minutes"),
    "mean": _("Mean"),
    "ratio": _("Valid share"),
    "flow_m3": _("Flow (m³)"),
    "load_kg": _("Load (kg)"),
    "sent_mean": _("Mean the logger sent"),
    "method": _("Method"),
    "sent_method": _("Method of the logger"),
    "rule": _("Rule set"),
    "invalid": _("Hours that do not count"),
    "reasons": _("Reasons"),
}

#: Where what a cause refers to can be looked at.
_PAGES: Final[Mapping[str, str]] = {
    "upkeep.mark": "upkeep:mark",
    "upkeep.qctest": "upkeep:check",
}


def reason(code: str) -> str:
    """Why something does not count; an unknown reason is its own name."""
    return str(REASONS.get(code, code))


def reasons(codes: list[str]) -> str:
    """Several of them."""
    return " · ".join(map(reason, codes))


def method(code: str) -> str:
    """How a mean was formed."""
    return str(METHODS.get(code, code))


def cause(reference: str) -> str:
    """What led to a computation: `upkeep.mark/17` is "Mark 17"."""
    kind, _slash, number = reference.partition("/")
    return f"{CAUSES.get(kind, kind)} {number}".strip()


def address(reference: str) -> str:
    """The page of what a reference names, or nothing."""
    kind, _slash, number = reference.partition("/")
    page = _PAGES.get(kind)
    return reverse(page, args=[int(number)]) if page and number.isdecimal() else ""


def column(name: str) -> str:
    """A column of a statistic."""
    return str(COLUMNS.get(name, name))


def hours(bits: int) -> str:
    """Bits of hours as spans: `0–3, 17`."""
    found: list[str] = []
    start: int | None = None
    for hour in range(25):
        there = hour < 24 and bits >> hour & 1
        if there and start is None:
            start = hour
        elif not there and start is not None:
            found.append(str(start) if hour - start == 1 else f"{start}–{hour - 1}")
            start = None
    return ", ".join(found)


def _of_bits(value: Any) -> str:
    return hours(int(value)) or "—"


def _of_reasons(value: Any) -> str:
    return "; ".join(f"{reason(code)}: {hours(bits)}" for code, bits in value.items()) or "—"


_SHOWN: Final[Mapping[str, Callable[[Any], str]]] = {
    "valid_hours": _of_bits,
    "made_hours": _of_bits,
    "invalid": _of_reasons,
    "reasons": lambda value: reasons(value) or "—",
    "method": method,
    "sent_method": lambda value: method(value) if value else "—",
}


def short(text: str) -> str:
    """A number as a revision keeps it, to four significant digits; other text as it is."""
    try:
        return figure(Decimal(text))
    except InvalidOperation:
        return text


def shown(name: str, value: Any) -> Any:
    """A column's value as a revision kept it, to read; numbers and truths stay what they are."""
    return _SHOWN[name](value) if name in _SHOWN else value
