"""Deadlines on real days: the law's rules, one by one."""

from datetime import UTC, datetime, time

import pytest

from jiulong.calendar.clocks import Left, Limit, Measure, Pause, deadline, left, shift

from .days import REAL, beijing


class TestLimit:
    @pytest.mark.parametrize("measure", Measure)
    def test_reads_what_it_writes(self, measure):
        assert Limit.parse(str(Limit(5, measure))) == Limit(5, measure)

    def test_reads_the_form_of_packs(self):
        assert Limit.parse("5 working_days") == Limit(5, Measure.WORKING_DAYS)

    @pytest.mark.parametrize(
        "text", ["", "5", "days", "5 weeks", "-1 days", "1.5 hours", "5  days", "五 days", "² days"]
    )
    def test_refuses_anything_else_and_says_what_it_expected(self, text):
        with pytest.raises(ValueError, match="expected a whole number and one of hours, working_h"):
            Limit.parse(text)

    def test_reads_a_time_of_day(self):
        noon = Limit(1, Measure.DAYS, time(12))
        assert (Limit.parse("1 days 12:00"), str(noon)) == (noon, "1 days 12:00")

    @pytest.mark.parametrize(
        "text", ["1 days noon", "1 days 24:00", "1 days 12:00:00", "1 days  12:00"]
    )
    def test_refuses_what_is_no_time_of_day(self, text):
        with pytest.raises(ValueError, match="a time of day such as 12:00"):
            Limit.parse(text)

    def test_only_days_end_at_a_time_of_day(self):
        with pytest.raises(ValueError, match="only working_days and days"):
            Limit.parse("12 hours 12:00")

    def test_is_never_negative(self):
        with pytest.raises(ValueError, match="negative"):
            Limit(-1, Measure.DAYS)


# Spring Festival 2026: 15 to 23 February off, Saturdays 14 and 28 February worked.
# National Day 2026: 1 to 7 October off, Sunday 20 September and Saturday 10 October worked.
@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # the day of the start is not counted; weekends are not
        ("2026-11-19 09:00", "1 working_days", "2026-11-20 23:59:59"),
        ("2026-11-20 09:00", "1 working_days", "2026-11-23 23:59:59"),
        ("2026-11-20 23:59:59", "5 working_days", "2026-11-27 23:59:59"),
        ("2026-11-21 09:00", "1 working_days", "2026-11-23 23:59:59"),  # filed on a Saturday
        # the make-up Saturday counts, the holiday does not
        ("2026-02-13 10:00", "1 working_days", "2026-02-14 23:59:59"),
        ("2026-02-13 10:00", "2 working_days", "2026-02-24 23:59:59"),
        ("2026-02-13 10:00", "6 working_days", "2026-02-28 23:59:59"),
        ("2026-09-30 10:00", "3 working_days", "2026-10-10 23:59:59"),
        # "today"
        ("2026-11-20 09:00", "0 working_days", "2026-11-20 23:59:59"),
        ("2026-11-21 09:00", "0 days", "2026-11-23 23:59:59"),
        # natural days: a last day on a holiday moves on
        ("2026-11-17 09:00", "3 days", "2026-11-20 23:59:59"),
        ("2026-11-17 09:00", "4 days", "2026-11-23 23:59:59"),
        ("2026-02-01 09:00", "15 days", "2026-02-24 23:59:59"),
        ("2026-02-01 09:00", "13 days", "2026-02-14 23:59:59"),  # a Saturday, but worked
        # months: same number, else the month's last day, then as days
        ("2026-03-11 09:00", "3 months", "2026-06-11 23:59:59"),
        ("2025-12-31 09:00", "2 months", "2026-02-28 23:59:59"),
        ("2026-01-31 09:00", "3 months", "2026-04-30 23:59:59"),
        ("2026-07-01 09:00", "3 months", "2026-10-08 23:59:59"),
        ("2024-01-31 09:00", "1 months", "2024-02-29 23:59:59"),
        # natural hours, to the second and through the night
        ("2026-11-20 16:30:07", "24 hours", "2026-11-21 16:30:07"),
        ("2026-11-20 16:30:07", "0 hours", "2026-11-20 16:30:07"),
        # working hours: 08:00-12:00 and 14:30-17:30, in summer 15:00-18:00
        ("2026-11-20 11:00", "1 working_hours", "2026-11-20 12:00:00"),
        ("2026-11-20 11:00", "2 working_hours", "2026-11-20 15:30:00"),
        ("2026-11-20 17:00", "2 working_hours", "2026-11-23 09:30:00"),
        ("2026-11-21 10:00", "7 working_hours", "2026-11-23 17:30:00"),
        ("2026-06-05 11:00", "2 working_hours", "2026-06-05 16:00:00"),
        ("2026-02-14 17:00", "1 working_hours", "2026-02-24 08:30:00"),
        # a time of day: that very day, whatever day it is; of working days the next such
        ("2026-11-19 02:10", "1 days 12:00", "2026-11-20 12:00"),
        ("2026-11-19 23:50", "1 days 12:00", "2026-11-20 12:00"),
        ("2026-11-20 09:00", "1 days 12:00", "2026-11-21 12:00"),  # a Saturday
        ("2026-11-20 09:00", "1 working_days 12:00", "2026-11-23 12:00"),
        ("2026-02-13 10:00", "2 working_days 17:30", "2026-02-24 17:30"),
        ("2026-11-20 09:00", "0 days 12:00", "2026-11-20 12:00"),
        ("2026-11-20 12:00", "0 days 12:00", "2026-11-21 12:00"),  # noon has passed
        ("2026-11-20 13:00", "0 working_days 12:00", "2026-11-23 12:00"),
        # beyond the horizon Monday to Friday hold: 2027-01-01 is a Friday
        ("2026-12-31 09:00", "1 working_days", "2027-01-01 23:59:59"),
        ("2026-12-31 09:00", "2 working_days", "2027-01-04 23:59:59"),
    ],
)
def test_deadline(start, limit, due):
    assert deadline(beijing(start), Limit.parse(limit), REAL) == beijing(due)


