"""What is owed and what is missing, as pure arithmetic on stretches of time.

A reading is known by the start of its period (HJ 212-2017 §6.6.5: `DataTime` of 2031, 2051 and
2061 is the start). All lengths divide the local day, and periods begin at whole multiples of their
length after local midnight.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from jiulong.monitoring.models import Period

#: HJ 212 reckons in Beijing time, which has no summer time since 1991.
ZONE: Final = ZoneInfo("Asia/Shanghai")
#: A local midnight: from here every period of every length begins at a whole multiple.
ORIGIN: Final = datetime(1999, 12, 31, 16, tzinfo=UTC)
HOUR_MINUTES: Final = 60
DAY_MINUTES: Final = 1440
#: Missing stretches with less than this between them are one gap: a logger that sends every other
#: minute has one gap a day, not seventy.
BRIDGE: Final = timedelta(hours=1)


class Stretch(NamedTuple):
    """From `start` (included) to `end` (excluded)."""

    start: datetime
    end: datetime


def minutes_of(period: int, interval: int) -> int:
    """Length of one period in minutes; `interval` is that of the point's minute data.

    Raises:
        KeyError: the period is none of which every one is owed.
    """
    return {Period.MINUTE: interval, Period.HOUR: HOUR_MINUTES, Period.DAY: DAY_MINUTES}[
        Period(period)
    ]


def floor(moment: datetime, minutes: int) -> datetime:
    """The start of the period that holds `moment`."""
    length = timedelta(minutes=minutes)
    return ORIGIN + (moment - ORIGIN) // length * length


def ceiling(moment: datetime, minutes: int) -> datetime:
    """The first start of a period at or after `moment`."""
    length = timedelta(minutes=minutes)
    return ORIGIN - (ORIGIN - moment) // length * length


def count(stretches: Iterable[Stretch], minutes: int) -> int:
    """How many periods the stretches hold."""
    length = timedelta(minutes=minutes)
    return sum((end - start) // length for start, end in stretches)


def missing(stretch: Stretch, received: Collection[datetime], minutes: int) -> list[Stretch]:
    """What of the periods in `stretch` was not received, neighbours joined, in order."""
    length = timedelta(minutes=minutes)
    have = received if isinstance(received, set | frozenset) else set(received)
    found: list[Stretch] = []
    at = stretch.start
    while at < stretch.end:
        if at not in have:
            if found and found[-1].end == at:
                found[-1] = Stretch(found[-1].start, at + length)
            else:
                found.append(Stretch(at, at + length))
        at += length
    return found


def grouped(stretches: Sequence[Stretch], bridge: timedelta = BRIDGE) -> list[list[Stretch]]:
    """Missing stretches (in order) as gaps: those with less than `bridge` between them together."""
    groups: list[list[Stretch]] = []
    for one in stretches:
        if groups and one.start - groups[-1][-1].end < bridge:
            groups[-1].append(one)
        else:
            groups.append([one])
    return groups


def joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same time in as few stretches as possible, in order."""
    found: list[Stretch] = []
    for one in sorted(stretches):
        if found and one.start <= found[-1].end:
            found[-1] = Stretch(found[-1].start, max(found[-1].end, one.end))
        else:
            found.append(one)
    return found


def minus(stretches: Iterable[Stretch], taken: Iterable[Stretch]) -> list[Stretch]:
    """What of the stretches lies in none of `taken`, in order."""
    away = joined(taken)
    left: list[Stretch] = []
    for start, end in joined(stretches):
        at = start
        for gone in away:
            if gone.end <= at or gone.start >= end:
                continue
            if gone.start > at:
                left.append(Stretch(at, gone.start))
            at = max(at, gone.end)
        if at < end:
            left.append(Stretch(at, end))
    return left


def chunk(stretches: Sequence[Stretch], minutes: int, most: int) -> Stretch | None:
    """What to ask for at once: from the first missing period on, `most` periods at most.

    It may reach over what is there already: to ask once and hear some of it twice is less than to
    ask often. None: there is nothing to ask for.
    """
    if not stretches:
        return None
    begin = stretches[0].start
    limit = begin + most * timedelta(minutes=minutes)
    end = max(one.end for one in stretches if one.start < limit)
    return Stretch(begin, min(end, limit))


def month_of(moment: datetime) -> date:
    """The first day of the local month that holds `moment`."""
    return moment.astimezone(ZONE).date().replace(day=1)


def month_start(month: date) -> datetime:
    """When a local month begins."""
    return datetime(month.year, month.month, 1, tzinfo=ZONE).astimezone(UTC)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1)


def by_month(stretches: Iterable[Stretch], minutes: int) -> dict[date, int]:
    """How many periods of the stretches begin in each local month."""
    counts: dict[date, int] = {}
    for start, end in stretches:
        at = start
        while at < end:
            month = month_of(at)
            upto = min(end, month_start(next_month(month)))
            counts[month] = counts.get(month, 0) + count([Stretch(at, upto)], minutes)
            at = upto
    return counts


def interval_at(settings: Sequence[tuple[datetime, int]], moment: datetime) -> tuple[int, datetime]:
    """The minute interval that held at `moment`, and until when (`datetime.max`: still).

    `settings` are (since, minutes) in order; before the first of them the first holds.
    """
    current, until = settings[0][1], datetime.max.replace(tzinfo=UTC)
    for since, minutes in settings[1:]:
        if since > moment:
            until = since
            break
        current = minutes
    return current, until
