"""Meetings: the list, one with its papers, attendance and decisions, and its slides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST, require_safe

from jiulong.bulletins import actions, rules, words
from jiulong.bulletins.meeting_forms import AttendanceForm, CallForm, DecideForm, MeetingForm
from jiulong.bulletins.models import Meeting
from jiulong.bulletins.queries import of_meetings as queries
from jiulong.bulletins.views import shown
from jiulong.cases.words import lamp
from jiulong.organisation.rules import Viewer, may, reach, require
from jiulong.pages import lights
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset

STATES = {"planned": "told", "held": "met", "cancelled": "none"}


def _state(row: Meeting) -> Any:
    return lights.light(STATES[row.state], row.get_state_display())


class MeetingList(ListPage):
    """Meetings, newest first."""

    title = _("Meetings")
    lead = _("Each meeting's papers are made from the data; what it decides becomes a case.")
    search_hint = pgettext_lazy("bulletin", "Title")
    order = "-at"
    file_name = "meetings"
    columns = (
        Column(name="title", label=_("Meeting"), opens=True, sort=("title",)),
        Column(name="at", label=_("Time"), show=as_clock, sort=("at",)),
        Column(name="state", label=_("State"), value=lambda row: row, show=_state,
               export=lambda row: row.get_state_display(), sort=("state",)),
        Column(name="place", label=pgettext_lazy("meeting", "Place"), on_phone=False),
        Column(name="unit", label=pgettext_lazy("meeting", "Held by"), on_phone=False),
        Column(name="decided", label=_("Decided"), numeric=True, sort=("decided",)),
        Column(name="done", label=_("Of these done"), numeric=True, sort=("done",)),
    )  # fmt: skip
    filters = (Choice(name="state", label=_("State"), choices=Meeting.State.choices),)
    presets = (
        Preset(label=_("All")),
        Preset(label=_("Planned"), query={"state": "planned"}),
        Preset(label=pgettext_lazy("meeting", "Held"), query={"state": "held"}),
    )
    empty = Empty(
        title=_("No meeting yet"),
        text=_("Packs say which meetings are held regularly; call the next one here."),
        icon="presentation",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Meeting]:
        require(viewer, rules.SEE)
        found = queries.counted(viewer).filter(title__icontains=asked.search)
        state = asked.filters["state"]
        return found.filter(state=state) if state else found

    def row_address(self, row: Meeting) -> str:
        return reverse("bulletins:meeting", args=[row.pk])

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not may(viewer, rules.MEET):
            return ()
        new = reverse("bulletins:call")
        return (Action(label=_("Call a meeting"), address=new, icon="plus", primary=True),)


@require_safe
def meeting_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting: agenda, papers, who came, what was decided and how far that is."""
    meeting, now = find(request, pk), timezone.now()
    decided = queries.decisions(meeting)
    held = reach(request.user, rules.MEET).covers(meeting.unit_id)
    context = {
        "meeting": meeting,
        "light": STATES[meeting.state],
        "attendance": queries.attendance(meeting),
        "decisions": [(one, lamp(one.case, now)) for one in decided],
        "packs": queries.packs(request.user, meeting),
        "period": words.period(meeting.period),
        "may_hold": held,
        "may_pack": reach(request.user, rules.DRAFT).covers(meeting.unit_id),
        "begun": meeting.at <= now,
        "open": sum(one.case.closed_at is None for one in decided),
    }
    return render(request, "bulletins/meeting.html", context)


def call_page(request: HttpRequest) -> HttpResponse:
    """Call the next sitting of a regular meeting."""
    user = require(request.user, rules.MEET)
    form = CallForm(request.POST or None, series=queries.series(user))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.call_meeting(actor=user, now=timezone.now(), **form.given)
        except ValidationError as error:
            form.blame(error)
        else:
            messages.success(request, _t("The meeting is called."))
            return redirect("bulletins:meeting", made.pk)
    return _form(request, form, _t("Call a meeting"), None)


