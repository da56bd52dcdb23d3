"""A year of hours: `python -m jiulong.bench.populate_statistics POINTS DAYS`.

Hourly and daily readings of eight factors and flow, with what happens to real ones: maintenance and
calibration every week, faults, hours and days that never came, hours without flow. Rows are made as
PostgreSQL's binary COPY has them and go straight into the partitions, four weeks of all points at a
time and within these in the order in which they would have come: what a table holds in the order
of points is faster to judge than a real one. Every hour is a batch of an empty journal. Like
populate.py this writes past the verbs. Writes the first and the last day to stdout.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import numpy as np

#: Code, mean, decimals and limit of each factor; flow comes first, in L/s.
FACTORS: Final = (
    ("w00000", 12.0, 2, None),
    ("w01001", 7.2, 2, 9),
    ("w01018", 42.0, 1, 60),
    ("w21003", 3.1, 2, 8),
    ("w21011", 0.31, 3, 1),
    ("w21001", 9.0, 2, 20),
    ("w01012", 11.0, 1, 20),
    ("w20122", 0.21, 3, 1),
    ("w20123", 0.4, 3, 2),
)
PH: Final = "w01001"
#: From one hour to the next, as a share of the value; with the swing of the day about one hour of a
#: hundred outfalls is over its limit.
SPREAD: Final = 0.06
HOURS: Final = 24
HOUR_S: Final = 3600
#: Days that are made at a time.
CHUNK: Final = 28
#: An interval of minute data by which an hour has none.
NO_MINUTES: Final = 120
#: A frame reaches the journal so many seconds after its interval.
CAME_S: Final = 3
US: Final = 1_000_000
#: PostgreSQL counts from the start of 2000; local days begin eight hours before UTC's.
EPOCH_S: Final = 946_684_800
LOCAL_S: Final = 8 * HOUR_S
FLOAT8: Final = 701
INT2: Final = 21
COPY: Final = """
COPY reading (at, received_at, batch, point, ordinal, period, part, factors, values, minima, maxima,
              totals, flags) FROM STDIN (FORMAT binary)
"""
#: A batch an hour: its number, when it came, its frames.
JOURNAL: Final = """
INSERT INTO journal (id, received_at, node, token, frames, body) OVERRIDING SYSTEM VALUE
SELECT n, %(start)s + n * interval '1 hour' + %(came)s * interval '1 second', 'bench',
       gen_random_uuid(), %(frames)s, ''
