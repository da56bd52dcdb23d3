"""List pages: say the columns and filters, fetch the rows; the machinery does the rest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Final

from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist
from django.core.paginator import Page, Paginator
from django.db.models import F, QuerySet
from django.db.models.expressions import OrderBy
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.views import View

from jiulong.pages import export
from jiulong.pages.addresses import address
from jiulong.pages.columns import Column, Text, follow
from jiulong.pages.filters import TEXT_LENGTH, Bound, Filter, bind

if TYPE_CHECKING:  # a floor above: its rights are registered here, not imported
    from jiulong.organisation.rules import Viewer

#: Rows fetched at once while a file is written.
CHUNK: Final = 2000
PAGE_SIZES: Final = (20, 50, 100, 200)
#: Query parameters that are not filters.
SEARCH, SORT, SIZE, PAGE, FILE = "q", "sort", "size", "page", "as"


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A saved view: a tab that sets filters."""

    label: Text
    query: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button at the head of the page."""

    label: Text
    address: str
    icon: str
    primary: bool = False


@dataclass(frozen=True, kw_only=True)
class Switch:
    """Another way to look at the same rows (list, map, board …); filters go along."""

    label: Text
    name: str
    icon: str


@dataclass(frozen=True, kw_only=True)
class Empty:
    """What a list says while it has no rows at all: what is missing, why, what to do."""

    title: Text
    text: Text = ""
    icon: str = "inbox"
    action: Action | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the address asks for, read and checked."""

    search: str
    filters: dict[str, Any]
    sort: str
    descending: bool
    size: int
    page: str

    @property
    def order(self) -> str:
        """The order as queries spell it: a leading "-" reverses."""
        return f"-{self.sort}" if self.descending else self.sort