def test_a_day_is_beijings_wherever_the_start_was_noted():
    # 17:00 UTC on Thursday is 01:00 on Friday in Beijing.
    start = datetime(2026, 11, 19, 17, tzinfo=UTC)
    assert deadline(start, Limit.parse("1 working_days"), REAL) == beijing("2026-11-23 23:59:59")


@pytest.mark.parametrize(
    ("limit", "paused", "resumed", "due"),
    [
        # without a pause: Friday 27 November
        ("5 working_days", "2026-11-23 09:00", "2026-11-23 09:01", "2026-11-30 23:59:59"),
        ("5 working_days", "2026-11-23 09:00", "2026-11-25 17:00", "2026-12-02 23:59:59"),
        ("5 working_days", "2026-11-21 09:00", "2026-11-22 17:00", "2026-11-27 23:59:59"),
        ("5 working_days", "2026-11-20 10:00", "2026-11-20 17:00", "2026-11-27 23:59:59"),
        ("5 working_days", "2026-11-23 09:00", "2026-11-24 00:00", "2026-11-30 23:59:59"),
        # paused on the last day, in time: the next day after resuming
        ("5 working_days", "2026-11-27 23:00", "2026-12-01 09:00", "2026-12-02 23:59:59"),
        # too late, or before the clock ran
        ("5 working_days", "2026-11-27 23:59:59", "2026-11-30 09:00", "2026-11-27 23:59:59"),
        ("5 working_days", "2026-11-28 09:00", "2026-11-30 09:00", "2026-11-27 23:59:59"),
        ("5 working_days", "2026-11-12 09:00", "2026-11-19 09:00", "2026-11-27 23:59:59"),
        # natural days: the weekend counts as paused too, and the end moves off a pause
        ("7 days", "2026-11-21 09:00", "2026-11-22 17:00", "2026-11-30 23:59:59"),
        ("8 days", "2026-11-30 09:00", "2026-11-30 17:00", "2026-12-01 23:59:59"),
        ("1 months", "2026-11-23 09:00", "2026-11-25 17:00", "2026-12-23 23:59:59"),
        # a time of day: a pause before it moves it a day on, one after it changes nothing
        ("3 days 12:00", "2026-11-20 10:00", "2026-11-20 11:00", "2026-11-23 12:00"),
        ("3 days 12:00", "2026-11-21 15:00", "2026-11-21 16:00", "2026-11-24 12:00"),
        ("3 days 12:00", "2026-11-23 11:59", "2026-11-23 15:00", "2026-11-24 12:00"),
        ("3 days 12:00", "2026-11-23 11:59", "2026-11-25 09:00", "2026-11-26 12:00"),
        ("3 days 12:00", "2026-11-23 12:00", "2026-11-25 09:00", "2026-11-23 12:00"),
        ("1 working_days 12:00", "2026-11-23 09:00", "2026-11-27 09:00", "2026-11-30 12:00"),
        ("24 hours", "2026-11-20 10:00", "2026-11-20 10:00:01", "2026-11-21 09:00:01"),
        ("24 hours", "2026-11-21 09:00", "2026-11-22 10:00:00", "2026-11-21 09:00:00"),
        ("24 hours", "2026-11-19 09:00", "2026-11-20 10:00:00", "2026-11-21 10:00:00"),
        ("2 working_hours", "2026-11-20 10:00", "2026-11-20 16:00", "2026-11-20 17:00:00"),
        ("2 working_hours", "2026-11-20 12:00", "2026-11-20 14:30", "2026-11-20 11:00:00"),
    ],
)
def test_pause(limit, paused, resumed, due):
    pauses = [Pause(beijing(paused), beijing(resumed))]
    start = beijing("2026-11-20 09:00")
    assert deadline(start, Limit.parse(limit), REAL, pauses) == beijing(due)


