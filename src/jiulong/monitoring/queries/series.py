"""A factor's course over time, drawn with at most a few thousand points.

Readings come as binary columns into numpy; MinMaxLTTB (tsdownsample) keeps the shape.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import numpy as np
import orjson
from django.db import connection
from django.db.models import Q
from django.utils import timezone
from tsdownsample import MinMaxLTTBDownsampler

from jiulong.monitoring.models import Factor, Finding, Limit, Period, Point
from jiulong.monitoring.numbers import USABLE_MARKS
from jiulong.monitoring.queries.scope import visible_findings, visible_points
from jiulong.organisation.rules import Viewer

#: The finest period whose frames still make a readable chart of a given length.
FINEST: Final = (
    (timedelta(hours=6), Period.REALTIME),
    (timedelta(days=31), Period.MINUTE),
    (timedelta(days=366), Period.HOUR),
)
MAX_POINTS: Final = 2000
#: Marked spans and findings beside the line; a chart with more says nothing more.
MAX_SPANS: Final = 300
MAX_FINDINGS: Final = 200
#: A line is broken where this many usual steps passed without a value.
GAP_STEPS: Final = 1.5
#: At most this share of the drawn points may be breaks; shorter gaps are drawn through beyond it.
GAP_SHARE: Final = 0.25

#: All readings of one factor in time order, each column as one run of big-endian bytes: a row a
#: reading would cost thirty times the work here. Aggregates keep the order of the subquery.
VALUES: Final = """
SELECT string_agg(timestamptz_send(at), ''), string_agg(float8send(value), ''),
       string_agg(mark, '')
