"""Seals."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router

from jiulong.api.asked import Moment, Paged
from jiulong.api.schemas.common import Page
from jiulong.api.schemas.evidence import SealOut, SealStatusOut
from jiulong.api.security import viewer
from jiulong.evidence import queries
from jiulong.evidence.models import Seal

router = Router(tags=["evidence"])


class SealsAsked(Paged):
    since: Moment | None = None
    until: Moment | None = None
    silent: bool | None = None


@router.get("/seals", response=Page[SealOut])
def seals(request: HttpRequest, asked: Query[SealsAsked]) -> Page[SealOut]:
    """Seals, newest first."""
    rows, total = asked.cut(queries.seals(viewer(request), **asked.filters()))
    return Page[SealOut].of([SealOut.of(row) for row in rows], total, asked)


@router.get("/seals/status", response=SealStatusOut)
def seal_status(request: HttpRequest) -> SealStatusOut:
    """How far the journal is sealed."""
    status = queries.status(viewer(request), timezone.now())
    if status is None:
        raise Seal.DoesNotExist
    return SealStatusOut.of(status)


@router.get("/seals/{int:number}", response=SealOut)
def seal(request: HttpRequest, number: int) -> SealOut:
    """One seal."""
    return SealOut.of(queries.seal(viewer(request), number))
