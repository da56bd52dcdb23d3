"""Points as a list and as a map."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from jiulong.monitoring import queries
from jiulong.monitoring.models import Point
from jiulong.monitoring.queries import CurrentValue, PointRow
from jiulong.monitoring.words import as_point, point_title
from jiulong.organisation.rules import Viewer
from jiulong.pages import words
from jiulong.pages.columns import Column, as_ago, as_code, as_light
from jiulong.pages.filters import Choice, Options
from jiulong.pages.lists import Asked, Empty, ListPage, Preset, Switch
from jiulong.registers.models import Enterprise

#: The factors that have a column of their own; all are on the point's page.
SHOWN = ("w01018", "w21003", "w21011", "w21001", "w01001", "w00000")
STANDING_CLASS = {"over": "over", "near": "near", "invalid": "muted"}

STATE_CHOICES: Options = [("live", _("Live")), ("late", _("Late")), ("offline", _("Offline"))]
FINDING_CHOICES: Options = [("yes", _("With open findings")), ("no", _("Without findings"))]


def as_value(value: CurrentValue | None) -> Any:
    """A current value, coloured by how it stands to its limit, with the word for it."""
    if value is None:
        return words.MISSING
    classes = STANDING_CLASS.get(value.standing, "")
    tip = f"{value.ratio:.0%}" if value.ratio is not None else ""
    return format_html('<span class="{}" title="{}">{}</span>', classes, tip,
                       words.number(value.value))  # fmt: skip


def value_column(code: str) -> Column:
    """The column of one factor."""
    name = {"w01018": "COD", "w21003": "NH₃-N", "w21011": "TP", "w21001": "TN", "w01001": "pH"}
    return Column(
        name=code,
        label=name.get(code, _("Flow")),
        value=partial(_current, code=code),
        show=as_value,
        numeric=True,
        export=lambda value: None if value is None else value.value,
    )


def _current(row: PointRow, code: str) -> CurrentValue | None:
    return row.value_of(code)


class PointList(ListPage):
    """Points with their current values, what is wrong first."""

    title = _("Points")
    lead = _("Current values stand beside their limits: amber from 90 %, red above.")
    file_name = "points"
    search_hint = _("Enterprise, outfall or code")
    order = "-light"
    live: ClassVar[Sequence[str]] = ("readings", "findings")
    columns = (
        Column(name="light", label=_("State"), value="state", show=as_light,
               sort=("worst", "liveness_rank"), short=True),
        Column(name="enterprise", label=_("Point"), value=lambda row: row.point, opens=True,
               show=as_point, export=point_title,
               sort=("outfall__enterprise__name", "code")),
        Column(name="code", label=_("Code"), value="point.code", show=as_code,
               sort=("code",), short=True, on_phone=False),
        Column(name="trade", label=_("Trade"), on_phone=False,
               value="point.outfall.enterprise.get_trade_display",
               sort=("outfall__enterprise__trade",)),
        Column(name="street", label=_("Street or town"), on_phone=False,
               value="point.outfall.enterprise.street.name",
               sort=("outfall__enterprise__street__code",)),
        *(value_column(code) for code in SHOWN),
        Column(name="findings", label=_("Findings"), value="open_findings",
               sort=("open_findings",), numeric=True),
        Column(name="heard", label=_("Heard"), value="heard_at", show=as_ago, sort=("heard_at",),
               short=True),
    )  # fmt: skip
    filters = (
        Choice(name="state", label=_("State"), choices=STATE_CHOICES),
        Choice(name="trade", label=_("Trade"), choices=Enterprise.Trade.choices),
        Choice(name="street", label=_("Street or town"), choices=queries.streets),
        Choice(name="findings", label=_("Findings"), choices=FINDING_CHOICES),
    )
    presets = (
        Preset(label=_("All points")),
        Preset(label=_("With open findings"), query={"findings": "yes"}),
        Preset(label=_("Offline"), query={"state": "offline"}),
    )
    switches = (
        Switch(label=_("List"), name="monitoring:points", icon="list"),
        Switch(label=_("Map"), name="monitoring:points_map", icon="map"),
    )
    empty = Empty(
        title=_("No point yet"),
        text=_("A point appears here when an enterprise's outfall has been registered."),
        icon="droplet",
    )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Point]:
        return queries.points(viewer, **wanted(asked))

    def dress(self, rows: Sequence[Any]) -> Sequence[PointRow]:
        return queries.point_rows(rows)

    def row_address(self, row: PointRow) -> str:
        return reverse("monitoring:point", args=[row.point.code])


def wanted(asked: Asked) -> dict[str, Any]:
    """What the list's address asks of `queries.points`."""
    findings = asked.filters["findings"]
    return {
        "q": asked.search,
        "state": asked.filters["state"] or "",
        "trade": asked.filters["trade"] or "",
        "street": asked.filters["street"] or "",
        "has_findings": None if not findings else findings == "yes",
    }


class PointMap(PointList):
    """The same points on the schematic map of the district."""

    template_name = "monitoring/points_map.html"
    page_size = 20
    live = ()

    def more(self, viewer: Viewer) -> dict[str, Any]:  # noqa: ARG002
        query = self.request.GET.urlencode()
        return {
            "map_source": reverse("monitoring:points_map_data") + (f"?{query}" if query else ""),
            "tianditu_key": settings.TIANDITU_KEY,
        }


def map_data(request: HttpRequest) -> HttpResponse:
    """The points of the map as JSON, filtered like the list."""
    listing = PointList()
    listing.setup(request)
    rows = queries.map_rows(request.user, **wanted(listing.asked))
    for row in rows:
        row["name"] = row["name"].removeprefix(row["enterprise"]) or row["name"]
        row["address"] = reverse("monitoring:point", args=[row["code"]])
    return JsonResponse({"points": rows})
