"""Target lines: what a subject promised for a year, what came of it, and how it stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Q, QuerySet

from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, reach, require
from jiulong.scorecards.aiming import Judged, judge
from jiulong.scorecards.computing import names_in
from jiulong.scorecards.dating import of_year, over
from jiulong.scorecards.engine import periods
from jiulong.scorecards.engine.expectation import required_rest
from jiulong.scorecards.models import Indicator, Subject, Target
from jiulong.scorecards.queries.values import Value, values
from jiulong.scorecards.sheeting import name_of
from jiulong.scorecards.standing_rules import CLOSED_KINDS


@dataclass(frozen=True, slots=True)
class Point:
    """A value of the year: the month with which its period ends."""

    month: int
    period: str
    value: Value


@dataclass(slots=True)
class AimLine:
    """One target of a year and how it stands."""

    indicator: Indicator
    subject: Subject
    target: Target
    points: Sequence[Point] = ()
    last_year: Mapping[int, Decimal] = field(default_factory=dict)
    judged: Judged = field(default_factory=lambda: Judged("none"))
    #: The amounts behind a rate, where the rest was reckoned from them.
    level: Indicator | None = None

    @property
    def name(self) -> str:
        return name_of(self.indicator)

    @property
    def latest(self) -> Point | None:
        return self.points[-1] if self.points else None


def visible_subjects(viewer: Viewer) -> QuerySet[Subject]:
    """Whom the viewer may see: units, zones, parks and projects; firms where they are in charge."""
    held = reach(viewer, "see_scores")
    rows = Subject.objects.filter(retired_at=None)
    if not held:
        return rows.none()
    if held.everything:
        return rows
    return rows.filter(~Q(kind__in=CLOSED_KINDS) | Q(unit__in=held.units))


def whole() -> Subject | None:
    """The district itself."""
    rows = Subject.objects.filter(unit__kind=Unit.Kind.DISTRICT, retired_at=None)
    return rows.order_by("pk").first()


def years() -> list[int]:
    """Years that have targets, the newest first."""
    found = Target.objects.filter(current=True).order_by().values_list("period", flat=True)
    return sorted({int(period[:4]) for period in found.distinct()}, reverse=True)


def all_of(year: int) -> list[str]:
    """Every period within a year."""
    return [one for every in ("month", "quarter", "half", "year") for one in of_year(year, every)]


def aim_lines(
    viewer: Viewer, subjects: Collection[Subject], year: int, on: date, period: str = ""
) -> list[AimLine]:
    """The targets of a year (or of `period` within it) as they stand on a day; two queries.

    Raises:
        PermissionDenied: the viewer may see no figures.
    """
    require(viewer, "see_scores")
    return lines_of(subjects, year, on, period)


def lines_of(subjects: Collection[Subject], year: int, on: date, period: str = "") -> list[AimLine]:
    """Likewise, for the system itself."""
    rows = Target.objects.filter(
        current=True, period=period or str(year), subject__in=subjects,
        indicator__retired_at=None,
    ).select_related("indicator__owner", "subject__unit")  # fmt: skip
    targets = list(rows.order_by("indicator__position", "indicator__code", "subject__code"))
    levels = levels_of([row.indicator for row in targets])
    wanted = [(row.indicator, row.subject_id) for row in targets]
    series = _series(wanted, levels, year, on)
    return [_line(row, series, year, period, levels.get(row.indicator_id)) for row in targets]


def levels_of(rows: Collection[Indicator]) -> dict[int, Indicator]:
    """The level behind a rate: a growth whose formula names `x` and `x@base` has the level `x`."""
    named = {}
    for row in rows:
        names = names_in(row.formula) if row.formula and row.kind == Indicator.Kind.GROWTH else ()
        plain = [name for name in names if "@" not in name]
        if len(plain) == 1 and set(names) == {plain[0], f"{plain[0]}@base"}:
            named[row.pk] = plain[0]
    if not named:
        return {}
    known = {row.code: row for row in Indicator.objects.filter(code__in=named.values())}
    return {pk: known[code] for pk, code in named.items() if code in known}


#: (indicator's id, subject's id) → period → companion → value.
Series = Mapping[tuple[int, int], Mapping[tuple[str, str], Value]]


def _series(
    wanted: Sequence[tuple[Indicator, int]], levels: Mapping[int, Indicator], year: int, on: date
) -> Series:
    spans = [one for one in all_of(year) if over(one, on)] + all_of(year - 1)
    rows = {row.pk for row, _subject in wanted} | {row.pk for row in levels.values()}
    found = values(rows, {one for _row, one in wanted}, spans)
    series: dict[tuple[int, int], dict[tuple[str, str], Value]] = defaultdict(dict)
    for (indicator, subject, period, companion), value in found.items():
        series[indicator, subject][period, companion] = value
    return series


def _line(
    target: Target, series: Series, year: int, period: str, level: Indicator | None
) -> AimLine:
    row = target.indicator
    known = series.get((row.pk, target.subject_id), {})
    points = _points(known, row, year)
    if period:
        points = [one for one in points if periods.parse(one.period).last
                  <= periods.parse(period).last]  # fmt: skip
    line = AimLine(row, target.subject, target, points, last_year_of(known, row, year))
    latest = line.latest
    if latest is not None:
        month = latest.month if not period else 12 * latest.month // periods.parse(period).last
        before = line.last_year if not period else {}
        line.judged = judge(row, target, latest.value.value, month, before)
        if level is not None and not period and line.judged.required is not None:
            _from_level(line, level, series, year)
    return line


def _from_level(line: AimLine, level: Indicator, series: Series, year: int) -> None:
    """What the rest must bring, from the amounts behind the rate rather than by even months."""
    known = series.get((level.pk, line.subject.pk), {})
    points, before = _points(known, level, year), last_year_of(known, level, year)
    month = line.judged.month
    now = next((one.value.value for one in points if one.month == month), None)
    base, whole = before.get(month), before.get(12)
    if None in {now, base, whole} or month >= 12 or line.target.value is None:
        return
    assert now is not None and base is not None and whole is not None  # noqa: PT018, S101
    told = required_rest(
        line.target.value, kind="growth", cumulative=now, base_year=whole, base_cumulative=base
    )
    line.judged = replace(line.judged, required=told, by_time=False)
    line.level = level


def _points(known: Mapping[tuple[str, str], Value], row: Indicator, year: int) -> list[Point]:
    """The values of the indicator's own frequency in a year, in order of time."""
    found = []
    for (period, companion), value in known.items():
        parsed = periods.parse(period)
        if parsed.year == year and not companion and parsed.frequency == row.every:
            found.append(Point(parsed.last, period, value))
    return sorted(found, key=lambda point: point.month)


def last_year_of(
    known: Mapping[tuple[str, str], Value], row: Indicator, year: int
) -> dict[int, Decimal]:
    """Month → value of the year before, on a comparable basis where one was given."""
    found = {one.month: one.value.value for one in _points(known, row, year - 1)}
    for (period, companion), value in known.items():
        parsed = periods.parse(period)
        if companion == "base" and parsed.year == year and parsed.frequency == row.every:
            found[parsed.last] = value.value
    return found
