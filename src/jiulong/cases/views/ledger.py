"""The ledger (台账) of a matter: its official columns, as a table and as files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_safe

from jiulong.cases import documents, queries, specs, words
from jiulong.cases.models import Case, MatterType
from jiulong.cases.queries import Spoken
from jiulong.cases.schema import MatterSpec
from jiulong.cases.views.choices import STAGE_CHOICES, street_choices, unit_choices
from jiulong.cases.views.lists import lamp, lamp_word, wanted
from jiulong.organisation.rules import Viewer, require
from jiulong.pages import words as plain
from jiulong.pages.columns import Column, as_clock
from jiulong.pages.filters import Choice, Day
from jiulong.pages.lists import Asked, Empty, ListPage
from jiulong.registers import showing
from jiulong.registers.fields import Field

USUAL: Final = ("number", "title", "filed_at", "lead", "due_at", "stage", "closed_at", "result")
UNSPOKEN: Final = Spoken()
#: A document of more rows than this is no document any more.
MOST_IN_DOCUMENT: Final = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """A case with the names of what its values refer to."""

    case: Case
    names: showing.Names
    spec: MatterSpec
    spoken: Spoken = UNSPOKEN

    @property
    def result(self) -> str:
        named = {one.key: one.name.show() for one in self.spec.closing.results}
        return named.get(self.case.result, self.case.result)

    @property
    def severity(self) -> str:
        return specs.severity_of(self.spec, self.case.severity).name.show()

    @property
    def late(self) -> str:
        """Nothing before it was answered."""
        words = {True: pgettext("an answer", "Late"), False: pgettext("an answer", "In time")}
        return "" if self.case.late is None else words[self.case.late]


def _of(name: str) -> Callable[[Row], Any]:
    return lambda row: getattr(row.case, name)


def _text(name: str) -> Callable[[Row], Any]:
    return lambda row: str(getattr(row.case, name) or "")


#: Columns that every matter has: name → (label, value, how it looks).
OWN: Final[dict[str, tuple[Promise | str, Callable[[Row], Any], Any]]] = {
    "number": (_("Number"), _of("number"), None),
    "title": (pgettext_lazy("of a case", "Title"), _of("title"), None),
    "about": (_("What it is about"), _of("about"), None),
    "address": (_("Address"), _of("address"), None),
    "street": (_("Street or town"), _text("street"), None),
    "community": (_("Grid or community"), _text("grid"), None),
    "severity": (_("Severity"), lambda row: row.severity, None),
    "stage": (pgettext_lazy("of a case", "Stage"), lambda row: words.stage(row.case.stage), None),
    "lead": (_("Lead unit"), _text("lead"), None),
    "dispatch": (_("Desk"), _text("dispatch"), None),
    "handler": (_("Handler"), _text("handler"), None),
    "supports": (_("Support units"), lambda row: row.spoken.supports, None),
    "filed_unit": (_("Filed by"), _text("filed_unit"), None),
    "filed_at": (pgettext_lazy("when", "Filed"), _of("filed_at"), as_clock),
    "assigned_at": (pgettext_lazy("when", "Assigned"), _of("assigned_at"), as_clock),
    "due_at": (_("Due"), _of("due_at"), as_clock),
    "replied_at": (pgettext_lazy("when", "Replied"), _of("replied_at"), as_clock),
    "verified_at": (pgettext_lazy("when", "Verified"), _of("verified_at"), as_clock),
    "closed_at": (pgettext_lazy("when", "Closed"), _of("closed_at"), as_clock),
    "late": (_("In time or late"), lambda row: row.late, None),
    "answer": (pgettext_lazy("of a case", "Answer"), lambda row: row.spoken.answer, None),
    "result": (_("Result"), lambda row: row.result, None),
    "rating": (_("Rating"), _of("rating"), None),
    "reworks": (_("Sent back"), _of("reworks"), None),
    "extensions": (_("Extensions"), _of("extensions"), None),
    "reminders": (_("Reminders"), _of("reminders"), None),
    "entry": (_("Entry"), _text("entry"), None),
    "enterprise": (_("Enterprise"), _text("enterprise"), None),
}
SORTS: Final = frozenset({"number", "filed_at", "due_at", "closed_at", "replied_at"})


def columns_of(spec: MatterSpec) -> list[Column]:
    """The light, then the columns that the pack names; fields of the form by their keys."""
    fields = {one.key: one for one in (*spec.reply, *spec.fields)}
    replied = {one.key for one in spec.reply}
    light = Column(
        name="light", label=pgettext_lazy("of a case", "Light"), value=lambda row: row.case,
        show=lamp, export=lamp_word, short=True,
    )  # fmt: skip
    found = [light]
    for name in spec.ledger or USUAL:
        if name in fields:
            found.append(_field_column(fields[name], in_reply=name in replied))
        elif name in OWN:
            found.append(_own_column(name))
    return found


def _own_column(name: str) -> Column:
    label, value, show = OWN[name]
    sort = (name,) if name in SORTS else ()
    opens = name == "title"
    return Column(name=name, label=label, value=value, show=show, sort=sort, opens=opens)


def _field_column(one: Field, *, in_reply: bool) -> Column:
    def data(row: Row) -> Any:
        return (row.case.reply if in_reply else row.case.data).get(one.key)

    return Column(
        name=f"field_{one.key}",
        label=str(one.label),
        value=lambda row: (data(row), row.names),
        show=lambda pair: showing.html(one, *pair),
        export=lambda pair: showing.exported(one, *pair),
    )


class LedgerPage(ListPage):
    """The machinery of a ledger; `ledger` makes the class of one matter."""

    matter: MatterType
    spec: MatterSpec
    order = "-filed_at"
    search_hint = _("Number, title or address")
    live = ("cases",)
    template_name = "cases/ledger.html"
    filters = (
        Choice(name="stage", label=pgettext_lazy("of a case", "Stage"), choices=STAGE_CHOICES),
        Choice(name="light", label=pgettext_lazy("of a case", "Light"),
               choices=words.LIGHT_CHOICES),
        Choice(name="unit", label=pgettext_lazy("of a case", "Unit"), choices=unit_choices),
        Choice(name="street", label=_("Street or town"), choices=street_choices),
        Day(name="since", label=_("From day")),
        Day(name="until", label=_("Until day")),
    )  # fmt: skip
    empty = Empty(title=_("No case yet"), text=_("What is filed under this matter stands here."),
                  icon="table")  # fmt: skip

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    def get(self, request: HttpRequest, **captured: Any) -> HttpResponseBase:
        if request.GET.get("as") == "docx":
            return self.document()
        return super().get(request, **captured)

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Case]:
        given = wanted(asked) | {"matter": self.matter.code}
        result = self.request.GET.get("result", "")
        found = queries.cases(viewer, self.now, **given, result=result)
        return found.defer(None).defer("contact").prefetch_related("entry", "enterprise", "handler")

    def dress(self, rows: Sequence[Any]) -> Sequence[Row]:
        fields = (*self.spec.fields, *self.spec.reply)
        names = showing.names_of(fields, [{**case.data, **case.reply} for case in rows])
        queries.furnished(rows)
        spoken = queries.spoken(rows, self.spec.ledger)
        return [Row(case, names, self.spec, spoken.get(case.pk, UNSPOKEN)) for case in rows]

    def row_address(self, row: Row) -> str:
        return reverse("cases:case", args=[row.case.pk])

    def document(self) -> HttpResponse:
        """The ledger as a .docx: the newest rows, in the order of the page."""
        found = self.ordered(self.rows(self.viewer, self.asked))[:MOST_IN_DOCUMENT]
        body = documents.ledger(
            str(self.title), self.columns, list(self.dress(list(found))), timezone.now()
        )
        answer = HttpResponse(body, content_type=documents.DOCX)
        answer["Content-Disposition"] = f'attachment; filename="{self.file_name}.docx"'
        return answer


def ledger(request: HttpRequest, matter: str) -> HttpResponseBase:
    """The ledger of one matter."""
    require(request.user, "see_cases")
    try:
        found = MatterType.objects.get(code=matter)
    except MatterType.DoesNotExist as error:
        raise Http404(matter) from error
    spec = specs.matter(found)
    made: type[ListPage] = type(
        "Ledger",
        (LedgerPage,),
        {
            "matter": found,
            "spec": spec,
            "title": spec.name.show(),
            "columns": columns_of(spec),
            "file_name": found.code.replace(".", "-"),
        },
    )
    return made.as_view()(request)


@require_safe
def ledgers(request: HttpRequest) -> HttpResponse:
    """The ledgers of all matters, with the number of their cases that the viewer may see."""
    require(request.user, "see_cases")
    counts = queries.count_by_matter(request.user)
    shown = []
    for matter in queries.matters():
        spec = specs.matter(matter)
        shown.append((matter, spec.name.show(), spec.icon, counts.get(matter.pk, (0, 0))))
    return render(request, "cases/ledgers.html", {"matters": shown, "missing": plain.MISSING})