FROM generate_series(1, %(hours)s) AS n
"""

Array = np.ndarray[Any, Any]


def layout(count: int) -> np.dtype[Any]:
    """One row of `reading` in binary COPY, with arrays of `count` numbers."""
    cell2, cell8 = [("l", ">i4"), ("x", ">i2")], [("l", ">i4"), ("x", ">f8")]
    head = [(name, ">i4") for name in ("l", "ndim", "null", "oid", "n", "low")]
    return np.dtype([
        ("columns", ">i2"), ("at_l", ">i4"), ("at", ">i8"), ("came_l", ">i4"), ("came", ">i8"),
        ("batch_l", ">i4"), ("batch", ">i8"), ("point_l", ">i4"), ("point", ">i4"),
        ("ordinal_l", ">i4"), ("ordinal", ">i4"), ("period_l", ">i4"), ("period", ">i2"),
        ("part_l", ">i4"), ("part", ">i2"),
        ("factors_h", head), ("factors", cell2, count), ("values_h", head),
        ("values", cell8, count), ("minima_l", ">i4"), ("maxima_l", ">i4"), ("totals_h", head),
        ("totals", cell8, count), ("flags_l", ">i4"), ("flags", f"S{count}"),
    ])  # fmt: skip


def blank(rows: int, ids: list[int]) -> Array:
    """Rows with everything in them that is the same in all."""
    count = len(ids)
    made = np.zeros(rows, dtype=layout(count))
    made["columns"] = 13
    for name, length in (("at", 8), ("came", 8), ("batch", 8), ("point", 4), ("ordinal", 4),
                         ("period", 2), ("part", 2), ("flags", count)):  # fmt: skip
        made[f"{name}_l"] = length
    made["minima_l"] = made["maxima_l"] = -1
    for name, oid, size in (("factors", INT2, 2), ("values", FLOAT8, 8), ("totals", FLOAT8, 8)):
        made[f"{name}_h"]["l"] = 20 + (4 + size) * count
        made[f"{name}_h"]["ndim"] = made[f"{name}_h"]["low"] = 1
        made[f"{name}_h"]["oid"] = oid
        made[f"{name}_h"]["n"] = count
        made[name]["l"] = size
    made["factors"]["x"] = ids
    made["batch"] = 1
    return made


def course(chance: np.random.Generator, days: int) -> tuple[Array, Array, Array]:
    """Values (hour x factor), marks and which hours came, of one point."""
    hours = days * HOURS
    swing = 1 + 0.3 * np.sin(np.arange(hours) * (2 * np.pi / HOURS) + chance.random() * 6)
    values = np.empty((hours, len(FACTORS)))
    for place, (code, mean, decimals, _limit) in enumerate(FACTORS):
        wander = 1 + SPREAD * chance.standard_normal(hours)
        level = mean * (0.6 + 0.5 * chance.random())
        course = mean + 0.3 * swing * wander if code == PH else level * swing * wander
        values[:, place] = np.round(np.maximum(course, 0.05 * mean), decimals)
    values[chance.random(hours) < 0.01, 0] = 0  # nothing was discharged
    marks = np.full((hours, len(FACTORS)), ord("N"), dtype=np.uint8)
    week = np.arange(10, hours - 2, 7 * HOURS)
    marks[week, 1:], marks[week + 1, 1:] = ord("M"), ord("C")
    for place in range(2, len(FACTORS)):  # 0.8 % a day: it hangs for one to five hours
        for start in np.flatnonzero(chance.random(days) < 0.008) * HOURS:
            marks[start + 3 : start + 3 + chance.integers(1, 6), place] = ord("D")
    came = chance.random(hours) > 0.004
    for start in np.flatnonzero(chance.random(days) < 0.01) * HOURS:
        came[start : start + chance.integers(4, 30)] = False
    return values, marks, came


def rows_of(  # noqa: PLR0917 - one stretch of one point
    point: int, ids: list[int], first_s: int, step_s: int, period: int, values: Array, marks: Array,
    came: Array,
) -> Array:  # fmt: skip
    """The rows of one point and period as binary COPY has them."""
    chosen = np.flatnonzero(came)
    made = blank(len(chosen), ids)
    at = (first_s - EPOCH_S + chosen * step_s) * US
    made["at"], made["came"] = at, at + (step_s + CAME_S) * US
    made["point"], made["ordinal"], made["period"] = point, chosen, period
    kept = values[chosen]
    made["values"]["x"] = kept
    made["totals"]["x"] = np.round(kept * kept[:, :1] * step_s * 1e-6, 3)
    made["totals"]["x"][:, 0] = np.round(kept[:, 0] * step_s * 1e-3, 3)
    made["flags"] = np.ascontiguousarray(marks[chosen]).view(f"S{marks.shape[1]}")[:, 0]
    return made


def readings(point: int, ids: list[int], first_s: int, days: int) -> Iterator[Array]:
    """A point's hours of some days, and what its logger makes of the days."""
    from jiulong.monitoring.models import Period  # noqa: PLC0415 - after django.setup()

    chance = np.random.default_rng((point, first_s))
    values, marks, came = course(chance, days)
    yield rows_of(point, ids, first_s, HOUR_S, int(Period.HOUR), values, marks, came)
    shape = (days, HOURS, len(FACTORS))
    usable = (marks == ord("N")).reshape(shape) & came.reshape(days, HOURS, 1)
    water = values.reshape(shape)[:, :, :1] * usable
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (values.reshape(shape) * water).sum(axis=1) / water.sum(axis=1)
        plain = (values.reshape(shape) * usable).sum(axis=1) / usable.sum(axis=1)
    for place, (code, *_rest) in enumerate(FACTORS):
        if code in {"w00000", PH}:  # neither flow nor pH is weighted by flow
            means[:, place] = plain[:, place]
    powers = np.array([10.0**decimals for _code, _mean, decimals, _limit in FACTORS])
    means = np.rint(np.nan_to_num(means) * powers) / powers
    normal = np.full((days, len(FACTORS)), ord("N"), dtype=np.uint8)
    whole = usable.any(axis=(1, 2))
    yield rows_of(point, ids, first_s, HOURS * HOUR_S, int(Period.DAY), means, normal, whole)


