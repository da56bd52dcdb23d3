"""How a deadline was reckoned, told from the events."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from jiulong.calendar.working_time import Calendar
from jiulong.cases import actions
from jiulong.cases.queries.deadline import reckoning
from tests.cases.matters import make_district, make_matter

pytestmark = pytest.mark.django_db

#: Tuesday 2026-09-29, ten in the morning in Zhangzhou: the National Day holidays come.
TUESDAY = datetime(2026, 9, 29, 2, 0, tzinfo=UTC)
HOLIDAYS = frozenset(date(2026, 10, day) for day in range(1, 8))
MADE_UP = frozenset({date(2026, 10, 10)})


def test_it_names_holidays_left_out_make_up_days_and_pauses() -> None:
    district = make_district()
    case = actions.file_case(
        actor=district.dispatcher, matter=make_matter(), title="甲", now=TUESDAY
    )
    case = actions.assign_case(actor=district.dispatcher, case=case, now=TUESDAY)
    calendar = Calendar(holidays=HOLIDAYS, workdays=MADE_UP)
    found = reckoning(district.handler, case, calendar)
    assert found is not None
    assert (found.start, str(found.limit), found.first_day) == (
        TUESDAY, "5 working_days", date(2026, 9, 30),
    )  # fmt: skip
    # 30 September, 8, 9, 10 (made up) and 12 October.
    assert found.due == datetime(2026, 10, 12, 15, 59, 59, tzinfo=UTC)
    assert found.skipped == tuple(date(2026, 10, day) for day in (1, 2, 5, 6, 7))
    assert found.worked == (date(2026, 10, 10),)
    paused = TUESDAY + timedelta(days=1)
    case = actions.suspend_case(actor=district.supervisor, case=case, reason="等材料", now=paused)
    held = reckoning(district.handler, case, calendar)
    assert held is not None
    assert (held.due, [(p.start, p.end) for p in held.pauses]) == (None, [(paused, None)])


def test_it_is_told_to_nobody_who_may_not_see_the_case() -> None:
    district = make_district()
    case = actions.file_case(
        actor=district.dispatcher, matter=make_matter(), title="甲", now=TUESDAY
    )
    case = actions.assign_case(actor=district.dispatcher, case=case, now=TUESDAY)
    assert reckoning(district.sibling, case, Calendar()) is None


def test_a_case_without_a_clock_has_none() -> None:
    district = make_district()
    case = actions.file_case(
        actor=district.dispatcher, matter=make_matter(), title="甲", now=TUESDAY
    )
    assert reckoning(district.dispatcher, case, Calendar()) is None
