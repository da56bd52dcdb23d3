"""Makers of what tests stand on. Every maker takes what matters and invents the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from django.db import connection

from jiulong.evidence.models import Cursor
from jiulong.gateway.models import Logger
from jiulong.monitoring.models import (
    Factor,
    Finding,
    Limit,
    Outfall,
    Period,
    Point,
    PointState,
)
from jiulong.organisation.models import Unit, User
from jiulong.registers.models import Enterprise

#: A Tuesday noon in Zhangzhou, well inside a month.
NOW = datetime(2026, 3, 10, 4, 0, tzinfo=UTC)
EPOCH = date(2020, 1, 1)
FACTORS = {
    "w00000": ("流量", "Flow", "L/s"),
    "w01001": ("pH值", "pH", ""),
    "w01010": ("水温", "Temperature", "℃"),
    "w01018": ("化学需氧量", "COD", "mg/L"),
    "w21001": ("总氮", "TN", "mg/L"),
    "w21003": ("氨氮", "NH3-N", "mg/L"),
    "w21011": ("总磷", "TP", "mg/L"),
    "w01012": ("悬浮物", "SS", "mg/L"),
}

_serial = count(1)


def make_unit(kind: str = Unit.Kind.DEPARTMENT, **fields: Any) -> Unit:
    n = next(_serial)
    return Unit.objects.create(**{"code": f"U{n}", "name": f"Unit {n}", "kind": kind, **fields})


def make_user(role: str = User.Role.OFFICER, unit: Unit | None = None, **fields: Any) -> User:
    """An account as a request loads it: asking for its rights costs no query."""
    n = next(_serial)
    made = User.objects.create(**{"username": f"user{n}", "role": role, "unit": unit, **fields})
    return User.objects.with_rights().select_related("unit").get(pk=made.pk)


def make_enterprise(**fields: Any) -> Enterprise:
    n = next(_serial)
    unit = fields.pop("unit", None) or make_unit(Unit.Kind.ENTERPRISE, name=f"Enterprise {n}")
    given = {
        "name": f"Enterprise {n}",
        "credit_code": f"91350602{n:010d}",
        "trade": Enterprise.Trade.FOOD,
        "unit": unit,
    }
    return Enterprise.objects.create(**{**given, **fields})


def make_outfall(enterprise: Enterprise | None = None, **fields: Any) -> Outfall:
    n = next(_serial)
    given = {
        "code": f"DW{n:04d}",
        "name": f"Outfall {n}",
        "longitude": 117.65,
        "latitude": 24.51,
        "enterprise": enterprise or make_enterprise(),
    }
    return Outfall.objects.create(**{**given, **fields})


def make_point(outfall: Outfall | None = None, *, unit: Unit | None = None, **fields: Any) -> Point:
    """A point in service since 2026-01-01; `unit` makes it belong to that unit's enterprise."""
    n = next(_serial)
    if outfall is None:
        owner = Enterprise.objects.filter(unit=unit).first() if unit is not None else None
        outfall = make_outfall(owner or make_enterprise(unit=unit))
    given = {
        "code": f"P{n:04d}",
        "name": f"Point {n}",
        "active_from": datetime(2026, 1, 1, tzinfo=UTC),
        "outfall": outfall,
    }
    return Point.objects.create(**{**given, **fields})


def make_factor(code: str = "w01018", **fields: Any) -> Factor:
    name, name_en, unit = FACTORS.get(code, ("", "", ""))
    given = {"name": name, "name_en": name_en, "unit": unit, **fields}
    return Factor.objects.get_or_create(code=code, defaults=given)[0]


def make_limit(
    point: Point,
    code: str = "w01018",
    maximum: str | None = "50",
    *,
    minimum: str | None = None,
    statistic: str = Limit.Statistic.HOUR,
    **fields: Any,
) -> Limit:
    given = {
        "valid_from": EPOCH,
        "source": "permit",
        "maximum": None if maximum is None else Decimal(maximum),
        "minimum": None if minimum is None else Decimal(minimum),
    }
    return Limit.objects.create(
        point=point, factor=make_factor(code), statistic=statistic, **{**given, **fields}
    )


