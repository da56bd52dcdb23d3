"""What the quick report offers a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.db.models import QuerySet

from jiulong.cases import rules, specs
from jiulong.cases.models import Case, MatterType
from jiulong.cases.routing import TERRITORY
from jiulong.cases.schema import MatterSpec
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer
from jiulong.pages import icons
from jiulong.registers.fields import Field

#: Longitude, latitude in WGS-84 degrees.
Place = tuple[float, float]

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
