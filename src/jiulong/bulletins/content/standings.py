"""Circulars, commendations and rectification notices, written from a frozen standing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db.models import Case as Choose
from django.db.models import Value, When
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jiulong.bulletins import kinds, words
from jiulong.bulletins.content.base import Content, Pen, Section, Table
from jiulong.bulletins.content.naming import district_name, part_name, scheme_name, score_text
from jiulong.bulletins.content.registry import About
from jiulong.cases import rules as case_rules
from jiulong.cases.models import Case
from jiulong.organisation.models import User
from jiulong.scorecards import standing_rules
from jiulong.scorecards.models import Outcome, Standing, StandingRow

STANDING: Final = "scorecards.standing"
ROW: Final = "scorecards.standingrow"
CASE: Final = "cases.case"
#: Only what no longer changes may be announced.
FINAL: Final = frozenset({Standing.State.FROZEN, Standing.State.PUBLISHED})
#: Columns of a row that no paper tells: megabytes of a large standing.
_BULKY: Final = ("criteria", "notes", "explained", "standing__observations")


def standing_of(about: About) -> Standing:
    """The standing of a bulletin.

    Raises:
        ValidationError: there is none, or it may still change.
    """
    label, pk = about
    found = (
        Standing.objects.filter(pk=pk).select_related("scheme").first()
        if label == STANDING and pk.isdecimal()
        else None
    )
    if found is None:
        raise ValidationError({"about": _("Choose a standing.")})
    if found.state not in FINAL:
        raise ValidationError(
            {"about": _("This standing may still change. Freeze it first, then announce it.")}
        )
    return found


def rows_of(standing: Standing) -> list[tuple[str, list[StandingRow]]]:
    """The rows by group, best first; `standing_rules.is_open` of those whose figures all may read.

    Whoever drafts: a paper is read by others, and figures of one firm are not for all of them.
    """
    found = list(
        standing.rows.select_related("subject__unit", "standing__scheme")
        .annotate(full=Choose(When(standing_rules.opened(), then=True), default=False))
        .defer(*_BULKY)
        .order_by("group", "rank", "subject__code")
    )
    return [(group, list(rows)) for group, rows in groupby(found, lambda row: row.group)]


def circular(_viewer: User, about: About, now: datetime) -> Content:
    """Everybody's place: a table for each group, who leads, who is last."""
    standing, pen = standing_of(about), Pen(now)
    name, period = scheme_name(standing.scheme), words.period(standing.period)
    groups = rows_of(standing)
    lead = _(
        "The standing of %(contest)s for %(period)s was computed by the scheme in "
        "force, laid open to objections and frozen. It is announced as follows."
    )
    sections = [Section(paragraphs=[lead % {"contest": name, "period": period}])]
    for place, (group, rows) in enumerate(groups):
        sections.append(_group(pen, place, group, rows))
    sections.append(_asked(len(groups), groups))
    return Content(
        title=_("Circular on the standing of %(contest)s, %(period)s")
        % {"contest": name, "period": period},
        sections=sections, to=_("All streets and towns, zones and departments:"),
        signed=district_name(), period=standing.period, to_units=units_of(groups),
        quotes=pen.quotes,
    )  # fmt: skip


def commendation(_viewer: User, about: About, now: datetime) -> Content:
    """The first of each group, and what they were best at."""
    standing, pen = standing_of(about), Pen(now)
    name, period = scheme_name(standing.scheme), words.period(standing.period)
    firsts = _commended(standing)
    lead = _(
        "In %(contest)s, %(period)s, the following came first in their groups and are commended:"
    )
    lines = [_praise(pen, row) for row in firsts]
    call = _("Those commended are asked to keep it up; all others to measure themselves by them.")
    return Content(
        title=_("Commendation of the first in %(contest)s, %(period)s")
        % {"contest": name, "period": period},
        sections=[
            Section(paragraphs=[lead % {"contest": name, "period": period}, *lines]),
            Section(paragraphs=[call]),
        ],
        to=_("All streets and towns, zones and departments:"), signed=district_name(),
        period=standing.period, to_units=sorted({_unit(row) for row in firsts} - {0}),
        quotes=pen.quotes,
    )  # fmt: skip


def rectification(viewer: User, about: About, now: datetime) -> Content:
    """One subject's order to put right: its place, its weakest contests, its case and deadline."""
    row, case = _row_and_case(about)
    _require_reader(viewer, row, case)
    pen = Pen(now)
    sections = [*_place(pen, row), _order(pen, case)]
    unit = case.lead if case is not None else row.subject.unit if row is not None else None
    who = row.subject.name if row is not None else str(unit or "")
    return Content(
        title=_("Notice to %(unit)s to rectify within a deadline") % {"unit": who},
        sections=sections, to=f"{who}：", signed=district_name(),
        period=row.standing.period if row is not None else "",
        to_units=[unit.pk] if unit is not None else [], quotes=pen.quotes,
    )  # fmt: skip


