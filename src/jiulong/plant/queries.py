"""What may be seen of plants and parameters: those of visible points. Rivers are for everybody
who may see all, and the sections after one's own outfalls for the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db.models import Prefetch, Q, QuerySet, Sum
from django.utils import timezone

from jiulong.monitoring.models import Factor, Period, Point, Reading
from jiulong.monitoring.queries import visible_points
from jiulong.organisation.rules import Viewer, may
from jiulong.plant import codes, comparing, water_class
from jiulong.plant.comparing import Compared
from jiulong.plant.models import (
    OutfallPlace,
    ParameterFiling,
    PlantUnit,
    ReportedParameter,
    RiverSection,
    SectionMeasurement,
    StationState,
    UnitState,
)
from jiulong.plant.water_class import Verdict
from jiulong.validity.models import DayStatistic

RUN_DAYS: Final = 14
HISTORY: Final = 30
#: Loads told beside a section: COD, NH3-N, TP, TN.
LOADED: Final = ("w01018", "w21003", "w21011", "w21001")
#: Sections are shown with so many measurements.
MEASUREMENTS: Final = 36


@dataclass(frozen=True, slots=True)
class UnitNow:
    """A unit with what it does now; None: it has never been heard of."""

    unit: PlantUnit
    state: UnitState | None

    @property
    def light(self) -> str:
        """Runs, stands still, or something between."""
        if self.state is None:
            return "none"
        known = UnitState.State
        if self.state.state == known.RUNS:
            return "met"
        if self.state.state in {known.OFF, known.ALARM}:
            return "over" if self.unit.must_run else "none"
        return "near"


def units(viewer: Viewer, point: Point) -> list[UnitNow]:
    """The treatment units of the point's outfall, along the way of the water."""
    rows = PlantUnit.objects.filter(
        point__outfall=point.outfall_id, point__in=visible_points(viewer), retired_at=None
    ).prefetch_related(Prefetch("states", UnitState.objects.filter(until=None), to_attr="now"))
    rank = {"influent": 0, "process": 1, "effluent": 2}
    listed = sorted(rows, key=lambda one: (rank[one.stage], one.order, one.code))
    return [UnitNow(unit, unit.now[0] if unit.now else None) for unit in listed]


def unit_changes(viewer: Viewer, point: Point) -> QuerySet[UnitState]:
    """What the units of the point's outfall did lately, newest first."""
    return UnitState.objects.filter(
        unit__point__outfall=point.outfall_id, unit__point__in=visible_points(viewer)
    ).select_related("unit")[:HISTORY]


def run_hours(
    viewer: Viewer, point: Point, now: datetime
) -> tuple[list[date], dict[str, dict[date, float]]]:
    """Hours that each reported code ran, by day (2041), of the last days."""
    rows = Reading.objects.filter(
        point__in=visible_points(viewer).filter(outfall=point.outfall_id),
        period=Period.RUNTIME,
        at__gte=now - timedelta(days=RUN_DAYS + 1),
    ).order_by("at")
    names = dict(Factor.objects.values_list("pk", "code"))
    found: dict[str, dict[date, float]] = {}
    days: set[date] = set()
    for row in rows:
        on = timezone.localdate(row.at)
        days.add(on)
        for factor, value in zip(row.factors, row.values, strict=True):
            if value is not None:
                found.setdefault(names.get(factor, str(factor)), {})[on] = value
    return sorted(days, reverse=True)[:RUN_DAYS], found


def undescribed(viewer: Viewer, point: Point, now: datetime) -> list[str]:
    """Codes of devices that the outfall's loggers report and nobody has described."""
    rows = Reading.objects.filter(
        point__in=visible_points(viewer).filter(outfall=point.outfall_id),
        period__in=[Period.STATE, Period.RUNTIME],
        at__gte=now - timedelta(days=RUN_DAYS),
    ).values_list("factors", flat=True)
    reported = {factor for factors in rows for factor in factors}
    described = PlantUnit.objects.filter(point__outfall=point.outfall_id).values("code")
    found = Factor.objects.filter(pk__in=reported).exclude(code__in=described)
    return list(found.values_list("code", flat=True))


