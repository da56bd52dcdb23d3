"""Points, their readings, and what was found in them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Schema

from jiulong.api.schemas.common import Number, period_name
from jiulong.monitoring.models import Factor, Finding, Limit, Period
from jiulong.monitoring.queries import CurrentValue, Overview, PointRow, Table


class FactorOut(Schema):
    """What is measured, and in which unit."""

    code: str
    name: str
    name_en: str
    unit: str

    @classmethod
    def of(cls, factor: Factor) -> FactorOut:
        return cls(code=factor.code, name=factor.name, name_en=factor.name_en, unit=factor.unit)


class ValueOut(Schema):
    """The newest value of a factor, beside its limit; `frame` is batch/ordinal of the raw frame."""

    factor: FactorOut
    at: datetime
    period: str
    value: Number | None
    flag: str
    standing: str
    ratio: Number | None
    limit_minimum: Number | None
    limit_maximum: Number | None
    frame: str

    @classmethod
    def of(cls, value: CurrentValue) -> ValueOut:
        return cls(
            factor=FactorOut.of(value.factor),
            at=value.at,
            period=period_name(value.period),
            value=value.value,
            flag=value.flag,
            standing=value.standing,
            ratio=value.ratio,
            limit_minimum=value.limit.minimum if value.limit else None,
            limit_maximum=value.limit.maximum if value.limit else None,
            frame=f"{value.batch}/{value.ordinal}",
        )


class PointOut(Schema):
    """A point as lists show it."""

    code: str
    name: str
    position: str
    outfall: str
    enterprise: str
    credit_code: str
    trade: str
    street: str | None
    longitude: float
    latitude: float
    state: str
    light: str
    heard_at: datetime | None
    open_findings: int
    values: list[ValueOut]

    @classmethod
    def of(cls, row: PointRow) -> PointOut:
        return cls(**_point_facts(row))


def _point_facts(row: PointRow) -> dict[str, Any]:
    outfall = row.point.outfall
    enterprise = outfall.enterprise
    return {
        "code": row.point.code,
        "name": row.point.name,
        "position": row.point.position,
        "outfall": outfall.code,
        "enterprise": enterprise.name,
        "credit_code": enterprise.credit_code,
        "trade": enterprise.trade,
        "street": enterprise.street.code if enterprise.street else None,
        "longitude": outfall.longitude,
        "latitude": outfall.latitude,
        "state": row.state,
        "light": row.light,
        "heard_at": row.heard_at,
        "open_findings": row.open_findings,
        "values": [ValueOut.of(value) for value in row.values],
    }


class LimitOut(Schema):
    """A limit, from when to when, and where it is written."""

    factor: str
    statistic: str
    minimum: Number | None
    maximum: Number | None
    valid_from: date
    valid_to: date | None
    source: str

    @classmethod
    def of(cls, limit: Limit) -> LimitOut:
        return cls(
            factor=limit.factor.code,
            statistic=limit.statistic,
            minimum=limit.minimum,
            maximum=limit.maximum,
            valid_from=limit.valid_from,
            valid_to=limit.valid_to,
            source=limit.source,
        )


class PointDetail(PointOut):
    """A point with its intervals and the limits in force."""

    realtime_interval_s: int
    minute_interval: int
    active_from: datetime
    active_to: datetime | None
    limits: list[LimitOut]

    @classmethod
    def with_limits(cls, row: PointRow, limits: list[Limit]) -> PointDetail:
        return cls(
            **_point_facts(row),
            realtime_interval_s=row.point.realtime_interval_s,
            minute_interval=row.point.minute_interval,
            active_from=row.point.active_from,
            active_to=row.point.active_to,
            limits=[LimitOut.of(limit) for limit in limits],
        )


class SeriesOut(Schema):
    """A factor's course, thinned for drawing. Times are milliseconds since 1970 UTC."""

    factor: FactorOut
    period: str
    start: int
    end: int
    points: list[tuple[int, float | None]]
    limits: list[dict[str, Any]]
    marks: list[tuple[int, int, str]]
    findings: list[dict[str, Any]]
    summary: dict[str, float | int]


class CellOut(Schema):
    """A value as it was sent (in the stored unit), its mark, and its raw frame."""

    value: Number | None
    minimum: Number | None
    maximum: Number | None
    total: Number | None
    flag: str
    frame: str


class RowOut(Schema):
    """One moment of a table; interval readings are dated at their start."""

    at: datetime
    received_at: datetime
    cells: dict[str, CellOut]


class TableOut(Schema):
    """Readings, newest first; cells by factor code."""

    period: str
    factors: list[FactorOut]
    items: list[RowOut]
    total: int
    page: int
    size: int
    pages: int

    @classmethod
    def of(cls, table: Table, period: Period) -> TableOut:
        codes = [factor.code for factor in table.columns]
        rows = [
            RowOut(
                at=row.at,
                received_at=row.received_at,
                cells={
                    code: CellOut(
                        value=cell.value,
                        minimum=cell.minimum,
                        maximum=cell.maximum,
                        total=cell.total,
                        flag=cell.flag,
                        frame=f"{cell.batch}/{cell.ordinal}",
                    )
                    for code, cell in zip(codes, row.cells, strict=True)
                    if cell is not None
                },
            )
            for row in table.rows
        ]
        return cls(
            period=period_name(period),
            factors=[FactorOut.of(factor) for factor in table.columns],
            items=rows,
            total=table.total,
            page=table.page,
            size=table.per_page,
            pages=table.pages,
        )


class FindingOut(Schema):
    """Something that is wrong, judged by one rule."""

    id: int
    rule: str
    severity: str
    point: str
    enterprise: str
    factor: str | None
    started_at: datetime
    last_at: datetime
    ended_at: datetime | None
    value: Number | None
    limit_value: Number | None
    multiple: Number | None
    detail: dict[str, Any]
    found_at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    note: str

    @classmethod
    def of(cls, finding: Finding) -> FindingOut:
        by = finding.acknowledged_by
        return cls(
            id=finding.pk,
            rule=finding.rule,
            severity=finding.severity,
            point=finding.point.code,
            enterprise=finding.point.outfall.enterprise.name,
            factor=finding.factor.code if finding.factor else None,
            started_at=finding.started_at,
            last_at=finding.last_at,
            ended_at=finding.ended_at,
            value=finding.value,
            limit_value=finding.limit_value,
            multiple=finding.multiple,
            detail=finding.detail,
            found_at=finding.found_at,
            acknowledged_by=str(by) if by else None,
            acknowledged_at=finding.acknowledged_at,
            note=finding.note,
        )


class OverviewOut(Schema):
    """The numbers of the home page."""

    points: int
    live: int
    late: int
    offline: int
    open_findings: int
    open_by_severity: dict[str, int]
    open_by_rule: dict[str, int]
    unacknowledged: int
    points_with_findings: int
    newest: list[FindingOut]
    frames_hour: int
    frames_day: int

    @classmethod
    def of(cls, overview: Overview) -> OverviewOut:
        plain = set(cls.model_fields) - {"newest"}
        return cls(
            newest=[FindingOut.of(finding) for finding in overview.newest],
            **{name: getattr(overview, name) for name in plain},
        )
