"""Treatment plants, parameters, river sections."""

from __future__ import annotations

from django.utils import timezone

from jiulong.plant.models import OutfallPlace, ParameterFiling, River, RiverSection
from tests.factories import make_factor
from tests.organisation.matrix import EVERYWHERE, NEARBY, holders, scoped, signed_in
from tests.organisation.matrix.gaps import code
from tests.organisation.matrix.monitoring import MONITORING, a_point
from tests.organisation.matrix.world import World


def a_filing(world: World) -> ParameterFiling:
    now = timezone.now()
    return ParameterFiling.objects.create(
        point=world.get(a_point), factor=make_factor(), values={"i13008": "1"}, valid_from=now,
        reason="x", filed_at=now,
    )  # fmt: skip


def a_section(world: World) -> RiverSection:
    """A section after the outfall of the point."""
    river = River.objects.create(code="jiulong", name="九龙江")
    OutfallPlace.objects.create(outfall=world.get(a_point).outfall, river=river, km=1)
    return RiverSection.objects.create(river=river, code="s1", name="s1", km=2, target=3)


ROWS = {
    "plant:plant": scoped(MONITORING, args=code, places=NEARBY),
    "plant:unit": scoped({"administrator": EVERYWHERE}, args=code, places=NEARBY),
    "plant:parameters": scoped(MONITORING, args=code, places=NEARBY),
    "plant:file": scoped({"enterprise operator": "own"}, args=code, places=NEARBY),
    "plant:filings": signed_in(),
    "plant:review": scoped(
        {"officer monitor": EVERYWHERE},
        args=lambda world: [world.get(a_filing).pk],
        post={},
        places=NEARBY,
    ),
    "plant:sections": signed_in(),
    "plant:section": scoped(MONITORING, args=lambda world: [world.get(a_section).code]),
    "plant:section enter": scoped(
        {"officer monitor": EVERYWHERE},
        args=lambda world: [world.get(a_section).code],
        post={},
        places=NEARBY,
    ),
    "plant:section_new": holders("administrator"),
    "plant:section_edit": scoped(
        {"administrator": EVERYWHERE},
        args=lambda world: [world.get(a_section).code],
        places=NEARBY,
    ),
    "plant:place": scoped(
        {"administrator": EVERYWHERE},
        args=lambda world: [world.get(a_section).code],
        post={},
        places=NEARBY,
    ),
    "api:plant": scoped(MONITORING, args=code, places=NEARBY),
    "api:parameters": scoped(MONITORING, args=code, places=NEARBY),
    "api:sections": signed_in(),
}