def arrived(points: int, ids: list[int], first_s: int, days: int, begun_s: int) -> bytes:
    """The rows of all points for some days, in the order of their batches (from `begun_s` on)."""
    blocks = [
        block for point in range(1, points + 1) for block in readings(point, ids, first_s, days)
    ]
    rows = np.concatenate(blocks, dtype=blocks[0].dtype)  # else it turns bytes to the machine's
    came_s = rows["came"].astype(np.int64) // US + EPOCH_S
    rows["batch"] = (came_s - CAME_S - begun_s) // HOUR_S
    return rows[np.argsort(rows["batch"], kind="stable")].tobytes()


def sites(points: int, start: datetime) -> None:
    """Points, each at an outfall of its own, with limits on the hourly and daily mean of every
    factor. Hours are all that they send.
    """
    from jiulong.monitoring.models import Limit, Outfall, Point  # noqa: PLC0415
    from jiulong.registers.models import Enterprise  # noqa: PLC0415

    enterprise = Enterprise.objects.get(unit__code="bench")  # made by populate.py
    outfalls = Outfall.objects.bulk_create(
        Outfall(
            enterprise=enterprise, code=f"S{n}", name=f"Bench {n}", longitude=117.6, latitude=24.5
        )
        for n in range(1, points + 1)
    )
    made = Point.objects.bulk_create(
        Point(
            id=n,
            outfall=outfall,
            code=f"B{n}",
            name=f"Bench {n}",
            active_from=start,
            realtime_interval_s=HOUR_S,
            minute_interval=NO_MINUTES,
        )
        for n, outfall in enumerate(outfalls, 1)
    )
    ids = factor_ids()
    Limit.objects.bulk_create(
        Limit(
            point=point,
            factor_id=factor,
            statistic=statistic,
            maximum=limit,
            valid_from=date(2020, 1, 1),
            source="bench",
        )
        for point in made
        for factor, (_code, _mean, _decimals, limit) in zip(ids, FACTORS, strict=True)
        if limit is not None
        for statistic in (Limit.Statistic.HOUR, Limit.Statistic.DAY)
    )


def factor_ids() -> list[int]:
    """The ids of the factors, in their order here."""
    from jiulong.monitoring.models import Factor  # noqa: PLC0415

    by_code = dict(Factor.objects.values_list("code", "pk"))
    return [by_code[code] for code, *_ in FACTORS]


def fill(points: int, days: int) -> tuple[date, date]:
    """Everything; the first and the last local day, which is yesterday."""
    from django.db import connection  # noqa: PLC0415

    last = (datetime.now(UTC) + timedelta(seconds=LOCAL_S)).date() - timedelta(days=1)
    first = last - timedelta(days=days - 1)
    start = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(seconds=LOCAL_S)
    sites(points, start)
    ids = factor_ids()
    begun_s = int(start.timestamp())
    with connection.cursor() as cursor:
        for month in sorted({start.date() + timedelta(days=n) for n in range(days + 1)}):
            if month.day == 1 or month == start.date():
                cursor.execute("SELECT ensure_reading_partition(%s)", [month])
        with cursor.copy(COPY) as copy:
            copy.write(b"PGCOPY\n\xff\r\n\0" + bytes(8))
            for day in range(0, days, CHUNK):
                some = min(CHUNK, days - day)
                copy.write(arrived(points, ids, begun_s + day * HOURS * HOUR_S, some, begun_s))
            copy.write(b"\xff\xff")
        facts: dict[str, Any] = {
            "start": start, "hours": days * HOURS, "came": CAME_S, "frames": points,
        }  # fmt: skip
        cursor.execute(JOURNAL, facts)
        cursor.execute("ANALYZE reading; ANALYZE journal")
    _recorded(days * HOURS)
    return first, last


def _recorded(batches: int) -> None:
    """All of it was recorded, and everybody but the judge has seen it."""
    from jiulong.evidence.models import Cursor  # noqa: PLC0415
    from jiulong.monitoring.following import SOURCE  # noqa: PLC0415
    from jiulong.validity import statistics  # noqa: PLC0415

    for name in (SOURCE, statistics.CURSOR):
        Cursor.objects.create(name=name, position=batches)


def main() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    django.setup()
    first, last = fill(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(f"{first} {last}")


if __name__ == "__main__":
    main()
