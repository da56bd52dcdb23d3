"""What holds of every deadline, whatever the start, the limit, the holidays and the pauses."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given
from hypothesis import strategies as st

from jiulong.calendar.clocks import (
    Calendar,
    Limit,
    Measure,
    OfficeHours,
    Pause,
    deadline,
    left,
    shift,
)
from jiulong.calendar.working_time import BEIJING, SUMMER_HOURS, WINTER_HOURS

from .days import REAL

FIRST, LAST = datetime(2025, 6, 1), datetime(2026, 12, 31)  # noqa: DTZ001 - hypothesis adds the zone
OF_DAYS = (Measure.WORKING_DAYS, Measure.DAYS, Measure.MONTHS)

moments = st.datetimes(FIRST, LAST, timezones=st.sampled_from([UTC, BEIJING]))
limits = st.one_of(
    st.builds(Limit, st.integers(0, 40), st.sampled_from(Measure)),
    st.builds(
        Limit,
        st.integers(0, 40),
        st.sampled_from([Measure.DAYS, Measure.WORKING_DAYS]),
        st.times().map(lambda each: each.replace(second=0, microsecond=0)),
    ),
)
dates = st.dates(date(2025, 6, 1), date(2027, 3, 1))
calendars = st.one_of(
    st.just(REAL),
    st.builds(
        Calendar,
        holidays=st.frozensets(dates, max_size=60),
        workdays=st.frozensets(dates, max_size=60),
        hours=st.sampled_from([(WINTER_HOURS,), (WINTER_HOURS, SUMMER_HOURS)]),
    ),
)


@st.composite
def _pauses(draw: st.DrawFn) -> list[Pause]:
    begins = draw(st.lists(moments, max_size=4))
    lengths = st.timedeltas(timedelta(0), timedelta(days=12))
    return [Pause(begin, begin + draw(lengths)) for begin in begins]


pauses = _pauses()


@given(moments, limits, calendars, pauses)
def test_ends_at_or_after_the_start_and_is_the_same_each_time(start, limit, calendar, stops):
    due = deadline(start, limit, calendar, stops)
    assert due is not None
    assert due >= start or limit == Limit(0, limit.measure)
    assert due == deadline(start.astimezone(UTC), limit, calendar, stops[::-1])


@given(moments, moments, limits, calendars, pauses)
def test_a_later_start_never_ends_earlier(one, other, limit, calendar, stops):
    first, second = sorted([one, other])
    if limit.measure is Measure.MONTHS:  # art. 202 cuts the month's end off: see the docstring
        assume(not any(p.end and p.end >= first and p.start <= second for p in stops))
    ends = [deadline(start, limit, calendar, stops) for start in (first, second)]
    assert ends == sorted(ends)  # type: ignore[type-var]


@given(moments, limits, calendars, pauses)
def test_a_greater_limit_never_ends_earlier(start, limit, calendar, stops):
    more = replace(limit, amount=limit.amount + 1)
    due, later = (deadline(start, each, calendar, stops) for each in (limit, more))
    assert due is not None
    assert later is not None
    assert due <= later
    if limit.amount and limit.measure not in (Measure.DAYS, Measure.MONTHS):
        assert due < later


@given(moments, limits, calendars, pauses, moments, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_another_pause_never_ends_it_earlier(start, limit, calendar, stops, begin, length):
    due = deadline(start, limit, calendar, stops)
    later = deadline(start, limit, calendar, [*stops, Pause(begin, begin + length)])
    assert due is not None
    assert later is not None
    assert due <= later


@given(moments, limits, calendars, pauses, moments)
def test_a_pause_without_length_changes_nothing(start, limit, calendar, stops, moment):
    with_it = [*stops, Pause(moment, moment)]
    assert deadline(start, limit, calendar, with_it) == deadline(start, limit, calendar, stops)


@given(moments, st.integers(0, 40), st.sampled_from(OF_DAYS), calendars, pauses)
def test_a_clock_of_days_ends_on_a_working_day_at_its_last_moment(
    start, amount, measure, calendar, stops
):
    due = deadline(start, Limit(amount, measure), calendar, stops)
    assert due is not None
    assert calendar.is_working_day(due.date())
    assert due.time().isoformat() == "23:59:59"
    for stop in stops:
        assert stop.end is not None
        assert not stop.start < due < stop.end


@given(moments, st.integers(1, 40), st.sampled_from(OF_DAYS), calendars)
def test_the_day_of_the_start_is_not_counted(start, amount, measure, calendar):
    due = deadline(start, Limit(amount, measure), calendar)
    assert due is not None
    assert due.date() > start.astimezone(BEIJING).date()


@given(moments, st.integers(0, 40), calendars)
def test_working_days_are_counted_one_by_one(start, amount, calendar):
    due = deadline(start, Limit(amount, Measure.WORKING_DAYS), calendar)
    assert due is not None
    began = start.astimezone(BEIJING).date()
    if amount:
        assert calendar.working_days_between(began, due.date()) == amount
    span = range(1, (due.date() - began).days + 1)
    worked = [calendar.is_working_day(began + timedelta(days=each)) for each in span]
    assert sum(worked) == calendar.working_days_between(began, due.date())


@given(moments, st.integers(1, 400), calendars, st.data())
def test_a_clock_of_hours_is_late_by_as_long_as_it_stood(start, hours, calendar, data):
    limit = Limit(hours, Measure.HOURS)
    due = deadline(start, limit, calendar)
    assert due is not None
    within = st.timedeltas(timedelta(0), timedelta(hours=hours) - timedelta(microseconds=1))
    begin = start + data.draw(within)
    length = data.draw(st.timedeltas(timedelta(0), timedelta(days=9)))
    assert deadline(start, limit, calendar, [Pause(begin, begin + length)]) == due + length


@given(moments, st.integers(1, 40), calendars, st.data())
def test_a_clock_of_working_days_is_late_by_the_working_days_it_stood(
    start, amount, calendar, data
):
    limit = Limit(amount, Measure.WORKING_DAYS)
    due = deadline(start, limit, calendar)
    assert due is not None
    first = start.astimezone(BEIJING).date() + timedelta(days=1)
    days = st.integers(0, (due.date() - first).days).map(lambda n: first + timedelta(days=n))
    begins, ends = sorted([data.draw(days), data.draw(days)])
    noon = datetime.min.time().replace(hour=12)
    pause = Pause(datetime.combine(begins, noon, BEIJING), datetime.combine(ends, noon, BEIJING))
    assume(pause.start != pause.end)
    stood = calendar.working_days_between(begins - timedelta(days=1), ends)
    late = shift(due, Limit(stood, Measure.WORKING_DAYS), calendar)
    assert deadline(start, limit, calendar, [pause]) == late


@given(moments, limits, calendars, pauses, moments)
def test_an_open_pause_is_as_if_it_were_resumed_only_if_the_clock_ran_out_before(
    start, limit, calendar, stops, moment
):
    stands = deadline(start, limit, calendar, [*stops, Pause(moment, None)])
    resumed = deadline(
        start, limit, calendar, [*stops, Pause(moment, moment + timedelta(days=200))]
    )
    if stands is not None:
        assert stands == resumed == deadline(start, limit, calendar, stops)
    else:
        assert resumed is not None
        assert resumed > moment + timedelta(days=199)


@given(moments, st.integers(0, 100), calendars)
def test_working_hours_forth_and_back_spend_the_same(start, amount, calendar):
    limit = Limit(amount, Measure.WORKING_HOURS)
    there = shift(start, limit, calendar)
    assert there == deadline(start, limit, calendar)
    assert calendar.office_time(calendar.local(start), there) == timedelta(hours=amount)
    back = shift(there, limit, calendar, -1)
    assert back >= calendar.local(start)
    assert calendar.office_time(back, there) == timedelta(hours=amount)


@given(moments, moments, calendars)
def test_office_time_is_the_sum_of_its_stretches(one, other, calendar):
    first, last = sorted(calendar.local(moment) for moment in (one, other))
    stretches = (end - begin for begin, end in calendar.office_spans(first, last))
    assert calendar.office_time(first, last) == sum(stretches, timedelta())


@given(moments, limits, calendars)
def test_shift_moves_the_right_way(moment, limit, calendar):
    assert shift(moment, limit, calendar, -1) <= moment <= shift(moment, limit, calendar, 1)


@given(moments, moments, st.sampled_from(Measure), calendars)
def test_what_is_left_is_overdue_only_after_the_deadline(now, due, measure, calendar):
    rest, reverse = left(now, due, measure, calendar), left(due, now, measure, calendar)
    assert rest.overdue == (now > due)
    assert rest.amount == reverse.amount >= 0


@given(st.lists(st.times(), min_size=2, max_size=4), dates)
def test_office_hours_ascend(moments_of_day, day):
    spans = tuple(zip(moments_of_day[::2], moments_of_day[1::2], strict=False))
    flat = [moment for span in spans for moment in span]
    if flat == sorted(set(flat)):
        assert OfficeHours(spans).covers(day)
    else:
        try:
            OfficeHours(spans)
        except ValueError:
            return
        raise AssertionError(spans)