# -- parameters ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Analyser:
    """One factor's analyser: its parameters side by side."""

    factor: Factor
    rows: list[Compared]

    @property
    def differs(self) -> bool:
        return any(row.differs for row in self.rows)


def parameters(viewer: Viewer, point: Point, now: datetime | None = None) -> list[Analyser]:
    """Filed and reported parameters of every analyser of a point, in three queries."""
    now = now or timezone.now()
    seen = visible_points(viewer).filter(pk=point.pk)
    filings: dict[int, list[ParameterFiling]] = {}
    confirmed = ParameterFiling.objects.filter(
        point__in=seen, state=ParameterFiling.State.CONFIRMED, valid_from__lte=now
    )
    for filing in confirmed.select_related("filed_by", "reviewed_by"):
        filings.setdefault(filing.factor_id, []).append(filing)
    reported: dict[int, dict[str, ReportedParameter]] = {}
    for one in ReportedParameter.objects.filter(point__in=seen, current=True):
        reported.setdefault(one.factor_id, {})[one.info] = one
    factors = Factor.objects.filter(pk__in=filings.keys() | reported.keys()).order_by("code")
    return [
        Analyser(
            factor,
            comparing.together(
                comparing.in_force(filings.get(factor.pk, [])), reported.get(factor.pk, {})
            ),
        )
        for factor in factors
    ]


def filings(
    viewer: Viewer, *, point: Point | None = None, text: str = "", state: str = ""
) -> QuerySet[ParameterFiling]:
    """Filings, newest first; every word of `text` in a name or code."""
    found = ParameterFiling.objects.select_related(
        "point__outfall__enterprise", "factor", "filed_by", "reviewed_by"
    )
    if not may(viewer, "see_all"):
        found = found.filter(point__in=visible_points(viewer))
    if point is not None:
        found = found.filter(point=point)
    for word in text.split():
        found = found.filter(
            Q(point__code__icontains=word)
            | Q(point__name__icontains=word)
            | Q(point__outfall__enterprise__name__icontains=word)
        )
    return found.filter(state=state) if state else found


def filing(viewer: Viewer, pk: int) -> ParameterFiling:
    """One filing. ParameterFiling.DoesNotExist also where the viewer may not see it."""
    return filings(viewer).get(pk=pk)


@dataclass(frozen=True, slots=True)
class Change:
    """One line of a history: who or what, when, of which analyser, what."""

    at: datetime
    who: str  # empty: the instrument itself
    factor: Factor
    info: str
    text: str
    before: str
    frame: str = ""
    filing: ParameterFiling | None = None


def changes(
    viewer: Viewer,
    point: Point,
    start: datetime | None = None,
    end: datetime | None = None,
    factor: Factor | None = None,
) -> list[Change]:
    """What instruments reported anew and what was filed, newest first; for pages and charts."""
    seen = visible_points(viewer).filter(pk=point.pk)
    rows = ReportedParameter.objects.filter(point__in=seen).select_related("factor")
    filed = filings(viewer, point=point)
    if factor is not None:
        rows, filed = rows.filter(factor=factor), filed.filter(factor=factor)
    before: dict[tuple[int, str], str] = {}
    found: list[Change] = []
    for one in rows.order_by("since", "pk"):
        key = (one.factor_id, one.info)
        frame = f"{one.batch}/{one.ordinal}"
        found.append(
            Change(one.since, "", one.factor, one.info, one.text, before.get(key, ""), frame)
        )
        before[key] = one.text
    for filing in filed:
        who = str(filing.filed_by or "—")
        found += [
            Change(filing.filed_at, who, filing.factor, info, text, "", filing=filing)
            for info, text in filing.values.items()
        ]
    found = [
        one for one in found
        if (start is None or one.at >= start) and (end is None or one.at < end)
    ]  # fmt: skip
    return sorted(found, key=lambda one: one.at, reverse=True)


# -- stations ------------------------------------------------------------------------------------


def station(viewer: Viewer, point: Point) -> list[StationState]:
    """What the station says of itself now: doors first, then states, then values."""
    rows = StationState.objects.filter(point=point, point__in=visible_points(viewer), current=True)
    return sorted(rows, key=lambda one: (one.key not in codes.DOORS, one.key, one.factor))


