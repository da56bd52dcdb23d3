"""What hourly and instantaneous exceedance share: from new readings to spells to findings.

A value that came late or out of order changes the runs around it: a run may start earlier, end
earlier or fall into two. So each touched run is worked out anew from its readings and compared
with the findings there are. Judging the same readings again changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Final

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from jiulong.monitoring import numbers, thresholds
from jiulong.monitoring.judgements.base import Rule, Window
from jiulong.monitoring.judgements.spells import Judged, Spell, spells
from jiulong.monitoring.models import Finding, Limit, Period

#: How far ahead a later value may stand to which a run reaches across silence.
NEXT_WITHIN: Final = timedelta(days=31)

#: The first usable value after each stretch: it ends the run, or belongs to it.
NEXT: Final = """
SELECT s.point, s.factor, n.at
FROM unnest(%(points)s::int[], %(factors)s::smallint[], %(lasts)s::timestamptz[])
     AS s(point, factor, last)
CROSS JOIN LATERAL (
    SELECT at FROM reading r, LATERAL (SELECT array_position(r.factors, s.factor)) AS f(i)
    WHERE r.point = s.point AND r.period = %(period)s
      AND r.at > s.last AND r.at <= s.last + %(within)s AND r.at <= r.received_at + %(ahead)s
      AND i IS NOT NULL AND r.values[i] IS NOT NULL AND substr(r.flags, i, 1) = ANY(%(marks)s)
    ORDER BY at LIMIT 1
) n
"""
#: Usable values outside their limit, and the first inside it after each run (or at the start).
#: float8 is turned into numeric by way of its shortest text, which is what was sent.
OUTSIDE: Final = """
WITH stretch AS (
    SELECT * FROM unnest(%(points)s::int[], %(factors)s::smallint[], %(firsts)s::timestamptz[],
                         %(lasts)s::timestamptz[], %(minima)s::numeric[], %(maxima)s::numeric[])
           AS s(point, factor, first, last, minimum, maximum)
), judged AS (
    SELECT s.point, s.factor, r.at, r.values[i] AS value, s.minimum, s.maximum,
           r.values[i]::text::numeric NOT BETWEEN coalesce(s.minimum, '-Infinity')
                                              AND coalesce(s.maximum, 'Infinity') AS outside
    FROM stretch s
    JOIN reading r ON r.point = s.point AND r.period = %(period)s
         AND r.at >= s.first AND r.at <= s.last AND r.at <= r.received_at + %(ahead)s
    CROSS JOIN LATERAL (SELECT array_position(r.factors, s.factor)) AS f(i)
    WHERE i IS NOT NULL AND r.values[i] IS NOT NULL AND r.values[i] <> 'NaN'
      AND substr(r.flags, i, 1) = ANY(%(marks)s)
), runs AS (
    SELECT *, lag(outside) OVER (PARTITION BY point, factor ORDER BY at) AS was_outside FROM judged
)
SELECT point, factor, at, value, minimum, maximum FROM runs
WHERE outside OR coalesce(was_outside, true)
ORDER BY point, factor, at
"""

#: For limits without a last day.
FOREVER: Final = datetime(9000, 1, 1, tzinfo=UTC)

Key = tuple[int, int]


@dataclass(slots=True)
class Stretch:
    """The time of one factor at one point that has to be looked at, and its findings there."""

    first: datetime
    last: datetime
    limits: list[tuple[datetime, datetime, Limit]]
    code: str
    findings: list[Finding] = field(default_factory=list)

    @property
    def going_on(self) -> Finding | None:
        """An open finding that the new values, all later, can only continue or end."""
        if len(self.findings) == 1 and self.findings[0].ended_at is None:
            return self.findings[0] if self.findings[0].last_at < self.first else None
        return None

    def reach(self) -> None:
        """Widen to whole findings, unless they only go on."""
        if self.going_on is not None:
            return
        for finding in self.findings:
            self.first = min(self.first, finding.started_at)
            self.last = max(self.last, finding.ended_at or finding.last_at)


class Exceedance(Rule):
    """A statistic outside the limit of the same statistic that held on its day."""

    period: ClassVar[Period]
    statistic: ClassVar[Limit.Statistic]
    #: From this many values on a run is serious; None: its length does not matter.
    serious_count: ClassVar[int | None] = None

    def judge(self, window: Window) -> Iterable[Finding]:
        stretches = self._stretches(window)
        if not stretches:
            return
        for key, at in self._next(stretches):
            stretches[key].last = at
        self._bring_findings(stretches)
        values = self._outside(stretches)
        for key, stretch in stretches.items():
            yield from self._compare(key, stretch, values.get(key, []), window.horizon)

    def _stretches(self, window: Window) -> dict[Key, Stretch]:
        touched = window.touched_in(self.period)
        limits: dict[Key, list[Limit]] = defaultdict(list)
        for limit in (
            Limit.objects.filter(point__in=touched, statistic=self.statistic)
            .select_related("factor")
            .order_by("valid_from")
        ):
            limits[limit.point_id, limit.factor_id].append(limit)
        return {
            key: Stretch(
                touched[key[0]].first, touched[key[0]].last, _held(found), found[0].factor.code
            )
            for key, found in limits.items()
        }

    def _next(self, stretches: dict[Key, Stretch]) -> list[tuple[Key, datetime]]:
        parameters: dict[str, Any] = {
            "points": [point for point, _factor in stretches],
            "factors": [factor for _point, factor in stretches],
            "lasts": [stretch.last for stretch in stretches.values()],
            "period": int(self.period),
            "within": NEXT_WITHIN,
            "ahead": thresholds.CLOCK_AHEAD,
            "marks": sorted(numbers.USABLE_MARKS),
        }
        with connection.cursor() as cursor:
            cursor.execute(NEXT, parameters)
            return [((point, factor), at) for point, factor, at in cursor]

    def _bring_findings(self, stretches: dict[Key, Stretch]) -> None:
        earliest = min(stretch.first for stretch in stretches.values())
        latest = max(stretch.last for stretch in stretches.values())
        lasting = Q(ended_at=None) | Q(ended_at__gte=earliest)
        for finding in Finding.objects.filter(
            lasting, rule=self.code, point__in={key[0] for key in stretches}, started_at__lte=latest
        ).order_by("started_at"):
            stretch = stretches.get((finding.point_id, finding.factor_id or 0))
            if (
                stretch is not None
                and finding.started_at <= stretch.last
                and (finding.ended_at is None or finding.ended_at >= stretch.first)
            ):
                stretch.findings.append(finding)
        for stretch in stretches.values():
            stretch.reach()

    def _outside(self, stretches: dict[Key, Stretch]) -> dict[Key, list[Judged]]:
        held = list(_pieces(stretches))
        columns = [list(column) for column in zip(*held, strict=True)] if held else [[]] * 6
        names = ("points", "factors", "firsts", "lasts", "minima", "maxima")
        parameters: dict[str, Any] = dict(zip(names, columns, strict=True))
        parameters |= {
            "period": int(self.period),
            "marks": sorted(numbers.USABLE_MARKS),
            "ahead": thresholds.CLOCK_AHEAD,
        }
        found: dict[Key, list[Judged]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(OUTSIDE, parameters)
            for point, factor, at, value, minimum, maximum in cursor:
                found[point, factor].append(Judged(at, numbers.exact(value), minimum, maximum))
        return found

    def _compare(
        self, key: Key, stretch: Stretch, values: list[Judged], now: datetime
    ) -> Iterator[Finding]:
        before = stretch.going_on
        run = spells(values, code=stretch.code, going_on=_spell_of(before) if before else None)
        for spell in run:
            known = next((f for f in stretch.findings if _is(f, spell)), None)
            if known is None:
                yield self._filled(self.new(point_id=key[0], factor_id=key[1], found_at=now), spell)
            elif known.ended_at != spell.ended_at or _spell_of(known) != spell:
                yield self._filled(known, spell)

    def _filled(self, finding: Finding, spell: Spell) -> Finding:
        finding.started_at, finding.last_at = spell.started_at, spell.last_at
        finding.ended_at = spell.ended_at
        finding.value, finding.limit_value = spell.value, spell.bound
        finding.multiple = spell.multiple
        finding.severity = self._severity(spell)
        finding.detail = {"count": spell.count, "worst_at": spell.worst_at.isoformat()}
        return finding

    def _severity(self, spell: Spell) -> Finding.Severity:
        far = spell.multiple is not None and spell.multiple > thresholds.SERIOUS_MULTIPLE
        long = self.serious_count is not None and spell.count >= self.serious_count
        return Finding.Severity.SERIOUS if far or long else self.severity


def _held(limits: list[Limit]) -> list[tuple[datetime, datetime, Limit]]:
    """From when to when (both inclusive) each limit holds; where two overlap, the later does."""
    held = []
    for limit, later in zip(limits, [*limits[1:], None], strict=True):
        last_day = limit.valid_to
        if later is not None:
            day_before = later.valid_from - timedelta(days=1)
            last_day = day_before if last_day is None else min(last_day, day_before)
        end = FOREVER if last_day is None else _midnight(last_day + timedelta(days=1))
        held.append((_midnight(limit.valid_from), end - timedelta(microseconds=1), limit))
    return held


def _midnight(day: date) -> datetime:
    """The start of a local day; limits hold by the calendar of the district."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def _pieces(stretches: dict[Key, Stretch]) -> Iterator[tuple[Any, ...]]:
    """One row a stretch and limit, cut to the time in which the limit held."""
    for (point, factor), stretch in stretches.items():
        for start, end, limit in stretch.limits:
            first, last = max(start, stretch.first), min(end, stretch.last)
            if first <= last:
                yield point, factor, first, last, limit.minimum, limit.maximum


def _is(finding: Finding, spell: Spell) -> bool:
    return spell.started_at <= finding.started_at <= spell.last_at


def _spell_of(finding: Finding) -> Spell:
    return Spell(
        started_at=finding.started_at,
        last_at=finding.last_at,
        ended_at=finding.ended_at,
        count=finding.detail["count"],
        value=finding.value or Decimal(0),  # never None in a finding of this rule
        bound=finding.limit_value or Decimal(0),
        multiple=finding.multiple,
        worst_at=datetime.fromisoformat(finding.detail["worst_at"]),
    )
