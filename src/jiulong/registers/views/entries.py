"""A register's entries as a list, on a map, on a board and as statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from django.conf import settings
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from jiulong.organisation.rules import Viewer, may
from jiulong.pages import export
from jiulong.pages.addresses import address
from jiulong.pages.columns import Column
from jiulong.pages.icons import known_or
from jiulong.pages.lists import SEARCH, SORT, Action, Asked, Empty, ListPage, Preset, Switch
from jiulong.registers import columns, queries, specs
from jiulong.registers.models import Entry, Register
from jiulong.registers.schema import RegisterSpec


def register_of(request: HttpRequest, code: str) -> Register:
    """The register of the address. Raises Http404 where the viewer may not see any."""
    try:
        return queries.named(request.user, code)
    except Register.DoesNotExist as error:
        raise Http404(code) from error


def safe_icon(name: str) -> str:
    """The icon a pack names, if we have it."""
    return known_or(name, "table")


class EntryList(ListPage):
    """The entries of one register; what there is to see stands in its pack."""

    search_hint = _("Name, number or first letters of pinyin")
    order = "number"
    sorts_itself = True
    template_name = "registers/entries.html"
    picks: ClassVar[bool] = True

    register: Register
    spec: RegisterSpec

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.register = register_of(request, kwargs["code"])
        self.spec = spec = specs.register(self.register)
        viewer = request.user
        edits = self.picks and queries.may_enter(viewer, self.register)
        removes = may(viewer, "remove_entry")
        # Each register has a list of its own: what a subclass usually says, its pack says.
        self.__dict__.update(
            title=str(spec.name),
            lead=str(spec.about or ""),
            columns=columns.list_columns(spec, pick=edits),
            filters=columns.list_filters(spec, removed=removes),
            presets=self._presets(viewer),
            switches=self._switches(),
            empty=self._empty(viewer),
            file_name=spec.key.replace(".", "-"),
        )

    @cached_property
    def asked(self) -> Asked:
        """A pack's view may be in the order of a field that is no column."""
        asked = super().asked
        wanted = self.request.GET.get(SORT, "")
        key = wanted.removeprefix("-")
        if key in {one.key for one in self.spec.fields if columns.sortable(one)}:
            return replace(asked, sort=key, descending=wanted.startswith("-"))
        return asked

    def _presets(self, viewer: Viewer) -> list[Preset]:
        spec = self.spec
        return [
            Preset(label=_("All")),
            *(
                Preset(label=str(view.name), query=columns.view_query(view.where, view.sort))
                for view in spec.views
            ),
            *(
                Preset(label=view.name, query=dict(view.query))
                for view in queries.own_views(viewer, self.register)
            ),
        ]

    def _switches(self) -> list[Switch]:
        found = [Switch(label=_("List"), name="registers:entries", icon="list")]
        if self.spec.place != "none":
            found.append(Switch(label=_("Map"), name="registers:map", icon="map"))
        if self.spec.board:
            found.append(Switch(label=_("Board"), name="registers:board", icon="layout-kanban"))
        found.append(Switch(label=_("Statistics"), name="registers:statistics", icon="chart-bar"))
        if self.spec.queue:
            found.append(Switch(label=_("Queue"), name="registers:queue", icon="users"))
        return found

    def _empty(self, viewer: Viewer) -> Empty:
        action, code = None, self.register.code
        if queries.may_enter(viewer, self.register):
            action = Action(label=_("New entry"), icon="plus",
                            address=reverse("registers:entry_new", args=[code]))  # fmt: skip
        return Empty(
            title=_("Nothing is entered yet"),
            text=_("Enter the first one by hand, or import a sheet."),
            icon=safe_icon(self.spec.icon),
            action=action,
        )

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Entry]:
        return queries.entries(
            viewer, self.register,
            columns.asking(self.spec, asked.search, asked.filters, asked.order),
        )  # fmt: skip

    def dress(self, rows: Sequence[Entry]) -> Sequence[columns.Row]:
        return columns.rows_of(self.spec, rows)

    def row_address(self, row: columns.Row) -> str:
        return reverse("registers:entry", args=[row.entry.pk])

    def row_state(self, row: columns.Row) -> str:
        return "muted" if row.entry.removed_at else ""

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        code = self.register.code
        shown = []
        if queries.may_import(viewer, self.register):
            shown.append(Action(label=_("Import"), icon="upload",
                                address=reverse("registers:import", args=[code])))  # fmt: skip
        if queries.may_enter(viewer, self.register):
            shown.append(Action(label=_("New entry"), icon="plus", primary=True,
                                address=reverse("registers:entry_new", args=[code])))  # fmt: skip
        return shown

    def more(self, viewer: Viewer) -> dict[str, Any]:
        return {
            "register": self.register,
            "spec": self.spec,
            "may_pick": self.picks and queries.may_enter(viewer, self.register),
            "own_views": queries.own_views(viewer, self.register),
            "asked_query": {name: value for name, value in self._asked_query().items() if value},
        }

    def _asked_query(self) -> Mapping[str, str]:
        names = [SEARCH, SORT, *(one.filter.name for one in self.bound)]
        return {name: self.request.GET.get(name, "") for name in names}

    def file(self, kind: str, found: QuerySet[Any] | Sequence[Any]) -> HttpResponseBase:
        self.__dict__["columns"] = columns.file_columns(self.spec)
        if isinstance(found, QuerySet):
            found = found.select_related("unit", "holder")
        return super().file(kind, found)

    def is_preset(self, preset: Preset) -> bool:
        wanted = {name: value for name, value in preset.query.items() if name != SORT}
        asked = {name: value for name, value in self._asked_query().items() if value}
        return {name: value for name, value in asked.items() if name != SORT} == wanted

    def preset_address(self, preset: Preset) -> str:
        cleared = dict.fromkeys((SEARCH, SORT, *(one.name for one in self.filters)), "")
        return address(self.request, **(cleared | preset.query))

    def switch_address(self, switch: Switch) -> str:
        query = address(self.request, **{SORT: None, "page": None}).partition("?")[2]
        where = reverse(switch.name, args=[self.register.code])
        return f"{where}?{query}" if query else where


