"""The ledgers of a day and of a month: on the page, as .xlsx for filing, as .docx and .pdf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jiulong.duty import papers
from jiulong.duty.ledgers import abnormal, means, sheets
from jiulong.duty.ledgers.layout import layout
from jiulong.organisation.models import User
from jiulong.organisation.rules import require

#: Widths in half-width signs of the month's table, beside its days.
BEFORE, DAY, AFTER = (5, 22, 12, 12, 8, 8), 7, (8, 10, 8, 12)
YEARS = range(2000, 2101)
KINDS = ("xlsx", "docx", "pdf")


@dataclass(frozen=True, slots=True)
class Book:
    """A ledger, ready to be shown or filed."""

    name: str
    title: str
    told: str
    head: Sequence[str]
    rows: Sequence[Sequence[Any]]
    widths: Sequence[float]


@require_safe
def ledgers(request: HttpRequest) -> HttpResponse:
    """Both ledgers; `?on=` names the day, `?month=` the month."""
    require(request.user, "keep_duty")
    today = timezone.localdate()
    on = _day(request.GET.get("on", "")) or today
    month = _month(request.GET.get("month", ""))
    book = _means(request, month) if month else _abnormal(request, on)
    context = {
        "book": book,
        "on": on,
        "month": month,
        "before": on - timedelta(days=1),
        "after": on + timedelta(days=1) if on < today else None,
        "this_month": (month or on).strftime("%Y-%m"),
        "outfall": request.GET.get("outfall", ""),
        "files": [(kind, _address(request, kind, on, month)) for kind in KINDS],
    }
    return render(request, "duty/ledgers.html", context)


@require_safe
def file(request: HttpRequest, which: str, kind: str) -> HttpResponse:
    """A ledger as a file: `day` or `month`; xlsx, docx or pdf."""
    require(request.user, "keep_duty")
    if which == "day":
        book = _abnormal(request, _day(request.GET.get("on", "")) or timezone.localdate())
    else:
        book = _means(request, _month(request.GET.get("month", "")) or timezone.localdate())
    now = timezone.now()
    parts = (book.title, book.told, book.head, book.rows, book.widths, now)
    if kind != "xlsx":
        return papers.answer(papers.ledger(*parts), kind, book.name)
    answer = HttpResponse(sheets.sheet(*parts), content_type=sheets.XLSX)
    answer["Content-Disposition"] = f'attachment; filename="{book.name}.xlsx"'
    return answer


def _address(request: HttpRequest, kind: str, on: date, month: date | None) -> str:
    """Where the ledger is as a file."""
    query = {"month": f"{month:%Y-%m}"} if month else {"on": on.isoformat()}
    if month and request.GET.get("outfall"):
        query["outfall"] = request.GET["outfall"]
    which = "month" if month else "day"
    return f"{reverse('duty:ledger_file', args=[which, kind])}?{urlencode(query)}"


def _abnormal(request: HttpRequest, on: date) -> Book:
    form = layout()
    return Book(
        name=f"abnormal-{on}",
        title=form.title.show(),
        told=_told(request, on.isoformat()),
        head=[column.label.show() for column in form.columns],
        rows=abnormal.rows(request.user, on, form),
        widths=[column.width for column in form.columns],
    )


def _means(request: HttpRequest, month: date) -> Book:
    _first, last = means.month_of(month)
    found = means.lines(request.user, month, outfall=request.GET.get("outfall", "")[:40])
    return Book(
        name=f"day-means-{month:%Y-%m}",
        title=_("Ledger of effective day means"),
        told=_told(request, f"{month:%Y-%m}")
        + "    " + _("/: no valid mean; *: over the limit of the day"),
        head=means.head(last),
        rows=means.table(found),
        widths=[*BEFORE, *[DAY] * last.day, *AFTER],
    )  # fmt: skip


def _told(request: HttpRequest, time: str) -> str:
    unit = request.user.unit if isinstance(request.user, User) else None
    words = [f"{_('Desk')}: {unit}" if unit else "", f"{_('Time')}: {time}"]
    return "    ".join(filter(None, words))


def _day(given: str) -> date | None:
    try:
        found = date.fromisoformat(given)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _month(given: str) -> date | None:
    if given and _day(f"{given}-01") is None:
        raise Http404(given)
    return _day(f"{given}-01") if given else None
