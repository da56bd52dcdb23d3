"""When visits are due: pure dates."""

from __future__ import annotations

from datetime import date

import pytest

from jiulong.bulletins import duty


@pytest.mark.parametrize(
    ("day", "every", "times", "then"),
    [
        (date(2026, 1, 31), "1 months", 1, date(2026, 2, 28)),
        (date(2026, 1, 31), "1 months", 2, date(2026, 3, 31)),
        (date(2026, 11, 20), "2 months", 1, date(2027, 1, 20)),
        (date(2026, 3, 1), "2 weeks", 1, date(2026, 3, 15)),
        (date(2026, 3, 1), "10 days", 3, date(2026, 3, 31)),
    ],
)
def test_intervals(day: date, every: str, times: int, then: date) -> None:
    assert duty.step(day, every, times) == then


def test_it_refuses_what_is_no_interval() -> None:
    with pytest.raises(ValueError, match="no interval"):
        duty.step(date(2026, 1, 1), "2 years")


@pytest.mark.parametrize(
    ("last", "on", "light", "days", "missed"),
    [
        (None, date(2026, 3, 5), "met", 10, 0),
        (None, date(2026, 3, 8), "near", 7, 0),
        (None, date(2026, 3, 15), "near", 0, 0),
        (None, date(2026, 3, 16), "over", -1, 1),
        (None, date(2026, 4, 1), "over", -17, 2),
        (date(2026, 3, 10), date(2026, 3, 16), "met", 8, 0),
    ],
)
def test_due(last: date | None, on: date, light: str, days: int, missed: int) -> None:
    found = duty.due("2 weeks", date(2026, 3, 1), None, last, on)
    assert (found.light, found.days, found.missed) == (light, days, missed)


def test_an_ended_duty_owes_nothing() -> None:
    found = duty.due("2 weeks", date(2026, 1, 1), date(2026, 2, 1), None, date(2026, 3, 1))
    assert found == duty.Due(None, "none", 0, 0)


def test_gaps_lie_between_the_day_a_visit_was_due_and_the_visit() -> None:
    visits = [date(2026, 1, 10), date(2026, 2, 20)]
    found = duty.gaps("2 weeks", date(2026, 1, 1), visits, date(2026, 4, 1))
    assert found == [
        (date(2026, 1, 24), date(2026, 2, 20)),
        (date(2026, 3, 6), date(2026, 4, 1)),
    ]
