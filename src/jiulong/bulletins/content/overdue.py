"""Overdue cases before a meeting: what all who are invited may read by name, the rest as counts.

Whoever drafts makes no difference. Which cases a meeting looks at, and which of them it is told by
name, stands in its series; beside these only what every unit invited sees anyway is named.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from django.db.models import Case as Choice
from django.db.models import F, Q, QuerySet, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiulong.bulletins import kinds, words
from jiulong.bulletins.content.base import Pen, Section, Sitting, Table
from jiulong.bulletins.models import Attendance
from jiulong.cases import words as case_words
from jiulong.cases.models import Case, MatterType
from jiulong.cases.queries.scope import furnished, past, rows
from jiulong.cases.rules import matters_for_all
from jiulong.organisation.models import Unit, User
from jiulong.packs import text

#: Rows that a meeting looks at; the pages have all of them.
MOST: Final = 15


def cases(_viewer: User, pen: Pen, sitting: Sitting) -> Section | None:
    """Open cases past their deadline, the longest over first."""
    item = kinds.series_of(sitting.meeting.series) if sitting.meeting is not None else None
    late = Case.objects.filter(past(sitting.now))
    if item is not None and item.matters:
        late = late.filter(matter__code__in=item.matters)
    by_matter = Counter(late.order_by().values_list("matter", flat=True))
    if not by_matter:
        return Section(paragraphs=[_("No case is past its deadline.")])
    invited = Attendance.objects.filter(meeting=sitting.meeting)
    members = list(invited.values_list("unit__path", flat=True))
    open_to_all = Q(matter__code__in=item.named if item is not None else []) | _seen_by(members)
    shown = furnished(_longest(late.filter(open_to_all)))
    rest = by_matter - Counter(case.matter_id for case in shown)
    told = _("%(all)s cases are past their deadline; %(listed)s of them are named here.") % {
        "all": pen.count("cases.overdue", "", by_matter.total(), _("Overdue cases")),
        "listed": pen.count("cases.listed", "", len(shown), _("Rows that are listed")),
    }
    tables = [_named(pen, shown, sitting)] if shown else []
    return Section(paragraphs=[told], tables=[*tables, *_counted(pen, rest)])


def _seen_by(paths: Sequence[str]) -> Q:
    """Cases that every one of these units sees: of matters for all, or that involve each."""
    found = Q(matter__in=matters_for_all())
    if not paths:
        return found
    units = list(Unit.objects.order_by().values_list("pk", "path"))
    each = Q()
    for path in paths:
        each &= Q(involved__overlap=[pk for pk, under in units if under.startswith(path)])
    return found | each


def _longest(found: QuerySet[Case]) -> QuerySet[Case]:
    promised = Q(replied_at=None, due_at__isnull=False)  # as `words.until_of` shows it
    since = Choice(When(promised, then=F("due_at")), default=F("turn_due_at"))
    return rows(found).order_by(since, "pk")[:MOST]


def _named(pen: Pen, late: Sequence[Case], sitting: Sitting) -> Table:
    return Table(
        head=[
            _("Number"), _("Case"), _("Lead unit"), _("Was due"), pgettext("target", "Light"),
        ],
        rows=[list(_case(pen, one, sitting)) for one in late],
        widths=[2.4, 4, 2.4, 1.8, 1.4],
    )  # fmt: skip


def _counted(pen: Pen, rest: Counter[int]) -> Iterator[Table]:
    """How many more there are of each matter."""
    if not rest:
        return
    named = MatterType.objects.filter(pk__in=rest).values_list("pk", "code", "spec__name")
    lines = [(rest[pk], code, text.show(name)) for pk, code, name in named]
    lines.sort(key=lambda line: (-line[0], line[1]))
    yield Table(
        caption=_("Others, by matter"),
        head=[_("Matter"), _("Overdue cases")],
        rows=[
            [name, pen.count("cases.overdue", code, count, f"{name} · {_('Overdue cases')}")]
            for count, code, name in lines
        ],
        align=["left", "right"], widths=[4, 1.6],
    )  # fmt: skip


def _case(pen: Pen, one: Case, sitting: Sitting) -> Iterator[str]:
    yield pen.quote(one, "number", one.number, one.title)
    yield one.title
    yield str(one.lead or one.dispatch)
    until = case_words.until_of(one)
    if until is None:
        yield "—"
    else:
        path = "due_at" if until == one.due_at else "turn_due_at"
        yield pen.quote(one, path, words.day(until), f"{one.number} · {_('Due')}")
    yield case_words.standing(one, sitting.now)[1]
