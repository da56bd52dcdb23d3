"""What is due from me: first of all pages of the casework."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.cases import queries, rules, words
from jiulong.cases.lifecycle import ACTIONS, ASSIGNED
from jiulong.cases.queries.lists import by_light, search
from jiulong.cases.queries.todo import EXTENSION, TASK
from jiulong.cases.views.choices import matter_choices, street_choices
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer
from jiulong.packs import text
from jiulong.pages import lights
from jiulong.pages.columns import Column
from jiulong.pages.filters import Choice
from jiulong.pages.lists import Action, Asked, Empty, ListPage, Preset
from jiulong.pages.words import until

#: The right that a move needs → the action that it is.
MOVES = {
    "assign_case": "assign",
    "handle_case": "reply",
    "verify_case": "verify",
    "close_case": "close",
    "confirm_case": "confirm",
}
WHOSE = (
    ("mine", _("Due from me")),
    ("unit", _("Due from my units")),
    ("others", _("Waiting for others")),
    ("done", _("Done lately")),
)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the to-do list, in words."""

    due: queries.Due
    now: datetime

    @property
    def light(self) -> Any:
        if self.due.task is not None:
            return words.task_lamp(self.due.task, self.now)
        tone, word = self._standing
        return lights.light(tone, word)

    @property
    def word(self) -> str:
        """The light in words, for files."""
        if self.due.task is not None:
            return str(self.due.task.get_state_display())
        return self._standing[1]

    @property
    def _standing(self) -> tuple[str, str]:
        """Of the case; where only the step that is due is late, of that."""
        tone, word = words.standing(self.due.case, self.now)
        late = self.until is not None and self.until < self.now
        return (
            (words.OVERDUE[0], str(words.OVERDUE[1]))
            if late and tone == lights.MET
            else (tone, word)
        )

    @property
    def number(self) -> str:
        return self.due.case.number

    @property
    def title(self) -> str:
        return self.due.case.title

    @property
    def what(self) -> str:
        return what(self.due)

    @property
    def matter(self) -> str:
        return words.matter_name(self.due.case)

    @property
    def source(self) -> str:
        return str(self.due.case.filed_unit or "")

    @property
    def until(self) -> datetime | None:
        return self.due.due_at

    @property
    def address(self) -> str:
        anchor = f"#task-{self.due.task.pk}" if self.due.task else ""
        return reverse("cases:case", args=[self.due.case.pk]) + anchor


def what(due: queries.Due) -> str:
    """What is to be done, in a word or two."""
    if due.kind == TASK and due.task is not None:
        return text.show(due.task.name)
    if due.kind == EXTENSION:
        return _t("Answer the request for more time")
    if due.case.turn_verb == "handle_case" and due.case.stage == ASSIGNED:
        return str(ACTIONS["accept"])
    action = MOVES.get(due.case.turn_verb)
    return str(ACTIONS[action]) if action else words.stage(due.case.stage)


class TodoList(ListPage):
    """What is due from the viewer, sorted by the clock."""

    title = _("To do")
    file_name = "todo"
    search_hint = _("Number, title or address")
    order = "until"
    sorts_itself = True
    live = ("cases", "minute")
    template_name = "cases/todo.html"
    columns = (
        Column(name="light", label=pgettext_lazy("of a case", "Light"), value=lambda line: line,
               show=lambda line: line.light, export=lambda line: line.word, short=True),
        Column(name="title", label=pgettext_lazy("of a case", "Case"), opens=True),
        Column(name="number", label=_("Number"), short=True),
        Column(name="what", label=_("To be done")),
        Column(name="matter", label=pgettext_lazy("kind of casework", "Matter"), on_phone=False),
        Column(name="source", label=pgettext_lazy("of a case", "From"), on_phone=False),
        Column(name="until", label=_("Due"), sort=("due",), short=True, show=until),
    )  # fmt: skip
    filters = (
        Choice(name="whose", label=_("Whose"), choices=WHOSE),
        Choice(name="matter", label=pgettext_lazy("kind of casework", "Matter"),
               choices=matter_choices),
        Choice(name="light", label=pgettext_lazy("of a case", "Light"),
               choices=words.LIGHT_CHOICES),
        Choice(name="street", label=_("Street or town"), choices=street_choices),
    )  # fmt: skip
    presets = (
        Preset(label=WHOSE[0][1]),
        Preset(label=WHOSE[1][1], query={"whose": "unit"}),
        Preset(label=WHOSE[2][1], query={"whose": "others"}),
        Preset(label=WHOSE[3][1], query={"whose": "done"}),
    )
    empty = Empty(
        title=_("Nothing is due from you"),
        text=_(
            "What is assigned to you or waits for your word appears here, the most urgent first."
        ),
        icon="check",
    )

    @cached_property
    def now(self) -> datetime:
        return timezone.now()

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Any]:
        narrow = self.narrow(asked)
        match asked.filters["whose"]:
            case "others":
                found = queries.waiting_for_others(viewer, narrow)
            case "done":
                found = queries.done_lately(viewer, self.now, narrow)
            case whose:
                found = queries.due(viewer, personal=whose != "unit", narrow=narrow)
        way = F("due").desc(nulls_last=True) if asked.descending else F("due").asc(nulls_last=True)
        return found.order_by(way, "case_pk")

    def narrow(self, asked: Asked) -> Q | None:
        """The filters as a condition on cases; None: all."""
        wanted = search(asked.search) & by_light(asked.filters["light"] or "", self.now)
        if matter := asked.filters["matter"]:
            wanted &= Q(matter__code=matter)
        if street := asked.filters["street"]:
            wanted &= Q(street__code=street)
        return wanted or None

    def dress(self, rows: Sequence[Any]) -> Sequence[Line]:
        return [Line(due, self.now) for due in queries.dressed(rows)]

    def row_address(self, row: Line) -> str:
        return row.address

    def actions(self, viewer: Viewer) -> Sequence[Action]:
        if not rules.files(viewer):
            return ()
        to = reverse("cases:choose")
        return (Action(label=_("New case"), address=to, icon="plus", primary=True),)

    def more(self, viewer: Viewer) -> dict[str, Any]:
        counts = queries.todo_counts(viewer, self.now) if isinstance(viewer, User) else None
        return {"counts": counts}
