"""The overview, points, their readings, and findings."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import AfterValidator, Field, WithJsonSchema

from jiulong.api.asked import SIZE, Asked, Moment, Paged
from jiulong.api.problems import BadRequestError
from jiulong.api.schemas.common import Page
from jiulong.api.schemas.monitoring import (
    FindingOut,
    OverviewOut,
    PointDetail,
    PointOut,
    SeriesOut,
    TableOut,
)
from jiulong.api.security import viewer
from jiulong.monitoring import queries
from jiulong.monitoring.models import Factor, Period
from jiulong.monitoring.queries.findings import SORTS as FINDING_SORTS
from jiulong.monitoring.queries.series import MAX_POINTS
from jiulong.monitoring.queries.tables import PER_PAGE_MAX

router = Router(tags=["monitoring"])

PERIODS = [period.name.lower() for period in Period]


def _period(text: str) -> str:
    if text not in PERIODS:
        raise ValueError(f"one of {', '.join(PERIODS)}")
    return text


PeriodName = Annotated[
    str, AfterValidator(_period), WithJsonSchema({"type": "string", "enum": PERIODS})
]


@router.get("/overview", response=OverviewOut)
def overview(request: HttpRequest) -> OverviewOut:
    """What is live, what is wrong, what is late."""
    return OverviewOut.of(queries.overview(viewer(request), timezone.now()))


class PointsAsked(Paged):
    q: str = Field("", description="every word must be in a name or code")
    trade: str = ""
    street: str = Field("", description="code of the street or town")
    state: str = Field("", description="live, late or offline")
    factor: str = Field("", description="only points with a limit on it")
    has_findings: bool | None = None
    retired: bool = Field(default=False, description="also points out of service")
    sort: str = Field("light", description="a leading - reverses")


@router.get("/points", response=Page[PointOut])
def points(request: HttpRequest, asked: Query[PointsAsked]) -> Page[PointOut]:
    """Points with their current values, what is wrong first."""
    _known(asked.sort, queries.SORTS)
    now = timezone.now()
    rows, total = asked.cut(queries.points(viewer(request), now=now, **asked.filters()))
    return Page[PointOut].of(
        [PointOut.of(row) for row in queries.point_rows(rows, now=now)], total, asked
    )


@router.get("/points/{code}", response=PointDetail)
def point(request: HttpRequest, code: str) -> PointDetail:
    """One point with the limits in force."""
    now = timezone.now()
    found = queries.point(viewer(request), code, now=now)
    (row,) = queries.point_rows([found], now=now)
    return PointDetail.with_limits(row, queries.limits_in_force(found, now))


class SeriesAsked(Asked):
    factor: str = Field(description="code, e.g. w01018")
    period: PeriodName | None = Field(None, description="by default the finest that makes sense")
    start: Moment | None = Field(None, description="by default a day before the end")
    end: Moment | None = Field(None, description="by default now")
    max_points: int = Field(MAX_POINTS, ge=100, le=MAX_POINTS)


@router.get("/points/{code}/series", response=SeriesOut)
def series(request: HttpRequest, code: str, asked: Query[SeriesAsked]) -> HttpResponse:
    """A factor's course, thinned so that its shape remains; with limits, marks and findings."""
    try:
        found = queries.series(
            viewer(request), code, asked.factor,
            _number(asked.period), asked.start, asked.end, asked.max_points,
        )  # fmt: skip
    except Factor.DoesNotExist as error:
        raise BadRequestError("query.factor", _("There is no such factor.")) from error
    except ValueError as error:
        raise BadRequestError("query.start", str(error)) from error
    return HttpResponse(found.as_json(), content_type="application/json")


class ReadingsAsked(Paged):
    period: PeriodName
    start: Moment
    end: Moment
    size: int = Field(SIZE, ge=1, le=PER_PAGE_MAX)


@router.get("/points/{code}/readings", response=TableOut)
def readings(request: HttpRequest, code: str, asked: Query[ReadingsAsked]) -> TableOut:
    """Readings as they were sent, newest first; each cell names its raw frame."""
    if asked.start >= asked.end:
        raise BadRequestError("query.start", _("The start is not before the end."))
    seen = viewer(request)
    period = Period[asked.period.upper()]
    found = queries.table(
        seen, queries.point(seen, code), period, asked.start, asked.end,
        page=asked.page, per_page=asked.size,
    )  # fmt: skip
    return TableOut.of(found, period)


class FindingsAsked(Paged):
    q: str = Field("", description="every word must be in a name or code")
    rule: str = ""
    severity: str = ""
    standing: str = Field("", pattern="^(open|ended|)$", description="open or ended")
    acknowledged: bool | None = None
    point: str = Field("", description="code of the point")
    factor: str = ""
    since: Moment | None = None
    until: Moment | None = None
    sort: str = Field("-started", description="a leading - reverses")


@router.get("/findings", response=Page[FindingOut])
def findings(request: HttpRequest, asked: Query[FindingsAsked]) -> Page[FindingOut]:
    """What is wrong, newest first."""
    _known(asked.sort, FINDING_SORTS)
    rows, total = asked.cut(queries.findings(viewer(request), **asked.filters()))
    return Page[FindingOut].of([FindingOut.of(row) for row in rows], total, asked)


@router.get("/findings/{int:number}", response=FindingOut)
def finding(request: HttpRequest, number: int) -> FindingOut:
    """One finding with its evidence."""
    return FindingOut.of(queries.finding(viewer(request), number))


def _number(period: str | None) -> Period | None:
    return None if period is None else Period[period.upper()]


def _known(sort: str, sorts: dict[str, Any]) -> None:
    if sort.removeprefix("-") not in sorts:
        raise BadRequestError(
            "query.sort", _("Sort by one of %(names)s.") % {"names": ", ".join(sorts)}
        )