@pytest.mark.parametrize("measure", Measure)
def test_an_open_pause_keeps_the_clock_from_running_out(measure):
    start, paused = beijing("2026-11-20 09:00"), beijing("2026-11-20 09:30")
    pauses = [Pause(paused, None)]
    assert deadline(start, Limit(1, measure), REAL, pauses) is None


@pytest.mark.parametrize("measure", Measure)
def test_a_clock_that_ran_out_before_an_open_pause_keeps_its_deadline(measure):
    start = beijing("2026-11-20 09:00")
    due = deadline(start, Limit(1, measure), REAL)
    assert due is not None
    assert deadline(start, Limit(1, measure), REAL, [Pause(due, None)]) == due


def test_pauses_may_come_in_any_order_and_overlap():
    first = Pause(beijing("2026-11-20 10:00"), beijing("2026-11-20 12:00"))
    second = Pause(beijing("2026-11-20 11:00"), beijing("2026-11-20 13:00"))
    inner = Pause(beijing("2026-11-20 11:10"), beijing("2026-11-20 11:20"))
    due = deadline(
        beijing("2026-11-20 09:00"), Limit.parse("2 hours"), REAL, [second, inner, first]
    )
    assert due == beijing("2026-11-20 14:00")


def test_an_open_pause_swallows_those_within_it():
    pauses = [
        Pause(beijing("2026-11-20 10:00"), None),
        Pause(beijing("2026-11-20 11:00"), beijing("2026-11-20 12:00")),
    ]
    assert deadline(beijing("2026-11-20 09:00"), Limit.parse("2 hours"), REAL, pauses) is None


def test_a_pause_that_ends_before_it_starts_is_refused():
    pauses = [Pause(beijing("2026-11-20 10:00"), beijing("2026-11-20 09:00"))]
    with pytest.raises(ValueError, match="ends before it starts"):
        deadline(beijing("2026-11-20 08:00"), Limit.parse("2 hours"), REAL, pauses)


def test_a_moment_without_zone_is_refused():
    naive = datetime(2026, 11, 20)  # noqa: DTZ001
    with pytest.raises(ValueError, match="needs its zone"):
        deadline(naive, Limit.parse("2 hours"), REAL)


@pytest.mark.parametrize(
    ("moment", "limit", "sign", "there"),
    [
        ("2026-11-27 23:59:59", "2 working_days", -1, "2026-11-25 23:59:59"),
        ("2026-11-23 23:59:59", "1 working_days", -1, "2026-11-20 23:59:59"),
        ("2026-02-24 23:59:59", "1 working_days", -1, "2026-02-14 23:59:59"),
        ("2026-02-14 09:00:00", "1 working_days", 1, "2026-02-24 09:00:00"),
        ("2026-11-21 09:00:00", "0 working_days", 1, "2026-11-21 09:00:00"),
        ("2026-11-23 09:00:00", "2 days", -1, "2026-11-21 09:00:00"),
        ("2026-03-31 09:00:00", "1 months", -1, "2026-02-28 09:00:00"),
        ("2026-11-23 09:00:00", "24 hours", -1, "2026-11-22 09:00:00"),
        ("2026-11-27 23:59:59", "4 working_hours", -1, "2026-11-27 11:00:00"),
        ("2026-11-23 09:00:00", "2 working_hours", -1, "2026-11-20 16:30:00"),
        ("2026-11-20 16:30:00", "2 working_hours", 1, "2026-11-23 09:00:00"),
        ("2026-11-21 09:00:00", "0 working_hours", 1, "2026-11-21 09:00:00"),
    ],
)
def test_shift(moment, limit, sign, there):
    assert shift(beijing(moment), Limit.parse(limit), REAL, sign) == beijing(there)


@pytest.mark.parametrize(
    ("now", "measure", "amount", "overdue"),
    [
        # due on Friday 27 November, at the end of the day
        ("2026-11-20 09:00", "working_days", 5, False),
        ("2026-11-26 23:00", "working_days", 1, False),
        ("2026-11-27 09:00", "working_days", 0, False),
        ("2026-11-27 23:59:59", "working_days", 0, False),
        ("2026-11-28 09:00", "working_days", 0, True),
        ("2026-11-30 09:00", "working_days", 1, True),
        ("2026-11-30 09:00", "days", 3, True),
        ("2026-11-20 09:00", "days", 7, False),
        ("2026-11-27 22:00", "hours", 1, False),
        ("2026-11-28 03:00", "hours", 3, True),
        ("2026-11-26 16:00", "working_hours", 8, False),
        ("2026-11-30 10:00", "working_hours", 2, True),
        ("2025-11-27 23:59:59", "working_hours", 7 * 248, False),
    ],
)
def test_left(now, measure, amount, overdue):
    due = beijing("2026-11-27 23:59:59")
    assert left(beijing(now), due, Measure(measure), REAL) == Left(
        amount, Measure(measure), overdue
    )


def test_months_are_told_in_days():
    now, due = beijing("2026-11-20 09:00"), beijing("2027-02-22 23:59:59")
    assert left(now, due, Measure.MONTHS, REAL) == Left(94, Measure.DAYS, overdue=False)
