"""What targets, periods and lights are called on pages and papers."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from django.utils.dates import MONTHS_3
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import pgettext, pgettext_lazy

from jiulong.rounding import rounded
from jiulong.rounding import text as plain
from jiulong.scorecards.aiming import MET, NEAR, OVER, Judged
from jiulong.scorecards.computing import language
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Indicator, Sheet, Target

#: Light of a target line → its word.
LIGHTS: Final[dict[str, str | Promise]] = {
    "met": pgettext_lazy("target", "On course"),
    "near": pgettext_lazy("target", "Behind"),
    "over": pgettext_lazy("target", "Far behind"),
    "none": pgettext_lazy("target", "No value"),
}
SHEET_LIGHTS: Final = {
    Sheet.State.DRAFT: "near", Sheet.State.SUBMITTED: "told", Sheet.State.RETURNED: "over",
    Sheet.State.SIGNED: "met", Sheet.State.LOCKED: "met",
}  # fmt: skip
ACTS: Final[dict[str, str | Promise]] = {
    "ask_cause": pgettext_lazy("act", "Ask for cause and measures"),
    "compute_values": pgettext_lazy("act", "Compute figures"),
    "lock_sheet": pgettext_lazy("act", "Lock a sheet"),
    "open_sheet": pgettext_lazy("act", "Open a sheet"),
    "return_sheet": pgettext_lazy("act", "Return a sheet"),
    "revise_observation": pgettext_lazy("act", "Revise a figure"),
    "set_target": pgettext_lazy("act", "Set a target"),
    "sign_sheet": pgettext_lazy("act", "Sign a sheet off"),
    "submit_sheet": pgettext_lazy("act", "Submit a sheet"),
}


def figure(value: Decimal | None, row: Indicator) -> str:
    """A value with the indicator's decimals; a dash where there is none."""
    return "—" if value is None else f"{rounded(value, row.decimals):,f}"


def in_unit(value: Decimal | None, row: Indicator) -> str:
    """A value with its unit."""
    if value is None:
        return "—"
    told = figure(value, row)
    return f"{told}%" if row.measure == "%" else f"{told} {row.measure}".strip()


def target_words(target: Target) -> str:
    """`增长7.5%左右`: as it was published, or made from the number."""
    if target.words:
        return target.words
    if target.value is None:
        return _t("complete the year's task")
    number = plain(target.value.normalize())
    unit = target.indicator.measure
    amount = f"{number}%" if unit == "%" else f"{number} {unit}".strip()
    if target.indicator.kind == Indicator.Kind.GROWTH:
        amount = _t("growth of %(amount)s") % {"amount": amount}
    shapes = {
        "about": pgettext("target", "about %(amount)s"),
        "at_least": pgettext("target", "at least %(amount)s"),
        "at_most": pgettext("target", "at most %(amount)s"),
    }
    return shapes.get(target.tolerance, "%(amount)s") % {"amount": amount}


def period_words(period: str, *, cumulative: bool = False) -> str:
    """`January–March 2026` for a cumulative value, `March 2026` for one of its own."""
    year, first, last = periods.parse(period)
    if first == 1 and last == 12:
        return pgettext("period", "%(year)s") % {"year": year}
    if cumulative and last > 1:
        told = pgettext("period", "Jan–%(month)s %(year)s")
        return told % {"year": year, "month": _month(last)}
    frequency = periods.parse(period).frequency
    number = (last - 1) // (last - first + 1) + 1
    shapes = {
        "month": pgettext("period", "%(month)s %(year)s"),
        "quarter": pgettext("period", "quarter %(n)s of %(year)s"),
        "half": pgettext("period", "half %(n)s of %(year)s"),
    }
    return shapes[frequency] % {"year": year, "n": number, "month": _month(last)}


def _month(month: int) -> str:
    """`Oct`, in Chinese `10` (the sentence adds 月)."""
    return str(MONTHS_3[month]).title() if language() == "en" else str(month)


def why(judged: Judged, row: Indicator) -> str:
    """Why the light is what it is, in one sentence."""
    if judged.expected is None or judged.behind is None:
        return _t("There is no value yet.")
    unit = _t("points") if row.kind == Indicator.Kind.GROWTH else row.measure
    data = {
        "behind": f"{figure(abs(judged.behind), row)} {unit}".strip(),
        "expected": in_unit(judged.expected.best, row),
        "width": f"{figure(judged.width, row)} {unit}".strip(),
    }
    if judged.behind <= 0:
        return _t("%(behind)s ahead of the %(expected)s expected to date.") % data
    if judged.light == MET:
        told = _t("%(behind)s below the %(expected)s expected, within the %(width)s of “about”.")
        return told % data
    return _t("%(behind)s short of the %(expected)s expected to date.") % data


def rest(judged: Judged, row: Indicator, level: Indicator | None = None) -> str:
    """What the rest of the year must bring."""
    told = judged.required
    if told is None:
        return ""
    if told.reached:
        return _t("The year's target is reached.")
    growth = None if told.growth is None else f"{rounded(told.growth, 1):+f}%"
    if level is not None:
        data = {"growth": growth, "amount": in_unit(told.rest, level)}
        return _t("The rest of the year must bring %(amount)s, %(growth)s.") % data
    if row.kind == Indicator.Kind.GROWTH:
        plain_growth = (growth or "").removeprefix("+")
        return _t("The rest of the year must come to %(growth)s.") % {"growth": plain_growth}
    data = {"amount": in_unit(told.rest, row), "growth": growth}
    if growth is None or judged.by_time:
        return _t("Still to come: %(amount)s.") % data
    return _t("Still to come: %(amount)s, %(growth)s against the same months of last year.") % data


__all__ = ["LIGHTS", "MET", "NEAR", "OVER", "figure", "in_unit", "period_words", "target_words"]