def doors(viewer: Viewer, point: Point) -> QuerySet[StationState]:
    """Openings and closings of a station's doors, newest first."""
    return StationState.objects.filter(
        point=point, point__in=visible_points(viewer), key__in=codes.DOORS
    ).order_by("-since")[:HISTORY]


# -- rivers --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SectionNow:
    """A section with its last measurement, its class, and the outfalls upstream of it."""

    section: RiverSection
    measurement: SectionMeasurement | None
    verdict: Verdict | None
    outfalls: Sequence[OutfallPlace]

    @property
    def light(self) -> str:
        """Met, missed, or nothing known."""
        if self.verdict is None:
            return "none"
        return "met" if self.verdict.grade <= self.section.target else "over"


def sections(viewer: Viewer, *, river: str = "") -> list[SectionNow]:
    """Sections down the rivers, each with the outfalls between it and the section before."""
    rows = RiverSection.objects.select_related("river").prefetch_related("measurements")
    if river:
        rows = rows.filter(river__code=river)
    if not may(viewer, "see_all"):
        rows = rows.filter(river__outfalls__in=_outfalls(viewer)).distinct()
    places = list(_outfalls(viewer).order_by("km", "pk"))
    listed = list(rows.order_by("river__name", "km", "pk"))
    return [_section(section, listed, places) for section in listed]


def section(viewer: Viewer, code: str) -> SectionNow:
    """One section. RiverSection.DoesNotExist also where the viewer may not see it."""
    for one in sections(viewer):
        if one.section.code == code:
            return one
    raise RiverSection.DoesNotExist(code)


def section_after(point: Point) -> RiverSection | None:
    """The section of the river into which the point's outfall leads."""
    place = OutfallPlace.objects.filter(outfall=point.outfall_id).first()
    if place is None:
        return None
    after = RiverSection.objects.filter(river=place.river_id, km__gte=place.km)
    return after.select_related("river").prefetch_related("measurements").order_by("km").first()


def judged(section: RiverSection) -> tuple[SectionMeasurement | None, Verdict | None]:
    """A section's newest measurement and its class."""
    newest = max(section.measurements.all(), key=lambda one: (one.on, one.pk), default=None)
    return newest, verdict_of(newest, section.target) if newest else None


def verdict_of(measurement: SectionMeasurement, target: int) -> Verdict | None:
    """The class of what was measured."""
    values = {code: Decimal(text) for code, text in measurement.values.items()}
    return water_class.evaluate(values, target)


def _outfalls(viewer: Viewer) -> QuerySet[OutfallPlace]:
    rows = OutfallPlace.objects.select_related("outfall__enterprise", "river")
    if may(viewer, "see_all"):
        return rows
    return rows.filter(outfall__points__in=visible_points(viewer)).distinct()


def _section(
    one: RiverSection, listed: Sequence[RiverSection], places: Sequence[OutfallPlace]
) -> SectionNow:
    measurement, verdict = judged(one)
    above = [s.km for s in listed if s.river_id == one.river_id and s.km < one.km]
    begin = max(above, default=None)
    upstream = [
        place for place in places
        if place.river_id == one.river_id and place.km <= one.km
        and (begin is None or place.km > begin)
    ]  # fmt: skip
    return SectionNow(one, measurement, verdict, upstream)


def loads(outfalls: Sequence[int], year: int) -> dict[int, dict[str, Decimal]]:
    """Loads of the year to date in kg by outfall and factor code, in one query."""
    rows = (
        DayStatistic.objects.filter(
            point__outfall__in=outfalls, point__position=Point.Position.EFFLUENT,
            on__gte=date(year, 1, 1), on__lte=date(year, 12, 31), load_kg__isnull=False,
            factor__code__in=LOADED, over=True,
        )
        .values("point__outfall", "factor__code")
        .annotate(kg=Sum("load_kg"))
        .order_by()
    )  # fmt: skip
    found: dict[int, dict[str, Decimal]] = {}
    for row in rows:
        found.setdefault(row["point__outfall"], {})[row["factor__code"]] = row["kg"]
    return found
