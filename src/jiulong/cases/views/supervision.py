"""The supervisor's page: who is slow at what, what is over, and a reminder in three clicks."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from jiulong.cases import actions, queries, words
from jiulong.cases.lifecycle import STAGES, IllegalMoveError
from jiulong.cases.models import Case
from jiulong.cases.queries.supervision import STAGES as COLUMNS
from jiulong.organisation.rules import Viewer, require

#: Units of the matrix; the others stand behind a link.
UNITS: Final = 25
#: A reminder goes to at most so many cases at once.
MOST_REMINDED: Final = 200


@require_safe
def supervision(request: HttpRequest) -> HttpResponse:
    """Units × stages, what is over, extensions that wait, what was escalated today."""
    viewer, now = require(request.user, "supervise_case"), timezone.now()
    lines = queries.matrix(viewer, now)
    found = queries.desk(viewer, now)
    cases = reverse("cases:cases")
    shown = lines if "all" in request.GET else lines[:UNITS]
    for line in shown:
        line.address = f"{cases}?{urlencode({'unit': line.unit.code})}"
    context = {
        "now": now,
        "cases": cases,
        "stages": [STAGES[stage] for stage in COLUMNS],
        "lines": shown,
        "folded": len(lines) - len(shown),
        "totals": [
            (sum(line.cells[n].count for line in lines), sum(line.cells[n].late for line in lines))
            for n in range(len(COLUMNS))
        ],
        "count": sum(line.count for line in lines),
        "late": sum(line.late for line in lines),
        "overdue": dressed(found.overdue, now),
        "extensions": dressed(found.extensions, now),
        "escalated": rungs(found.escalated),
        "bulletin": rungs(found.bulletin),
        "text": _t(
            "This case is overdue. Please report today how far it is, and by when it will be done."
        ),
    }
    return render(request, "cases/supervision.html", context)


def dressed(found: Any, now: Any) -> list[dict[str, Any]]:
    """Cases as the page's tables show them."""
    return [
        {
            "case": case,
            "lamp": words.lamp(case, now),
            "matter": words.matter_name(case),
            "unit": case.lead or case.dispatch,
            "until": words.until_of(case),
        }
        for case in found
    ]


def rungs(found: Any) -> list[dict[str, Any]]:
    """Escalations as the page's tables show them."""
    return [
        {"rung": one, "case": one.case, "tone": words.LADDER[one.light][0],
         "word": words.LADDER[one.light][1], "unit": one.case.lead or one.case.dispatch}
        for one in found
    ]  # fmt: skip


@require_POST
def remind(request: HttpRequest) -> HttpResponse:
    """Remind whoever has the move in each of the selected cases."""
    viewer = require(request.user, "supervise_case")
    picked = [int(pk) for pk in request.POST.getlist("case") if pk.isdecimal()][:MOST_REMINDED]
    text = request.POST.get("text", "").strip()
    back = redirect(reverse("cases:supervision") + "#overdue")
    if not picked:
        messages.warning(request, _t("Select at least one case."))
        return back
    if not text:
        messages.warning(request, _t("Write what you want to say."))
        return back
    sent = sum(
        _remind(viewer, case, text) for case in queries.visible(viewer).filter(pk__in=picked)
    )
    told = ngettext("%(n)d reminder sent.", "%(n)d reminders sent.", sent) % {"n": sent}
    if sent < len(picked):
        messages.warning(request, told + " " + _t("The other cases moved on meanwhile."))
    else:
        messages.success(request, told)
    return back


def _remind(viewer: Viewer, case: Case, text: str) -> bool:
    try:
        actions.remind_case(actor=viewer, case=case, text=text)
    except (IllegalMoveError, ValidationError, PermissionDenied):
        return False
    return True
