"""Gaps over all points, one gap, and every point's month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.gaps import actions, engine, queries, words
from jiulong.gaps.forms import AskForm
from jiulong.gaps.models import Gap
from jiulong.gaps.queries import PointMonth
from jiulong.monitoring.models import Period
from jiulong.monitoring.words import as_point, point_title
from jiulong.organisation.rules import Viewer, may
from jiulong.pages.columns import Column, as_clock, as_code, as_number
from jiulong.pages.filters import Choice, Day, Options
from jiulong.pages.lists import Asked, Empty, ListPage, Preset, Switch

PERIODS = [(str(one.value), one.label) for one in (Period.MINUTE, Period.HOUR, Period.DAY)]
STATES: Options = [("missing", _("Missing still")), *Gap.State.choices]
SWITCHES = (
    Switch(label=_("Gaps"), name="gaps:gaps", icon="list"),
    Switch(label=_("By month"), name="gaps:months", icon="calendar"),
)


class GapList(ListPage):
    """What is missing at which point, what was tried, newest first."""

    title = _("Gaps")
    lead = _(
        "What loggers owed and did not send. It is asked for by itself, with growing patience."
    )
    file_name = "gaps"
    order = "-start"
    live = ("command_steps",)
    search_hint = _("Point, enterprise or code")
    switches = SWITCHES
    columns = (
        Column(name="state", label=_("State"), value=lambda row: row, show=words.gap_light,
               sort=("state",), export=lambda row: row.get_state_display(), short=True),
        Column(name="point", label=_("Point"), value="point", show=as_point, export=point_title,
               opens=True, sort=("point__outfall__enterprise__name", "point__code")),
        Column(name="period", label=_("Data"), value="get_period_display", sort=("period",),
               short=True),
        Column(name="start", label=_("From"), show=as_clock, sort=("start", "id"), short=True),
        Column(name="end", label=_("Until"), show=as_clock, sort=("end",), short=True),
        Column(name="left", label=_("Missing still"), numeric=True, show=as_number(),
               sort=("left",)),
        Column(name="missing", label=_("At first"), numeric=True, show=as_number(),
               sort=("missing",), on_phone=False),
        Column(name="cause", label=_("Cause"), value="get_cause_display", on_phone=False),
        Column(name="asked", label=_("Requests"), numeric=True, sort=("asked",)),
        Column(name="next", label=_("Next request"), value="next_ask_at", show=as_clock,
               sort=("next_ask_at",), on_phone=False),
    )  # fmt: skip
    filters = (
        Choice(name="state", label=_("State"), choices=STATES),
        Choice(name="period", label=_("Data"), choices=PERIODS),
        Choice(name="cause", label=_("Cause"), choices=Gap.Cause.choices),
        Day(name="since", label=_("From day")),
        Day(name="until", label=_("Until day")),
    )
    presets = (
        Preset(label=_("All gaps")),
        Preset(label=_("Missing still"), query={"state": "missing"}),
        Preset(label=_("Given up"), query={"state": "given_up"}),
        Preset(label=_("Hours missing"), query={"state": "missing", "period": "2"}),
    )
    empty = Empty(
        title=_("Nothing is missing"),
        text=_("Every minute, hour and day that was owed has come."),
        icon="circle-dashed",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Gap]:
        since, until = asked.filters["since"], asked.filters["until"]
        return queries.gaps(
            viewer,
            start=_midnight(since) if since else None,
            end=_midnight(until, days=1) if until else None,
            text=asked.search,
            period=int(asked.filters["period"]) if asked.filters["period"] else None,
            state=asked.filters["state"] or "",
            cause=asked.filters["cause"] or "",
        )

    def row_address(self, row: Gap) -> str:
        return reverse("gaps:gap", args=[row.pk])


def _midnight(on: date, days: int = 0) -> Any:
    day = on.fromordinal(on.toordinal() + days)
    return engine.month_start(day.replace(day=1)) + (day - day.replace(day=1))


def _months(viewer: Viewer) -> Options:
    return [(f"{month:%Y-%m}", f"{month:%Y-%m}") for month in queries.known_months(viewer)]


class MonthList(ListPage):
    """Every point's month: what was owed, what came later, what never did."""

    title = _("Completeness by month")
    lead = _("Share of what was owed that came, in time or later.")
    file_name = "completeness"
    order = "share"
    search_hint = _("Point, enterprise or code")
    switches = SWITCHES
    columns = (
        Column(name="point", label=_("Point"), value="point", show=as_point, export=point_title,
               opens=True),
        Column(name="code", label=_("Code"), value="point.code", show=as_code, on_phone=False),
        Column(name="share", label=_("Complete"), show=words.share, numeric=True, sort=("share",)),
        Column(name="minute", label=_("Minutes"), show=words.share, numeric=True,
               sort=("minute",)),
        Column(name="hour", label=_("Hours"), show=words.share, numeric=True, sort=("hour",)),
        Column(name="day", label=_("Days"), show=words.share, numeric=True, sort=("day",)),
        Column(name="late", label=_("Came later"), numeric=True, show=as_number(),
               sort=("late",)),
        Column(name="never", label=_("Missing"), numeric=True, show=as_number(),
               sort=("never",)),
    )  # fmt: skip
    filters = (Choice(name="month", label=_("Month"), choices=_months),)
    empty = Empty(
        title=_("Nothing was owed yet"),
        text=_("A point owes data from its first reading on."),
        icon="circle-dashed",
    )

    @property
    def month(self) -> date:
        raw = self.asked.filters["month"]
        return date.fromisoformat(f"{raw}-01") if raw else engine.month_of(timezone.now())

    def rows(self, viewer: Viewer, asked: Asked) -> Sequence[PointMonth]:
        return queries.point_months(viewer, self.month, text=asked.search)

    def row_address(self, row: PointMonth) -> str:
        return reverse("gaps:calendar", args=[row.point.code]) + f"?month={self.month:%Y-%m}"


def gap_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One gap: what is missing, why, and every request that was made for it."""
    try:
        gap = queries.gap(request.user, pk)
    except Gap.DoesNotExist as error:
        raise Http404(str(pk)) from error
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.request_history(actor=request.user, gap=gap, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("reason" if hasattr(error, "error_dict") else None, error.messages)
        else:
            return redirect("gaps:gap", pk=pk)
    context = {
        "gap": gap,
        "remaining": [tuple(pair) for pair in gap.remaining],
        "requests": list(gap.requests.all()),
        "form": form,
        "may_ask": may(request.user, "request_history") and gap.state in {"open", "given_up"},
    }
    return render(request, "gaps/gap.html", context, status=422 if form.errors else 200)