def make_logger(point: Point | None = None, **fields: Any) -> Logger:
    n = next(_serial)
    given = {
        "mn": f"{n:024d}",
        "password": "123456",
        "registered_at": NOW,
        "point": point or make_point(),
    }
    return Logger.objects.create(**{**given, **fields})


def make_finding(point: Point | None = None, **fields: Any) -> Finding:
    n = next(_serial)
    started = fields.pop("started_at", NOW - timedelta(hours=2, seconds=n))
    given = {
        "rule": "hour_exceedance",
        "severity": Finding.Severity.WARNING,
        "started_at": started,
        "last_at": started,
        "found_at": NOW,
        "point": point or make_point(),
    }
    return Finding.objects.create(**{**given, **fields})


_COPY = """
COPY reading (at, received_at, batch, point, ordinal, period, part, factors, values, totals, flags)
FROM STDIN
"""


def write_readings(
    point: Point,
    period: Period,
    rows: Iterable[tuple[datetime, Mapping[str, float | None]]],
    *,
    batch: int = 1,
    part: int = 0,
    marks: str | Mapping[str, str] = "N",
    received_after: timedelta | None = None,
    received_at: datetime | None = None,
    heard: bool = True,
) -> int:
    """Write readings as the recorder would; returns how many.

    A row is (time, {factor code: value}); `marks` is one mark for all or a mark by code. Rows are
    received a second after their interval unless told otherwise; `heard` updates the point state,
    and the recorder's cursor moves up to `batch`.
    """
    lengths = {Period.HOUR: timedelta(hours=1), Period.DAY: timedelta(days=1)}
    length = lengths.get(period, timedelta(0))
    if period == Period.MINUTE:
        length = timedelta(minutes=point.minute_interval)
    after = length + timedelta(seconds=1) if received_after is None else received_after
    listed = list(rows)
    numbers = {code: make_factor(code).pk for _at, values in listed[:1] for code in values}
    months = {at.astimezone(UTC).strftime("%Y-%m-01") for at, _values in listed}
    last: datetime | None = None
    with connection.cursor() as cursor:
        for month in sorted(months):
            cursor.execute("SELECT ensure_reading_partition(%s)", [month])
        with cursor.copy(_COPY) as copy:
            for ordinal, (at, values) in enumerate(listed):
                for code in values.keys() - numbers.keys():
                    numbers[code] = make_factor(code).pk
                came = received_at or at + after
                last = came if last is None else max(last, came)
                numeric = [None if v is None else float(v) for v in values.values()]
                sent = "".join(
                    marks if isinstance(marks, str) else marks.get(c, "N") for c in values
                )
                copy.write_row((
                    at, came, batch, point.pk, ordinal, int(period), part,
                    [numbers[code] for code in values], numeric,
                    [None] * len(values), sent,
                ))  # fmt: skip
    if heard and last is not None:
        _hear(point, last, len(listed))
    move_cursor("recorder", batch)
    return len(listed)


def _hear(point: Point, at: datetime, frames: int) -> None:
    state, made = PointState.objects.get_or_create(
        point=point, defaults={"heard_at": at, "frames": frames}
    )
    if not made:
        state.heard_at = max(state.heard_at, at)
        state.frames += frames
        state.save()


def move_cursor(name: str, position: int) -> None:
    """Move a worker's cursor up to `position`, never back."""
    cursor, _made = Cursor.objects.get_or_create(name=name)
    if cursor.position < position:
        cursor.position = position
        cursor.save()


def hours(first: datetime, *values: float | None, code: str = "w01018") -> list[Any]:
    """Rows for `write_readings`: one value an hour from `first` on."""
    return [(first + timedelta(hours=n), {code: value}) for n, value in enumerate(values)]
