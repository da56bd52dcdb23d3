"""The keeper's rounds of scorecards: sheets opened and locked."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from jiulong.calendar.queries import district_calendar
from jiulong.evidence.actions import Act, record_events
from jiulong.scorecards import sheeting
from jiulong.scorecards.actions.sheets import lock_sheets
from jiulong.scorecards.dating import absolute
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Indicator, Sheet, SheetPlan

EVERY: Final = timedelta(minutes=10)
#: At most so many past periods are opened at once for a plan that starts in the past.
MOST_BACK: Final = 24


def open_sheets(now: datetime) -> bool:
    """Open what is due for the periods that are over; says whether there was any."""
    made: list[Sheet] = []
    for plan in SheetPlan.objects.filter(retired_at=None):
        made += _opened(plan, now)
    record_events(
        Act(actor=None, verb="open_sheet", subject=sheet, data={"period": sheet.period}, at=now)
        for sheet in made
    )
    return bool(made)


def _opened(plan: SheetPlan, now: datetime) -> list[Sheet]:
    spec = sheeting.spec_of(plan)
    today = timezone.localtime(now).date()
    last = periods.previous(periods.of(today, spec.every))
    since = absolute(spec.since, today) if spec.since else last
    wanted = [last]
    while len(wanted) < MOST_BACK and periods.order(wanted[-1]) > periods.order(since):
        wanted.append(periods.previous(wanted[-1]))
    known = set(Sheet.objects.filter(plan=plan, period__in=wanted).values_list("unit", "period"))
    units, calendar = sheeting.fillers(spec), district_calendar()
    rows = Indicator.objects.filter(code__in=spec.indicators, retired_at=None)
    new = [
        Sheet(plan=plan, unit=unit, period=period, opened_at=now,
              due_at=sheeting.due(spec, period, calendar))
        for period in reversed(wanted) if sheeting.columns(spec, period, rows)
        for unit in units if (unit.pk, period) not in known
    ]  # fmt: skip
    return Sheet.objects.bulk_create(new, ignore_conflicts=False)


def step(now: datetime) -> bool:
    """One round."""
    opened = open_sheets(now)
    return lock_sheets(now) or opened
