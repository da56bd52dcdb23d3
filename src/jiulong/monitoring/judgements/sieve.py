"""Where in a long stretch of hours a rule may find something at all.

Judged as they come, a window holds an hour or two, and SQL asks each rule of all of them. From
nothing, or after an outage, it holds weeks of every point, in which hardly anything is wrong. Then
hours are read once, as columns of numbers, and each rule says where its condition may hold
(`HourRuns.may_hold`): wherever it does, and seldom elsewhere. Only those hours go to SQL, which
decides. So a rule finds the same with the sieve and without (`tests/monitoring/judgements`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, NamedTuple, cast

import numpy as np
import psycopg
from django.db import connection
from numpy.typing import NDArray

from jiulong.monitoring import numbers, thresholds
from jiulong.monitoring.models import Factor, Limit, Period

if TYPE_CHECKING:
    from jiulong.monitoring.judgements.base import Touched

Floats = NDArray[np.float64]
Longs = NDArray[np.int64]
Truths = NDArray[np.bool_]
Key = tuple[int, int]

#: Windows of points that hold so much on average are sieved.
LONG: Final = timedelta(days=2)
#: Read before and after a stretch: rules look back a day and wait for silences to end.
AROUND: Final = timedelta(hours=40)
#: Comparisons of floats leave so much room, as a share: SQL compares decimals.
ROOM: Final = 1e-9
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_US: Final = timedelta(microseconds=1)
FLOW: Final = "w00000"

#: Hours of stretches of points by set of factors, as runs of bytes: µs since 2000, float8[] with
#: their heads, flags. NaN: none was sent.
COLUMNS: Final = """
SELECT s.point, r.factors, count(*), string_agg(timestamptz_send(r.at), ''),
       string_agg(array_send(array_replace(r.values, NULL, 'NaN')), ''), string_agg(r.flags, '')
FROM unnest(%(points)s::int[], %(firsts)s::timestamptz[], %(lasts)s::timestamptz[])
     AS s(point, first, last)
