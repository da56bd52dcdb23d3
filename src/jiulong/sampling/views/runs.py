"""The collection run: which samples, in which order, on paper and on the phone; their labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from jiulong.documents import DOCX, PDF, as_docx, as_pdf
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer
from jiulong.sampling import papers, queries
from jiulong.sampling.guarding import touches
from jiulong.sampling.labels import code_svg
from jiulong.sampling.life import IN_CABINET
from jiulong.sampling.places import Stop, length_m, route
from jiulong.sampling.queries import Row
from jiulong.sampling.sketch import sketch

#: A sheet of labels has so many at most.
LABELS_MAX: Final = 60
WAY, CLOCK = "way", "clock"


@dataclass(frozen=True, slots=True)
class Run:
    """The rows in the order in which they are collected, and the way over their places."""

    rows: Sequence[Row]
    start: Stop
    stops: Sequence[Stop]
    by: str

    @property
    def kilometres(self) -> float:
        return length_m(self.start, self.stops) / 1000


@require_safe
def run(request: HttpRequest) -> HttpResponse:
    """What is to be collected: choose, order by way or clock, print, or open on the phone."""
    if not touches(request.user):
        raise PermissionDenied("order_sample")
    everything = queries.to_collect(request.user, timezone.now())
    picked = {int(one) for one in request.GET.getlist("pick") if one.isascii() and one.isdecimal()}
    chosen = [row for row in everything if row.sample.pk in picked] if picked else everything
    found = planned(request.user, chosen, request.GET.get("by", WAY))
    wanted = request.GET.get("as", "")
    if wanted in {"pdf", "docx"} and found.rows:
        return _paper(found, wanted)
    context = {
        "run": found,
        "everything": everything,
        "picked": {row.sample.pk for row in found.rows},
        "sketch": sketch(found.start, found.stops) if found.stops else None,
        "query": request.GET.urlencode(),
    }
    return render(request, "sampling/run.html", context)


def planned(viewer: Viewer, rows: Sequence[Row], by: str) -> Run:
    """The rows in order. By the way: from the viewer's unit always to the nearest place."""
    places = {row.sample.point_id: _stop(row) for row in rows}
    start = _start(viewer, list(places.values()))
    if by == CLOCK:
        order = list(dict.fromkeys(row.sample.point_id for row in rows))
        return Run(rows, start, [places[point] for point in order], CLOCK)
    stops = route(start, list(places.values()))
    rank = {stop.key: place for place, stop in enumerate(stops)}
    return Run(sorted(rows, key=lambda row: rank[row.sample.point_id]), start, stops, WAY)


def _stop(row: Row) -> Stop:
    outfall = row.sample.point.outfall
    return Stop(row.sample.point_id, outfall.longitude, outfall.latitude)


def _start(viewer: Viewer, stops: Sequence[Stop]) -> Stop:
    """Where the officers set out: at their unit, else at the stop farthest west."""
    unit = viewer.unit if isinstance(viewer, User) else None
    if unit is not None and unit.longitude is not None and unit.latitude is not None:
        return Stop(0, unit.longitude, unit.latitude)
    return min(stops, key=lambda stop: stop.longitude) if stops else Stop(0, 117.65, 24.51)


def _paper(found: Run, wanted: str) -> HttpResponse:
    document = papers.run_sheet(found.rows, found.kilometres, timezone.now())
    made = as_pdf(document) if wanted == "pdf" else as_docx(document)
    response = HttpResponse(made, content_type=PDF if wanted == "pdf" else DOCX)
    response["Content-Disposition"] = f'inline; filename="run.{wanted}"'
    return response


@require_safe
def labels(request: HttpRequest) -> HttpResponse:
    """A sheet of labels to print: code, factors, hold times, a QR code that opens the sample."""
    if not touches(request.user):
        raise PermissionDenied("order_sample")
    picked = [one for one in request.GET.getlist("pick") if one.isascii() and one.isdecimal()]
    rows = queries.samples(request.user).filter(state__in=IN_CABINET)
    if picked:
        rows = rows.filter(pk__in=picked)
    dressed = queries.dress(rows[:LABELS_MAX], timezone.now())
    shown: list[dict[str, Any]] = [
        {"row": row, "sample": row.sample, "svg": code_svg(_address(request, row.sample.code))}
        for row in dressed
    ]
    return render(request, "sampling/labels.html", {"labels": shown})


def _address(request: HttpRequest, code: str) -> str:
    return request.build_absolute_uri(reverse("sampling:scan", args=[code]))
