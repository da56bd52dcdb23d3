"""A point's month hour by hour, and the proof of its completeness on paper."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiulong.documents import as_docx, as_pdf
from jiulong.gaps import actions, engine, printing, proofs, queries
from jiulong.gaps.models import Gap
from jiulong.gaps.words import CELLS
from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import Point
from jiulong.organisation.rules import may, require

KINDS = {
    "pdf": (as_pdf, "application/pdf"),
    "docx": (
        as_docx,
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ),
}


def calendar_page(request: HttpRequest, code: str) -> HttpResponse:
    """A point's month as a strip of hours, with its gaps and recorded proofs."""
    point, month = _point(request, code), _month(request)
    start, end = engine.month_start(month), engine.month_start(engine.next_month(month))
    days = queries.heat(request.user, point, month)
    shown = queries.gaps(request.user, point, start, end).prefetch_related("requests")
    context: dict[str, Any] = {
        "point": point,
        "month": month,
        "months": queries.months(request.user, point),
        "before": engine.month_of(start - engine.BRIDGE),
        "after": engine.next_month(month) if end <= timezone.now() else None,
        "rows": queries.completeness(request.user, point, month),
        "days": days,
        "hours": range(24),
        "legend": CELLS.items(),
        "sums": _sums(days),
        "gaps": shown,
        "proofs": queries.month_proofs(request.user, point, month),
        "may_prove": may(request.user, "publish_report") and end <= timezone.now(),
        "missing": sum(gap.state != Gap.State.FILLED for gap in shown),
    }
    return render(request, "gaps/calendar.html", context)


def _sums(days: list[tuple[date, list[queries.HourCell]]]) -> dict[str, int]:
    """How many hours stand how, for those who read no strip."""
    sums = dict.fromkeys(CELLS, 0)
    for _on, cells in days:
        for cell in cells:
            sums[cell.state] += 1
    return sums


def proof_file(request: HttpRequest, code: str, kind: str) -> HttpResponse:
    """The proof of a month as .pdf or .docx; the recorded one where there is one."""
    point, month = _point(request, code), _month(request)
    if kind not in KINDS:
        raise Http404(kind)
    recorded = queries.month_proofs(request.user, point, month).first()
    content = recorded.content if recorded else proofs.contents([point], month)[point.pk]
    write, media_type = KINDS[kind]
    body = write(printing.document(point, month, content, recorded))
    response = HttpResponse(body, content_type=media_type)
    name = f"completeness-{point.code}-{month:%Y-%m}.{kind}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def prove(request: HttpRequest, code: str) -> HttpResponse:
    """Record the month's proof, so that the seals cover it."""
    require(request.user, "publish_report")
    point, month = _point(request, code), _month(request)
    try:
        made = actions.prove_month(actor=request.user, points=[point], month=month)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        text = _("Recorded.") if made else _("Nothing has changed since the last proof.")
        messages.success(request, text)
    return redirect(reverse("gaps:calendar", args=[code]) + f"?month={month:%Y-%m}")


def _point(request: HttpRequest, code: str) -> Point:
    try:
        return monitoring.point(request.user, code)
    except Point.DoesNotExist as error:
        raise Http404(code) from error


def _month(request: HttpRequest) -> date:
    """The month that is asked for; without one, or with nonsense, this one."""
    raw = request.GET.get("month", "") or request.POST.get("month", "")
    try:
        found = date.fromisoformat(f"{raw}-01")
    except ValueError:
        return engine.month_of(timezone.now())
    return found if 2000 <= found.year <= 2200 else engine.month_of(timezone.now())
