"""Who sees what of a sample. The guards of its files, and of what a dossier takes along."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jiulong.gateway import queries as gateway
from jiulong.monitoring.queries.scope import visible_findings, visible_points
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may, reach
from jiulong.sampling import life
from jiulong.sampling.models import Draw, Result, Sample


def visible(viewer: Viewer) -> QuerySet[Sample]:
    """Samples the viewer may see by number.

    Who sees everything sees all. An enterprise, and the firm that operates its station, learn of a
    sample when it was taken. A laboratory sees what it received by its code alone: `bench`.
    """
    if may(viewer, "see_all"):
        return Sample.objects.all()
    mine = Sample.objects.filter(point__in=visible_points(viewer))
    return mine.exclude(state__in=life.UNTOLD)


def bench(viewer: Viewer) -> QuerySet[Sample]:
    """Samples that were handed over to the viewer's laboratory."""
    if not may(viewer, "enter_result"):
        return Sample.objects.none()
    there = Sample.objects.filter(state__in=life.AT_LABORATORY)
    return there.filter(reach(viewer, "enter_result").within("laboratory"))


def touches(viewer: Viewer) -> bool:
    """Whether the viewer may touch samples: orders them and signs custody."""
    return may(viewer, "order_sample") and may(viewer, "sign_custody")


def sees_sample(viewer: Viewer, number: str) -> bool:
    return number.isdecimal() and visible(viewer).filter(pk=number).exists()


def adds_to_sample(viewer: Viewer, number: str) -> bool:
    """Officers add photographs, the laboratory its report, to what is not over."""
    if not number.isdecimal() or not isinstance(viewer, User):
        return False
    open_ones = ~Q(state__in=[life.DISPOSED, life.CANCELLED, life.EXPIRED])
    rows = visible(viewer) if may(viewer, "order_sample") else bench(viewer)
    return rows.filter(open_ones, pk=number).exists()


def sees_command(viewer: Viewer, number: str) -> bool:
    return number.isdecimal() and gateway.commands(viewer).filter(pk=number).exists()


def sees_finding(viewer: Viewer, number: str) -> bool:
    return number.isdecimal() and visible_findings(viewer).filter(pk=number).exists()


def sees_draw(viewer: Viewer, number: str) -> bool:
    rows = Draw.objects.exclude(drawn_at=None).filter(pk=number) if number.isdecimal() else None
    return rows is not None and may(viewer, "see_all") and rows.exists()


def nobody(viewer: Viewer, number: str) -> bool:  # noqa: ARG001 - the shape of a guard
    return False


def results_of(viewer: Viewer, sample: Sample) -> list[Result]:
    """Results of a sample that the viewer may see."""
    rows = Result.objects.filter(sample=sample).select_related("factor", "entered_by")
    if visible(viewer).filter(pk=sample.pk).exists() or bench(viewer).filter(pk=sample.pk).exists():
        return list(rows)
    return []
