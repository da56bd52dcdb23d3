"""What rules share that look at the hours before an hour: a condition that held long enough.

At every hour the rule asks whether its condition held at the last `hours` usable values. They must
stand close together: a silence between them makes no run. So an hour depends on a bounded stretch
before it, and a late value changes a bounded stretch after it: windows may be cut anywhere.
"""

from __future__ import annotations

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, ClassVar, Final

from django.db import connection

from jiulong.monitoring import numbers, thresholds
from jiulong.monitoring.catalogue import Setting
from jiulong.monitoring.judgements.base import Window
from jiulong.monitoring.judgements.runs import Key, Runs, Stretch, limit_stretches
from jiulong.monitoring.judgements.sieve import Segment, Sieve, Truths
from jiulong.monitoring.judgements.spells import Seen
from jiulong.monitoring.models import Alarm, Factor, Limit, Period

HOUR: Final = timedelta(hours=1)
FLOW: Final = "w00000"
#: Not judged for their course: flow itself, and what follows the weather.
NOT_JUDGED: Final = frozenset({FLOW, "w01010"})

#: Hours with what stands beside them; then what the rule makes of them; then the hits and the first
#: hour after each run of them. `other` is a second factor in the same frame.
HOURS: Final = """
WITH stretch AS (
    SELECT * FROM unnest(
        %(points)s::int[], %(factors)s::smallint[], %(emits)s::timestamptz[],
        %(firsts)s::timestamptz[], %(lasts)s::timestamptz[], %(minima)s::numeric[],
        %(maxima)s::numeric[], %(others)s::smallint[], %(segments)s::int[]
    ) AS s(point, factor, emit, first, last, minimum, maximum, second, n)
), seen AS (
    SELECT s.n, s.point, s.factor, s.emit, s.minimum, s.maximum, r.at, r.received_at,
           r.values[i] AS value, substr(r.flags, i, 1) AS mark,
           r.values[array_position(r.factors, %(flow)s::smallint)] AS flow,
           r.values[array_position(r.factors, s.second)] AS other,
           r.totals[i] AS total
    FROM stretch s
    JOIN reading r ON r.point = s.point AND r.period = 2 AND r.at >= s.first AND r.at <= s.last
         AND r.at <= r.received_at + %(ahead)s
    CROSS JOIN LATERAL (SELECT array_position(r.factors, s.factor)) AS f(i)
    WHERE i IS NOT NULL AND r.values[i] IS NOT NULL AND r.values[i] <> 'NaN'
      AND substr(r.flags, i, 1) = ANY(%(marks)s)
), told AS (
    SELECT n, point, factor, emit, at, received_at, value, {told} FROM seen
    WINDOW whole AS (PARTITION BY n ORDER BY at),
           run AS (PARTITION BY n ORDER BY at ROWS {before} PRECEDING)
), runs AS (
    SELECT *, lag(hit) OVER (PARTITION BY n ORDER BY at) AS was_hit
    FROM told WHERE at >= emit AND at >= %(since)s AND at < %(until)s
)
SELECT point, factor, at, value, hit, bound, since, received_at FROM runs
WHERE hit OR coalesce(was_hit, true)
ORDER BY n, at
"""


