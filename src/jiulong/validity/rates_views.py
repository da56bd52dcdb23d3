"""The rates as a page: by point, enterprise, operator, zone or month."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.monitoring import queries as monitoring
from jiulong.organisation.rules import Viewer
from jiulong.pages import lights, words
from jiulong.pages.columns import Column, as_number
from jiulong.pages.filters import Choice, Day, Options
from jiulong.pages.lists import Asked, Empty, ListPage, Preset
from jiulong.validity.rates import DEFINITIONS, By, Rates, seen

BY: Final[Options] = [
    ("point", _("Point")),
    ("enterprise", _("Enterprise")),
    ("operator", pgettext_lazy("of a station", "Operator")),
    ("zone", _("Street or zone")),
    ("month", _("Month")),
]
#: The rates as columns are headed, where there is little room.
HEADS: Final[dict[str, Any]] = {
    "transmission": _("Transmission"),
    "validity": pgettext_lazy("rate", "Validity"),
    "transmission_validity": _("Trans.-validity"),
    "online": pgettext_lazy("rate", "Online"),
    "marking": pgettext_lazy("rate", "Marking"),
    "feedback": pgettext_lazy("rate", "Feedback"),
}
PERCENT: Final = 100
#: A longer span is of no use and would read every day there is.
LONGEST: Final = timedelta(days=366 * 3)


def as_rate(code: str) -> Any:
    """The rate in per cent, what it divides by what, and whether it falls short."""

    def show(row: Rates) -> SafeString | str:
        share = row.share(code)
        if share is None:
            return words.MISSING
        text = words.number(share * PERCENT, "%", 2)
        part, whole = row.counts.of(code)
        if code == "online":  # seconds say nothing to anybody
            part, whole = round(part / words.HOUR), round(whole / words.HOUR)
        of = format_html(
            '<br class="not-on-phone"><small class="muted not-on-phone">{}/{}</small>',
            f"{part:,}", f"{whole:,}",
        )  # fmt: skip
        if not row.falls_short(code):
            return format_html("<span>{}{}</span>", text, of)
        told = _t("below %(floor)s %%") % {
            "floor": words.figure((DEFINITIONS[code].floor or 0) * PERCENT)
        }
        return format_html(
            '<span><span class="light light-near" title="{}">{}<span class="visually-hidden">{}'
            "</span>{}</span>{}</span>",
            told, lights.shape("near"), told, text, of,
        )  # fmt: skip

    return show


def _rate_column(code: str) -> Column:
    return Column(
        name=code, label=HEADS[code], value=lambda row: row, show=as_rate(code),
        numeric=True, sort=(code,), export=lambda row: row.share(code),
    )  # fmt: skip


class RateList(ListPage):
    """The rates of the network, with what each means under them."""

    title = _("Transmission and validity")
    file_name = "rates"
    search_hint = _("Enterprise, point or operator")
    order = "name"
    template_name = "validity/rates.html"
    columns = (
        Column(name="name", label=pgettext_lazy("rates", "Of"), value="label", opens=True,
               sort=("sort",)),
        Column(name="due", label=_("Hourly values due"), value="counts.due", numeric=True,
               show=as_number(digits=0), sort=("counts.due",), on_phone=False),
        Column(name="valid", label=_("Valid hourly values"), value="counts.valid", numeric=True,
               show=as_number(digits=0), sort=("counts.valid",), on_phone=False),
        *(_rate_column(code) for code in DEFINITIONS),
    )  # fmt: skip
    filters = (
        Choice(name="by", label=pgettext_lazy("rates", "By"), choices=BY),
        Choice(name="street", label=_("Street or town"), choices=monitoring.streets),
        Day(name="since", label=_("From day")),
        Day(name="until", label=_("Until day")),
    )
    presets = (
        Preset(label=_("By point")),
        *(Preset(label=label, query={"by": by}) for by, label in (
            ("enterprise", _("By enterprise")), ("operator", _("By operator")),
            ("zone", _("By zone")), ("month", _("By month")),
        )),
    )  # fmt: skip
    empty = Empty(
        title=_("Nothing was counted"),
        text=_("Rates are made of the days that were judged; there are none of these points yet."),
        icon="chart-bar",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> Sequence[Rates]:
        by: By = asked.filters["by"] or "point"
        first, last = self.span(asked)
        street = asked.filters["street"] or ""
        found = seen(viewer, first, last, by, q=asked.search, street=street)
        return [row for row in found if row.counts.due or row.counts.service_s or row.counts.asked]

    def row_address(self, row: Rates) -> str:
        return reverse("monitoring:point", args=[row.point.code]) if row.point else ""

    def more(self, viewer: Viewer) -> dict[str, Any]:  # noqa: ARG002 - the machinery's shape
        first, last = self.span(self.asked)
        return {"definitions": DEFINITIONS.values(), "first": first, "last": last}

    def span(self, asked: Asked) -> tuple[date, date]:
        """From which day to which: until yesterday, since the month's or the year's first day."""
        last = asked.filters["until"] or timezone.localdate() - timedelta(days=1)
        start = last.replace(month=1, day=1) if asked.filters["by"] == "month" else last
        first = asked.filters["since"] or start.replace(day=1)
        return max(min(first, last), last - LONGEST), last