class ListPage(View):
    """A list page is a subclass with columns and `rows`; README.md has an example."""

    title: ClassVar[Text]
    lead: ClassVar[Text] = ""
    columns: ClassVar[Sequence[Column]]
    filters: ClassVar[Sequence[Filter]] = ()
    presets: ClassVar[Sequence[Preset]] = ()
    switches: ClassVar[Sequence[Switch]] = ()
    search_hint: ClassVar[Text] = ""
    order: ClassVar[str] = ""
    #: True where `rows` already sorts by `asked.order`; column names are then the query's words.
    sorts_itself: ClassVar[bool] = False
    live: ClassVar[Sequence[str]] = ()
    empty: ClassVar[Empty]
    file_name: ClassVar[str] = "jiulong"
    page_size: ClassVar[int] = 50
    template_name: ClassVar[str] = "pages/list.html"

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Any] | Sequence[Any]:
        """The rows the viewer may see, filtered as asked, in any order."""
        raise NotImplementedError

    def dress(self, rows: Sequence[Any]) -> Sequence[Any]:
        """Turn one page of rows into what the columns read (e.g. with current values beside)."""
        return rows

    def row_address(self, row: Any) -> str:  # noqa: ARG002 - for subclasses
        """Where the row's own page is; empty: it has none."""
        return ""

    def row_state(self, row: Any) -> str:  # noqa: ARG002
        """A class for the whole row, e.g. to mute it."""
        return ""

    def actions(self, viewer: Viewer) -> Sequence[Action]:  # noqa: ARG002
        return ()

    def more(self, viewer: Viewer) -> dict[str, Any]:  # noqa: ARG002
        """More context for a template that extends pages/list.html."""
        return {}

    # -- the machinery --------------------------------------------------------------------

    def get(self, request: HttpRequest, **_captured: Any) -> HttpResponseBase:
        found = self.ordered(self.rows(self.viewer, self.asked))
        wanted_file = request.GET.get(FILE, "")
        if wanted_file in {"csv", "xlsx"}:
            return self.file(wanted_file, found)
        page = Paginator(found, self.asked.size).get_page(self.asked.page)
        target = request.headers.get("HX-Target", "")
        template = "pages/list_body.html" if target in {"list", "rows"} else self.template_name
        # A person's change of the list is announced; a live refetch stays quiet.
        response = render(request, template, self.context(page) | {"announced": target == "list"})
        patch_vary_headers(response, ["HX-Request", "HX-Target"])
        return response

    @property
    def viewer(self) -> Viewer:
        return self.request.user

    @cached_property
    def bound(self) -> list[Bound]:
        return [bind(one, self.request.GET.get(one.name, ""), self.viewer) for one in self.filters]

    @cached_property
    def asked(self) -> Asked:
        query = self.request.GET
        sort = query.get(SORT, "") or self.order
        if not any(column.sort and column.name == sort.lstrip("-") for column in self.columns):
            sort = self.order
        size = query.get(SIZE, "")
        return Asked(
            search=query.get(SEARCH, "").strip()[:TEXT_LENGTH] if self.search_hint else "",
            filters={one.filter.name: one.value for one in self.bound},
            sort=sort.lstrip("-"),
            descending=sort.startswith("-"),
            size=int(size) if size in map(str, PAGE_SIZES) else self.page_size,
            page=query.get(PAGE, "1"),
        )

    def ordered(self, found: QuerySet[Any] | Sequence[Any]) -> QuerySet[Any] | Sequence[Any]:
        """The rows in the asked order, unknown values last either way, ties always alike."""
        if self.sorts_itself:
            return found
        column = next((c for c in self.columns if c.name == self.asked.sort and c.sort), None)
        if column is None:
            return found
        down = self.asked.descending
        if isinstance(found, QuerySet):
            ways = [_way(found, path, down=down) for path in column.sort]
            return found.order_by(*ways, "-pk" if down else "pk")
        known: list[tuple[Any, Any]] = []
        unknown: list[tuple[Any, Any]] = []
        for row in found:
            key = tuple(follow(row, path) for path in column.sort)
            (unknown if None in key else known).append((key, row))
        known.sort(key=lambda pair: pair[0], reverse=down)
        return [row for _key, row in known + unknown]

    def file(self, kind: str, found: QuerySet[Any] | Sequence[Any]) -> HttpResponseBase:
        count = found.count() if isinstance(found, QuerySet) else len(found)
        if count > export.ROWS:
            text = _("%(count)d rows are too many for one file; filter to at most %(most)d.")
            messages.error(self.request, text % {"count": count, "most": export.ROWS})
            return redirect(address(self.request, **{FILE: None}))
        rows = self.dressed(found)
        title = str(self.title)
        return export.response(kind, self.file_name, self.columns, rows, title=title)

    def dressed(self, found: QuerySet[Any] | Sequence[Any]) -> Iterator[Any]:
        rows = found.iterator(chunk_size=CHUNK) if isinstance(found, QuerySet) else iter(found)
        while chunk := list(islice(rows, CHUNK)):
            yield from self.dress(chunk)

    def context(self, page: Page[Any]) -> dict[str, Any]:
        return {
            "list": self,
            "page": page,
            "lines": [Line(self, row) for row in self.dress(list(page))],
            "heads": [Head(self, column) for column in self.columns],
            "chips": [one for one in self.bound if one.raw],
            "complaints": [one for one in self.bound if one.error],
            "kept": [
                (name, self.request.GET[name])
                for name in (SORT, SIZE)
                if self.request.GET.get(name)
            ],
            "narrowed": bool(self.asked.search) or any(one.raw for one in self.bound),
            "tabs": [
                (preset, self.preset_address(preset), self.is_preset(preset))
                for preset in self.presets
            ],
            "switches": [(switch, self.switch_address(switch)) for switch in self.switches],
            "buttons": list(self.actions(self.viewer)),
            "numbers": page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1),
            "sizes": PAGE_SIZES,
            **self.more(self.viewer),
        }

    def is_preset(self, preset: Preset) -> bool:
        """Whether the address asks for exactly this saved view."""
        return {one.filter.name: one.raw for one in self.bound if one.raw} == preset.query

    def preset_address(self, preset: Preset) -> str:
        cleared = dict.fromkeys((one.name for one in self.filters), "")
        return address(self.request, **(cleared | preset.query))

    def switch_address(self, switch: Switch) -> str:
        query = address(self.request, **{SORT: None}).partition("?")[2]
        return reverse(switch.name) + (f"?{query}" if query else "")


class Head:
    """A column's head: its sort link and present order."""

    def __init__(self, listing: ListPage, column: Column) -> None:
        self.column = column
        asked = listing.asked
        mine = asked.sort == column.name
        self.order = ("descending" if asked.descending else "ascending") if mine else ""
        after = f"-{column.name}" if mine and not asked.descending else column.name
        self.address = address(listing.request, **{SORT: after}) if column.sort else ""


class Line:
    """A row as the table draws it."""

    def __init__(self, listing: ListPage, row: Any) -> None:
        self.row = row
        self.address = listing.row_address(row)
        self.state = listing.row_state(row)
        self.cells: list[tuple[Column, Any | Promise]] = [
            (column, column.html(row)) for column in listing.columns
        ]


def _way(found: QuerySet[Any], path: str, *, down: bool) -> OrderBy:
    """By a path; unknown values last, where there can be any: to say it keeps from an index."""
    try:
        known = not getattr(found.model._meta.get_field(path), "null", True)  # noqa: SLF001
    except FieldDoesNotExist:
        known = False
    last = None if known else True
    return F(path).desc(nulls_last=last) if down else F(path).asc(nulls_last=last)
