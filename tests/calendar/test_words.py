"""Limits and what is left of them, in words."""

import pytest
from django.utils import translation

from jiulong.calendar import words
from jiulong.calendar.clocks import Left, Limit, Measure


@pytest.mark.parametrize(
    ("rest", "text"),
    [
        (Left(2, Measure.WORKING_DAYS, False), "2 working days left"),
        (Left(1, Measure.WORKING_DAYS, True), "1 working day overdue"),
        (Left(0, Measure.WORKING_DAYS, False), "due today"),
        (Left(0, Measure.DAYS, True), "overdue"),
        (Left(3, Measure.WORKING_HOURS, False), "3 working hours left"),
        (Left(0, Measure.HOURS, False), "less than an hour left"),
        (Left(0, Measure.HOURS, True), "overdue for less than an hour"),
    ],
)
def test_what_is_left(rest, text):
    with translation.override("en"):
        assert words.left(rest) == text


def test_a_limit():
    with translation.override("en"):
        assert words.limit(Limit.parse("5 working_days")) == "5 working days"
        assert words.limit(Limit.parse("3 months")) == "3 months"


def test_a_holiday_nobody_knows_keeps_its_name():
    with translation.override("en"):
        assert [words.holiday("春节"), words.holiday("台风停工")] == ["Spring Festival", "台风停工"]
