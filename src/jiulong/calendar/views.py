"""The calendar: a year at a glance, its days, the next year's notice, office hours."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jiulong.calendar import actions, grid, queries
from jiulong.calendar.forms import DayForm, HoursForm, NoticeForm
from jiulong.calendar.models import CalendarDay
from jiulong.organisation.rules import may, require


def year_page(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """A year's holidays and make-up days, as list and months, and office hours."""
    today = timezone.localdate()
    year = year or today.year
    if not 1900 <= year <= 2200:
        raise Http404(str(year))
    days = queries.days_of(request.user, year)
    known = {row.year: row for row in queries.years(request.user)}
    calendar = queries.district_calendar()
    context = {
        "year": year,
        "known": known.get(year),
        "years": sorted({*known, year, today.year, today.year + 1}, reverse=True),
        "stretches": grid.stretches(days),
        "worked": calendar.working_days_between(date(year - 1, 12, 31), date(year, 12, 31)),
        "months": grid.months(year, days, today),
        "hours": queries.office_hours(request.user),
        "may_edit": may(request.user, "edit_calendar"),
    }
    return render(request, "calendar/year.html", context)


def day_page(request: HttpRequest, on: date) -> HttpResponse:
    """Say that one day is off, worked or as its weekday; for those who may edit the calendar."""
    user = require(request.user, "edit_calendar")
    day = queries.day(user, on)
    initial = {"kind": day.kind, "name": day.name, "source": day.source} if day else {}
    form = DayForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.edit_day(
                actor=user, on=on, kind=given["kind"] or None,
                name=given["name"], source=given["source"],
            )  # fmt: skip
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("The calendar is changed."))
            return redirect("calendar:of_year", on.year)
    return render(request, "calendar/form.html", {"form": form, "on": on, "year": on.year})


def notice_page(request: HttpRequest) -> HttpResponse:
    """Enter a year's notice: read and shown first, entered when confirmed."""
    user = require(request.user, "edit_calendar")
    initial = {"year": queries.horizon(timezone.localdate()).next_year}
    form = NoticeForm(request.POST or None, request.FILES or None, initial=initial)
    context: dict[str, Any] = {"form": form}
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if "enter" in request.POST:
            actions.set_year(
                actor=user, year=given["year"], days=given["days"], source=given["source"]
            )
            messages.success(request, _("%(year)d is entered.") % {"year": given["year"]})
            return redirect("calendar:of_year", given["year"])
        days = [CalendarDay(date=d.date, kind=d.kind, name=d.name) for d in given["days"]]
        context["stretches"] = grid.stretches(days)
        context["replaces"] = bool(queries.days_of(user, given["year"]))
    return render(request, "calendar/notice.html", context)


def hours_page(request: HttpRequest) -> HttpResponse:
    """Enter office hours, from a day on."""
    user = require(request.user, "edit_calendar")
    form = HoursForm(request.POST or None, initial={"from_on": timezone.localdate()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_hours(actor=user, **form.cleaned_data)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("Office hours are entered."))
            return redirect("calendar:year")
    return render(request, "calendar/form.html", {"form": form})


@require_POST
def remove_hours(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """Take office hours back."""
    user = require(request.user, "edit_calendar")
    row = next((row for row in queries.office_hours(user) if row.pk == pk), None)
    if row is None:
        raise Http404(str(pk))
    actions.remove_hours(actor=user, row=row)
    messages.success(request, _("Office hours are taken back."))
    return redirect("calendar:year")


def _add(form: Form, error: ValidationError) -> None:
    """Show an action's refusal beside the fields it names."""
    named = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for field, texts in named.items():
        for text in texts:
            form.add_error(field if field in form.fields else None, text)
