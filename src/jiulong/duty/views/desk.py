"""The desk: what waits on the left, what is known of the chosen one on the right."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from jiulong.cases.views.dossier import context as case_context
from jiulong.cases.views.dossier import find as find_case
from jiulong.duty import queries
from jiulong.duty.curve import curve
from jiulong.duty.models import LogEntry
from jiulong.duty.queries import Waiting
from jiulong.monitoring import overlays
from jiulong.monitoring.models import Alarm, Severity
from jiulong.organisation.rules import may, require

SORTS: Final = (("due", _("By clock")), ("severity", _("By severity")), ("newest", _("Newest")))


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Everything that waits, and the chosen alarm beside it."""
    require(request.user, "keep_duty")
    now = timezone.now()
    asked = _asked(request)
    everything = queries.queue(request.user, now, order=asked["order"])
    rows = _narrowed(everything, asked)
    chosen = _chosen(request, everything, rows, now)
    context = {
        "now": now,
        "rows": rows,
        "counts": queries.counted(everything),
        "families": Alarm.Family.choices,
        "severities": Severity.choices,
        "sorts": SORTS,
        "asked": asked,
        "narrowed": any(asked[name] for name in ("family", "severity", "q")),
        "chosen": chosen,
        "shift": queries.current_shift(request.user),
        **(_context(request, chosen, now) if chosen else {}),
    }
    return render(request, "duty/desk.html", context)


@require_safe
def alarm(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known of one alarm, for the right side of the desk; alone it is the desk with it."""
    require(request.user, "keep_duty")
    if request.headers.get("HX-Target") != "context":
        return redirect(f"{reverse('duty:desk')}?alarm={pk}")
    now = timezone.now()
    found = _find(request, pk, now)
    return render(request, "duty/context.html", _context(request, found, now))


def _asked(request: HttpRequest) -> dict[str, str]:
    """Filters and order of the address; nonsense filters nothing."""
    given = {name: request.GET.get(name, "") for name in ("family", "severity", "order")}
    known = {
        "family": Alarm.Family.values, "severity": Severity.values, "order": queries.ORDERS,
    }  # fmt: skip
    asked = {name: value if value in known[name] else "" for name, value in given.items()}
    return {**asked, "order": asked["order"] or "due", "q": request.GET.get("q", "").strip()[:80]}


def _narrowed(rows: Sequence[Waiting], asked: dict[str, str]) -> list[Waiting]:
    """The rows that fit; in memory, because the tabs count all of them."""
    words = asked["q"].casefold().split()
    return [
        row
        for row in rows
        if asked["family"] in {"", row.alarm.family}
        and asked["severity"] in {"", row.alarm.severity}
        and all(word in _searched(row) for word in words)
    ]


def _searched(row: Waiting) -> str:
    outfall = row.alarm.outfall
    parts = (outfall.code, outfall.name, outfall.enterprise.name, row.alarm.kind)
    return " ".join((*parts, row.case.number if row.case else "")).casefold()


def _chosen(
    request: HttpRequest, everything: Sequence[Waiting], rows: Sequence[Waiting], now: datetime
) -> Waiting | None:
    """The alarm of the address; else the first of the list."""
    asked = request.GET.get("alarm", "")
    if not asked.isdecimal() or len(asked) > 18:
        return rows[0] if rows else None
    known = next((row for row in everything if row.alarm.pk == int(asked)), None)
    return known or _find(request, int(asked), now)


def _find(request: HttpRequest, pk: int, now: datetime) -> Waiting:
    found = queries.alarm(request.user, pk)
    if found is None:
        raise Http404(str(pk))
    return queries.waiting(request.user, [found], now)[0]


def _context(request: HttpRequest, row: Waiting, now: datetime) -> dict[str, Any]:
    """Curve, findings, case with its tasks, samples and marks of the chosen alarm."""
    viewer, worst = request.user, row.worst
    point = worst.point if worst else row.alarm.outfall.points.order_by("code").first()
    factor = worst.factor if worst else None
    line = None
    if point is not None and factor is not None:
        line = curve(viewer, point, factor, row.alarm.started_at, now)
    beside = []
    if line and point and factor:
        beside = overlays.drawn(viewer, point, factor, line.start, line.end)
    shift = queries.current_shift(viewer)
    case = row.case
    shown = case_context(request, find_case(request, case.pk)) if case else {}
    return shown | {
        "row": row,
        "now": now,
        "point": point,
        "factor": factor,
        "curve": line,
        "beside": sorted(beside, key=lambda one: -one["start"])[:6],
        "log": LogEntry.objects.filter(alarm=row.alarm).select_related("by").order_by("-at")[:5],
        "shift": shift,
        "may_log": shift is not None and queries.on_duty(viewer, shift),
        "may_acknowledge": row.alarm.acknowledged_at is None and may(viewer, "acknowledge_finding"),
        "kinds": LogEntry.Kind.choices,
    }
