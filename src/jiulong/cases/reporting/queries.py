"""What the quick report offers a person, and what is near to what they report."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from jiulong.calendar.clocks import Limit, shift
from jiulong.calendar.queries import district_calendar
from jiulong.cases import rules, specs
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case, MatterType
from jiulong.cases.routing import TERRITORY
from jiulong.cases.schema import MatterSpec
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer
from jiulong.pages import icons
from jiulong.registers.fields import Field

#: Longitude, latitude in WGS-84 degrees.
Place = tuple[float, float]

EARTH_M: Final = 6_371_008.8
#: A hint, not a search: the nearest few.
SHOWN: Final = 5
#: More candidates than this within one box and some days are looked at no further.
CANDIDATES: Final = 200
#: Kinds of fields that a thumb can fill in. A matter that requires another kind is not offered.
FILLABLE: Final = frozenset({"text", "choice", "number", "money", "date", "boolean", "person"})
NOT_ASKED: Final = frozenset({"file", "computed"})


@dataclass(frozen=True, slots=True)
class Offer:
    """A matter that may be reported, with the fields that must be filled in."""

    matter: MatterType
    spec: MatterSpec
    fields: tuple[Field, ...]

    @property
    def code(self) -> str:
        return self.matter.code

    @property
    def icon(self) -> str:
        """The pack's icon, or a flag where this site has none of that name."""
        try:
            icons.icon(self.spec.icon)
        except LookupError:
            return "flag"
        return self.spec.icon


@dataclass(frozen=True, slots=True)
class Near:
    """An open case of the same matter close by."""

    case: Case
    metres: int


def offers(viewer: Viewer) -> list[Offer]:
    """The matters of the phone that the viewer may file. One query."""
    found = []
    for matter in MatterType.objects.filter(spec__phone=True, retired_at=None):
        spec = specs.matter(matter)
        needed = [field for field in spec.fields if field.required and field.type not in NOT_ASKED]
        fillable = all(field.type in FILLABLE for field in needed)
        linked = "required" in {spec.entry, spec.enterprise}
        if rules.may_file(viewer, spec) and fillable and not linked:
            found.append(Offer(matter, spec, tuple(needed)))
    return found


def offer(viewer: Viewer, code: str) -> Offer:
    """One of the offers.

    Raises:
        LookupError: the viewer is offered no such matter.
    """
    found = next((each for each in offers(viewer) if each.code == code), None)
    if found is None:
        raise LookupError(code)
    return found


def near(viewer: Viewer, matter: MatterType, place: Place, now: datetime) -> list[Near]:
    """Open cases alike, as near and as young as the matter says, that the viewer may see.

    Nearest first. One query: a box of degrees in the database, the distance here.
    """
    rule = specs.matter(matter).near
    if rule is None:
        return []
    since = shift(now, Limit.parse(rule.within), district_calendar(), -1)
    high = math.degrees(rule.metres / EARTH_M)
    wide = high / max(math.cos(math.radians(place[1])), 0.01)
    rows = Case.objects.filter(
        rules.visible(viewer), matter=matter, stage__in=sorted(OPEN), filed_at__gte=since,
        longitude__range=(place[0] - wide, place[0] + wide),
        latitude__range=(place[1] - high, place[1] + high),
    )[:CANDIDATES]  # fmt: skip
    measured = ((case, _metres_to(case, place)) for case in rows)
    close = [Near(case, round(far)) for case, far in measured if far <= rule.metres]
    return sorted(close, key=lambda each: (each.metres, -each.case.pk))[:SHOWN]


def metres(one: Place, other: Place) -> float:
    """The great-circle distance of two places (haversine)."""
    (west, south), (east, north) = ((math.radians(x), math.radians(y)) for x, y in (one, other))
    half = math.sin((north - south) / 2) ** 2
    half += math.cos(south) * math.cos(north) * math.sin((east - west) / 2) ** 2
    return 2 * EARTH_M * math.asin(math.sqrt(half))


def _metres_to(case: Case, place: Place) -> float:
    return metres((case.longitude or 0.0, case.latitude or 0.0), place)


def areas(viewer: Viewer) -> QuerySet[Unit]:
    """Streets, communities and grids for those who cannot be located; empty for strangers."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return Unit.objects.none()
    return Unit.objects.filter(kind__in=TERRITORY, closed_on=None).order_by("path")


def mine(viewer: Viewer, most: int = 5) -> QuerySet[Case]:
    """What the viewer reported last."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return Case.objects.none()
    return Case.objects.filter(filed_by=viewer).select_related("matter").order_by("-id")[:most]


def reported(viewer: Viewer, pk: int) -> Case:
    """A case the viewer may see. Case.DoesNotExist also where they may not."""
    return Case.objects.select_related("matter").get(rules.visible(viewer), pk=pk)
