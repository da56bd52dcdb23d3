"""Samplers and what stands in their places."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from jiulong.monitoring.queries.scope import visible_points
from jiulong.organisation.rules import Viewer, may
from jiulong.sampling import life
from jiulong.sampling.guarding import visible
from jiulong.sampling.models import Bottle, HeldBack, Sample, Sampler


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a carousel: what stands in it, and of which sample."""

    position: int
    state: str  # a Bottle.State
    sample: Sample | None  # only one that the viewer may see


def samplers(viewer: Viewer, *, text: str = "") -> QuerySet[Sampler]:
    """Samplers of the points the viewer may see, with `free`, `filled`, `sealed`, `collected`.

    An enterprise does not see them: how many bottles are free tells when one was filled.
    """
    rows = Sampler.objects.select_related("point__outfall__enterprise", "point__state")
    if not may(viewer, "see_all"):
        return rows.none()
    if text:
        rows = rows.filter(
            Q(point__code__icontains=text) | Q(point__outfall__enterprise__name__icontains=text)
        )
    counts = {
        state: Count("places", filter=Q(places__state=state)) for state in Bottle.State.values
    }
    return rows.filter(point__in=visible_points(viewer)).annotate(**counts)


def sampler(viewer: Viewer, code: str) -> Sampler:
    """The sampler of a point. Sampler.DoesNotExist also where the viewer may not see it."""
    return samplers(viewer).get(point__code=code)


def carousel(viewer: Viewer, one: Sampler) -> list[Place]:
    """Its places in order, with the samples that stand in them now."""
    standing = {
        sample.bottle_id: sample
        for sample in visible(viewer).filter(sampler=one, state__in=life.IN_CABINET)
    }
    return [
        Place(bottle.position, bottle.state, standing.get(bottle.pk)) for bottle in one.places.all()
    ]


def held_back(viewer: Viewer, one: Sampler | None = None) -> QuerySet[HeldBack]:
    """Orders of rules that an interlock holds back, newest first."""
    if not may(viewer, "see_all"):
        return HeldBack.objects.none()
    rows = HeldBack.objects.select_related("rule", "finding__point__outfall__enterprise")
    return rows if one is None else rows.filter(finding__point=one.point_id)


def has_sampler(point: int) -> bool:
    """Whether a point's samples are ordered by its sampler: the gateway asks."""
    return Sampler.objects.filter(point=point, active=True).exists()
