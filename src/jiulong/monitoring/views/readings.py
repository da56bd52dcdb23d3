"""A point's own page, its chart's data, and its readings as a table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from jiulong.monitoring import export, overlays, panels, queries
from jiulong.monitoring.models import Factor, Period, Point
from jiulong.monitoring.queries import PointRow
from jiulong.monitoring.views.spans import PRESETS, Span, asked_span
from jiulong.monitoring.words import factor_name, mark_name
from jiulong.organisation.rules import Viewer

#: Rows of the table under the chart; the readings page has all.
TABLE_ROWS = 20
FINDINGS = 8
#: What the readings page offers; device states have no place in a chart but do in a table.
PERIODS = (Period.REALTIME, Period.MINUTE, Period.HOUR, Period.DAY, Period.STATE, Period.RUNTIME)
FLOW = "w00000"
#: More pages than readings of a year would fill; a larger number is no page of ours.
PAGES, PAGE_DIGITS = 1_000_000, 20


def _point(request: HttpRequest, code: str) -> Point:
    try:
        return queries.point(request.user, code)
    except Point.DoesNotExist as error:
        raise Http404(code) from error


def point_page(request: HttpRequest, code: str) -> HttpResponse:
    """One point: chart, current values against limits, findings, readings."""
    point, now = _point(request, code), timezone.now()
    span = asked_span(request, now)
    row = queries.point_rows([point], now=now)[0]
    factor = chosen_factor(request.user, request.GET.get("factor", ""), row)
    period = span.period or queries.choose_period(span.start, span.end)
    context = {
        "point": point,
        "row": row,
        "span": span,
        "presets": [(name, label) for name, (_length, label) in PRESETS.items()],
        "factor": factor,
        "factors": [value.factor for value in row.values],
        "chart": chart_of(request, row, factor, span) if factor else None,
        "table": queries.table(
            request.user, point, period, span.start, span.end, per_page=TABLE_ROWS
        ),
        "period": period,
        **limits_of(point, now),
        "findings": queries.findings(request.user, point=code)[:FINDINGS],
        "panels": list(panels.rendered(request, point)),
    }
    return render(request, "monitoring/point.html", context)


def limits_of(point: Point, now: datetime) -> dict[str, Any]:
    """The limits in force in the order of reading, each with the number of its source."""
    limits = queries.limits_in_force(point, now)
    limits.sort(key=lambda limit: queries.factor_rank(limit.factor.code))
    sources = list(dict.fromkeys(limit.source for limit in limits))
    return {
        "limits": [(limit, sources.index(limit.source) + 1) for limit in limits],
        "limit_sources": sources,
    }


def chosen_factor(viewer: Viewer, code: str, row: PointRow) -> Factor | None:
    """The factor the chart shows: the asked one, else the worst against its limit."""
    by_code = {value.factor.code: value for value in row.values}
    if code in by_code:
        return by_code[code].factor
    if code and (known := queries.factors(viewer, [code])):
        return known[code]
    limited = [value for value in row.values if value.ratio is not None]
    worst = max(limited, key=lambda value: value.ratio or 0, default=None)
    first = worst or next(iter(row.values), None)
    return first.factor if first else None


def chart_of(request: HttpRequest, row: PointRow, factor: Factor, span: Span) -> dict[str, Any]:
    """What the chart script needs: where its data is, and whether flow goes beside it."""
    has_flow = any(value.factor.code == FLOW for value in row.values)
    return {
        "factor": factor.code,
        "name": factor_name(factor),
        "flow": FLOW if has_flow and factor.code != FLOW else "",
        "start": span.start.isoformat(),
        "end": span.end.isoformat(),
        "period": span.period.name.lower() if span.period is not None else "",
        "live": bool(span.preset) and not request.GET.get("to"),
    }


def series_data(request: HttpRequest, code: str) -> HttpResponse:
    """The course of one factor as JSON, at most 2,000 points, for the chart."""
    point = _point(request, code)
    span = asked_span(request, timezone.now())
    if span.complaint:
        return JsonResponse({"error": span.complaint}, status=400)
    try:
        factor = queries.factor(request.user, request.GET.get("factor", ""))
    except Factor.DoesNotExist:
        return JsonResponse({"error": "factor"}, status=404)
    series = queries.series(request.user, point, factor, span.period, span.start, span.end)
    marks = {mark: mark_name(mark) for _first, _last, mark in series.marks}
    beside = {
        "mark_names": marks,
        "overlays": overlays.drawn(request.user, point, factor, series.start, series.end),
    }
    body = series.as_json()[:-1] + b"," + JsonResponse(beside).content[1:]
    return HttpResponse(body, content_type="application/json")


def page_number(request: HttpRequest) -> int:
    """`?page=`; what is no number of a page asks for the first, what is beyond all for the last."""
    asked = request.GET.get("page", "")
    return min(int(asked), PAGES) if asked.isdecimal() and len(asked) < PAGE_DIGITS else 1


def readings_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """All readings of a point as a table; `?as=csv` or `?as=xlsx` gives a file."""
    point = _point(request, code)
    span = asked_span(request, timezone.now())
    period = span.period if span.period is not None else Period.HOUR
    wanted = request.GET.get("as", "")
    if wanted in {"csv", "xlsx"} and not span.complaint:
        return export.response(request.user, wanted, point, period, span.start, span.end)
    page = page_number(request)
    table = queries.table(request.user, point, period, span.start, span.end, page=page)
    if page > table.pages:  # an old link, or rows that are gone: the last page there is
        table = queries.table(request.user, point, period, span.start, span.end, page=table.pages)
    context = {
        "point": point,
        "span": span,
        "period": period,
        "periods": [(one.name.lower(), one.label) for one in PERIODS],
        "presets": [(name, label) for name, (_length, label) in PRESETS.items()],
        "table": table,
    }
    return render(request, "monitoring/readings.html", context)
