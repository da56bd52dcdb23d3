"""Thirty days of a fleet's past, written into the journal as if they had been received.

Every frame is what its logger would have sent (the water is a function of time, so what the live
fleet sends later continues it), with the receive time it would have had; one batch an hour, in the
order of time. Lines broke too: some spans were lost, some came late, one logger sends the wrong
password, one is unknown, a few frames came damaged, and a few say something else the second time.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any, Final, NamedTuple

import numpy as np
from django.db import connection, transaction

from jiulong.gateway.journal import APPEND_BY_DJANGO, BATCH_FRAMES_MAX, Entry, Verdict, pack
from jiulong.simulator.arithmetic import Statistics, statistics, summarise
from jiulong.simulator.noise import Ints, seed_of
from jiulong.simulator.scenario import Span
from jiulong.simulator.station import SLICE_S, slice_of
from jiulong.simulator.water import DAY_S, HOUR_S, LOCAL_S
from jiulong.simulator.wire import Cn, FastWriter, LoggerSpec, clock_text

NODE: Final = "history"
#: Shares of the fleet, in thousandths, by what happened to their lines.
LOST: Final = 50  # a few hours were never sent
LATE: Final = 60  # the line was down for hours, then everything came at once
DISPUTED: Final = 30  # one hour was sent again, with other values
#: One frame in so many came damaged as well.
DAMAGED_EACH: Final = 9000
#: A logger that nobody registered has been knocking for so long.
STRANGER_S: Final = 36 * HOUR_S
#: A password that was typed wrong, and noticed after three hours.
MISTYPED_S: Final = 3 * HOUR_S
#: Since when one logger is silent.
SILENT_S: Final = 26 * HOUR_S
#: Places in the fleet, from 0. The silent one goes on being silent in the live scenario.
SILENT_PLACE: Final = 41
MISTYPED_PLACE: Final = 77
STRANGER_MN: Final = "0100DE30350602000000FFFF"
BATCH_SPACE: Final = uuid.UUID("6f1d2a52-7b1c-4c0e-9a41-2f6a35060200")

Heard = tuple[int, int, str, bytes]  # as `Entry`


@dataclass(frozen=True, slots=True)
class Luck:
    """What happened to one logger's line."""

    lost: Span | None = None
    late: Span | None = None
    mistyped: Span | None = None
    silent_from: float | None = None
    disputed_at: int | None = None  # start of the hour that was sent twice


class Batch(NamedTuple):
    """An hour of frames, ready for the journal."""

    received_at: datetime
    entries: list[Entry]


def luck_of(spec: LoggerSpec, place: int, start: int, end: int) -> Luck:
    """The line's luck between two moments. `place` is the logger's in the fleet, from 0."""
    draw = seed_of(spec.seed, "line") % 1000
    hour = (end - start) // HOUR_S
    if hour < 48:
        return Luck()
    at = start + (6 + seed_of(spec.seed, "when") % (hour - 40)) * HOUR_S
    length = (3 + seed_of(spec.seed, "long") % 14) * HOUR_S
    lucks = (
        (place == SILENT_PLACE, Luck(silent_from=end - SILENT_S)),
        (place == MISTYPED_PLACE, Luck(mistyped=Span(at, at + MISTYPED_S))),
        (draw < LOST, Luck(lost=Span(at, at + length / 2))),
        (draw < LOST + LATE, Luck(late=Span(at, at + length))),
        (draw < LOST + LATE + DISPUTED, Luck(disputed_at=at)),
    )
    return next((luck for happened, luck in lucks if happened), Luck())