class EntryMap(EntryList):
    """The same entries on the schematic map of the district, and as a list under it."""

    template_name = "registers/map.html"
    page_size = 20
    picks = False

    def more(self, viewer: Viewer) -> dict[str, Any]:
        query = self.request.GET.urlencode()
        source = reverse("registers:map_data", args=[self.register.code])
        return super().more(viewer) | {
            "map_source": f"{source}?{query}" if query else source,
            "tianditu_key": settings.TIANDITU_KEY,
            "light_field": queries.light_field(self.spec),
        }


def map_data(request: HttpRequest, code: str) -> HttpResponse:
    """The entries of the map as JSON, filtered like the list."""
    listing = EntryMap()
    listing.setup(request, code=code)
    rows = queries.map_rows(listing.rows(request.user, listing.asked), listing.spec)
    return JsonResponse({"points": [marked(row, "registers:entry") for row in rows]})


def marked(row: Mapping[str, Any], page: str) -> dict[str, Any]:
    """A row of the map as the shared script reads it."""
    return {
        "latitude": row["latitude"], "longitude": row["longitude"],
        "light": row["light"] or "indigo", "enterprise": row["name"],
        "name": " · ".join(filter(None, [row["number"], row["word"]])), "findings": 0,
        "address": reverse(page, args=[row["id"]]),
    }  # fmt: skip


