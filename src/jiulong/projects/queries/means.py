"""What projects are built with: land, cleared ground, special bonds, other funds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from django.db.models import F, Q, Sum

from jiulong.organisation.rules import Viewer
from jiulong.projects.models import Funding, Project
from jiulong.projects.queries.overview import percent
from jiulong.projects.queries.scope import money, visible

By = Literal["zone", "unit", "level"]
#: What is had of what is needed: key → fields of `Project`. Mu, m², 万元.
MEANS: Final[Mapping[str, tuple[str, str]]] = {
    "land": ("land_delivered_mu", "land_needed_mu"),
    "demolition": ("demolished_m2", "demolition_m2"),
    "bonds": ("bond_used", "bond_approved"),
}
#: Code and name of what a row is about.
_KEYS: Final[Mapping[By, tuple[str, str]]] = {
    "zone": ("zone__code", "zone__name"),
    "unit": ("lead_unit__code", "lead_unit__name"),
    "level": ("level", "level"),
}
#: Projects that lack most of one of the means.
LACKING: Final = 8


@dataclass(frozen=True, slots=True)
class Share:
    """So much of so much, in the unit of the means."""

    had: Decimal = Decimal(0)
    needed: Decimal = Decimal(0)

    @property
    def percent(self) -> Decimal | None:
        """One decimal; None where nothing is needed."""
        return percent(self.had, self.needed)

    def __add__(self, other: Share) -> Share:
        return Share(self.had + other.had, self.needed + other.needed)


@dataclass(frozen=True, slots=True)
class Line:
    """The means of the projects of one place, unit or level."""

    key: str
    name: str
    projects: int
    shares: Mapping[str, Share]


@dataclass(frozen=True, slots=True)
class Source:
    """Funds from one source in 万元."""

    source: str
    planned: Decimal
    arrived: Decimal
    used: Decimal


@dataclass(frozen=True, slots=True)
class Means:
    """All of them; `lacking` is per means: project, what it lacks, its share."""

    lines: list[Line]
    total: Line
    sources: list[Source]
    lacking: Mapping[str, list[tuple[Project, Decimal, Share]]]


def means(viewer: Viewer, by: By = "zone", name_of: Callable[[str], str] = str) -> Means:
    """Of the projects that the viewer may see; `name_of` names a level."""
    found = visible(viewer)
    key, name = _KEYS[by]
    fields = [field for pair in MEANS.values() for field in pair]
    rows: dict[str, Line] = {}
    for row in found.order_by(key, "pk").values_list(key, name, *fields):
        shares = {
            one: Share(money(row[2 + 2 * n]), money(row[3 + 2 * n])) for n, one in enumerate(MEANS)
        }
        before = rows.get(row[0] or "")
        shown = name_of(row[1]) if by == "level" else row[1] or ""
        rows[row[0] or ""] = _with(before or Line(row[0] or "", shown, 0, {}), shares)
    total = Line("", "", 0, {})
    for line in rows.values():
        total = _with(total, line.shares, line.projects)
    return Means(
        lines=list(rows.values()), total=total, sources=_sources(viewer),
        lacking={one: _lacking(viewer, *pair) for one, pair in MEANS.items()},
    )  # fmt: skip


def _with(line: Line, shares: Mapping[str, Share], projects: int = 1) -> Line:
    summed = {one: line.shares.get(one, Share()) + share for one, share in shares.items()}
    return Line(line.key, line.name, line.projects + projects, summed)


def _sources(viewer: Viewer) -> list[Source]:
    rows = (
        Funding.objects.filter(project__in=visible(viewer).order_by().values("pk"))
        .order_by()
        .values("source")
        .annotate(a=Sum("planned"), b=Sum("arrived"), c=Sum("used"))
        .values_list("source", "a", "b", "c")
    )
    found = {source: Source(source, *map(money, sums)) for source, *sums in rows}
    return [found[source] for source in Funding.Source.values if source in found]


def _lacking(viewer: Viewer, had: str, needed: str) -> list[tuple[Project, Decimal, Share]]:
    short = visible(viewer).filter(Q(**{f"{needed}__gt": F(had)})).select_related("lead_unit")
    rows = short.annotate(lack=F(needed) - F(had)).order_by("-lack", "code")[:LACKING]
    return [
        (row, row.lack, Share(money(getattr(row, had)), money(getattr(row, needed))))
        for row in rows
    ]
