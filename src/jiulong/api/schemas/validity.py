"""Days and months of valid data, the hours behind a day, and revisions."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Schema

from jiulong.api.schemas.common import Number
from jiulong.rounding import text
from jiulong.validity.lineage import HourLine
from jiulong.validity.models import DayStatistic, MonthStatistic, Revision


def exactly(value: Decimal | None) -> str | None:
    """A number that must not lose a digit, as text."""
    return None if value is None else text(value.normalize())


class DayOut(Schema):
    """The effective mean of a factor on one local day. Means and loads are exact, as text."""

    point: str
    factor: str
    on: date
    valid: bool
    over: bool
    mean: str | None
    n_expected: int
    n_valid: int
    ratio: Number
    flow_m3: str | None
    load_kg: str | None
    substituted: bool
    method: str
    rule: str
    valid_hours: int
    made_hours: int
    invalid: dict[str, int]
    reasons: list[str]
    sent_mean: str | None
    sent_method: str
    deviates: bool
    revision: int
    computed_at: datetime

    @classmethod
    def of(cls, row: DayStatistic, point: str) -> DayOut:
        facts: dict[str, Any] = {
            name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)
        }
        exact = ("mean", "flow_m3", "load_kg", "sent_mean")
        facts |= {name: exactly(getattr(row, name)) for name in exact}
        return cls(**{**facts, "point": point, "factor": row.factor.code})


class MonthOut(Schema):
    """The effective mean of a month: of its effective daily means."""

    point: str
    factor: str
    month: date
    valid: bool
    mean: str | None
    n_expected: int
    n_valid: int
    ratio: Number
    flow_m3: str | None
    load_kg: str | None
    n_substituted: int
    rule: str
    reasons: list[str]
    computed_at: datetime

    @classmethod
    def of(cls, row: MonthStatistic, point: str) -> MonthOut:
        facts: dict[str, Any] = {
            name: getattr(row, name) for name in cls.model_fields if hasattr(row, name)
        }
        facts |= {name: exactly(getattr(row, name)) for name in ("mean", "flow_m3", "load_kg")}
        return cls(**{**facts, "point": point, "factor": row.factor.code})


class ReasonOut(Schema):
    """Why an hour does not count, and what says so, as `upkeep.mark/17`."""

    code: str
    reference: str


class HourOut(Schema):
    """An hour as it was accepted; `frame` is batch/ordinal of the raw frame."""

    at: datetime
    value: str | None
    flag: str
    flow_m3: str | None
    counts: bool
    due: bool
    made: bool
    reasons: list[ReasonOut]
    frame: str | None

    @classmethod
    def of(cls, line: HourLine) -> HourOut:
        return cls(
            at=line.at,
            value=exactly(line.value),
            flag=line.flag,
            flow_m3=exactly(line.flow_m3),
            counts=line.counts,
            due=line.due,
            made=line.made,
            reasons=[ReasonOut(code=r.code, reference=r.reference) for r in line.reasons],
            frame=f"{line.frame[0]}/{line.frame[1]}" if line.frame else None,
        )


class RevisionOut(Schema):
    """A settled day that came out differently: what changed, from what to what, and why."""

    point: str
    factor: str
    on: date
    number: int
    before: dict[str, Any]
    after: dict[str, Any]
    causes: list[str]
    at: datetime

    @classmethod
    def of(cls, row: Revision) -> RevisionOut:
        return cls(
            point=row.point.code, factor=row.factor.code, on=row.on, number=row.number,
            before=row.before, after=row.after, causes=row.causes, at=row.at,
        )  # fmt: skip
