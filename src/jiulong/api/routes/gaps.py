"""Gaps, and how complete a month is."""

from __future__ import annotations

from datetime import date

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field

from jiulong.api.asked import Asked, Moment, Paged
from jiulong.api.problems import BadRequestError
from jiulong.api.schemas.common import Page
from jiulong.api.schemas.gaps import AskIn, CompletenessOut, GapDetail, GapOut
from jiulong.api.security import viewer
from jiulong.gaps import queries
from jiulong.gaps.actions import request_history
from jiulong.monitoring.models import Period
from jiulong.monitoring.queries import point

router = Router(tags=["gaps"])


class GapsAsked(Paged):
    text: str = Field("", description="every word must be in a name or code")
    period: str = Field("", pattern="^(minute|hour|day|)$")
    state: str = Field("", pattern="^(missing|open|asked|filled|given_up|)$")
    cause: str = Field("", pattern="^(offline|refused|unsent|)$")
    start: Moment | None = None
    end: Moment | None = None


@router.get("/gaps", response=Page[GapOut])
def gaps(request: HttpRequest, asked: Query[GapsAsked]) -> Page[GapOut]:
    """What is missing, newest first."""
    given = asked.filters()
    period = given.pop("period")
    found = queries.gaps(
        viewer(request), period=Period[period.upper()] if period else None, **given
    )
    rows, total = asked.cut(found)
    return Page[GapOut].of([GapOut.of(row) for row in rows], total, asked)


@router.get("/gaps/{int:number}", response=GapDetail)
def gap(request: HttpRequest, number: int) -> GapDetail:
    """One gap with the requests made for it."""
    return GapDetail.with_requests(queries.gap(viewer(request), number))


@router.post("/gaps/{int:number}/ask", response=GapDetail)
def ask(request: HttpRequest, number: int, given: AskIn) -> GapDetail:
    """Ask the logger for what is missing, now."""
    found = queries.gap(viewer(request), number)
    try:
        request_history(actor=viewer(request), gap=found, reason=given.reason)
    except ValidationError as error:
        raise BadRequestError("body.reason", error.messages[0]) from error
    return GapDetail.with_requests(queries.gap(viewer(request), number))


class MonthAsked(Asked):
    month: str = Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$", description="e.g. 2026-03")


@router.get("/points/{code}/completeness", response=list[CompletenessOut])
def completeness(
    request: HttpRequest, code: str, asked: Query[MonthAsked]
) -> list[CompletenessOut]:
    """What a point owed in a month, what came in time, later, and never."""
    month = date.fromisoformat(f"{asked.month}-01")
    seen = viewer(request)
    return [CompletenessOut.of(row) for row in queries.completeness(seen, point(seen, code), month)]