class Past:
    """One logger's past, a day at a time."""

    def __init__(
        self,
        spec: LoggerSpec,
        place: int,
        start: int,
        end: int,
        verdict: Verdict = Verdict.ACCEPTED,
    ) -> None:
        self.spec = spec
        self._verdict = int(verdict)
        self.start, self.end = start, end
        self.luck = luck_of(spec, place, start, end)
        self._model = spec.model()
        self._writer = FastWriter(spec)
        self._peer = f"10.20.{place // 200}.{place % 200 + 1}:{40000 + place}"
        delay = spec.delay_s
        self._delay_us = int(delay * 1e6)
        self._suffix = f"{int(delay):02d}{int(delay % 1 * 1000):03d}".encode()

    def day(self, day: int) -> list[Heard]:
        """Everything heard of it about the day that begins at `day` (local midnight)."""
        first, last = max(day, self.start), min(day + DAY_S, self.end)
        if first >= last:
            return []
        heard: list[Heard] = []
        minute_s = self.spec.minute_min * 60
        slices = np.arange(first, last, SLICE_S, dtype=np.int64)
        sample = self._model.sample(slices)

        def cut(length_s: int) -> Statistics:
            count = (last - first) // length_s
            shape = (len(self._model.instruments), count, length_s // SLICE_S)
            used = count * length_s // SLICE_S
            values, marks = sample.values[:, :used], sample.marks[:, :used]
            return summarise(self._model, values.reshape(shape), marks.reshape(shape), SLICE_S)

        if slice_of(minute_s) == SLICE_S:
            heard += self._heard("2051", first, minute_s, cut(minute_s))
        else:
            starts: Ints = np.arange(first, last, minute_s, dtype=np.int64)
            found = statistics(self._model, starts, minute_s, slice_of(minute_s))
            heard += self._heard("2051", first, minute_s, found)
        if last - first >= HOUR_S:
            heard += self._heard("2061", first, HOUR_S, cut(HOUR_S))
            heard += self._disputed(first, last, cut(HOUR_S))
        if last - first == DAY_S:
            heard += self._heard("2031", first, DAY_S, cut(DAY_S))
        return heard

    def _heard(self, cn: Cn, first: int, length_s: int, found: Statistics) -> list[Heard]:
        count = found.means.shape[1]
        starts = range(first, first + count * length_s, length_s)
        texts = [clock_text(start).encode() for start in (*starts, first + count * length_s)]
        # A period is sent so many seconds after its end; minutes, hours and days not in the same
        # millisecond, because QN must be unique.
        shift = {"2051": 0, "2061": 400_000, "2031": 800_000}[cn]
        suffix = f"{(int(self._suffix) + shift // 1000):05d}".encode()
        qns = [text[:12] + suffix for text in texts[1:]]
        frames = self._writer.frames(cn, found, texts[:-1], qns)
        late_us = length_s * 1_000_000 + self._delay_us + shift
        peer, verdict = self._peer, self._verdict
        heard = [
            (start * 1_000_000 + late_us, verdict, peer, raw)
            for start, raw in zip(starts, frames, strict=True)
        ]
        return heard if self.luck == Luck() else [h for h in map(self._suffer, heard) if h]

    def _suffer(self, heard: Heard) -> Heard | None:
        """What the line made of a frame: nothing, the same, later, or refused."""
        luck, (at_us, verdict, peer, raw) = self.luck, heard
        at = at_us / 1e6
        if luck.silent_from is not None and at >= luck.silent_from:
            return None
        if luck.lost and luck.lost.start <= at < luck.lost.end:
            return None
        if luck.mistyped and luck.mistyped.start <= at < luck.mistyped.end:
            return at_us, int(Verdict.WRONG_PASSWORD), peer, raw
        if luck.late and luck.late.start <= at < luck.late.end:
            # A dozen frames a second, once the line was back.
            again = luck.late.end + (at - luck.late.start) / (luck.late.end - luck.late.start) * 15
            return int(again * 1e6), verdict, peer, raw
        return heard

    def _disputed(self, first: int, last: int, hours: Statistics) -> list[Heard]:
        """The hour that was sent again a day later, with other values."""
        at = self.luck.disputed_at
        if at is None or not first <= at < last:
            return []
        place = (at - first) // HOUR_S
        one = slice(place, place + 1)
        changed = Statistics(
            hours.totals[:, one],
            hours.minima[:, one] * 0.92,
            hours.means[:, one] * 0.92,
            hours.maxima[:, one] * 0.92,
            hours.marks[:, one],
        )
        sent = at + HOUR_S + DAY_S + 1800
        qn = clock_text(sent).encode() + b"777"
        raw = self._writer.frames("2061", changed, [clock_text(at).encode()], [qn])[0]
        return [(sent * 1_000_000 + 777_000, 0, self._peer, raw)]


def local_midnight(at: int) -> int:
    return (at + LOCAL_S) // DAY_S * DAY_S - LOCAL_S


def batches(specs: Sequence[LoggerSpec], start: int, end: int) -> Iterator[Batch]:
    """Everything heard between two moments (seconds since 1970), hour by hour.

    `start` must be a whole hour and `end` a whole ten minutes, as periods are.
    """
    if start % HOUR_S or end % (10 * SLICE_S):
        raise ValueError("history begins with an hour and ends with ten minutes")
    pasts = [Past(spec, place, start, end) for place, spec in enumerate(specs)]
    if specs and end - start > STRANGER_S:
        stranger = replace(specs[0], mn=STRANGER_MN, password="888888")  # noqa: S106 - invented
        pasts.append(Past(stranger, len(specs), end - STRANGER_S, end, Verdict.UNKNOWN_MN))
    hours: dict[int, list[Heard]] = defaultdict(list)
    for day in range(local_midnight(start), end, DAY_S):
        for past in pasts:
            for heard in past.day(day):
                hours[heard[0] // 3_600_000_000].append(heard)
        done = min(day + DAY_S, end) // HOUR_S
        for hour in sorted(hour for hour in hours if hour < done):
            yield from _batches(hours.pop(hour))
    for hour in sorted(hours):
        heard_in_time = [h for h in hours[hour] if h[0] < (end + 60) * 1_000_000]
        if heard_in_time:
            yield from _batches(heard_in_time)


def _batches(heard: list[Heard]) -> Iterator[Batch]:
    entries = [Entry(*one) for one in heard]
    entries += [_damaged(one) for one in heard if _chance(one[0]) % DAMAGED_EACH == 0]
    entries.sort(key=itemgetter(0))
    for first in range(0, len(entries), BATCH_FRAMES_MAX):
        part = entries[first : first + BATCH_FRAMES_MAX]
        yield Batch(datetime.fromtimestamp(part[-1].received_at_us / 1e6, UTC), part)


def _chance(at_us: int) -> int:
    """A number as good as drawn (Knuth's multiplicative hash of the millisecond)."""
    return (at_us // 1000 * 2_654_435_761 & 0xFFFFFFFF) >> 8


def _damaged(heard: Heard) -> Entry:
    """The same frame with a bit flipped on the way, a little earlier: it was then sent again."""
    at_us, _verdict, peer, raw = heard
    spoilt = raw[:150] + bytes([raw[150] ^ 0x04]) + raw[151:]
    return Entry(at_us - 10_000_000, int(Verdict.BAD_CRC), peer, spoilt)


def write_history(
    specs: Sequence[LoggerSpec],
    start: int,
    end: int,
    say: Callable[[datetime, int], None] = lambda _at, _frames: None,
) -> int:
    """Append the past to the journal; returns how many frames. Told again, it appends nothing new.

    The journal's lock keeps the order. Commits do not wait for the disk: nobody was promised
    anything about a past that can be made again.
    """
    total = 0
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        try:
            for batch in batches(specs, start, end):
                name = f"{start} {end} {batch.received_at.isoformat()}"
                row: list[Any] = [
                    uuid.uuid5(BATCH_SPACE, name), batch.received_at, NODE,
                    len(batch.entries), pack(batch.entries),
                ]  # fmt: skip
                with transaction.atomic():
                    cursor.execute(APPEND_BY_DJANGO, row)
                total += len(batch.entries)
                say(batch.received_at, total)
        finally:
            cursor.execute("RESET synchronous_commit")
    return total