class EntryBoard(EntryList):
    """The same entries in columns, one for each value of the field that the pack names."""

    template_name = "registers/board.html"
    picks = False

    def get(self, request: HttpRequest, **captured: Any) -> HttpResponseBase:
        if self.spec.board is None:
            raise Http404("board")
        if request.GET.get("as"):
            return super().get(request, **captured)
        lanes = queries.board(self.rows(self.viewer, self.asked), self.spec)
        context = self.context_of_frame() | {
            "lanes": [(lane, [self._card(entry) for entry in lane.entries]) for lane in lanes],
            "total": sum(lane.count for lane in lanes),
            "may_move": queries.may_enter(self.viewer, self.register),
            "here": address(request),
        }
        return render(request, self.template_name, context)

    def _card(self, entry: Entry) -> dict[str, Any]:
        return {"entry": entry, "editable": queries.may_edit(self.viewer, entry)}

    def context_of_frame(self) -> dict[str, Any]:
        """What head, tabs, filters and switches need, without a page of rows."""
        return {
            "list": self,
            "chips": [one for one in self.bound if one.raw],
            "complaints": [one for one in self.bound if one.error],
            "narrowed": bool(self.asked.search) or any(one.raw for one in self.bound),
            "kept": [],
            "tabs": [
                (preset, self.preset_address(preset), self.is_preset(preset))
                for preset in self.presets
            ],
            "switches": [(switch, self.switch_address(switch)) for switch in self.switches],
            "buttons": list(self.actions(self.viewer)),
            **self.more(self.viewer),
        }


class EntryStatistics(EntryBoard):
    """How many, how much and on average, by any two fields of the register."""

    template_name = "registers/statistics.html"

    def get(self, request: HttpRequest, **captured: Any) -> HttpResponseBase:
        if request.GET.get("as") == "csv" and not request.GET.get("by"):
            return super().get(request, **captured)
        by, across, measure = self._wanted(request)
        rows = self.rows(self.viewer, self.asked)
        found = queries.cross(rows, self.spec, by, across, measure)
        labels = dict(queries.dimensions(self.spec))
        if request.GET.get("as") in {"csv", "xlsx"}:
            return self._table_file(request.GET["as"], found, labels[by])
        context = self.context_of_frame() | {
            "by": by, "across": across, "measure": measure, "found": found,
            "lines": list(zip(found.rows, found.cells, found.row_totals, strict=True)),
            "by_label": labels[by], "across_label": labels.get(across, ""),
            "dimensions": queries.dimensions(self.spec), "amounts": queries.amounts(self.spec),
            "measures": [("count", _t("Number of entries")), ("sum", _t("Sum")),
                         ("average", _t("Average"))],
            "chart": _chart(found, _t("Number of entries")),
        }  # fmt: skip
        return render(request, self.template_name, context)

    def _wanted(self, request: HttpRequest) -> tuple[str, str, queries.Measure]:
        known = [key for key, _label in queries.dimensions(self.spec)]
        by = request.GET.get("by", "")
        across = request.GET.get("across", "")
        by = by if by in known else known[0]
        across = across if across in known and across != by else ""
        numbers = [key for key, _label in queries.amounts(self.spec)]
        how, key = request.GET.get("how", "count"), request.GET.get("of", "")
        if how not in {"sum", "average"} or not numbers:
            return by, across, queries.Measure()
        return by, across, queries.Measure(how, key if key in numbers else numbers[0])

    def _table_file(self, kind: str, found: queries.Cross, label: str) -> HttpResponseBase:
        heads = [label, *found.columns, _t("Total")]
        lines = [
            [row, *cells, total]
            for row, cells, total in zip(found.rows, found.cells, found.row_totals, strict=True)
        ]
        lines.append([_t("Total"), *found.column_totals, found.total])
        wanted = [
            Column(name=str(place), label=head, value=_at(place))
            for place, head in enumerate(heads)
        ]
        name = f"{self.file_name}-statistics"
        return export.response(kind, name, wanted, lines, title=str(self.title))


def _at(place: int) -> Any:
    return lambda line: line[place]


def _chart(found: queries.Cross, alone: str) -> dict[str, Any]:
    """The table as series of bars, as pages/bars.js reads it."""
    if not found.columns:
        return {
            "names": found.rows,
            "series": [{"name": alone, "values": _floats(found.row_totals)}],
        }
    return {
        "names": found.rows,
        "series": [
            {"name": name, "values": _floats([line[place] for line in found.cells])}
            for place, name in enumerate(found.columns)
        ],
    }


def _floats(values: Sequence[Any]) -> list[float | None]:
    return [None if value is None else round(float(value), 4) for value in values]
