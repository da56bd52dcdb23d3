"""All that a standing is reckoned from, as rows of the engine: values, targets, facts, judges."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from pydantic import BaseModel

from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.formulas import Formula
from jiulong.scorecards.engine.observations import MEMBER, Row
from jiulong.scorecards.engine.schemes import Scheme
from jiulong.scorecards.models import Adjustment, JudgeScore, Panel
from jiulong.scorecards.queries import engine_rows
from jiulong.scorecards.standing_specs import members
from jiulong.scorecards.standing_trees import row_of

#: Subject's id → (code, group).
Members = Mapping[int, tuple[str, str]]


class Need(NamedTuple):
    """Indicators that are read alike, and the periods in which they are."""

    indicators: frozenset[str]
    periods: frozenset[str]


def gather(scheme: Scheme, period: str) -> list[Row]:
    """Every row that the scheme could look at for the period, in a fixed order.

    The order does not matter to the engine; it makes the digest of the rows one.
    """
    who = members(scheme, period)
    rows = [Row(code, group, MEMBER, period, Decimal(1)) for code, group in who.values()]
    for need in needs(scheme, period):
        rows += engine_rows(subjects=who, indicators=need.indicators, periods=need.periods)
    rows += _facts(scheme, who, period)
    rows += _judged(scheme, who, period)
    unique = {row[:4]: row for row in rows}
    return [unique[key] for key in sorted(unique)]


def needs(scheme: Scheme, period: str) -> list[Need]:
    """Which indicators in which periods; a rule that asks for less costs less.

    A rule reads the period and what ends with it; targets hold for longer periods around; growth
    looks a year back; `latest`, `sum` and `mean` look at the year so far.
    """
    near = {period, *periods.ending_with(period)}
    found: dict[frozenset[str], set[str]] = {}
    for _contest, criterion, _path in scheme.criteria():
        codes = {*criterion.rule.indicators(), *_named(criterion.rule)}
        if not codes:
            continue
        rule = json.dumps(criterion.rule.model_dump(mode="json", by_alias=True))
        wanted = set(near)
        if any(f'"take": "{take}"' in rule for take in ("latest", "sum", "mean")):
            wanted |= so_far(period)
        if any(word in rule for word in ("growth", '"change"', "base")):
            wanted |= {periods.year_before(one) for one in wanted}
        for companion in ("target", "expected"):
            # A measure of completion is against the target where it does not say.
            if f'"{companion}"' in rule or (companion == "target" and '"completion"' in rule):
                codes |= {f"{code}@{companion}" for code in codes if "@" not in code}
        if any(code.endswith("@target") for code in codes):
            wanted |= set(periods.enclosing(period))
        found.setdefault(frozenset(wanted), set()).update(codes)
    breaks = {one.of for one in scheme.ties.by if one.of not in _keys(scheme)}
    if breaks:
        found.setdefault(frozenset(near), set()).update(breaks)
    return [Need(frozenset(codes), span) for span, codes in found.items()]


def _named(part: object) -> Iterator[str]:
    """Codes in formulas, those without which there is a result as well: `v("award", 0)`."""
    if isinstance(part, Formula):
        yield from part.names
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            yield from _named(getattr(part, name))
    elif isinstance(part, tuple):
        for one in part:
            yield from _named(one)


def _keys(scheme: Scheme) -> set[str]:
    contests = {contest.key for contest in scheme.contests}
    return contests | {one.key for _contest, one, _path in scheme.criteria()}


def so_far(period: str) -> set[str]:
    """Every period of the year that ends no later."""
    year = period[:4]
    all_of = [
        *(f"{year}-{month:02}" for month in range(1, 13)),
        *(f"{year}Q{quarter}" for quarter in range(1, 5)), f"{year}H1", f"{year}H2", year,
    ]  # fmt: skip
    return set(periods.to_date(period, all_of))


def fact_periods(period: str) -> set[str]:
    """Of which periods facts may count: the year so far, and the longer ones around."""
    return {*so_far(period), *periods.enclosing(period)}


def _facts(scheme: Scheme, who: Members, period: str) -> Iterator[Row]:
    """Confirmed adjustments of the year so far; several of one kind in a period are one row."""
    found: dict[tuple[int, str, str], list[tuple[Decimal, int]]] = {}
    rows = Adjustment.objects.filter(
        scheme=scheme.code, period__in=fact_periods(period), subject__in=who.keys(),
        confirmed_at__isnull=False, withdrawn_at=None,
    ).order_by("pk")  # fmt: skip
    for one in rows.values_list("subject_id", "criterion", "period", "amount", "pk"):
        found.setdefault(one[:3], []).append(one[3:])
    for (subject, fact, at), parts in found.items():
        total = sum((amount for amount, _pk in parts), Decimal(0))
        refs = " ".join(f"scorecards.adjustment/{pk}" for _amount, pk in parts)
        yield Row(*who[subject], fact, at, total, refs)


def _judged(scheme: Scheme, who: Members, period: str) -> Iterator[Row]:
    """What judges of closed panels gave, each judge by a number: judging stays blind."""
    panels = Panel.objects.filter(
        scheme=scheme.code, period__in={period, *periods.ending_with(period)},
        closed_at__isnull=False,
    )  # fmt: skip
    rows = (
        JudgeScore.objects.filter(
            assignment__panel__in=panels, assignment__conflict="", current=True,
            assignment__subject__in=who.keys(),
        )
        .order_by("assignment__panel", "assignment__judge")
        .values_list(
            "assignment__panel", "assignment__panel__criterion", "assignment__panel__period",
            "assignment__judge", "assignment__subject", "value", "pk",
        )
    )  # fmt: skip
    numbers: dict[tuple[int, int], int] = {}
    seen: dict[int, int] = {}
    for panel, criterion, at, judge, subject, value, pk in rows:
        if (panel, judge) not in numbers:
            seen[panel] = seen.get(panel, 0) + 1
            numbers[panel, judge] = seen[panel]
        number = numbers[panel, judge]
        yield Row(*who[subject], f"judging@{criterion}#{number}", at, value,
                  f"scorecards.judgescore/{pk}")  # fmt: skip


def restored(kept: Iterable[list[Any]]) -> list[Row]:
    """Rows as a standing keeps them."""
    return [row_of(one) for one in kept]