def ends(rows: Sequence[StandingRow]) -> tuple[list[StandingRow], list[StandingRow]]:
    """All who are first and all who are last of a group; nobody is last where all are equal.

    Who is not rated, for lack of data or as exempt, is neither; who was struck is not first.
    """
    rated = [row for row in rows if row.rated]
    best, worst = (pick((row.rank for row in rated), default=0) for pick in (min, max))
    firsts = [row for row in rated if row.rank == best and not row.struck]
    return firsts, [row for row in rated if row.rank == worst > best]


def _commended(standing: Standing) -> list[StandingRow]:
    """Whom the scheme commends; without such a consequence, the first of each group."""
    named = set(
        Outcome.objects.filter(row__standing=standing, does="commend").values_list("row", flat=True)
    )
    groups = rows_of(standing)
    if named:
        return [row for _group, rows in groups for row in rows if row.pk in named]
    return [row for _group, rows in groups for row in ends(rows)[0]]


def units_of(groups: Sequence[tuple[str, Sequence[StandingRow]]]) -> list[int]:
    """Units that are ranked or answer for what is."""
    return sorted({_unit(row) for _group, rows in groups for row in rows} - {0})


def _unit(row: StandingRow) -> int:
    return row.subject.unit_id or 0


def _group(pen: Pen, place: int, group: str, rows: Sequence[StandingRow]) -> Section:
    firsts, lasts = ends(rows)
    told = []
    if firsts:
        line = _("First: %(name)s, %(points)s points.") if _open(firsts) else _("First: %(name)s.")
        told.append(line % _ended(pen, firsts))
    if lasts:
        line = _("Last: %(name)s, %(points)s points.") if _open(lasts) else _("Last: %(name)s.")
        told.append(line % _ended(pen, lasts))
    struck = [row.subject.name for row in rows if row.struck]
    if struck:
        told.append(_("Struck by a veto: %(names)s.") % {"names": words.listed(struck)})
    table = Table(
        head=[_("Rank"), _("Unit"), _("Score"), _("Rank before"), _("Behind the rank above")],
        rows=[list(_line(pen, row)) for row in rows],
        align=["center", "left", "right", "center", "right"],
        widths=[1, 4, 1.6, 1.6, 2],
    )
    heading = words.chapter(place, part_name(rows[0].standing.scheme, group) or _("All"))
    return Section(heading=heading, paragraphs=[words.sentences(told)], tables=[table])


def _open(rows: Sequence[StandingRow]) -> bool:
    """Whether the points of all may be read by all; who are equal have the same."""
    return all(standing_rules.is_open(row) for row in rows)


def _ended(pen: Pen, rows: Sequence[StandingRow]) -> dict[str, str]:
    names = words.listed([row.subject.name for row in rows])
    return {"name": names, "points": score(pen, rows[0])}


def _line(pen: Pen, row: StandingRow) -> Iterator[str]:
    name = row.subject.name
    if not row.rated:
        yield pen.quote(row, "rated", "—", f"{name} · {_('Rank')}")
        yield from (name, _("Not rated"), "—", "—")
        return
    yield pen.quote(row, "rank", str(row.rank), f"{name} · {_('Rank')}")
    yield name
    yield score(pen, row)
    before = "—" if row.rank_before is None else str(row.rank_before)
    yield pen.quote(row, "rank_before", before, f"{name} · {_('Rank before')}")
    if not standing_rules.is_open(row):
        yield "—"
        return
    gap = score_text(row.standing.scheme, row.gap)
    yield pen.quote(row, "gap", gap, f"{name} · {_('Behind the rank above')}")


def score(pen: Pen, row: StandingRow) -> str:
    """The score of a row, quoted; a dash where not everybody may read it."""
    if not standing_rules.is_open(row):
        return "—"
    return pen.quote(
        row,
        "score",
        score_text(row.standing.scheme, row.score),
        f"{row.subject.name} · {_('Score')}",
    )


def _praise(pen: Pen, row: StandingRow) -> str:
    if not standing_rules.is_open(row):
        group = part_name(row.standing.scheme, row.group)
        return _("%(name)s (%(group)s).") % {"name": row.subject.name, "group": group}
    best = [
        part_name(row.standing.scheme, one["contest"])
        for one in row.contests
        if one.get("out_of") and str(one.get("points")) == str(one.get("out_of"))
    ]
    told = _("%(name)s (%(group)s): %(points)s points.")
    line = told % {
        "name": row.subject.name,
        "group": part_name(row.standing.scheme, row.group),
        "points": score(pen, row),
    }
    if best:
        line += _(" Full points in %(contests)s.") % {"contests": words.listed(best)}
    return line


def _asked(place: int, groups: Sequence[tuple[str, Sequence[StandingRow]]]) -> Section:
    lasts = [row.subject.name for _group, rows in groups for row in ends(rows)[1]]
    told = _(
        "Units that came last in their group (%(names)s) are to find the causes and "
        "rectify within the deadline of their notice; all units are to keep to their "
        "monthly plans."
    )
    return Section(
        heading=words.chapter(place, pgettext("bulletin", "What is asked")),
        paragraphs=[told % {"names": words.listed(lasts)}] if lasts else [],
    )