class HourRuns(Runs):
    """A condition that held at the last so many hours."""

    period = Period.HOUR
    family: ClassVar[Alarm.Family | None] = Alarm.Family.DATA
    respond = "24 hours"
    close = "3 working_days"
    source = ""
    #: The marks of the values it looks at.
    marks: ClassVar[frozenset[str]] = numbers.USABLE_MARKS
    #: How many hours back the condition looks; the name of the threshold, or a number.
    hours: ClassVar[str | int] = 1

    @abstractmethod
    def condition(self, setting: Setting) -> str:
        """SQL over value, total, flow, other, minimum, maximum: whether the hour counts."""

    def bound(self, setting: Setting) -> str:  # noqa: ARG002
        """SQL: what the value is held against, for the page."""
        return "NULL::float8"

    def span(self, setting: Setting) -> int:
        """Values that one answer rests on."""
        return int(setting[self.hours]) if isinstance(self.hours, str) else self.hours

    def width(self, setting: Setting) -> int:
        """Hours that a first hit stands for."""
        return self.span(setting)

    def told(self, setting: Setting) -> str:
        """SQL columns hit, bound and since."""
        span = self.span(setting)
        return (
            f"(count(*) OVER run = {span} AND bool_and({self.condition(setting)}) OVER run"
            f" AND at - min(at) OVER run <= {_close(span)}) AS hit,"
            f" {self.bound(setting)} AS bound, min(at) OVER run AS since"
        )

    def stretches(self, window: Window) -> dict[Key, Stretch]:
        found = self.looked_at(window)
        if not found:
            return found
        spans = [self.span(era) for era in window.settings.eras(self.code)]
        reach = (max(spans) + thresholds.SILENT_HOURS) * HOUR
        for stretch in found.values():
            stretch.last += reach  # hours after a new value depend on it
        return found

    def looked_at(self, window: Window) -> dict[Key, Stretch]:
        """Points and factors with new hours that the rule is about."""
        codes = _codes()
        touched = window.touched_in(Period.HOUR)
        return {
            (point, factor): Stretch(touched[point].first, touched[point].last, [], codes[factor])
            for point, factor in window.measured
            if factor in codes and self.judges(codes[factor])
        }

    def judges(self, code: str) -> bool:  # noqa: ARG002
        """Whether the rule is about a factor."""
        return True

    def second(self, code: str) -> str | None:  # noqa: ARG002
        """The code of the factor that `other` is, if any."""
        return None

    def values(self, stretches: dict[Key, Stretch], window: Window) -> dict[Key, list[Seen]]:
        found: dict[Key, list[Seen]] = defaultdict(list)
        for era in window.settings.eras(self.code):
            for key, seen in self._read(stretches, era, window):
                found[key].append(seen)
        return found

    def may_hold(
        self,
        sieve: Sieve,  # noqa: ARG002
        stretches: dict[Key, Stretch],  # noqa: ARG002
        setting: Setting,  # noqa: ARG002
    ) -> Truths | None:
        """At which hours it may have held under a setting; None: anywhere."""
        return None

    def _read(
        self, stretches: dict[Key, Stretch], era: Setting, window: Window
    ) -> Iterator[tuple[Key, Seen]]:
        span, width, ids = self.span(era), self.width(era), _ids()
        back = (span + thresholds.SILENT_HOURS) * HOUR
        hits = self.may_hold(window.sieve, stretches, era) if window.sieve is not None else None
        rows = list(self._pieces(stretches, self.segments(stretches, window, hits, back), back))
        if not rows:
            return
        names = (
            "points", "factors", "emits", "firsts", "lasts", "minima", "maxima", "others",
            "segments",
        )  # fmt: skip
        parameters: dict[str, Any] = {
            name: [row[n] for row in rows] for n, name in enumerate(names)
        }
        parameters |= {
            "flow": ids.get(FLOW, -1),
            "logarithmic": [ids[code] for code in numbers.LOGARITHMIC if code in ids],
            "marks": sorted(self.marks),
            "ahead": thresholds.CLOCK_AHEAD,
            "since": era.since,
            "until": era.until,
        }
        sql = HOURS.format(told=self.told(era), before=span - 1)
        with connection.cursor() as cursor:
            cursor.execute(sql, parameters)
            for point, factor, at, value, hit, bound, since, received in cursor:
                shown = None if bound is None else numbers.exact(float(bound))
                yield (
                    (point, factor),
                    Seen(at, numbers.exact(value), bool(hit), shown, None, since, width, received),
                )

    def _pieces(
        self, stretches: dict[Key, Stretch], segments: Iterable[Segment], back: timedelta
    ) -> Iterator[tuple[Any, ...]]:
        """One row a segment, and where there are limits one a limit; `back` is read before it."""
        ids = _ids()
        for n, (key, emit, last) in enumerate(segments):
            stretch = stretches[key]
            second = ids.get(self.second(stretch.code) or "")
            first, head = emit - back, (*key, emit)
            if not stretch.limits:
                yield *head, first, last, None, None, second, n
            for start, end, limit in stretch.limits:
                since, until = max(start, first), min(end, last)
                if since <= until:
                    yield *head, since, until, limit.minimum, limit.maximum, second, n


class LimitedHourRuns(HourRuns):
    """As `HourRuns`, of factors that have a limit for hourly means."""

    limited = True

    def looked_at(self, window: Window) -> dict[Key, Stretch]:
        found = limit_stretches(window, Period.HOUR, Limit.Statistic.HOUR)
        return {key: stretch for key, stretch in found.items() if self.judges(stretch.code)}


def _close(span: int) -> str:
    return f"interval '{span - 1 + thresholds.SILENT_HOURS} hours'"


def _codes() -> dict[int, str]:
    return {
        pk: code
        for code, pk in _ids().items()
        if code.startswith("w") and code not in NOT_JUDGED and "#" not in code
    }


def _ids() -> dict[str, int]:
    return dict(Factor.objects.values_list("code", "pk"))
