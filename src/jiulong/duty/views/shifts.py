"""Shifts: who watched when, what they wrote and did, and the hand-over that two people sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiulong.duty import actions, papers, queries
from jiulong.duty.models import LogEntry, Shift
from jiulong.monitoring import actions as monitoring
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.lists import Asked, Empty, ListPage

#: How the state of a shift is lit.
LIGHT = {Shift.State.ON: "told", Shift.State.SIGNED: "near", Shift.State.OVER: "met"}
Refused = (actions.NotOnDutyError, ValidationError)


def _people(row: Shift) -> str:
    return "、".join(str(one) for one in row.people.all())


def _lamp(row: Shift) -> Any:
    from jiulong.pages.lights import light  # noqa: PLC0415 - one line of it

    return light(LIGHT[Shift.State(row.state)], row.get_state_display())


class ShiftList(ListPage):
    """Every shift of the viewer's desks, newest first."""

    title = _("Shift log")
    lead = _("Who watched when. A hand-over is signed by who leaves and by who comes.")
    file_name = "shifts"
    template_name = "duty/shifts.html"
    columns = (
        Column(name="state", label=pgettext_lazy("of a shift", "State"), value=lambda row: row,
               show=_lamp, export=lambda row: row.get_state_display(), short=True),
        Column(name="number", label=_("Number"), opens=True, short=True),
        Column(name="desk", label=_("Desk")),
        Column(name="people", label=_("People"), value=_people),
        Column(name="since", label=_("From"), show=as_clock, sort=("since",), short=True),
        Column(name="until", label=_("Until"), show=as_clock, sort=("until",), short=True),
        Column(name="taken_by", label=_("Taken over by"), on_phone=False),
    )  # fmt: skip
    order = "-since"
    empty = Empty(
        title=_("No shift yet"), icon="file-text",
        text=_("Begin one: from then on its log keeps what is written and what is done."),
    )  # fmt: skip

    def get(self, request: HttpRequest, **captured: Any) -> HttpResponseBase:
        require(request.user, "keep_duty")
        return super().get(request, **captured)

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Shift]:  # noqa: ARG002
        return queries.shifts(viewer)

    def row_address(self, row: Shift) -> str:
        return reverse("duty:shift", args=[row.pk])

    def more(self, viewer: Viewer) -> dict[str, Any]:
        return {
            "current": queries.current_shift(viewer),
            "colleagues": queries.colleagues(viewer),
        }


@require_safe
def shift(request: HttpRequest, pk: int) -> HttpResponse:
    """One shift: its log, what it carried over, and its signatures."""
    found = _find(request, pk)
    now = timezone.now()
    on = queries.on_duty(request.user, found)
    context = {
        "shift": found,
        "light": LIGHT[Shift.State(found.state)],
        "lines": queries.lines(found),
        "carried": found.carried.select_related("alarm__outfall__enterprise"),
        "brought": _brought(found),
        "on": on,
        "take": queries.may_take(request.user, found),
        "waiting": queries.queue(request.user, now) if on else [],
        "colleagues": queries.colleagues(request.user),
        "kinds": LogEntry.Kind.choices,
        "now": now,
    }
    return render(request, "duty/shift.html", context)


@require_safe
def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """The shift on paper: .docx or .pdf, with places for both signatures."""
    return papers.shift(request.user, _find(request, pk), kind)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin to watch at one's own desk."""
    with_whom = _chosen(request)
    return _do(request, lambda: actions.begin_shift(actor=request.user, people=with_whom))


@require_POST
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a line into the log; back to where it was written."""
    found = _find(request, pk)
    alarm = None
    if (asked := request.POST.get("alarm", "")).isdecimal():
        alarm = queries.alarm(request.user, int(asked[:18]))

    def do() -> None:
        actions.write_log(
            actor=request.user, shift=found, text=request.POST.get("text", ""),
            kind=request.POST.get("kind", LogEntry.Kind.NOTE), alarm=alarm,
        )  # fmt: skip

    return _do(request, do, to=_next(request) or reverse("duty:shift", args=[pk]))


@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign as the outgoing, with a word to everything that goes on."""
    found = _find(request, pk)
    waiting = queries.queue(request.user, timezone.now())
    carried = {row.alarm: request.POST.get(f"carry-{row.alarm.pk}", "") for row in waiting}

    def do() -> None:
        actions.hand_over(
            actor=request.user, shift=found, remarks=request.POST.get("remarks", ""),
            carried=carried,
        )  # fmt: skip

    return _do(request, do, to=reverse("duty:shift", args=[pk]))


@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign as the incoming; the next shift begins."""
    found, with_whom = _find(request, pk), _chosen(request)
    return _do(
        request, lambda: actions.take_over(actor=request.user, shift=found, people=with_whom)
    )


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that somebody has seen the alarm, and what they make of it."""
    require(request.user, "keep_duty")
    found = queries.alarm(request.user, pk)
    if found is None:
        raise Http404(str(pk))

    def do() -> None:
        monitoring.acknowledge_alarm(
            actor=request.user, alarm=found, note=request.POST.get("note", "")[:400]
        )

    return _do(request, do, to=f"{reverse('duty:desk')}?alarm={pk}")


def _do(request: HttpRequest, act: Callable[[], Any], *, to: str = "") -> HttpResponse:
    """Do it and go there (without `to`: to the shift it gave); a refusal is told there."""
    try:
        done = act()
    except Refused as error:
        told = "；".join(error.messages) if isinstance(error, ValidationError) else str(error)
        messages.error(request, told)
        return redirect(to or reverse("duty:shifts"))
    except monitoring.AlreadyAcknowledgedError as error:
        messages.error(request, str(error))
        return redirect(to)
    messages.success(request, _t("Done."))
    return redirect(to or reverse("duty:shift", args=[done.pk]))


def _find(request: HttpRequest, pk: int) -> Shift:
    require(request.user, "keep_duty")
    try:
        return queries.shift(request.user, pk)
    except Shift.DoesNotExist as error:
        raise Http404(str(pk)) from error


def _brought(found: Shift) -> Sequence[Any]:
    """What the shift before handed over, with its remarks."""
    if found.before is None:
        return ()
    return list(found.before.carried.select_related("alarm__outfall__enterprise"))


def _chosen(request: HttpRequest) -> list[User]:
    wanted = set(request.POST.getlist("people"))
    return [one for one in queries.colleagues(request.user) if str(one.pk) in wanted]


def _next(request: HttpRequest) -> str:
    given = request.POST.get("next", "")
    own = url_has_allowed_host_and_scheme(given, {request.get_host()})
    return given if own and given.startswith("/") else ""
