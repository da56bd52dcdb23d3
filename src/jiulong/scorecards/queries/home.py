"""The district's target lines in short, for the home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.urls import reverse

from jiulong.organisation.rules import Viewer, may
from jiulong.rounding import rounded
from jiulong.scorecards.models import Indicator
from jiulong.scorecards.queries.lines import AimLine, aim_lines, whole
from jiulong.scorecards.words import target_words


@dataclass(frozen=True, slots=True)
class Summary:
    """One line: `value` and `expected` in `measure` (growth: percent); None: not known yet."""

    indicator: Indicator
    name: str
    words: str
    measure: str
    value: Decimal | None
    period: str
    expected: Decimal | None
    light: str
    href: str


def summary(viewer: Viewer, on: date) -> list[Summary]:
    """Each of the district's target lines of the year; empty for who may not see figures."""
    subject = whole()
    if subject is None or not may(viewer, "see_scores"):
        return []
    return [
        Summary(
            indicator=line.indicator, name=line.name, words=target_words(line.target),
            measure=line.indicator.measure,
            value=line.latest.value.value if line.latest else None,
            period=line.latest.period if line.latest else "",
            expected=_expected(line),
            light=line.judged.light,
            href=reverse("scorecards:indicator", args=[line.indicator.code]) + f"?year={on.year}",
        )
        for line in aim_lines(viewer, [subject], on.year, on)
    ]  # fmt: skip


def _expected(line: AimLine) -> Decimal | None:
    """With the indicator's decimals, as its values are shown."""
    told = line.judged.expected
    return rounded(told.best, line.indicator.decimals) if told else None
