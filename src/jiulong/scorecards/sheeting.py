"""What a sheet asks for: its subjects, and its columns with the period each speaks of."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from django.db.models import Q

from jiulong.calendar.clocks import Limit, deadline
from jiulong.calendar.working_time import BEIJING, Calendar
from jiulong.organisation.models import Unit
from jiulong.packs.text import Text
from jiulong.scorecards.dating import last_day
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Indicator, Sheet, SheetPlan, Subject
from jiulong.scorecards.sections.items import SheetItem

SUBJECTS_OWN = "$subject"


@lru_cache(maxsize=256)
def _read(text: str) -> SheetItem:
    return SheetItem.model_validate(json.loads(text))


def spec_of(plan: SheetPlan) -> SheetItem:
    """What the plan says."""
    return _read(json.dumps(plan.spec, sort_keys=True))


def name_of(indicator: Indicator) -> str:
    """What people call an indicator, in their language."""
    return Text.of(indicator.names).show()


@dataclass(frozen=True, slots=True)
class Column:
    """One column: an indicator, the period of its value, the value itself or its base."""

    indicator: Indicator
    period: str
    companion: str = ""

    @property
    def key(self) -> str:
        """As it stands in a draft: `retail`, `retail@base`."""
        code = self.indicator.code
        return f"{code}@{self.companion}" if self.companion else code

    @property
    def name(self) -> str:
        return name_of(self.indicator)


def indicators_of(spec: SheetItem) -> list[Indicator]:
    """The indicators that a plan names and that still hold."""
    return list(Indicator.objects.filter(code__in=spec.indicators, retired_at=None))


def columns(spec: SheetItem, period: str, indicators: Iterable[Indicator]) -> list[Column]:
    """The columns due in a sheet's period, in the plan's order.

    A quarter's figure is asked for when the quarter ends; January's not at all where January and
    February are published together.
    """
    known = {row.code: row for row in indicators if row.source == Indicator.Source.REPORTED}
    found = []
    for code in spec.indicators:
        row = known.get(code)
        own = _own_period(row, period) if row else None
        if row is None or own is None:
            continue
        found.append(Column(row, own))
        if spec.base:
            found.append(Column(row, own, "base"))
    return found


def _own_period(row: Indicator, period: str) -> str | None:
    if row.january_with_february and periods.last_month(period).endswith("-01"):
        return None
    endings = (period, *periods.ending_with(period), *periods.enclosing(period))
    for one in endings:
        if periods.parse(one).frequency == row.every:
            return one if periods.parse(one).last == periods.parse(period).last else None
    return None


def subjects_of(spec: SheetItem, unit: Unit) -> list[Subject]:
    """Whose values the unit fills in."""
    wanted = Q(code__in=spec.subjects) | Q(tags__has_any_keys=spec.subjects)
    rows = Subject.objects.filter(wanted, retired_at=None).select_related("parent")
    if unit.code not in spec.filled_by:
        rows = rows.filter(unit=unit)
    return list(rows.order_by("code"))


def fillers(spec: SheetItem) -> list[Unit]:
    """The units that get a sheet."""
    units = set(Unit.objects.filter(code__in=spec.filled_by))
    if SUBJECTS_OWN in spec.filled_by:
        wanted = Q(scored_as__code__in=spec.subjects)
        wanted |= Q(scored_as__tags__has_any_keys=spec.subjects)
        units |= set(Unit.objects.filter(wanted, scored_as__retired_at=None).distinct())
    return sorted(units, key=lambda unit: unit.code)


def due(spec: SheetItem, period: str, calendar: Calendar) -> datetime:
    """Until when the sheet of a period must be there."""
    end = datetime.combine(last_day(period), time.max, BEIJING)
    return deadline(end, Limit.parse(spec.due), calendar) or end


def locks_at(spec: SheetItem, due_at: datetime, calendar: Calendar) -> datetime:
    """From when on only a revision changes a value."""
    return deadline(due_at, Limit.parse(spec.lock), calendar) or due_at


def signing_unit(spec: SheetItem, sheet: Sheet, level: int) -> Unit:
    """Whose head signs at a level, counted from 0."""
    code = spec.levels[level].unit
    if code == "$unit":
        return sheet.unit
    if code == "$above":
        return sheet.unit.parent or sheet.unit
    return Unit.objects.get(code=code)


def digest_of(sheet: Sheet, told: Sequence[Sequence[Any]]) -> str:
    """SHA-256 over what is signed: plan, unit, period and every value with its note."""
    facts: Mapping[str, Any] = {
        "plan": sheet.plan.code, "unit": sheet.unit.code, "period": sheet.period,
        "values": [list(row) for row in told],
    }  # fmt: skip
    body = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(body.encode()).hexdigest()


def told(sheet: Sheet) -> list[list[str]]:
    """The values of a draft in a fixed order: subject, indicator, value, note."""
    return [
        [subject, key, str(cell.get("value", "")), str(cell.get("note", ""))]
        for subject, cells in sorted(sheet.draft.items())
        for key, cell in sorted(cells.items())
        if cell.get("value", "") != ""
    ]
