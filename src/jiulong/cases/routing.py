"""Whose it is: units by place holder, and routes by what the form says."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from jiulong.cases.models import Case
from jiulong.cases.schema import MatterSpec, Route
from jiulong.organisation.models import Unit
from jiulong.registers.models import Enterprise, Entry

#: Farther than this from any centre, a place is in no unit of the district.
NEAREST_M: Final = 8_000
DEGREE_M: Final = 111_320.0
TERRITORY: Final = (Unit.Kind.GRID, Unit.Kind.COMMUNITY, Unit.Kind.STREET, Unit.Kind.ZONE)


@dataclass
class Facts:
    """What is known of a case when its units are looked up."""

    data: Mapping[str, Any] = field(default_factory=dict)
    severity: str = ""
    kind: str = ""
    filer: Unit | None = None
    dispatch: Unit | None = None
    lead: Unit | None = None
    entry: Entry | None = None
    enterprise: Enterprise | None = None
    territory: dict[str, Unit] = field(default_factory=dict)

    def says(self, name: str) -> Any:
        """What a route's `when` compares: a form field, or one of the words of `Route`."""
        if name in {"severity", "kind"}:
            return getattr(self, name)
        if name in self.territory:
            return self.territory[name].code
        if name in {"street", "community", "grid", "zone"}:
            return ""
        return self.data.get(name)


def fits(when: Mapping[str, Any], facts: Facts) -> bool:
    """Whether every condition holds; a list means any of its values."""
    return all(_holds(wanted, facts.says(name)) for name, wanted in when.items())


def _holds(wanted: Any, found: Any) -> bool:
    options = wanted if isinstance(wanted, list) else [wanted]
    values = found if isinstance(found, list) else [found]
    return any(value in options for value in values)


def route_of(spec: MatterSpec, facts: Facts) -> Route | None:
    """The first route that fits; None: somebody has to say."""
    return next((route for route in spec.routes if fits(route.when, facts)), None)


def find(reference: str, facts: Facts) -> Unit | None:
    """The unit a pack names, by code or place holder; None where the case has no such thing."""
    if not reference.startswith("$"):
        return Unit.objects.filter(code=reference, closed_on=None).first()
    name = reference[1:]
    if name.startswith("field."):
        code = facts.data.get(name.removeprefix("field."))
        return Unit.objects.filter(code=code).first() if code else None
    places = facts.territory
    found: dict[str, Unit | None] = {
        **places,
        "filer": facts.filer,
        "dispatch": facts.dispatch,
        "lead": facts.lead,
        "entry": facts.entry.unit if facts.entry else None,
        "enterprise": facts.enterprise.unit if facts.enterprise else None,
        "street": places.get("street") or places.get("zone"),
    }
    return found.get(name)


def must_find(reference: str, facts: Facts, what: str) -> Unit:
    """As `find`.

    Raises:
        ValidationError: there is no such unit for this case; it says what was looked for.
    """
    unit = find(reference, facts)
    if unit is None:
        told = _("No unit for “%(what)s”: “%(reference)s” names none here.")
        raise ValidationError({"lead": told % {"what": what, "reference": reference}})
    return unit


def territory_of(
    area: Unit | None, place: tuple[float, float] | None, *others: Unit | None
) -> dict[str, Unit]:
    """Grid, community, street or zone by kind: of the area that was said, else nearest to the
    place, else of the first of the other units that has a territory.

    There are no boundaries in the system (none may be published without a map approval), so a
    place belongs to the unit whose centre is nearest.
    """
    start = area or (_nearest(place) if place else None)
    if start is None:
        start = next((unit for unit in others if unit and unit.kind in TERRITORY), None)
    if start is None:
        return {}
    above = [int(pk) for pk in start.path.strip("/").split("/") if pk]
    return {unit.kind: unit for unit in Unit.objects.filter(pk__in=above, kind__in=TERRITORY)}


def _nearest(place: tuple[float, float]) -> Unit | None:
    reach = NEAREST_M / DEGREE_M
    near = Unit.objects.filter(
        kind__in=TERRITORY,
        closed_on=None,
        longitude__range=(place[0] - reach * 1.2, place[0] + reach * 1.2),
        latitude__range=(place[1] - reach, place[1] + reach),
    )
    ranked = sorted((metres(place, (u.longitude or 0, u.latitude or 0)), u.pk, u) for u in near)
    return ranked[0][2] if ranked and ranked[0][0] <= NEAREST_M else None


def place_of(case: Case) -> tuple[float, float] | None:
    """Longitude and latitude of a case, if it has a place."""
    if case.longitude is None or case.latitude is None:
        return None
    return case.longitude, case.latitude


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Distance of two places (longitude, latitude), right to a part in a thousand in a district."""
    east = (one[0] - other[0]) * DEGREE_M * math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot(east, (one[1] - other[1]) * DEGREE_M)