def edit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Change time, place or agenda of a meeting that is still to come."""
    meeting = find(request, pk)
    user = rules.require_office(request.user, rules.MEET, meeting.unit_id)
    form = MeetingForm(request.POST or None, meeting=meeting)
    if request.method == "POST" and form.is_valid():
        meeting.version = form.cleaned_data["version"]
        try:
            actions.change_meeting(actor=user, meeting=meeting, now=timezone.now(), **form.given)
        except ValidationError as error:
            form.blame(error)
        except actions.ChangedError:
            return _changed(request, pk)
        else:
            messages.success(request, _t("Saved."))
            return redirect("bulletins:meeting", pk)
    return _form(request, form, _t("Change the meeting"), meeting)


def attendance_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of each unit whether it came."""
    meeting = find(request, pk)
    user = rules.require_office(request.user, rules.MEET, meeting.unit_id)
    form = AttendanceForm(request.POST or None, rows=queries.attendance(meeting))
    if request.method == "POST" and form.is_valid():
        try:
            actions.record_attendance(
                actor=user, meeting=meeting, rows=form.given, now=timezone.now()
            )
        except ValidationError as error:
            form.blame(error)
        except actions.ChangedError:
            return _changed(request, pk)
        else:
            messages.success(request, _t("Saved."))
            return redirect("bulletins:meeting", pk)
    context = {"form": form, "meeting": meeting, "heading": _t("Attendance")}
    return render(request, "bulletins/attendance.html", context)


def decide_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a decision on record; it becomes a case."""
    meeting = find(request, pk)
    user = rules.require_office(request.user, rules.MEET, meeting.unit_id)
    form = DecideForm(request.POST or None, leads=queries.leads(user))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.decide(
                actor=user, meeting=meeting, now=timezone.now(), **form.cleaned_data
            )
        except ValidationError as error:
            form.blame(error)
        else:
            told = _t("Decided; the case is %(number)s.") % {"number": made.case.number}
            messages.success(request, told)
            return redirect("bulletins:meeting", pk)
    return _form(request, form, _t("Record a decision"), meeting)


@require_POST
def pack(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the papers from the data as it is now."""
    meeting = find(request, pk)
    try:
        made = actions.make_pack(actor=request.user, meeting=meeting, now=timezone.now())
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("bulletins:meeting", pk)
    messages.success(request, _t("The papers are made from the data of this moment."))
    return redirect("bulletins:bulletin", made.pk)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that it will not be held."""
    meeting = find(request, pk)
    try:
        actions.cancel_meeting(
            actor=request.user, meeting=meeting, reason=request.POST.get("reason", ""),
            now=timezone.now(),
        )  # fmt: skip
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except actions.ChangedError:
        return _changed(request, pk)
    else:
        messages.success(request, _t("The meeting is cancelled."))
    return redirect("bulletins:meeting", pk)


@require_safe
def slides_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The newest papers as slides: arrows turn them; without script they are one long page."""
    meeting = find(request, pk)
    bulletin = queries.newest_pack(request.user, meeting)
    if bulletin is None:
        messages.info(request, _t("No papers yet: make them first."))
        return redirect("bulletins:meeting", pk)
    quotes = {one.key: one.text for one in bulletin.quotes.all()}
    context = {
        "meeting": meeting, "bulletin": bulletin, "period": words.period(meeting.period),
        "slides": shown.slides(bulletin.content, quotes), "of": _t("Slide %(n)s of %(all)s"),
    }  # fmt: skip
    return render(request, "bulletins/slides.html", context)


def find(request: HttpRequest, pk: int) -> Meeting:
    """One meeting that the asker may see. Raises Http404."""
    require(request.user, rules.SEE)
    try:
        return queries.meeting(request.user, pk)
    except Meeting.DoesNotExist as error:
        raise Http404(str(pk)) from error


def _form(request: HttpRequest, form: Any, heading: str, meeting: Meeting | None) -> HttpResponse:
    back = (
        reverse("bulletins:meeting", args=[meeting.pk])
        if meeting
        else reverse("bulletins:meetings")
    )
    context = {
        "form": form, "heading": heading, "back": back,
        "back_label": str(meeting or _t("Meetings")),
    }  # fmt: skip
    return render(request, "bulletins/form.html", context)


def _changed(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _t("The meeting has changed meanwhile. Read it again."))
    return redirect("bulletins:meeting", pk)
