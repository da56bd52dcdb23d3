"""Samples kept as evidence."""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from pydantic import Field

from jiulong.api.asked import Moment, Paged
from jiulong.api.schemas.common import Page
from jiulong.api.schemas.sampling import ResultOut, SampleDetail, SampleOut
from jiulong.api.security import viewer
from jiulong.sampling import queries
from jiulong.sampling.guarding import results_of

router = Router(tags=["sampling"])


class SamplesAsked(Paged):
    text: str = Field("", description="in number, code, seal, point or enterprise")
    point: str = Field("", description="code of the point")
    state: str = ""
    trigger: str = ""
    purpose: str = ""
    since: Moment | None = None
    until: Moment | None = None


@router.get("/samples", response=Page[SampleOut])
def samples(request: HttpRequest, asked: Query[SamplesAsked]) -> Page[SampleOut]:
    """Samples that you may see, newest first, with their evidence clocks."""
    rows, total = asked.cut(queries.samples(viewer(request), **asked.filters()))
    shown = queries.dress(rows, timezone.now())
    return Page[SampleOut].of([SampleOut.of(row) for row in shown], total, asked)


@router.get("/samples/{int:number}", response=SampleDetail)
def sample(request: HttpRequest, number: int) -> SampleDetail:
    """One sample with what the laboratory found, beside the online values."""
    seen = viewer(request)
    found = queries.sample(seen, number)
    (row,) = queries.dress([found], timezone.now())
    results = [ResultOut.of(one) for one in results_of(seen, found)]
    return SampleDetail(sample=SampleOut.of(row), results=results)
