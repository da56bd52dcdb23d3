"""What rules of limits share: values of a statistic outside the limit that held on their day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, ClassVar, Final

import numpy as np
from django.db import connection

from jiulong.monitoring import numbers, thresholds
from jiulong.monitoring.judgements.base import Window
from jiulong.monitoring.judgements.runs import Key, Runs, Stretch, limit_stretches
from jiulong.monitoring.judgements.sieve import ROOM, Segment, Sieve, Truths
from jiulong.monitoring.judgements.spells import Judged, Seen, Spell, seen
from jiulong.monitoring.models import Alarm, Finding, Limit, Period, Statistic

#: Usable values outside their limit, and the first inside it after each run (or at the start).
#: float8 is turned into numeric by way of its shortest text, which is what was sent.
OUTSIDE: Final = """
WITH stretch AS (
    SELECT * FROM unnest(%(points)s::int[], %(factors)s::smallint[], %(firsts)s::timestamptz[],
                         %(lasts)s::timestamptz[], %(minima)s::numeric[], %(maxima)s::numeric[],
                         %(segments)s::int[])
           AS s(point, factor, first, last, minimum, maximum, n)
), judged AS (
    SELECT s.n, s.point, s.factor, r.at, r.received_at, r.values[i] AS value, s.minimum, s.maximum,
           r.values[i]::text::numeric NOT BETWEEN coalesce(s.minimum, '-Infinity')
                                              AND coalesce(s.maximum, 'Infinity') AS outside
    FROM stretch s
    JOIN reading r ON r.point = s.point AND r.period = %(period)s
         AND r.at >= s.first AND r.at <= s.last AND r.at <= r.received_at + %(ahead)s
    CROSS JOIN LATERAL (SELECT array_position(r.factors, s.factor)) AS f(i)
    WHERE i IS NOT NULL AND r.values[i] IS NOT NULL AND r.values[i] <> 'NaN'
      AND substr(r.flags, i, 1) = ANY(%(marks)s)
), runs AS (
    SELECT *, lag(outside) OVER (PARTITION BY n ORDER BY at) AS was_outside FROM judged
)
SELECT point, factor, at, value, minimum, maximum, received_at FROM runs
WHERE outside OR coalesce(was_outside, true)
ORDER BY n, at
"""


class Exceedance(Runs):
    """A statistic outside the limit of the same statistic that held on its day."""

    statistic: ClassVar[Statistic]
    family = Alarm.Family.LIMIT
    limited = True

    def stretches(self, window: Window) -> dict[Key, Stretch]:
        return limit_stretches(window, self.period, self.statistic)

    def values(self, stretches: dict[Key, Stretch], window: Window) -> dict[Key, list[Seen]]:
        hits = None
        if window.sieve is not None and self.period == Period.HOUR:
            hits = may_be_outside(window.sieve, stretches)
        held = list(_pieces(stretches, self.segments(stretches, window, hits, timedelta())))
        columns = [list(column) for column in zip(*held, strict=True)] if held else [[]] * 7
        names = ("points", "factors", "firsts", "lasts", "minima", "maxima", "segments")
        parameters: dict[str, Any] = dict(zip(names, columns, strict=True))
        parameters |= {
            "period": int(self.period),
            "marks": sorted(numbers.USABLE_MARKS),
            "ahead": thresholds.CLOCK_AHEAD,
        }
        found: dict[Key, list[Seen]] = defaultdict(list)
        with connection.cursor() as cursor:
            cursor.execute(OUTSIDE, parameters)
            for point, factor, at, value, minimum, maximum, received in cursor:
                code = stretches[point, factor].code
                judged = Judged(at, numbers.exact(value), minimum, maximum, received)
                found[point, factor].append(self.held_against(judged, code, window))
        return found

    def held_against(self, judged: Judged, code: str, window: Window) -> Seen:  # noqa: ARG002
        """Whether a value counts for this rule."""
        return seen(judged, code)

    def severity_of(self, spell: Spell, window: Window) -> str:
        setting = window.settings.at(self.code, spell.started_at)
        far = spell.multiple is not None and spell.multiple > setting["serious_multiple"]
        hours = setting.thresholds.get("serious_hours")
        long = hours is not None and spell.count >= hours
        return Finding.Severity.SERIOUS if far or long else setting.severity


def may_be_outside(sieve: Sieve, stretches: dict[Key, Stretch]) -> Truths:
    """Hours that are outside one of the limits of their stretch, or almost."""
    low, _high, least = sieve.bounds(limits_of(stretches))
    room = np.abs(sieve.value) * ROOM
    found: Truths = (sieve.value + room > low) | (sieve.value - room < least)
    return found


def limits_of(stretches: dict[Key, Stretch]) -> dict[Key, list[Limit]]:
    """Every limit that holds somewhere in a stretch."""
    return {key: [limit for _, _, limit in one.limits] for key, one in stretches.items()}


def _pieces(
    stretches: dict[Key, Stretch], segments: Iterable[Segment]
) -> Iterator[tuple[Any, ...]]:
    """One row a segment and limit, cut to the time in which the limit held."""
    for n, (key, begin, until) in enumerate(segments):
        for start, end, limit in stretches[key].limits:
            first, last = max(start, begin), min(end, until)
            if first <= last:
                yield *key, first, last, limit.minimum, limit.maximum, n
