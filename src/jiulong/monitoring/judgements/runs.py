"""What rules share that look for runs of values: from new readings to runs to findings.

A value that came late or out of order changes the runs around it: a run may start earlier, end
earlier, fall into two, become one with another or be none. So each touched run is worked out anew
from its readings and compared with the findings there are; a finding without a run any more is
withdrawn. Judging the same readings again changes nothing.
"""

from __future__ import annotations

from abc import abstractmethod
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
from jiulong.monitoring.judgements.sieve import Segment, Truths
from jiulong.monitoring.judgements.spells import Seen, Spell, runs
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
#: For limits without a last day.
FOREVER: Final = datetime(9000, 1, 1, tzinfo=UTC)
#: Why a run is withdrawn; the words are the page's.
LATER_DATA: Final = "later_data"

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


class Runs(Rule):
    """Values in a row at which something holds are one finding; the first that does not ends it."""

    period: ClassVar[Period] = Period.HOUR

    def judge(self, window: Window) -> Iterable[Finding]:
        stretches = self.stretches(window)
        if not stretches:
            return
        self._reach_next(stretches, window)
        self._bring_findings(stretches)
        values = self.values(stretches, window)
        for key, stretch in stretches.items():
            yield from self._compare(key, stretch, values.get(key, []), window)

    @abstractmethod
    def stretches(self, window: Window) -> dict[Key, Stretch]:
        """What has to be looked at because of the window."""

    @abstractmethod
    def values(self, stretches: dict[Key, Stretch], window: Window) -> dict[Key, list[Seen]]:
        """The hits in the stretches and the first value after each run of them, in order."""

    def severity_of(self, spell: Spell, window: Window) -> str:
        """How grave a run is."""
        return window.settings.at(self.code, spell.started_at).severity

    def segments(
        self, stretches: dict[Key, Stretch], window: Window, hits: Truths | None, back: timedelta
    ) -> list[Segment]:
        """The parts of the stretches in which something may be, in order."""
        if window.sieve is None or hits is None:
            return [Segment(key, one.first, one.last) for key, one in stretches.items()]
        spans = {
            key: (one.first, one.last, one.going_on is not None) for key, one in stretches.items()
        }
        return list(window.sieve.segments(spans, hits, back))

    def _reach_next(self, stretches: dict[Key, Stretch], window: Window) -> None:
        """Reach to the first usable value after each stretch."""
        asked = stretches
        if window.sieve is not None and self.period == Period.HOUR:
            known = {key: window.sieve.next_after(key, one.last) for key, one in stretches.items()}
            for key, at in known.items():
                stretches[key].last = at or stretches[key].last
            asked = {key: one for key, one in stretches.items() if known[key] is None}
        for key, at in self._next(asked) if asked else ():
            stretches[key].last = at

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
            lasting,
            rule=self.code,
            point__in={key[0] for key in stretches},
            started_at__lte=latest,
            withdrawn_at=None,
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

    def _compare(
        self, key: Key, stretch: Stretch, values: list[Seen], window: Window
    ) -> Iterator[Finding]:
        before = stretch.going_on
        left = list(stretch.findings)
        for spell in runs(values, going_on=_spell_of(before) if before else None):
            known = _known(left, spell)
            if known is None:
                known = self.new(
                    point_id=key[0], factor_id=key[1], found_at=window.known_at(spell.received)
                )
                yield self._filled(known, spell, window)
                continue
            left.remove(known)
            if known.ended_at != spell.ended_at or _spell_of(known) != spell:
                yield self._filled(known, spell, window)
        for gone in left:
            gone.withdrawn_at, gone.withdrawn_cause = window.horizon, LATER_DATA
            yield gone

    def _filled(self, finding: Finding, spell: Spell, window: Window) -> Finding:
        finding.started_at, finding.last_at = spell.started_at, spell.last_at
        finding.ended_at = spell.ended_at
        finding.value, finding.limit_value = spell.value, spell.bound
        finding.multiple = spell.multiple
        finding.severity = self.severity_of(spell, window)
        finding.detail = {"count": spell.count, "worst_at": spell.worst_at.isoformat()}
        return finding


def limit_stretches(window: Window, period: Period, statistic: str) -> dict[Key, Stretch]:
    """One stretch for each limited factor of the points with new readings of a period."""
    touched = window.touched_in(period)
    limits: dict[Key, list[Limit]] = defaultdict(list)
    for limit in (
        Limit.objects.filter(point__in=touched, statistic=statistic)
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


def _known(findings: list[Finding], spell: Spell) -> Finding | None:
    """The finding of a run: the one that starts in it, else one that overlaps it."""
    starting = (f for f in findings if spell.started_at <= f.started_at <= spell.last_at)
    over = (f for f in findings if f.started_at <= spell.last_at and spell.started_at <= f.last_at)
    return next(starting, None) or next(over, None)


def _spell_of(finding: Finding) -> Spell:
    return Spell(
        started_at=finding.started_at,
        last_at=finding.last_at,
        ended_at=finding.ended_at,
        count=finding.detail["count"],
        value=finding.value or Decimal(0),  # never None in a finding of this rule
        bound=finding.limit_value,
        multiple=finding.multiple,
        worst_at=datetime.fromisoformat(finding.detail["worst_at"]),
    )
