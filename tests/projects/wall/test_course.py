"""A project's course through a year: worked by hand, without a database."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from jiulong.projects import stages
from jiulong.projects.wall_course import (
    Mark,
    carried,
    last_day,
    months_behind,
    stages_of,
    start_behind,
)

EVEN = [Decimal(100 * n) for n in range(1, 13)]
#: Nothing is to be done in March and April.
PAUSED = [Decimal(n) for n in (100, 200, 200, 200, 300, 400, 500, 600, 700, 800, 900, 1000)]


@pytest.mark.parametrize(
    ("planned", "done", "month", "tenths"),
    [
        (EVEN, 600, 5, 0),  # June's plan is reached in June
        (EVEN, 700, 5, 0),  # more than planned is no delay
        (EVEN, 500, 5, 10),  # what May should have brought
        (EVEN, 450, 5, 15),  # half way between April and May
        (EVEN, 0, 5, 60),  # the plan of the year's first day
        (EVEN, 50, 0, 5),  # half of January
        (PAUSED, 200, 3, 0),  # the plan stands still, and so may the works
        (PAUSED, 200, 4, 10),  # of May's task nothing is done: one month, not three
        (PAUSED, 150, 3, 25),
    ],
)
def test_it_tells_how_long_ago_the_plan_said_what_is_done(
    planned: list[Decimal], done: int, month: int, tenths: int
) -> None:
    assert months_behind(planned, Decimal(done), month) == tenths


@pytest.mark.parametrize(
    ("planned", "started", "day", "tenths"),
    [
        (None, None, date(2026, 6, 30), 0),
        (date(2026, 7, 1), None, date(2026, 6, 30), 0),
        (date(2026, 5, 1), date(2026, 6, 1), date(2026, 6, 30), 0),  # late, but under way
        (date(2026, 5, 31), None, date(2026, 6, 30), 10),
        (date(2026, 5, 31), date(2026, 7, 5), date(2026, 6, 30), 10),  # not yet on that day
    ],
)
def test_it_waits_for_a_start(
    planned: date | None, started: date | None, day: date, tenths: int
) -> None:
    assert start_behind(planned, started, day) == tenths


def test_it_carries_on_what_adds_up() -> None:
    told = carried({1: Decimal(20), 4: Decimal(50)})
    assert [int(value) for value in told[:6]] == [0, 20, 20, 20, 50, 50]
    assert told[11] == 50


def test_it_knows_the_stage_at_each_months_end() -> None:
    moves = [(date(2025, 11, 3), stages.PREPARING), (date(2026, 3, 31), stages.STARTED)]
    found = stages_of(moves, stages.STARTED, 2026)
    assert found[:4] == (stages.PREPARING, stages.PREPARING, stages.STARTED, stages.STARTED)
    assert stages_of(moves, stages.STARTED, 2025)[9:] == (
        stages.PLANNED, stages.PREPARING, stages.PREPARING,
    )  # fmt: skip
    assert stages_of([], stages.BUILDING, 2026) == (stages.BUILDING,) * 12


def test_it_knows_the_last_day_of_each_month() -> None:
    ends = [last_day(2024, month) for month in (0, 1, 11)]
    assert ends == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 12, 31)]


def test_a_milestone_is_done_from_its_day_on() -> None:
    mark = Mark("封顶", date(2026, 4, 1), date(2026, 5, 2))
    assert [mark.done_by(date(2026, 5, day)) for day in (1, 2)] == [False, True]
    assert not Mark("封顶", date(2026, 4, 1), None).done_by(date(2030, 1, 1))