CROSS JOIN LATERAL (
    SELECT at, factors, values, flags FROM reading
    WHERE point = s.point AND period = %(period)s AND at >= s.first AND at <= s.last
      AND at <= received_at + %(ahead)s
    ORDER BY at, part OFFSET 0
) AS r
GROUP BY s.point, r.factors ORDER BY s.point
"""


class Segment(NamedTuple):
    """Hours of one point and factor that SQL is to look at; both ends included."""

    key: Key
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Sieve:
    """The usable hours of every point and factor of a window, one key after the other.

    Args:
        value, flow, at: of each hour, in order; flow NaN where none was sent; µs since 2000.
        start: where each key begins, and behind the last the end.
        keys: the place of a key in `start`.
        loaded: what was read of each point.
        over_range: keys with a value that was marked as over the range.
    """

    value: Floats
    flow: Floats
    at: Longs
    start: Longs
    keys: Mapping[Key, int]
    loaded: Mapping[int, tuple[datetime, datetime]]
    over_range: frozenset[Key]

    @cached_property
    def of(self) -> Longs:
        """The key of each hour."""
        return np.repeat(np.arange(len(self.start) - 1), np.diff(self.start))

    @cached_property
    def place(self) -> Longs:
        """The place of each hour among those of its key."""
        found: Longs = np.arange(len(self.value)) - self.start[self.of]
        return found

    def before(self, back: int = 1) -> Longs:
        """The index of the hour so many before; where there is none, its own."""
        found: Longs = np.arange(len(self.value)) - np.minimum(back, self.place)
        return found

    def held(self, truth: Truths, hours: int) -> Truths:
        """Whether something held at the last so many hours of a key."""
        total = np.concatenate([[0], np.cumsum(truth)])
        ends = np.arange(1, len(truth) + 1)
        found: Truths = (self.place >= hours - 1) & (
            total[ends] - total[np.maximum(ends - hours, 0)] == hours
        )
        return found

    def each(self, truth: Callable[[Key], bool]) -> Truths:
        """What holds of keys, at each of their hours."""
        found: Truths = np.fromiter(map(truth, self.keys), np.bool_, len(self.keys))[self.of]
        return found

    def extremes(self, hours: int) -> tuple[Floats, Floats]:
        """The least and the greatest of the last so many hours, across keys: ask `place` too."""
        least, most = self.value.copy(), self.value.copy()
        width = 1
        while width < hours:
            step = min(width, hours - width)
            least[step:] = np.minimum(least[step:], least[:-step])
            most[step:] = np.maximum(most[step:], most[:-step])
            width += step
        return least, most

    def bounds(self, limits: Mapping[Key, Iterable[Limit]]) -> tuple[Floats, Floats, Floats]:
        """At each hour the least and the greatest maximum, and the greatest minimum."""
        low = np.full(len(self.start) - 1, np.inf)
        high, least = np.full_like(low, -np.inf), np.full_like(low, -np.inf)
        for key, held in limits.items():
            if (n := self.keys.get(key)) is None:
                continue
            tops = [float(limit.maximum) for limit in held if limit.maximum is not None]
            bottoms = [float(limit.minimum) for limit in held if limit.minimum is not None]
            low[n], high[n] = min(tops, default=np.inf), max(tops, default=-np.inf)
            least[n] = max(bottoms, default=-np.inf)
        return low[self.of], high[self.of], least[self.of]

    def next_after(self, key: Key, moment: datetime) -> datetime | None:
        """The first usable hour after a moment; None: not among what was read."""
        if (n := self.keys.get(key)) is None:
            return None
        first, end = self.start[n], self.start[n + 1]
        found = first + np.searchsorted(self.at[first:end], _us(moment), side="right")
        return _moment(self.at[found]) if found < end else None

    def segments(
        self, spans: Mapping[Key, tuple[datetime, datetime, bool]], hits: Truths, back: timedelta
    ) -> Iterator[Segment]:
        """What is to be looked at of each span, given where something may be.

        Args:
            spans: first and last moment, and whether a run goes on when it begins.
            back: what a rule looks at before an hour.
        """
        found = np.flatnonzero(hits)
        cuts = np.searchsorted(found, self.start)
        for key, (first, last, going_on) in spans.items():
            if not self.covers(whole := Segment(key, first, last), back):
                yield whole
                continue
            n = self.keys.get(key)
            if n is None or (cuts[n] == cuts[n + 1] and not going_on):
                continue
            yield from self._cut(key, n, (first, last, going_on), found[cuts[n] : cuts[n + 1]])

    def covers(self, segment: Segment, back: timedelta) -> bool:
        """Whether all of it was read, and what a rule looks at before it."""
        read = self.loaded.get(segment.key[0])
        return read is not None and segment.first - back >= read[0] and segment.last <= read[1]

    def _cut(
        self, key: Key, n: int, span: tuple[datetime, datetime, bool], found: Longs
    ) -> Iterator[Segment]:
        """Each hour of a key that may be one with the hour after it, which ends a run."""
        own = self.at[self.start[n] : self.start[n + 1]]
        begin, end = np.searchsorted(own, [_us(span[0]), _us(span[1]) + 1])
        chosen = found - self.start[n]
        chosen = chosen[(chosen >= begin) & (chosen < end)]
        if span[2] and begin < end:  # whether the run goes on is to be said in any case
            chosen = np.union1d(chosen, [begin])
        if not len(chosen):
            return
        breaks = np.flatnonzero(np.diff(chosen) > 1) + 1
        for part in np.split(chosen, breaks):
            until = min(int(part[-1]) + 1, end - 1)
            yield Segment(key, _moment(own[part[0]]), _moment(own[until]))


def sieve_of(touched: Iterable[Touched]) -> Sieve | None:
    """The hours around new hours; None where so few came that nothing is won."""
    stretches = [one for one in touched if one.period == Period.HOUR]
    whole = sum((one.last - one.first for one in stretches), timedelta())
    if not stretches or whole < LONG * len(stretches):
        return None
    loaded = {one.point: (one.first - AROUND, one.last + AROUND) for one in stretches}
    return _built(loaded)


def _built(loaded: Mapping[int, tuple[datetime, datetime]]) -> Sieve:
    flow = Factor.objects.filter(code=FLOW).values_list("pk", flat=True).first() or -1
    parts: dict[Key, list[tuple[Longs, Floats, Floats]]] = {}
    over: set[Key] = set()
    for point, factors, count, *columns in _rows(loaded):
        at, values, marks = _unpacked(len(factors), count, columns)
        water = values[:, factors.index(flow)] if flow in factors else np.full(count, np.nan)
        good = _USABLE[marks] & ~np.isnan(values)
        for column, factor in enumerate(factors):
            rows = good[:, column]
            part = (at[rows], values[rows, column], water[rows])
            parts.setdefault((point, factor), []).append(part)
            if (marks[:, column] == ord("T")).any():
                over.add((point, factor))
    joined = [_joined(part) for part in parts.values()]
    lengths = [len(part[0]) for part in joined]
    whole = [np.concatenate(column) for column in zip(*joined, strict=True)] or [np.empty(0)] * 3
    return Sieve(
        value=whole[1], flow=whole[2], at=whole[0].astype(np.int64),
        start=np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)]).astype(np.int64),
        keys={key: n for n, key in enumerate(parts)}, loaded=loaded, over_range=frozenset(over),
    )  # fmt: skip


def _rows(loaded: Mapping[int, tuple[datetime, datetime]]) -> Iterator[tuple[Any, ...]]:
    parameters: dict[str, Any] = {
        "points": list(loaded),
        "firsts": [first for first, _last in loaded.values()],
        "lasts": [last for _first, last in loaded.values()],
        "period": int(Period.HOUR),
        "ahead": thresholds.CLOCK_AHEAD,
    }
    connection.ensure_connection()
    database = cast("psycopg.Connection[Any]", connection.connection)
    # Django's own cursors bind on the client, and so know no binary results.
    with connection.wrap_database_errors, psycopg.Cursor(database) as cursor:
        cursor.execute(COLUMNS, parameters, binary=True)
        yield from cursor


def _unpacked(
    width: int, count: int, columns: list[Any]
) -> tuple[Longs, Floats, NDArray[np.uint8]]:
    at, values, flags = columns
    # Each float8[] has a head of 20 bytes and four bytes of length before each number.
    row = np.dtype([("head", "S20"), ("cells", [("length", ">i4"), ("x", ">f8")], width)])
    marks = np.frombuffer(flags.encode("ascii", "replace"), dtype=np.uint8)
    return (
        np.frombuffer(at, dtype=">i8").astype(np.int64),
        np.frombuffer(values, dtype=row)["cells"]["x"].astype(np.float64).reshape(count, width),
        marks.reshape(count, width),
    )


def _joined(parts: list[tuple[Longs, Floats, Floats]]) -> tuple[Longs, Floats, Floats]:
    """The parts of one key in the order of time."""
    at, value, flow = (np.concatenate(column) for column in zip(*parts, strict=True))
    # PostgreSQL may sort by factors on its way, which leaves no other order.
    order = np.argsort(at, kind="stable")
    return at[order], value[order], flow[order]


def _table() -> Truths:
    table = np.zeros(256, dtype=np.bool_)
    table[[ord(mark) for mark in numbers.USABLE_MARKS]] = True
    return table


_USABLE: Final = _table()


def _us(moment: datetime) -> int:
    return (moment - _EPOCH) // _US


def _moment(us: np.int64) -> datetime:
    return _EPOCH + timedelta(microseconds=int(us))
