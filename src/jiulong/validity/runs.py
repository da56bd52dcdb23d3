"""Readings of stretches of days as numpy columns, however many points at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, Final, NamedTuple, cast
from zoneinfo import ZoneInfo

import numpy as np
import psycopg
from django.conf import settings
from django.db import connection
from numpy.typing import NDArray

from jiulong.monitoring import thresholds
from jiulong.monitoring.models import Factor, Period
from jiulong.validity import sql
from jiulong.validity.engine.rules import FLOW

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Truths = NDArray[np.bool_]
Marks = NDArray[np.uint8]

HOURS: Final = 24
#: PostgreSQL counts µs from here.
_EPOCH: Final = datetime(2000, 1, 1, tzinfo=UTC)
_US: Final = 1_000_000


class Run(NamedTuple):
    """Consecutive local days of one point."""

    point: int
    first: date
    days: int

    @property
    def last(self) -> date:
        """The last day."""
        return self.first + timedelta(days=self.days - 1)

    @property
    def start(self) -> datetime:
        """Local midnight of the first day."""
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """Local midnight after the last day."""
        return midnight(self.first + timedelta(days=self.days))

    def day(self, index: int) -> date:
        """The day at that place of the columns."""
        return self.first + timedelta(days=index)


class Frames(NamedTuple):
    """Frames of one run that carry the same factors: n rows, f factors.

    Args:
        at_s: seconds since the start of the run.
        flow_total: m³ of the period as the logger sums it up (`Cou`).
    """

    factors: tuple[int, ...]
    at_s: Ints
    values: Floats
    flow_total: Floats
    marks: Marks


@dataclass(frozen=True)
class Codes:
    """Factors by id, as far as days are computed of them: concentrations and such in water."""

    by_id: dict[int, str]
    flow: int

    @cached_property
    def computed(self) -> frozenset[int]:
        """Factors of which days are computed; flow stands beside them in m³."""
        return frozenset(
            pk
            for pk, code in self.by_id.items()
            if code[:1] == "w" and code.partition("#")[0] not in FLOW
        )


def codes() -> Codes:
    """The factors there are. One query."""
    by_id = dict(Factor.objects.values_list("pk", "code"))
    flow = next((pk for pk, code in by_id.items() if code == "w00000"), 0)
    return Codes(by_id, flow)


def zone() -> ZoneInfo:
    """The zone whose calendar days are judged. It has had no daylight saving since 1991."""
    return ZoneInfo(settings.TIME_ZONE)


def midnight(day: date) -> datetime:
    """The start of a local day."""
    return datetime.combine(day, time.min, zone())


def runs_of(days: Iterable[tuple[int, date]]) -> list[Run]:
    """Days of points, put together where they follow each other."""
    found: list[Run] = []
    for point, day in sorted(set(days)):
        before = found[-1] if found else None
        if before and before.point == point and before.first + timedelta(days=before.days) == day:
            found[-1] = before._replace(days=before.days + 1)
        else:
            found.append(Run(point, day, 1))
    return found


def read(runs: Sequence[Run], period: Period, flow: int) -> list[list[Frames]]:
    """Frames of a period for each run, in the order of their parts. One query."""
    found: list[list[Frames]] = [[] for _ in runs]
    if not runs:
        return found
    parameters: dict[str, Any] = {
        "points": [run.point for run in runs],
        "firsts": [run.start for run in runs],
        "lasts": [run.end for run in runs],
        "period": int(period),
        "flow": flow,
        "ahead": thresholds.CLOCK_AHEAD,
    }
    connection.ensure_connection()
    database = cast("psycopg.Connection[Any]", connection.connection)
    # Django's own cursors bind on the client, and so know no binary results.
    with connection.wrap_database_errors, psycopg.Cursor(database) as cursor:
        cursor.execute(sql.COLUMNS, parameters, binary=True)
        for n, factors, count, *columns in cursor:
            run = runs[n - 1]
            found[n - 1].append(_frames(run, tuple(factors), count, columns))
    return found


def _frames(run: Run, factors: tuple[int, ...], count: int, columns: Sequence[Any]) -> Frames:
    at, values, totals, flags = columns
    # Each float8[] has a head of 20 bytes and four bytes of length before each number.
    row = np.dtype([("head", "S20"), ("cells", [("length", ">i4"), ("x", ">f8")], len(factors))])
    start_us = int((run.start - _EPOCH).total_seconds()) * _US
    marks = np.frombuffer(flags.encode("ascii", "replace"), dtype=np.uint8)
    return Frames(
        factors,
        (np.frombuffer(at, dtype=">i8").astype(np.int64) - start_us) // _US,
        np.frombuffer(values, dtype=row)["cells"]["x"].astype(np.float64),
        np.frombuffer(totals, dtype=">f8").astype(np.float64),
        marks.reshape(count, len(factors)),
    )


def by_point(spans: Iterable[Any], key: str = "point") -> dict[int, list[Any]]:
    """Things that name their point, by it."""
    found: dict[int, list[Any]] = defaultdict(list)
    for span in spans:
        found[getattr(span, key)].append(span)
    return found


def usable(marks: Marks, flags: Collection[str]) -> Truths:
    """Whether marks leave their values usable."""
    table = np.zeros(256, dtype=np.bool_)
    table[[ord(flag) for flag in flags if flag]] = True
    found: Truths = table[marks]
    return found
