"""What is missing is found, grows, shrinks and is counted, a step at a time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from jiulong.evidence.models import Cursor
from jiulong.gaps.models import Expectation, Gap, IntervalSetting, MonthTally
from jiulong.monitoring.models import Period, Point
from tests.factories import make_finding, make_logger
from tests.gaps.conftest import Line, at, look

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


def told(gap: Gap) -> tuple[object, ...]:
    return (gap.start, gap.end, gap.missing, gap.left, gap.state, gap.cause)


def tally(point: Point, period: Period = Period.HOUR) -> tuple[int, int, int]:
    row = MonthTally.objects.get(point=point, period=period, month=MARCH)
    return row.expected, row.live, row.late


def test_it_finds_what_did_not_come_and_counts_it(point: Point, line: Line) -> None:
    line.hours(point, 0, 10, but={3, 4})
    look(10.6)
    (gap,) = Gap.objects.all()
    assert told(gap) == (at(3), at(5), 2, 2, "open", "unsent")
    assert gap.remaining == [[at(3), at(5)]]
    assert tally(point) == (10, 8, 0)


def test_it_waits_until_an_hour_is_due(point: Point, line: Line) -> None:
    line.hours(point, 0, 2)
    look(2.49)
    assert Expectation.objects.get().until == at(1)
    look(2.5)
    assert Expectation.objects.get().until == at(2)
    assert not Gap.objects.exists()
    look(3.5)
    assert [told(gap)[:3] for gap in Gap.objects.all()] == [(at(2), at(3), 1)]


def test_it_lets_a_gap_grow_while_the_point_is_away(point: Point, line: Line) -> None:
    line.hours(point, 0, 2)
    make_finding(point, rule="offline", started_at=at(2))
    for hour in (4, 5, 6, 7):
        look(hour + 0.5)
    (gap,) = Gap.objects.all()
    assert told(gap) == (at(2), at(7), 5, 5, "open", "offline")


def test_it_takes_out_what_came_after_all(point: Point, line: Line) -> None:
    line.hours(point, 0, 10, but={3, 4, 5})
    look(11)
    line.sends(point, [at(4)], received_at=at(12))
    look(12)
    gap = Gap.objects.get(start=at(3))
    assert told(gap)[:5] == (at(3), at(6), 3, 2, "open")
    assert gap.remaining == [[at(3), at(4)], [at(5), at(6)]]
    line.sends(point, [at(3), at(5)], received_at=at(13))
    look(13)
    gap.refresh_from_db()
    assert (gap.left, gap.state, gap.filled_at, gap.next_ask_at) == (0, "filled", at(13), None)
    # The hours that had become due meanwhile (10, 11) did not come.
    assert tally(point) == (12, 7, 3)


def test_it_counts_back_fill_as_late_however_it_comes(point: Point, line: Line) -> None:
    """A history that is recorded in one go is counted by when each reading was received."""
    line.sends(point, [at(n) for n in range(5)], received_at=at(5))
    line.hours(point, 5, 8)
    look(9)
    assert tally(point) == (8, 4, 4)  # the hour 4 came at once after its end
    assert not Gap.objects.exists()


def test_it_sees_minutes_hours_and_days_apart(point: Point, line: Line) -> None:
    minutes = [at(0) + timedelta(minutes=10 * n) for n in range(6 * 3) if n not in {7, 8, 10}]
    line.sends(point, minutes, Period.MINUTE)
    line.sends(point, [at(-8)], Period.DAY)  # the local day that holds START
    line.hours(point, 0, 3)
    look(3.6)
    gap = Gap.objects.get()
    # Less than an hour of what came lies between the missing minutes: one gap.
    assert (gap.period, gap.minutes, gap.missing) == (Period.MINUTE, 10, 3)
    assert (gap.start, gap.end) == (
        minutes[0] + timedelta(minutes=70),
        at(1) + timedelta(minutes=50),
    )
    assert len(gap.remaining) == 2
    assert tally(point, Period.MINUTE) == (18, 15, 0)
    look(24 + 16 + 2)  # two hours after the end of the day after
    assert Gap.objects.filter(period=Period.DAY).count() == 1


def test_it_dates_a_change_of_the_interval(point: Point, line: Line) -> None:
    line.sends(point, [at(n / 6) for n in range(12)], Period.MINUTE)
    look(2.5)
    Point.objects.filter(pk=point.pk).update(minute_interval=30)
    line.sends(point, [at(2), at(2.5), at(3), at(3.5)], Period.MINUTE)
    look(4.5)
    assert list(IntervalSetting.objects.values_list("minutes", "since")) == [
        (10, point.active_from), (30, at(4)),
    ]  # fmt: skip
    gap = Gap.objects.get()  # by what was set until then, two of three did not come
    assert (gap.minutes, gap.missing) == (10, 8)
    line.sends(point, [at(4), at(4.5)], Period.MINUTE)
    look(5.5)
    assert Gap.objects.count() == 1


def test_it_expects_nothing_before_the_first_reading_nor_after_service(
    point: Point, line: Line
) -> None:
    line.hours(point, 5, 7)
    Point.objects.filter(pk=point.pk).update(active_to=at(8.5))
    look(20)
    assert [told(gap)[:2] for gap in Gap.objects.all()] == [(at(7), at(8))]
    row = Expectation.objects.get()
    assert (row.since, row.until) == (at(5), at(8.5))


def test_it_judges_no_silence_while_frames_wait_to_be_recorded(point: Point, line: Line) -> None:
    line.hours(point, 0, 2)
    line.hours(point, 2, 9)
    Cursor.objects.filter(name="recorder").update(position=1)
    look(20)
    # What is recorded reaches to the batch that was received at two.
    assert Expectation.objects.get().until == at(1)
    assert not Gap.objects.exists()
    Cursor.objects.filter(name="recorder").update(position=2)
    look(9.5)
    assert not Gap.objects.exists()


def test_it_asks_later_where_the_logger_sends_by_itself(point: Point, line: Line) -> None:
    make_logger(point, profile="2025")
    line.hours(point, 0, 5, but={2})
    look(5.5)
    assert Gap.objects.get().next_ask_at == at(6.5)


def test_it_leaves_the_work_to_one_process(point: Point, line: Line) -> None:
    line.hours(point, 0, 5, but={2})
    look(5.5)
    look(5.5)
    assert Gap.objects.count() == 1
    assert tally(point) == (5, 4, 0)
