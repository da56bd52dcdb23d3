"""Days of a point, one day down to its frames, and what was revised."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import Factor, Point
from jiulong.monitoring.words import as_point, factor_name, point_title
from jiulong.organisation.rules import Viewer
from jiulong.pages import export
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Day
from jiulong.pages.lists import Asked, Empty, ListPage
from jiulong.validity import queries, words
from jiulong.validity.hours_file import FIRST_YEAR, LAST_YEAR
from jiulong.validity.lineage import lineage
from jiulong.validity.models import Revision
from jiulong.validity.queries import DayCell, MonthTable

#: Columns of a revision that stand in the list; the day's page shows all.
TELLING: Final = ("mean", "valid", "n_valid", "load_kg")


def _point(request: HttpRequest, code: str) -> Point:
    try:
        return monitoring.point(request.user, code)
    except Point.DoesNotExist as error:
        raise Http404(code) from error


def asked_month(text: str) -> tuple[date, str]:
    """`2026-03` as its first day; a complaint, and this month, where it is none."""
    this = timezone.localdate().replace(day=1)
    if not text:
        return this, ""
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        return this, _t("%s is no month like 2026-03.") % text
    return found, ""


def days_page(request: HttpRequest, code: str) -> HttpResponseBase:
    """A month of effective daily means of a point; `?as=xlsx` or `csv` gives a file."""
    point = _point(request, code)
    month, complaint = asked_month(request.GET.get("month", ""))
    table = queries.month_table(request.user, point, month)
    asked = request.GET.get("factor", "")
    chosen = next((factor for factor in table.factors if factor.code == asked), None)
    kind = request.GET.get("as", "")
    if kind in {"csv", "xlsx"} and not complaint:
        return _file(kind, point, table, chosen)
    context = {
        "point": point,
        "table": table,
        "month": month,
        "complaint": complaint,
        "factor": chosen,
        "column": _column(table, chosen) if chosen else None,
        "before": _shifted(month, -1),
        "after": _shifted(month, 1) if month < timezone.localdate().replace(day=1) else None,
        "today": timezone.localdate(),
    }
    return render(request, "validity/days.html", context)


def _shifted(month: date, months: int) -> date:
    index = month.year * 12 + month.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _column(table: MonthTable, factor: Factor) -> dict[str, Any]:
    """One factor of the table with its month."""
    place = table.factors.index(factor)
    rows = [cells[place] for _on, cells in table.rows if cells[place] is not None]
    return {"rows": rows, "month": table.months[place]}


def _file(kind: str, point: Point, table: MonthTable, factor: Factor | None) -> HttpResponseBase:
    """A row a day and factor, oldest first."""
    cells = [
        cell
        for _on, row in reversed(table.rows)
        for cell in row
        if cell is not None and factor in {None, cell.day.factor}
    ]
    name = f"{point.code}-days-{table.month:%Y%m}"
    return export.response(kind, name, FILE, cells, title=f"{point.code} {table.month:%Y-%m}")


def _yes(truth: bool) -> str:
    return _t("yes") if truth else _t("no")


def _limit(cell: DayCell) -> Any:
    return None if cell.limit is None else cell.limit.maximum


#: The columns of the file.
FILE: Final = (
    Column(name="on", label=pgettext_lazy("calendar", "Day"), value="day.on"),
    Column(name="factor", label=_("Factor"), value=lambda cell: factor_name(cell.day.factor)),
    Column(name="unit", label=_("Unit"), value="day.factor.unit"),
    Column(name="valid", label=_("Valid"), value=lambda cell: _yes(cell.day.valid)),
    Column(name="mean", label=_("Mean"), value="day.mean"),
    Column(name="limit", label=_("Limit"), value=_limit),
    Column(
        name="multiple", label=_("Multiple over"),
        value=lambda cell: cell.breach.multiple if cell.breach else None,
    ),
    Column(name="n_valid", label=_("Valid hours"), value="day.n_valid"),
    Column(name="n_expected", label=_("Hours expected"), value="day.n_expected"),
    Column(name="ratio", label=_("Valid share"), value="day.ratio"),
    Column(name="flow", label=_("Flow (m³)"), value="day.flow_m3"),
    Column(name="load", label=_("Load (kg)"), value="day.load_kg"),
    Column(
        name="substituted", label=_("Load stands in"),
        value=lambda cell: _yes(cell.day.substituted),
    ),
    Column(name="method", label=_("Method"), value=lambda cell: words.method(cell.day.method)),
    Column(name="reasons", label=_("Reasons"), value=lambda cell: words.reasons(cell.day.reasons)),
    Column(name="rule", label=_("Rule set"), value="day.rule"),
    Column(name="revision", label=_("Revisions"), value="day.revision"),
)  # fmt: skip


def day_page(request: HttpRequest, code: str, on: date) -> HttpResponse:
    """One day of a factor: 24 hours with their raw frames, the sum, and what was revised."""
    point = _point(request, code)
    found = list(queries.days(request.user, point, None, on, on))
    found.sort(key=lambda row: monitoring.factor_rank(row.factor.code))
    asked = request.GET.get("factor", "")
    row = next((one for one in found if one.factor.code == asked), None)
    if asked and row is None:
        raise Http404(asked)
    row = row or next(iter(found), None)
    context: dict[str, Any] = {"point": point, "on": on, "days": found, "row": row}
    if row is not None:
        held = queries.limits_on_days(point, on, on, [row.factor_id])
        context |= {
            "cell": queries.cell(row, held),
            "lineage": lineage(point, row.factor, on),
            "revisions": queries.revisions(request.user, point=point, factor=row.factor, on=on),
        }
    return render(request, "validity/day.html", context)


def as_change(row: Revision) -> SafeString:
    """What changed that tells most: before → after."""
    names = [name for name in TELLING if name in row.after] or list(row.after)[:1]
    lines = format_html_join(
        SafeString("<br>"), '<span class="muted">{}</span> {} → {}',
        ((words.column(n), change(n, row.before[n]), change(n, row.after[n])) for n in names),
    )  # fmt: skip
    return format_html("<span>{}</span>", lines)


def change(name: str, value: Any) -> Any:
    """One side of a change, to read."""
    shown = words.shown(name, value)
    if shown is None:
        return "—"
    if isinstance(shown, bool):
        return _yes(shown)
    return words.short(shown) if isinstance(shown, str) else shown


def as_causes(row: Revision) -> SafeString:
    """What led to it, with links to what can be looked at."""
    parts = []
    for reference in row.causes:
        address = words.address(reference)
        pattern = '<a href="{}">{}</a>' if address else "{1}"
        parts.append((format_html(pattern, address, words.cause(reference)),))
    return format_html("<span>{}</span>", format_html_join(SafeString("<br>"), "{}", parts))


class RevisionList(ListPage):
    """Settled days that came out differently afterwards, newest first."""

    title = _("Revisions")
    lead = _(
        "A day is settled at 12:00 of the next one. What comes later – a mark, a failed check, "
        "late data – changes it openly."
    )
    file_name = "revisions"
    search_hint = _("Enterprise, point or factor")
    order = "-at"
    columns = (
        Column(name="at", label=pgettext_lazy("of a revision", "Revised"), show=as_clock,
               sort=("at", "id"), short=True),
        Column(name="point", label=_("Point"), value=lambda row: row.point, show=as_point,
               export=point_title, opens=True,
               sort=("point__outfall__enterprise__name", "point__code")),
        Column(name="factor", label=_("Factor"), value=lambda row: factor_name(row.factor),
               sort=("factor__code",)),
        Column(name="on", label=pgettext_lazy("calendar", "Day"), show=date.isoformat,
               sort=("on",), short=True),
        Column(name="number", label=_("No."), numeric=True, on_phone=False),
        Column(name="change", label=_("What changed"), value=lambda row: row, show=as_change,
               wide=True, export=lambda row: str(row.after)),
        Column(name="causes", label=_("Cause"), value=lambda row: row, show=as_causes, wide=True,
               export=lambda row: ", ".join(row.causes)),
    )  # fmt: skip
    filters = (
        Day(name="since", label=_("From day")),
        Day(name="until", label=_("Until day")),
    )
    empty = Empty(
        title=_("Nothing was revised"),
        text=_("Every settled day stands as it was computed."),
        icon="shield-check",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> Any:
        return queries.revisions(
            viewer,
            q=asked.search,
            since=asked.filters["since"],
            until=asked.filters["until"],
        )

    def row_address(self, row: Revision) -> str:
        address = reverse("validity:day", args=[row.point.code, row.on])
        return f"{address}?factor={row.factor.code}"
