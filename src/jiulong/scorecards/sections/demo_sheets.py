"""The section `demo_sheets`: invented sheets, filled in and signed by the acts that people use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext_lazy

from jiulong.cases import people
from jiulong.organisation.models import User
from jiulong.packs.sections import Change, Context, Fault, Section, register
from jiulong.rounding import rounded
from jiulong.rounding import text as plain
from jiulong.scorecards import sheeting
from jiulong.scorecards.actions.computing import compute_values
from jiulong.scorecards.actions.opening import opened
from jiulong.scorecards.actions.sheets import (
    WrongCellsError,
    lock_sheets,
    save_draft,
    sign_sheet,
    submit_sheet,
)
from jiulong.scorecards.checking import At, Typed
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Sheet, SheetPlan, Subject
from jiulong.scorecards.queries.lines import all_of
from jiulong.scorecards.queries.sheets import Sheetful, faults, sheetful
from jiulong.scorecards.queries.values import Grid, values
from jiulong.scorecards.sections.items import DemoSheetItem
from jiulong.scorecards.sections.sheets import SHEETS
from jiulong.scorecards.sheeting import Column

KEY: Final = "demo_sheets"
NOTE: Final = "（演示）与上月及上年同期相比变动较大，已核实。"
#: A late sheet comes so long after its due time.
LATE_BY: Final = timedelta(days=1)
EARLY: Final = timedelta(days=1)
#: Growth where nothing of this year is known.
USUAL: Final = Decimal("1.05")


def code_of(item: DemoSheetItem) -> str:
    return item.plan


def _check(items: Sequence[DemoSheetItem], context: Context) -> Iterator[Fault]:
    for n, item in enumerate(items):
        yield from context.unknown((n, "plan"), SHEETS, item.plan)
        for name in ("waits", "open", "late"):
            for m, code in enumerate(getattr(item, name)):
                yield from context.unknown((n, name, m), "units", code)


def _plan(items: Sequence[DemoSheetItem], _context: Context) -> Sequence[Change]:
    known = set(Sheet.objects.values_list("plan__code", flat=True))
    return [Change("same" if item.plan in known else "add", item.plan, item=item)
            for item in items]  # fmt: skip


def _apply(changes: Sequence[Change], context: Context) -> None:
    wanted: set[str] = set()
    for change in changes:
        if change.kind == "add":
            wanted |= _play(change.item, context.now)
    if wanted:
        compute_values(actor=None, wanted=sorted(wanted), now=context.now, metrics_too=False)
        lock_sheets(context.now)


def _play(item: DemoSheetItem, now: datetime) -> set[str]:
    """Open and fill in the sheets of the last periods; gives the periods."""
    plan = SheetPlan.objects.get(code=item.plan)
    spec = sheeting.spec_of(plan)
    last = periods.previous(periods.of(timezone.localtime(now).date(), spec.every))
    wanted = [last]
    while len(wanted) < item.periods:
        wanted.insert(0, periods.previous(wanted[0]))
    for period in wanted:
        for sheet in opened(plan, [period], now):
            _fill(item, sheet, now, last=period == last)
    return {column.period for period in wanted
            for column in sheeting.columns(spec, period, sheeting.indicators_of(spec))}  # fmt: skip


def _fill(item: DemoSheetItem, sheet: Sheet, now: datetime, *, last: bool) -> None:
    unit = sheet.unit.code
    writer = _writer(sheet)
    if writer is None or (last and unit in item.open):
        return
    second_last = not last and periods.following(sheet.period) == _last(sheet, now)
    at = sheet.due_at + LATE_BY if unit in item.late and second_last else sheet.due_at - EARLY
    at = min(at, now)
    full = sheetful(sheet)
    cells = _cells(full)
    save_draft(actor=writer, sheet=sheet, cells=cells, version=sheet.version, now=at)
    noted = {fault.at: Typed(cells[fault.at].value, NOTE) for fault in faults(full)
             if fault.note and fault.at in cells}  # fmt: skip
    if noted:
        save_draft(actor=writer, sheet=sheet, cells=noted, version=sheet.version, now=at)
    try:
        submit_sheet(actor=writer, sheet=sheet, version=sheet.version, now=at)
    except WrongCellsError:
        return  # invented values that nobody may believe stay a draft
    levels = len(full.spec.levels) - (1 if last and unit in item.waits else 0)
    for level in range(levels):
        _sign(sheet, full, level, writer, min(at + timedelta(hours=2 * (level + 1)), now))


def _writer(sheet: Sheet) -> User | None:
    """Whoever fills in and does not sign; else anybody who fills in."""
    found = people.of_unit([sheet.unit_id], "fill_sheet")
    heads = {one.pk for one in people.of_unit([sheet.unit_id], "sign_sheet")}
    return next((one for one in found if one.pk not in heads), found[0] if found else None)


def _last(sheet: Sheet, now: datetime) -> str:
    every = sheeting.spec_of(sheet.plan).every
    return periods.previous(periods.of(timezone.localtime(now).date(), every))


def _sign(sheet: Sheet, full: Sheetful, level: int, writer: User, at: datetime) -> None:
    unit = sheeting.signing_unit(full.spec, sheet, level)
    done = {writer.pk, *(one["user"] for one in sheet.signatures)}
    found = [one for one in people.of_unit([unit.pk], "sign_sheet") if one.pk not in done]
    if found and level == len(sheet.signatures):
        digest = sheeting.digest_of(sheet, sheeting.told(sheet))
        sign_sheet(actor=found[0], sheet=sheet, digest=digest, now=at)


def _cells(full: Sheetful) -> dict[At, Typed]:
    """What stands already, else last year's value grown like the months before it."""
    year = int(full.sheet.period[:4])
    known = values(
        {column.indicator.pk for column in full.columns}, [one.pk for one in full.subjects],
        [*all_of(year), *all_of(year - 1)],
    )  # fmt: skip
    cells = {}
    for subject in full.subjects:
        for column in full.columns:
            value = _invented(known, subject, column)
            if value is not None:
                told = plain(rounded(value, column.indicator.decimals))
                cells[subject.code, column.key] = Typed(told)
    return cells


def _invented(known: Grid, subject: Subject, column: Column) -> Decimal | None:
    row, period = column.indicator.pk, column.period
    if (found := known.get((row, subject.pk, period, column.companion))) is not None:
        return found.value
    past = known.get((row, subject.pk, periods.year_before(period), ""))
    if past is None:
        return None if column.companion else Decimal(0)
    if column.companion:
        return past.value
    return past.value * _growth(known, subject, column)


def _growth(known: Grid, subject: Subject, column: Column) -> Decimal:
    """The ratio to last year of the last period that is known."""
    row, year = column.indicator.pk, column.period[:4]
    spans = [one for one in all_of(int(year)) if (row, subject.pk, one, "") in known
             and periods.parse(one).frequency == column.indicator.every]  # fmt: skip
    if not spans:
        return USUAL
    last = periods.latest(spans)
    before = known.get((row, subject.pk, periods.year_before(last), ""))
    if before is None or not before.value:
        return USUAL
    return known[row, subject.pk, last, ""].value / before.value


def register_section() -> None:
    register(
        Section(
            key=KEY, label=gettext_lazy("Invented sheets"), model=DemoSheetItem, order=93,
            code=code_of, check=_check, plan=_plan, apply=_apply, demo=True,
        )
    )  # fmt: skip
