"""`{% load validity %}`: words for the codes of statistics, and means with their decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from jiulong.pages import lights
from jiulong.pages.words import MISSING
from jiulong.rounding import text
from jiulong.validity import words
from jiulong.validity.engine.rules import RULE_SETS, RuleSet
from jiulong.validity.models import DayStatistic, MonthStatistic, Revision
from jiulong.validity.queries import DayCell
from jiulong.validity.views import as_causes, change

register = template.Library()

register.filter("reason_name", words.reason)
register.filter("method_name", words.method)
register.filter("column_name", words.column)
register.filter("reference_address", words.address)
register.filter("cause_name", words.cause)
register.filter("hours", words.hours)
register.filter("causes", as_causes)


def _rules(code: str) -> RuleSet:
    """How many decimals are shown is the same in all rule sets of packs but for a code or two."""
    return RULE_SETS.get(code) or next(iter(RULE_SETS.values()))


@register.simple_tag
def mean(row: DayStatistic | MonthStatistic) -> str:
    """A mean with the decimals of its factor, half to even."""
    if row.mean is None:
        return MISSING
    return _rules(row.rule).shown_mean(row.factor.code, row.mean)


@register.simple_tag
def judged(cell: DayCell) -> SafeString | str:
    """A mean, with the light of its limit where it is near or over it."""
    shown = mean(cell.day)
    if cell.standing not in {"near", "over"}:
        return shown
    word = lights.LIGHTS[cell.standing][1]
    hidden = format_html('<span class="visually-hidden">{}</span>', word)
    return lights.light(cell.standing, format_html("{} {}", shown, hidden))


@register.simple_tag
def kilograms(row: DayStatistic | MonthStatistic) -> str:
    """A load in kg with the decimals of its factor."""
    if row.load_kg is None:
        return MISSING
    return _rules(row.rule).shown_load(row.factor.code, row.load_kg)


@register.filter
def plainly(value: Decimal | None) -> str:
    """An exact number without idle zeros."""
    return MISSING if value is None else text(value.normalize())


@register.filter
def changes(row: Revision) -> list[tuple[str, Any, Any]]:
    """What a revision changed: column, before and after, in the order of the table."""
    return [
        (words.column(name), change(name, row.before[name]), change(name, row.after[name]))
        for name in words.COLUMNS
        if name in row.after
    ]


@register.filter
def reasons_of(row: Any) -> str:
    """The reasons of a day in words."""
    return words.reasons(row.reasons)