def _row_and_case(about: About) -> tuple[StandingRow | None, Case | None]:
    """The row and the case of a notice, whichever of them it is about.

    Raises:
        ValidationError: neither is there.
    """
    label, pk = about
    row: StandingRow | None = None
    case: Case | None = None
    if label == ROW and pk.isdecimal():
        row = _rows().filter(pk=pk).first()
        if row is not None:
            standing_of((STANDING, str(row.standing_id)))
            case = _case_of(row)
    if label == CASE and pk.isdecimal():
        case = Case.objects.filter(pk=pk).select_related("lead").first()
        row = _rows().filter(outcomes__case=pk).first()
    if row is None and case is None:
        raise ValidationError({"about": _("Choose a row of a standing, or a case.")})
    return row, case


def _require_reader(viewer: User, row: StandingRow | None, case: Case | None) -> None:
    """Nobody reads by drafting what they do not read otherwise.

    Raises:
        ValidationError: the row of a firm, or a case without a row, that the viewer does not see.
    """
    if row is not None:
        closed = row.subject.kind in standing_rules.CLOSED_KINDS
        seen = not closed or standing_rules.sees_row(viewer, row)
    else:
        seen = case is None or case_rules.sees(viewer, case)
    if not seen:
        raise ValidationError({"about": _("Choose a row of a standing, or a case.")})


def _case_of(row: StandingRow) -> Case | None:
    """The case that the standing opened for its row."""
    found = Outcome.objects.filter(row=row, case__isnull=False).select_related("case__lead")
    outcome = found.order_by("-at").first()
    return outcome.case if outcome is not None else None


def _rows() -> Any:
    """Read in full: a notice is for whom it is about."""
    rows = StandingRow.objects.select_related("subject__unit", "standing__scheme")
    return rows.annotate(full=Value(True)).defer(*_BULKY)


def _place(pen: Pen, row: StandingRow | None) -> Iterator[Section]:
    if row is None:
        return
    scheme, name = row.standing.scheme, row.subject.name
    told = _(
        "In %(contest)s, %(period)s, you came %(rank)s of %(of)s in the group %(group)s "
        "with %(points)s points."
    )
    lead = told % {
        "contest": scheme_name(scheme), "period": words.period(row.standing.period),
        "rank": pen.quote(row, "rank", str(row.rank), f"{name} · {_('Rank')}"),
        "of": pen.quote(row, "of", str(row.of), _("Units of the group")),
        "group": part_name(row.standing.scheme, row.group), "points": score(pen, row),
    }  # fmt: skip
    lines = [
        [
            part_name(scheme, one["contest"]),
            pen.quote(
                row, f"contests.{place}.points", str(one["points"]), f"{name} · {one['contest']}"
            ),
            _most(pen, row, place, one),
        ]
        for place, one in enumerate(row.contests)
    ]  # fmt: skip
    table = Table(
        head=[_("Contest"), pgettext("score", "Points"), pgettext("score", "Out of")], rows=lines,
        align=["left", "right", "right"], widths=[4, 1.5, 1.5],
    )  # fmt: skip
    yield Section(
        heading=words.chapter(0, _("What was found")), paragraphs=[lead],
        tables=[table] if lines else [],
    )  # fmt: skip


def _most(pen: Pen, row: StandingRow, place: int, one: dict[str, Any]) -> str:
    """What a contest could have given, rounded as the scheme rounds."""
    most = one.get("out_of")
    if not most:
        return "—"
    text = score_text(row.standing.scheme, Decimal(str(most)))
    what = f"{part_name(row.standing.scheme, one['contest'])} · {pgettext('score', 'Out of')}"
    return pen.quote(row, f"contests.{place}.out_of", text, what)


def _order(pen: Pen, case: Case | None) -> Section:
    heading = words.chapter(1, _("What is ordered"))
    asks = _(
        "Find the causes, write a plan with measures, persons in charge and dates, "
        "carry it out and report with proof."
    )
    if case is None:
        limit = kinds.kind(kinds.RECTIFICATION).deadline
        if limit is None:
            return Section(heading=heading, paragraphs=[asks])
        told = pen.moment("kinds.deadline", kinds.RECTIFICATION, words.limit(limit), _("Deadline"))
        until = _("The deadline is %(limit)s from the day of this notice.") % {"limit": told}
        return Section(heading=heading, paragraphs=[asks, until])
    told = _("The case is %(number)s.") % {
        "number": pen.quote(case, "number", case.number, _("Number of the case"))
    }
    due = case.due_at or case.turn_due_at
    if due is not None:
        path = "due_at" if case.due_at else "turn_due_at"
        told += _(" It is due on %(day)s.") % {
            "day": pen.quote(case, path, words.day(due), _("Deadline of the case"))
        }
    return Section(heading=heading, paragraphs=[asks, told])
