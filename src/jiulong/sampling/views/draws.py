"""One draw, and its recomputation."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from jiulong.sampling import queries
from jiulong.sampling.guarding import visible
from jiulong.sampling.models import Draw


@require_safe
def draw_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was promised, what was drawn, and what a recount says."""
    try:
        draw = queries.draw(request.user, pk)
    except Draw.DoesNotExist as error:
        raise Http404(str(pk)) from error
    recount = queries.recounted(draw)
    samples = visible(request.user).filter(draw=draw).select_related("point")
    context = {
        "draw": draw,
        "recount": recount,
        "ranks": recount.ranks if recount else (),
        "samples": {sample.point.code: sample for sample in samples},
    }
    return render(request, "sampling/draw.html", context)
