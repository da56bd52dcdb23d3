"""Rates by unit, month and matter, with what they mean, as chart, table and file."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from jiulong.cases import queries, specs, words
from jiulong.cases.models import MatterType
from jiulong.cases.queries import Rates
from jiulong.cases.views.choices import matter_choices
from jiulong.cases.views.lists import midnight
from jiulong.organisation.rules import require
from jiulong.pages import export
from jiulong.pages.columns import Column
from jiulong.pages.filters import YEARS

WAYS: Final = (
    ("unit", pgettext_lazy("statistics", "By unit")),
    ("month", pgettext_lazy("statistics", "By month")),
    ("matter", pgettext_lazy("statistics", "By matter")),
)
GROUPED: Final = {
    "unit": queries.by_unit,
    "month": queries.by_month,
    "matter": queries.by_matter,
}
#: Groups that the chart shows; the table has all.
BARS: Final = 15
#: Rates that the chart can show, one at a time.
RATES: Final = ("response", "punctual", "rework", "satisfaction", "closing")
USUAL_RATE: Final = "punctual"
LESS_IS_BETTER: Final = frozenset({"rework"})


def name(row: Rates) -> str:
    """What a group is called."""
    if isinstance(row.key, datetime):
        return timezone.localtime(row.key).strftime("%Y-%m")
    if isinstance(row.key, MatterType):
        return specs.matter(row.key).name.show()
    return str(row.key)


COLUMNS: Final = (
    Column(name="key", label=pgettext_lazy("statistics", "Group"), value=name),
    Column(name="filed", label=_("Filed"), numeric=True),
    Column(name="closed", label=pgettext_lazy("stage", "Closed"), numeric=True),
    Column(name="response", label=_("Response"), numeric=True, show=words.rate),
    Column(name="punctual", label=_("On time"), numeric=True, show=words.rate),
    Column(name="rework", label=_("Rework"), numeric=True, show=words.rate),
    Column(name="satisfaction", label=_("Satisfaction"), numeric=True, show=words.rate),
    Column(name="closing", label=_("Closing"), numeric=True, show=words.rate),
    Column(name="rating", label=_("Rating"), numeric=True),
    Column(name="reminders", label=_("Reminders"), numeric=True),
)


@require_safe
def statistics(request: HttpRequest) -> HttpResponseBase:
    """Response, on-time, rework, satisfaction and closing rates."""
    viewer, now = require(request.user, "see_cases"), timezone.now()
    by = request.GET.get("by", "")
    by = by if by in GROUPED else "unit"
    since, until = _span(request, now)
    matters = list(matter_choices(viewer))
    matter = request.GET.get("matter", "")
    matter = matter if matter in dict(matters) else ""
    asked = {
        "since": midnight(since),
        "until": midnight(until + timedelta(days=1)),
        "matter": matter,
    }
    shown = request.GET.get("rate", "")
    shown = shown if shown in RATES else USUAL_RATE
    rows = GROUPED[by](viewer, now, **asked)
    if (kind := request.GET.get("as", "")) in {"csv", "xlsx"}:
        return export.response(kind, f"cases-by-{by}", COLUMNS, rows, title=_t("Statistics"))
    context = {
        "by": by,
        "ways": WAYS,
        "rows": [[(column, column.html(row)) for column in COLUMNS] for row in rows],
        "columns": COLUMNS,
        "totals": queries.totals(viewer, now, **asked),
        "since": since,
        "until": until,
        "matter": matter,
        "matters": matters,
        "definitions": words.DEFINITIONS,
        "rates": [(column.name, column.label) for column in COLUMNS if column.name in RATES],
        "rate": shown,
        "chart": _chart(rows, shown, in_time=by == "month"),
    }
    return render(request, "cases/statistics.html", context)


def _span(request: HttpRequest, now: datetime) -> tuple[date, date]:
    """The days that were asked for; without any, this year so far."""
    today = timezone.localtime(now).date()
    return (
        _day(request.GET.get("since", "")) or date(today.year, 1, 1),
        _day(request.GET.get("until", "")) or today,
    )


def _day(given: str) -> date | None:
    try:
        found = date.fromisoformat(given)
    except ValueError:
        return None
    return found if found.year in YEARS else None


def _chart(rows: list[Rates], rate: str, *, in_time: bool) -> dict[str, Any]:
    """The bars from top to bottom: months as they came, else the worst first.

    Groups of which nothing is known have no bar; of many months the last are shown.
    """
    bars = [(name(row), float(value)) for row in rows if (value := getattr(row, rate)) is not None]
    if in_time:
        bars = bars[-BARS:]
    else:
        bars.sort(key=lambda bar: bar[1], reverse=rate in LESS_IS_BETTER)
    return {"bars": bars[:BARS], "name": next(str(c.label) for c in COLUMNS if c.name == rate)}
