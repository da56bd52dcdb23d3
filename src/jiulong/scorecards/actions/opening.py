"""The keeper's rounds of scorecards: sheets opened and locked."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from django.utils import timezone

from jiulong.calendar.queries import district_calendar
from jiulong.evidence.actions import Act, record_events
from jiulong.scorecards import sheeting
from jiulong.scorecards.actions.sheets import lock_sheets
from jiulong.scorecards.dating import absolute
from jiulong.scorecards.engine import periods
from jiulong.scorecards.models import Sheet, SheetPlan

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
    while len(wanted) < MOST_BACK and periods.order(wanted[0]) > periods.order(since):
        wanted.insert(0, periods.previous(wanted[0]))
    return opened(plan, wanted, now)


def opened(plan: SheetPlan, wanted: Sequence[str], now: datetime) -> list[Sheet]:
    """Open the sheets of some periods that are not there yet; gives them. Records nothing."""
    spec = sheeting.spec_of(plan)
    known = set(Sheet.objects.filter(plan=plan, period__in=wanted).values_list("unit", "period"))
    units, calendar = sheeting.fillers(spec), district_calendar()
    rows = sheeting.indicators_of(spec)
    new = [
        Sheet(plan=plan, unit=unit, period=period, opened_at=now,
              due_at=sheeting.due(spec, period, calendar))
        for period in wanted if sheeting.columns(spec, period, rows)
        for unit in units if (unit.pk, period) not in known
    ]  # fmt: skip
    return Sheet.objects.bulk_create(new)


def step(now: datetime) -> bool:
    """One round."""
    opened = open_sheets(now)
    return lock_sheets(now) or opened
