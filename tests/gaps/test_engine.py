"""What is owed and what is missing: arithmetic on stretches, no database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from jiulong.gaps import engine
from jiulong.gaps.engine import Stretch
from jiulong.monitoring.models import Period

#: A local midnight: 16:00 UTC.
MIDNIGHT = datetime(2026, 3, 9, 16, tzinfo=UTC)


def at(hours: float) -> datetime:
    return MIDNIGHT + timedelta(hours=hours)


def span(first: float, last: float) -> Stretch:
    return Stretch(at(first), at(last))


def test_it_knows_the_length_of_every_owed_period() -> None:
    lengths = [engine.minutes_of(p, 10) for p in (Period.MINUTE, Period.HOUR, Period.DAY)]
    assert lengths == [10, 60, 1440]
    with pytest.raises(KeyError):
        engine.minutes_of(Period.STATE, 10)


@pytest.mark.parametrize(
    ("moment", "minutes", "below", "above"),
    [
        (at(1), 60, at(1), at(1)),
        (at(1.4), 60, at(1), at(2)),
        (at(0.05), 10, at(0), at(1 / 6)),
        (at(5), 1440, at(0), at(24)),  # a day begins at local midnight, not at that of UTC
        (at(24), 1440, at(24), at(24)),
    ],
)
def test_it_begins_periods_at_whole_multiples_after_local_midnight(
    moment: datetime, minutes: int, below: datetime, above: datetime
) -> None:
    assert (engine.floor(moment, minutes), engine.ceiling(moment, minutes)) == (below, above)


def test_it_finds_what_is_missing_and_joins_neighbours() -> None:
    came = [at(n) for n in (0, 1, 4, 7)]
    assert engine.missing(span(0, 9), came, 60) == [span(2, 4), span(5, 7), span(8, 9)]


def test_it_finds_nothing_where_all_came_and_everything_where_nothing_did() -> None:
    assert engine.missing(span(0, 3), [at(0), at(1), at(2)], 60) == []
    assert engine.missing(span(0, 3), [], 60) == [span(0, 3)]
    assert engine.missing(span(3, 3), [], 60) == []


def test_it_takes_what_lies_close_together_for_one_gap() -> None:
    every_other = [Stretch(at(n / 3), at(n / 3 + 1 / 6)) for n in range(6)]
    assert engine.grouped(every_other) == [every_other]
    # A whole hour that came between two that did not parts them.
    assert engine.grouped([span(0, 1), span(2, 3)]) == [[span(0, 1)], [span(2, 3)]]


def test_it_takes_stretches_out_of_stretches() -> None:
    assert engine.minus([span(0, 10)], [span(2, 3), span(3, 4), span(9, 12)]) == [
        span(0, 2), span(4, 9),
    ]  # fmt: skip
    assert engine.minus([span(0, 2), span(4, 6)], [span(0, 6)]) == []
    assert engine.minus([span(0, 2)], []) == [span(0, 2)]
    assert engine.minus([span(0, 2)], [span(5, 6)]) == [span(0, 2)]


def test_it_asks_for_no_more_than_fits_one_request() -> None:
    assert engine.chunk([span(0, 100)], 60, 24) == span(0, 24)
    assert engine.chunk([span(0, 2), span(5, 6), span(40, 41)], 60, 24) == span(0, 6)
    assert engine.chunk([span(0, 2), span(20, 90)], 60, 24) == span(0, 24)
    assert engine.chunk([], 60, 24) is None


def test_it_counts_into_local_months() -> None:
    last_evening = datetime(2026, 3, 31, 14, tzinfo=UTC)  # 22:00 on the 31st in Zhangzhou
    four_hours = Stretch(last_evening, last_evening + timedelta(hours=4))
    assert engine.by_month([four_hours], 60) == {date(2026, 3, 1): 2, date(2026, 4, 1): 2}
    assert engine.month_start(date(2026, 4, 1)) == datetime(2026, 3, 31, 16, tzinfo=UTC)
    assert engine.next_month(date(2026, 12, 1)) == date(2027, 1, 1)


def test_it_knows_which_interval_held_and_until_when() -> None:
    settings = [(at(0), 10), (at(24), 5), (at(48), 30)]
    never = datetime.max.replace(tzinfo=UTC)
    assert engine.interval_at(settings, at(-5)) == (10, at(24))
    assert engine.interval_at(settings, at(23)) == (10, at(24))
    assert engine.interval_at(settings, at(24)) == (5, at(48))
    assert engine.interval_at(settings, at(99)) == (30, never)
