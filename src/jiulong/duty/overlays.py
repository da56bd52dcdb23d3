"""What stands over the curve of an outfall: marks as bands, checks as ticks, samples as bottles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from jiulong.monitoring import overlays
from jiulong.monitoring.models import Factor, Point
from jiulong.monitoring.overlays import Drawn
from jiulong.organisation.rules import Viewer
from jiulong.pages import lights
from jiulong.sampling import queries as sampling
from jiulong.upkeep.models import Mark, QcTest
from jiulong.upkeep.queries import marks_standing

#: How the state of a mark colours its band.
MARKS: Final = {Mark.Group.DEVICE: lights.NEAR, Mark.Group.CONDITION: lights.TOLD}


def register() -> None:
    """Have every point's chart show them."""
    overlays.register("marks", marks)
    overlays.register("checks", checks)
    overlays.register("samples", samples)


def marks(
    _viewer: Viewer, point: Point, factor: Factor, start: datetime, end: datetime
) -> Iterator[Drawn]:
    """What was handed in about these hours, with the letter of its kind."""
    about = Q(factors=[]) | Q(factors__contains=[factor.pk])
    rows = marks_standing().filter(about, point=point, started_at__lt=end, ended_at__gt=start)
    for mark in rows:
        words = f"{mark.get_group_display()} {mark.letter} · {mark.explanation}"
        if mark.late and mark.accepted is None:
            words = f"{words} · {Mark.State.WAITING.label}"
        yield Drawn(
            "band", mark.started_at, words, end=mark.ended_at, letter=mark.letter,
            tone=MARKS[Mark.Group(mark.group)],
        )  # fmt: skip


def checks(
    _viewer: Viewer, point: Point, factor: Factor, start: datetime, end: datetime
) -> Iterator[Drawn]:
    """Every check of the instrument: passed or failed."""
    rows = QcTest.objects.filter(
        point=point, factor=factor, at__gte=start, at__lt=end, withdrawn_at=None
    )
    for check in rows:
        words = f"{check.get_kind_display()} {timezone.localtime(check.at):%m-%d %H:%M}"
        yield Drawn("tick", check.at, words, tone=lights.MET if check.passed else lights.OVER)


def samples(
    viewer: Viewer, point: Point, _factor: Factor, start: datetime, end: datetime
) -> Iterator[Drawn]:
    """Water that was kept, as far as the viewer may know of it."""
    rows = sampling.samples(viewer, point=point.code)
    for sample in rows.filter(sampled_at__gte=start, sampled_at__lt=end):
        words = f"{sample.number} · {sample.get_state_display()}"
        yield Drawn("bottle", sample.sampled_at or start, words, address=_page(sample.pk))


def _page(pk: int) -> str:
    try:
        return reverse("sampling:sample", args=[pk])
    except NoReverseMatch:
        return ""
