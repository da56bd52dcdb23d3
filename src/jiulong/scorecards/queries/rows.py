"""Values and targets as rows of the engine: all that a standing is reckoned from."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import NamedTuple

from jiulong.scorecards.engine import periods as period_of
from jiulong.scorecards.engine.observations import Row
from jiulong.scorecards.expecting import Course, to_date
from jiulong.scorecards.models import Indicator, Observation, Target


class _Wanted(NamedTuple):
    codes: frozenset[str]  # without their companions
    targets: frozenset[str]
    expected: frozenset[str]


def _wanted(indicators: Collection[str]) -> _Wanted:
    split = [name.partition("@") for name in indicators]
    return _Wanted(
        frozenset(code for code, _at, _companion in split),
        frozenset(code for code, _at, companion in split if companion == "target"),
        frozenset(code for code, _at, companion in split if companion == "expected"),
    )


def engine_rows(
    *,
    subjects: Mapping[int, tuple[str, str]],
    indicators: Collection[str],
    periods: Collection[str] | None,
) -> list[Row]:
    """Current values, bases, targets and expectations as rows; two queries.

    Args:
        subjects: id → (code, group).
        indicators: the engine's names; `gdp` brings `gdp@base` along, `gdp@target` and
            `gdp@expected` are asked for.
        periods: which; None: all there are. Give those of the year before as well where a rule
            looks at growth, and `2024` for the targets of a year.

    Returns:
        Rows with `ref` "scorecards.observation/12" or "scorecards.target/7". The system's own
        code asks; viewers see what comes of it.
    """
    wanted = _wanted(indicators)
    rows = _observed(subjects, wanted.codes, periods)
    if wanted.targets or wanted.expected:
        targets = _targets(subjects, wanted.targets | wanted.expected, periods)
        rows += [row for row in targets if row.indicator.partition("@")[0] in wanted.targets]
        rows += _expected(subjects, targets, wanted.expected, periods)
    return rows


def _observed(
    subjects: Mapping[int, tuple[str, str]], codes: Collection[str], wanted: Collection[str] | None
) -> list[Row]:
    found = Observation.objects.filter(
        current=True, indicator__code__in=codes, subject__in=subjects.keys()
    ).order_by()
    if wanted is not None:
        found = found.filter(period__in=wanted)
    columns = ("subject_id", "indicator__code", "companion", "period", "value", "pk")
    return [
        Row(*subjects[subject], f"{code}@{companion}" if companion else code, period, value,
            f"scorecards.observation/{pk}")
        for subject, code, companion, period, value, pk in found.values_list(*columns)
    ]  # fmt: skip


def _targets(
    subjects: Mapping[int, tuple[str, str]], codes: Collection[str], wanted: Collection[str] | None
) -> list[Row]:
    found = Target.objects.filter(
        current=True, indicator__code__in=codes, subject__in=subjects.keys(), value__isnull=False
    ).order_by()
    if wanted is not None:
        around = {longer for period in wanted for longer in (period, *period_of.enclosing(period))}
        found = found.filter(period__in=around)
    columns = ("subject_id", "indicator__code", "period", "value", "pk")
    return [
        Row(*subjects[subject], f"{code}@target", period, value, f"scorecards.target/{pk}")
        for subject, code, period, value, pk in found.values_list(*columns)
    ]


def _expected(
    subjects: Mapping[int, tuple[str, str]], targets: Collection[Row], codes: Collection[str],
    wanted: Collection[str] | None,
) -> list[Row]:  # fmt: skip
    """What each target of a year lets expect at the end of each period within it."""
    if not codes or wanted is None:
        return []
    kinds = {row.code: row for row in Indicator.objects.filter(code__in=codes)}
    years = {period_of.year_before(row.period) for row in targets}
    past = _past(subjects, codes, years)
    found = []
    for row in targets:
        code = row.indicator.partition("@")[0]
        if code not in kinds or len(row.period) > 4:
            continue
        course = Course.of(kinds[code])
        known = past.get((row.subject, code, int(row.period) - 1), {})
        for period in wanted:
            if period != row.period and period_of.contains(row.period, period):
                told = to_date(course, row.value, period_of.parse(period).last, known)
                found.append(row._replace(indicator=f"{code}@expected", period=period,
                                          value=told.best))  # fmt: skip
    return found


def _past(
    subjects: Mapping[int, tuple[str, str]], codes: Collection[str], years: Collection[str]
) -> dict[tuple[str, str, int], dict[int, Decimal]]:
    """(subject, indicator, year) → month → value of the years before."""
    wanted = [f"{year}-{month:02}" for year in years for month in range(1, 13)]
    found: dict[tuple[str, str, int], dict[int, Decimal]] = {}
    for row in _observed(subjects, codes, wanted):
        if "@" not in row.indicator:
            key = (row.subject, row.indicator, int(row.period[:4]))
            found.setdefault(key, {})[int(row.period[5:])] = row.value
    return found
