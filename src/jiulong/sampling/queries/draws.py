"""Random draws: what was promised to everybody, the rest once it is drawn."""

from __future__ import annotations

from django.db.models import QuerySet

from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may
from jiulong.sampling import drawing, life
from jiulong.sampling.drawing import Recount
from jiulong.sampling.models import Draw, Sample

UNDER_WAY = frozenset({life.ASKED, life.ORDERED, life.UNKNOWN})


def draws(viewer: Viewer) -> QuerySet[Draw]:
    """Draws, newest first. An enterprise sees those that were taken, to recompute them, once none
    of their samples is under way: until then the draw would say whose water is being taken.

    The seed and the moment of one that was not taken are loaded for nobody.
    """
    rows = Draw.objects.select_related("rule").defer("seed", "due_at")
    if not isinstance(viewer, User) or not viewer.is_active:
        return rows.none()
    if may(viewer, "see_all"):
        return rows
    under_way = Sample.objects.filter(state__in=UNDER_WAY).exclude(draw=None)
    return rows.exclude(drawn_at=None).exclude(pk__in=under_way.values("draw"))


def draw(viewer: Viewer, pk: int) -> Draw:
    """One draw. Draw.DoesNotExist also where the viewer may not see it."""
    return draws(viewer).get(pk=pk)


def recounted(one: Draw) -> Recount | None:
    """What recomputing says; None before it is drawn."""
    if one.drawn_at is None:
        return None
    return drawing.recount(
        seed=one.seed, seed_sha256=one.seed_sha256, candidates=one.candidates,
        candidates_sha256=one.candidates_sha256, count=one.count, drawn=one.drawn,
    )  # fmt: skip
