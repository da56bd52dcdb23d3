"""Sheets that a viewer may see, and one of them as a grid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q, QuerySet

from jiulong.organisation.rules import Reach, Viewer, reach
from jiulong.scorecards import checking, sheeting, signing
from jiulong.scorecards.checking import At, Fault, Known, Typed
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Indicator, Sheet, Subject
from jiulong.scorecards.queries.values import Grid, values
from jiulong.scorecards.sections.items import SheetItem
from jiulong.scorecards.sheeting import Column

#: Cells of a page: more than this is slow to send and to read.
CELLS: Final = 480
WAITING = (Sheet.State.DRAFT, Sheet.State.RETURNED, Sheet.State.SUBMITTED)


def sheets(viewer: Viewer) -> QuerySet[Sheet]:
    """Sheets of the units where the viewer fills in, signs or looks on."""
    rows = Sheet.objects.select_related("plan", "unit", "submitted_by")
    held = [reach(viewer, verb) for verb in ("see_scores", "fill_sheet", "sign_sheet")]
    if any(one.everything for one in held):
        return rows
    units = frozenset[int]().union(*(one.units for one in held))
    return rows.filter(Q(unit__in=units) | _to_sign(viewer))


def _to_sign(viewer: Viewer) -> Q:
    """Sheets of other units that a department signs at a later level."""
    held = reach(viewer, "sign_sheet")
    unit = getattr(viewer, "unit", None)
    if not held or unit is None:
        return Q(pk__in=[])
    return Q(plan__spec__levels__contains=[{"unit": unit.code}])


def late(viewer: Viewer, now: datetime) -> QuerySet[Sheet]:
    """Those that should have been there by now, and those that came too late."""
    missing = Q(due_at__lt=now, state__in=(Sheet.State.DRAFT, Sheet.State.RETURNED))
    return sheets(viewer).filter(missing | Q(late=True))


def named(rows: QuerySet[Sheet], words: str) -> QuerySet[Sheet]:
    """Those whose unit or plan is called so."""
    if not words:
        return rows
    return rows.filter(Q(unit__name__icontains=words) | Q(plan__spec__name__icontains=words))


def waiting_for(viewer: Viewer) -> list[int]:
    """Ids of the sheets that wait for the viewer: to be filled in, or to be signed."""
    fill = reach(viewer, "fill_sheet")
    rows = sheets(viewer).filter(state__in=WAITING)
    return [row.pk for row in rows if _waits(viewer, row, fill)]


def _waits(viewer: Viewer, row: Sheet, fill: Reach) -> bool:
    if row.state != Sheet.State.SUBMITTED:
        return fill.covers(row.unit_id)
    return signing.may_sign(viewer, row)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as the page shows it."""

    key: str
    typed: Typed
    known: Known
    stands: Decimal | None = None
    fault: Fault | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One subject's row of cells."""

    subject: Subject
    cells: Sequence[Cell]


@dataclass(slots=True)
class Sheetful:
    """A sheet, read: what it asks for and what was typed."""

    sheet: Sheet
    spec: SheetItem
    columns: Sequence[Column]
    subjects: Sequence[Subject]
    parts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def pages(self) -> int:
        return max(1, -(-len(self.subjects) // self.per_page))

    @property
    def per_page(self) -> int:
        return max(5, CELLS // max(1, len(self.columns)))

    def on_page(self, page: int) -> Sequence[Subject]:
        start = (page - 1) * self.per_page
        return self.subjects[start : start + self.per_page]

    def typed(self, subjects: Sequence[Subject] | None = None) -> dict[At, Typed]:
        """Every cell, empty ones too."""
        found = {}
        for subject in self.subjects if subjects is None else subjects:
            cells = self.sheet.draft.get(subject.code, {})
            for column in self.columns:
                cell = cells.get(column.key, {})
                found[subject.code, column.key] = Typed(cell.get("value", ""), cell.get("note", ""))
        return found


def sheetful(sheet: Sheet) -> Sheetful:
    """The sheet with its columns and subjects; two queries."""
    spec = sheeting.spec_of(sheet.plan)
    rows = sheeting.indicators_of(spec)
    subjects = sheeting.subjects_of(spec, sheet.unit)
    parts: dict[str, list[str]] = {}
    for subject in subjects:
        if subject.parent is not None:
            parts.setdefault(subject.parent.code, []).append(subject.code)
    return Sheetful(sheet, spec, sheeting.columns(spec, sheet.period, rows), subjects, parts)


def _around(column: Column) -> tuple[str, str]:
    """The period before and the one of last year; nothing before a year's first cumulative one."""
    row = column.indicator
    before = periods.previous(column.period, joint=row.january_with_february)
    if row.cumulative and row.kind == Indicator.Kind.LEVEL and before[:4] != column.period[:4]:
        before = ""
    return before, periods.year_before(column.period)


def known_of(full: Sheetful, subjects: Sequence[Subject]) -> tuple[dict[At, Known], Grid]:
    """What is known around the cells of these subjects; one query."""
    around = {column.key: _around(column) for column in full.columns}
    wanted = {period for pair in around.values() for period in pair if period}
    wanted |= {column.period for column in full.columns}
    found = values(
        {column.indicator.pk for column in full.columns}, [one.pk for one in subjects], wanted
    )
    known = {}
    for subject in subjects:
        for column in full.columns:
            keys = ((column.indicator.pk, subject.pk, period, "") for period in around[column.key])
            before, last_year = (found[key].value if key in found else None for key in keys)
            known[subject.code, column.key] = Known(before, last_year)
    return known, found


def lines(full: Sheetful, page: int, faults: Sequence[Fault] = ()) -> list[Line]:
    """One page of the grid."""
    subjects = full.on_page(page)
    known, found = known_of(full, subjects)
    typed = full.typed(subjects)
    wrong = {fault.at: fault for fault in reversed(faults)}
    return [
        Line(subject, [_cell(subject, column, known, typed, found, wrong)
                       for column in full.columns])
        for subject in subjects
    ]  # fmt: skip


def _cell(  # noqa: PLR0917 - one cell and all that is known of it
    subject: Subject, column: Column, known: Mapping[At, Known], typed: Mapping[At, Typed],
    found: Grid, wrong: Mapping[At, Fault],
) -> Cell:  # fmt: skip
    at = (subject.code, column.key)
    stands = found.get((column.indicator.pk, subject.pk, column.period, column.companion))
    return Cell(column.key, typed[at], known[at], stands.value if stands else None, wrong.get(at))


def faults(full: Sheetful) -> list[Fault]:
    """Everything wrong with what was typed."""
    known, _found = known_of(full, full.subjects)
    return checking.check(full.spec, full.columns, full.typed(), known, full.parts)
