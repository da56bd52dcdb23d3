"""`{% load validity %}`: words for the codes of statistics, and means with their decimals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import template

from jiulong.pages.words import MISSING
from jiulong.validity import words
from jiulong.validity.engine.numbers import text
from jiulong.validity.engine.rules import RULE_SETS, RuleSet
from jiulong.validity.models import DayStatistic, MonthStatistic
from jiulong.validity.views import as_causes, change

register = template.Library()

register.filter("reason_name", words.reason)
register.filter("method_name", words.method)
register.filter("column_name", words.column)
register.filter("reference_address", words.address)
register.filter("cause_name", words.cause)
register.filter("hours", words.hours)
register.filter("causes", as_causes)
register.simple_tag(change, name="change")


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
def reasons_of(row: Any) -> str:
    """The reasons of a day in words."""
    return words.reasons(row.reasons)
