"""What an account counts: the points of the district, or of one street, that the viewer may see."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, Final

from django.db.models import Q

from jiulong.monitoring.models import Factor, Point
from jiulong.monitoring.queries import visible_points
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer
from jiulong.reports.spans import Span

COLUMNS: Final = (
    "id", "code", "name", "position", "active_from", "active_to", "outfall_id", "outfall__code",
    "outfall__name", "outfall__enterprise_id", "outfall__enterprise__name",
    "outfall__enterprise__street_id", "outfall__enterprise__street__name", "operator_id",
    "operator__name",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A point with whose it is; names as they were when it was counted."""

    id: int
    code: str
    name: str
    position: str
    active_from: datetime
    active_to: datetime | None
    outfall_id: int
    outfall_code: str
    outfall: str
    enterprise_id: int
    enterprise: str
    street_id: int | None
    street: str | None
    operator_id: int | None
    operator: str | None


@dataclass
class Scope:
    """One account's time and points. `sources` collects what was asked and how many rows came."""

    span: Span
    now: datetime
    area: Unit | None
    places: dict[int, Place]
    sources: list[dict[str, Any]] = field(default_factory=list)
    #: Temporary tables that were made for it, see `days`.
    tables: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, viewer: Viewer, span: Span, area: Unit | None, now: datetime) -> Scope:
        """The points in service at some time of the span."""
        in_service = Q(active_from__lt=span.end) & (Q(active_to=None) | Q(active_to__gt=span.start))
        found = visible_points(viewer).filter(in_service)
        if area is not None:
            found = found.filter(outfall__enterprise__street__path__startswith=area.path)
        rows = found.order_by("code").values_list(*COLUMNS)
        return cls(span, now, area, {row[0]: Place(*row) for row in rows})

    def at(self, span: Span) -> Scope:
        """The same points in another time, e.g. the month before; its sources are its own."""
        return Scope(span, self.now, self.area, self.places)

    @property
    def ids(self) -> list[int]:
        return list(self.places)

    @cached_property
    def effluents(self) -> list[int]:
        """Points whose water leaves the enterprise: what limits speak of."""
        return [p.id for p in self.places.values() if p.position == Point.Position.EFFLUENT]

    @cached_property
    def factors(self) -> dict[int, Factor]:
        return {factor.id: factor for factor in Factor.objects.all()}

    def note(self, section: str, what: str, rows: int, **asked: Any) -> None:
        """Keep for the annex what was asked of the database and how many rows answered."""
        told = {key: str(value) for key, value in asked.items()}
        self.sources.append({"section": section, "what": what, "rows": rows, "asked": told})

    def names(self, by: str) -> Counter[str]:
        """How many points each street or operator has."""
        return Counter(str(getattr(place, by) or "") for place in self.places.values())
