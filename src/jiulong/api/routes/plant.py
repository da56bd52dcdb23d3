"""Treatment plants, parameters, and sections of the rivers."""

from __future__ import annotations

from django.http import HttpRequest
from ninja import Router

from jiulong.api.schemas.plant import AnalyserOut, PlantOut, SectionOut, StationOut, UnitOut
from jiulong.api.security import viewer
from jiulong.monitoring.queries import point
from jiulong.plant import queries

router = Router(tags=["plant"])


@router.get("/points/{code}/plant", response=PlantOut)
def plant(request: HttpRequest, code: str) -> PlantOut:
    """The treatment units behind a point with their states, and what its station says."""
    seen = viewer(request)
    found = point(seen, code)
    return PlantOut(
        units=[UnitOut.of(one) for one in queries.units(seen, found)],
        station=[StationOut.of(one) for one in queries.station(seen, found)],
    )


@router.get("/points/{code}/parameters", response=list[AnalyserOut])
def parameters(request: HttpRequest, code: str) -> list[AnalyserOut]:
    """Filed and reported parameters of a point's analysers."""
    seen = viewer(request)
    return [AnalyserOut.of(one) for one in queries.parameters(seen, point(seen, code))]


@router.get("/sections", response=list[SectionOut])
def sections(request: HttpRequest) -> list[SectionOut]:
    """River sections with their water class and the outfalls upstream."""
    return [SectionOut.of(one) for one in queries.sections(viewer(request))]
