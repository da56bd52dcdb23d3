"""Treatment plants, parameters of analysers, sections of rivers."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Schema

from jiulong.api.schemas.common import Number
from jiulong.plant.comparing import Compared
from jiulong.plant.models import StationState
from jiulong.plant.queries import Analyser, SectionNow, UnitNow


class UnitOut(Schema):
    """A treatment unit; `state` as SBx-RS of HJ 212-2017: 0 off, 1 runs, 2 to 5."""

    code: str
    name: str
    kind: str
    stage: str
    order: int
    must_run: bool
    state: int | None
    since: datetime | None

    @classmethod
    def of(cls, one: UnitNow) -> UnitOut:
        plain = ("code", "name", "kind", "stage", "order", "must_run")
        return cls(
            state=one.state.state if one.state else None,
            since=one.state.since if one.state else None,
            **{name: getattr(one.unit, name) for name in plain},
        )


class StationOut(Schema):
    """What a station said of itself, by its code, as it was sent."""

    key: str
    factor: str
    text: str
    since: datetime
    seen_at: datetime

    @classmethod
    def of(cls, one: StationState) -> StationOut:
        return cls(**{name: getattr(one, name) for name in cls.model_fields})


class PlantOut(Schema):
    """The plant behind a point, and its station."""

    units: list[UnitOut]
    station: list[StationOut]


class ParameterOut(Schema):
    """A parameter as it is filed and as the instrument reports it; `frame` is batch/ordinal."""

    info: str
    filed: Number | None
    reported: str | None
    reported_since: datetime | None
    frame: str | None
    differs: bool

    @classmethod
    def of(cls, row: Compared) -> ParameterOut:
        heard = row.reported
        return cls(
            info=row.info,
            filed=row.filed,
            reported=heard.text if heard else None,
            reported_since=heard.since if heard else None,
            frame=f"{heard.batch}/{heard.ordinal}" if heard else None,
            differs=row.differs,
        )


class AnalyserOut(Schema):
    """An analyser with its parameters."""

    factor: str
    differs: bool
    parameters: list[ParameterOut]

    @classmethod
    def of(cls, one: Analyser) -> AnalyserOut:
        return cls(
            factor=one.factor.code, differs=one.differs,
            parameters=[ParameterOut.of(row) for row in one.rows],
        )  # fmt: skip


class SectionOut(Schema):
    """A section of a river: classes 1 to 5, 6 is below Ⅴ; `missed` are factors over the target."""

    code: str
    name: str
    river: str
    km: Number
    target: int
    grade: int | None
    measured_on: date | None
    missed: list[str]
    outfalls: list[str]

    @classmethod
    def of(cls, one: SectionNow) -> SectionOut:
        section, verdict = one.section, one.verdict
        return cls(
            code=section.code,
            name=section.name,
            river=section.river.name,
            km=section.km,
            target=section.target,
            grade=verdict.grade if verdict else None,
            measured_on=one.measurement.on if one.measurement else None,
            missed=[row.code for row in verdict.over(section.target)] if verdict else [],
            outfalls=[place.outfall.code for place in one.outfalls],
        )
