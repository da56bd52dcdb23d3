"""Limits of a point with where each comes from, the library of standards, permitted quantities."""

from __future__ import annotations

from django.db.models import Count, Prefetch, QuerySet

from jiulong.monitoring.models import (
    Factor,
    Limit,
    Outfall,
    PermittedLoad,
    Point,
    Standard,
    StandardAssignment,
    StandardLimit,
)
from jiulong.monitoring.queries.latest import factor_rank


def limits_of(target: Point) -> list[Limit]:
    """Every limit the point has or had, by factor in the order of reading, newest first."""
    rows = Limit.objects.filter(point=target).select_related("factor")
    found = list(rows.order_by("statistic", "-valid_from"))
    found.sort(key=lambda limit: factor_rank(limit.factor.code))
    return found


def standards_of(target: Point) -> list[StandardAssignment]:
    """The grades that the point is or was held to, newest first."""
    rows = StandardAssignment.objects.filter(point=target).select_related("standard")
    return list(rows.order_by("-valid_from", "pk"))


def permitted_loads(outfall: Outfall) -> list[PermittedLoad]:
    """The permitted quantities of an outfall, newest year first."""
    rows = PermittedLoad.objects.filter(outfall=outfall).select_related("factor")
    return list(rows.order_by("-year", "factor__code"))


def standards(*, kept: bool = True) -> QuerySet[Standard]:
    """The library, each grade with what it says and how many points are held to it.

    Standards are published: there is nothing that a viewer may not see.
    """
    said = StandardLimit.objects.select_related("factor").order_by("pk")
    rows = Standard.objects.prefetch_related(Prefetch("limits", said))
    rows = rows.annotate(points=Count("assignments__point", distinct=True))
    return rows.filter(retired_at=None) if kept else rows


def factors_to_limit() -> QuerySet[Factor]:
    """Factors that a limit makes sense for: named ones of water."""
    return Factor.objects.filter(code__startswith="w").exclude(name="").order_by("code")
