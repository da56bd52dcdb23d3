"""Days, months and hours of valid data, and what was revised."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from jiulong.api.asked import SIZE, Asked, Paged
from jiulong.api.problems import BadRequestError
from jiulong.api.schemas.common import Page
from jiulong.api.schemas.validity import DayOut, HourOut, MonthOut, RevisionOut
from jiulong.api.security import viewer
from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import Factor
from jiulong.validity import queries

router = Router(tags=["validity"])

#: A year of eight factors fits on a few pages.
SIZE_MAX = 1000


def _factor(request: HttpRequest, code: str) -> Factor:
    try:
        return monitoring.factor(viewer(request), code)
    except Factor.DoesNotExist as error:
        raise BadRequestError("query.factor", _("There is no such factor.")) from error


class DaysAsked(Paged):
    start: date = Field(description="first day")
    end: date = Field(description="last day")
    factor: str = Field("", description="code; all where none is named")
    size: int = Field(SIZE, ge=1, le=SIZE_MAX)


@router.get("/points/{code}/days", response=Page[DayOut])
def days(request: HttpRequest, code: str, asked: Query[DaysAsked]) -> Page[DayOut]:
    """Effective daily means and loads of a point, newest first."""
    point = monitoring.point(viewer(request), code)
    factor = _factor(request, asked.factor) if asked.factor else None
    found = queries.days(viewer(request), point, factor, asked.start, asked.end)
    rows, total = asked.cut(found)
    return Page[DayOut].of([DayOut.of(row, point.code) for row in rows], total, asked)


@router.get("/points/{code}/months", response=Page[MonthOut])
def months(request: HttpRequest, code: str, asked: Query[DaysAsked]) -> Page[MonthOut]:
    """Effective monthly means and loads of a point, newest first."""
    point = monitoring.point(viewer(request), code)
    factor = _factor(request, asked.factor) if asked.factor else None
    found = queries.months(viewer(request), point, factor, asked.start.replace(day=1), asked.end)
    rows, total = asked.cut(found)
    return Page[MonthOut].of([MonthOut.of(row, point.code) for row in rows], total, asked)


class HoursAsked(Asked):
    factor: str = Field(description="code, e.g. w01018")


@router.get("/points/{code}/days/{on}/hours", response=list[HourOut])
def accepted_hours(
    request: HttpRequest, code: str, on: date, asked: Query[HoursAsked]
) -> list[HourOut]:
    """The 24 hours of a day: what came, whether it counts, and what says so."""
    point = monitoring.point(viewer(request), code)
    factor = _factor(request, asked.factor)
    return [HourOut.of(line) for line in queries.accepted_hours(viewer(request), point, factor, on)]


class RevisionsAsked(Paged):
    q: str = Field("", description="every word must be in a name or code")
    since: date | None = Field(None, description="first day that was revised")
    until: date | None = Field(None, description="last day that was revised")


@router.get("/revisions", response=Page[RevisionOut])
def revisions(request: HttpRequest, asked: Query[RevisionsAsked]) -> Page[RevisionOut]:
    """Settled days that came out differently afterwards, newest first."""
    rows, total = asked.cut(queries.revisions(viewer(request), **asked.filters()))
    return Page[RevisionOut].of([RevisionOut.of(row) for row in rows], total, asked)
