"""The hours behind a month of days, to be recounted by anybody."""

from __future__ import annotations

from calendar import monthrange

from django.http import Http404, HttpRequest, StreamingHttpResponse
from django.utils import timezone

from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import Point
from jiulong.validity import hours_export
from jiulong.validity.hours_file import FIRST_YEAR, LAST_YEAR
from jiulong.validity.views import asked_month


def hours_file(request: HttpRequest, code: str) -> StreamingHttpResponse:
    """Accepted hours of a month (`?month=2026-03`) as `jiulong water statistics` reads them."""
    try:
        point = monitoring.point(request.user, code)
    except Point.DoesNotExist as error:
        raise Http404(code) from error
    first, complaint = asked_month(request.GET.get("month", ""))
    if complaint or not FIRST_YEAR <= first.year <= LAST_YEAR:
        raise Http404(request.GET["month"])
    last = first.replace(day=monthrange(first.year, first.month)[1])
    answer = StreamingHttpResponse(
        hours_export.lines(point, first, last, timezone.now()),
        content_type="text/csv; charset=utf-8",
    )
    name = f"{point.code}-hours-{first:%Y%m}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