FROM (
    SELECT at, coalesce(values[i], 'NaN') AS value, substr(flags, i, 1) AS mark
    FROM reading, LATERAL (SELECT array_position(factors, %(factor)s::smallint)) AS f(i)
    WHERE point = %(point)s AND period = %(period)s AND at >= %(start)s AND at < %(end)s
      AND i IS NOT NULL
    ORDER BY at, part
) AS readings
"""
#: PostgreSQL counts microseconds from 2000-01-01, charts milliseconds from 1970-01-01.
_EPOCH_MS: Final = 946_684_800_000

Array = np.ndarray[Any, Any]


class _Rows(NamedTuple):
    """Parallel columns: epoch milliseconds, values (NaN where none), code points of marks."""

    at: Array
    value: Array
    mark: Array


@dataclass(frozen=True, slots=True)
class Series:
    """What a chart needs. Times are epoch milliseconds; `points` are [time, value or None]."""

    factor: dict[str, str]
    period: Period
    start: datetime
    end: datetime
    points: list[list[float | int | None]]
    limits: list[dict[str, Any]]
    marks: list[list[Any]]
    findings: list[dict[str, Any]]
    summary: dict[str, Any]

    def as_json(self) -> bytes:
        """The whole as JSON; a month of minutes stays under 100 kB."""
        return orjson.dumps(
            {
                "factor": self.factor,
                "period": self.period.name.lower(),
                "start": _ms(self.start),
                "end": _ms(self.end),
                "points": self.points,
                "limits": self.limits,
                "marks": self.marks,
                "findings": self.findings,
                "summary": self.summary,
            },
            option=orjson.OPT_SERIALIZE_NUMPY,
        )


def choose_period(start: datetime, end: datetime) -> Period:
    """The finest period that still makes sense for a chart of this length."""
    return next((period for length, period in FINEST if end - start <= length), Period.DAY)


def series(  # noqa: PLR0917 - who, where, what, from when to when
    viewer: Viewer,
    point: Point | str,
    factor: Factor | str,
    period: Period | None = None,
    start: datetime | None = None,
    end: datetime | None = None,
    max_points: int = MAX_POINTS,
) -> Series:
    """The course of one factor from `start` (default: a day before) to `end` (default: now).

    Without a `period` the finest sensible one is taken, or the next coarser that has readings.

    Raises:
        Point.DoesNotExist: there is none, or not for this viewer.
        Factor.DoesNotExist: there is no such factor.
        ValueError: `start` is not before `end`.
    """
    seen = visible_points(viewer).get(
        **({"code": point} if isinstance(point, str) else {"pk": point.pk})
    )
    measured = Factor.objects.get(code=factor) if isinstance(factor, str) else factor
    end = end or timezone.now()
    start = start or end - timedelta(days=1)
    if start >= end:
        raise ValueError(f"start {start.isoformat()} is not before end {end.isoformat()}")
    chosen, rows = _first_with_rows(seen, measured, period, start, end)
    return Series(
        factor=describe(measured),
        period=chosen,
        start=start,
        end=end,
        points=drawn(rows.at, rows.value, max_points),
        limits=_limits(seen, measured, start, end),
        marks=marked_spans(rows.at, rows.mark),
        findings=_findings(viewer, seen, measured, start, end),
        summary=summary(rows.at, rows.value),
    )


def describe(factor: Factor) -> dict[str, str]:
    """A factor as charts and tables name it."""
    return {
        "code": factor.code,
        "name": factor.name or factor.code,
        "name_en": factor.name_en or factor.code,
        "unit": factor.unit,
    }


def drawn(at: Array, value: Array, max_points: int = MAX_POINTS) -> list[list[float | int | None]]:
    """[time, value] pairs, thinned to `max_points`, with [time, None] where the line breaks.

    The highest and the lowest value are always among them.
    """
    there = ~np.isnan(value)
    times, values = at[there].astype(np.int64), value[there].astype(np.float64)
    if not len(times):
        return []
    breaks = _breaks(times, int(max_points * GAP_SHARE))
    kept = _thinned(times, values, max_points - len(breaks))
    pairs: list[list[float | int | None]] = [
        [t, v] for t, v in zip(times[kept].tolist(), values[kept].tolist(), strict=True)
    ]
    # A null at the first missing moment after each break keeps the line from bridging it.
    pairs += [[int(times[i - 1]) + 1, None] for i in breaks]
    pairs.sort(key=lambda pair: pair[0] or 0)
    return pairs


def marked_spans(at: Array, mark: Array) -> list[list[Any]]:
    """Runs of values with a mark that makes them unusable: [first time, last time, mark]."""
    if not len(at):
        return []
    ends = np.flatnonzero(np.diff(mark)) + 1
    firsts, lasts = np.concatenate(([0], ends)), np.concatenate((ends, [len(mark)])) - 1
    runs: list[list[Any]] = [
        [int(at[first]), int(at[last]), chr(mark[first])]
        for first, last in zip(firsts, lasts, strict=True)
        if chr(mark[first]) not in USABLE_MARKS
    ]
    if len(runs) > MAX_SPANS:  # the longest tell most
        runs = sorted(sorted(runs, key=lambda run: run[0] - run[1])[:MAX_SPANS])
    return runs


def summary(at: Array, value: Array) -> dict[str, Any]:
    """Count, minimum, maximum and mean of the values that are there, before thinning."""
    there = np.flatnonzero(~np.isnan(value))
    if not len(there):
        return {"count": 0}
    low, high = there[np.argmin(value[there])], there[np.argmax(value[there])]
    return {
        "count": len(there),
        "min": float(value[low]), "min_at": int(at[low]),
        "max": float(value[high]), "max_at": int(at[high]),
        "mean": round(float(np.mean(value[there])), 4),
    }  # fmt: skip


def _first_with_rows(
    point: Point, factor: Factor, period: Period | None, start: datetime, end: datetime
) -> tuple[Period, _Rows]:
    chosen = choose_period(start, end) if period is None else Period(period)
    rows = _rows(point, factor, chosen, start, end)
    while period is None and not len(rows.at) and chosen < Period.DAY:
        chosen = Period(chosen + 1)
        rows = _rows(point, factor, chosen, start, end)
    return chosen, rows


def _rows(point: Point, factor: Factor, period: Period, start: datetime, end: datetime) -> _Rows:
    parameters: dict[str, Any] = {
        "factor": factor.pk,
        "point": point.pk,
        "period": int(period),
        "start": start,
        "end": end,
    }
    with connection.cursor() as cursor:
        cursor.execute(VALUES, parameters)
        at, value, mark = cursor.fetchone()
    return _Rows(
        np.frombuffer(at or b"", dtype=">i8").astype(np.int64) // 1000 + _EPOCH_MS,
        np.frombuffer(value or b"", dtype=">f8").astype(np.float64),
        np.frombuffer((mark or "").encode("utf-32-le"), dtype="<u4"),
    )


def _breaks(times: Array, most: int) -> Sequence[int]:
    """Indices before which the line breaks, longest gaps first choice, in time order."""
    steps: Array = np.diff(times)
    if not len(steps):
        return []
    gaps = np.flatnonzero(steps > GAP_STEPS * float(np.median(steps))) + 1
    if len(gaps) > most:
        gaps = np.sort(gaps[np.argsort(steps[gaps - 1])[::-1][:most]])
    found: list[int] = gaps.tolist()
    return found


def _thinned(times: Array, values: Array, most: int) -> Array:
    if len(times) <= most:
        return np.arange(len(times))
    extremes = [int(np.argmin(values)), int(np.argmax(values))]
    thin = MinMaxLTTBDownsampler()  # type: ignore[no-untyped-call]  # it ships no types
    kept = thin.downsample(times, values, n_out=most - len(extremes))
    return np.unique(np.concatenate((kept.astype(np.int64), extremes)))


def _limits(point: Point, factor: Factor, start: datetime, end: datetime) -> list[dict[str, Any]]:
    first, last = timezone.localdate(start), timezone.localdate(end)
    held = Q(valid_to=None) | Q(valid_to__gte=first)
    return [
        {
            "statistic": limit.statistic,
            "min": _number(limit.minimum),
            "max": _number(limit.maximum),
            "from": limit.valid_from.isoformat(),
            "to": limit.valid_to.isoformat() if limit.valid_to else None,
            "source": limit.source,
        }
        for limit in Limit.objects.filter(held, point=point, factor=factor, valid_from__lte=last)
    ]


def _findings(
    viewer: Viewer, point: Point, factor: Factor, start: datetime, end: datetime
) -> list[dict[str, Any]]:
    about = Q(factor=factor) | Q(factor=None)
    lasting = Q(ended_at=None) | Q(ended_at__gte=start)
    found: list[Finding] = list(
        visible_findings(viewer).filter(about, lasting, point=point, started_at__lt=end)[
            :MAX_FINDINGS
        ]
    )
    return [
        {
            "id": finding.pk,
            "rule": finding.rule,
            "severity": finding.severity,
            "start": _ms(finding.started_at),
            "end": _ms(finding.ended_at) if finding.ended_at else None,
            "value": _number(finding.value),
            "multiple": _number(finding.multiple),
        }
        for finding in found
    ]


def _ms(moment: datetime) -> int:
    return math.floor(moment.timestamp() * 1000)


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
