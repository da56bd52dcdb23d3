"""Samples with their clocks, custody and results. Who was witness is never told."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from ninja import Schema

from jiulong.sampling.models import Result
from jiulong.sampling.queries import Row


class ClockOut(Schema):
    """Until when one factor must be analysed."""

    factor: str
    until: datetime
    state: str
    analysed: bool
    source: str


class ResultOut(Schema):
    """What the laboratory found of one factor, beside the online value of the sampling hour."""

    factor: str
    value: Decimal
    unit: str
    below: bool
    duplicate: bool
    method: str
    report: str
    analysed_at: datetime
    in_time: bool | None
    online: Decimal | None
    allowed: Decimal | None
    agrees: bool | None

    @classmethod
    def of(cls, one: Result) -> ResultOut:
        plain = set(cls.model_fields) - {"factor", "unit"}
        return cls(
            factor=one.factor.code,
            unit=one.factor.unit,
            **{name: getattr(one, name) for name in plain},
        )


class SampleOut(Schema):
    """A sample: why, which bottle, where it is."""

    id: int
    number: str
    code: str
    point: str
    enterprise: str
    trigger: str
    purpose: str
    reason: str
    state: str
    factors: list[str]
    ordered_at: datetime
    sampled_at: datetime | None
    device_at: datetime | None
    position: int | None
    seal_number: str
    command: int | None
    finding: int | None
    clocks: list[ClockOut]

    @classmethod
    def of(cls, row: Row) -> SampleOut:
        one = row.sample
        other = {"point", "enterprise", "command", "finding", "clocks"}
        return cls(
            point=one.point.code,
            enterprise=one.point.outfall.enterprise.name,
            command=one.command_id,
            finding=one.finding_id,
            clocks=[
                ClockOut(
                    factor=clock.factor, until=clock.until, state=clock.light,
                    analysed=clock.stopped, source=clock.source,
                )
                for clock in row.clocks
            ],
            **{name: getattr(one, name) for name in SampleOut.model_fields if name not in other},
        )  # fmt: skip


class SampleDetail(Schema):
    """A sample with its results."""

    sample: SampleOut
    results: list[ResultOut]
