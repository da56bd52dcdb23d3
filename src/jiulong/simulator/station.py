"""A simulated data logger without a socket: times and frames in, bytes out.

It keeps every statistic until it is acknowledged (and repeats it with the same QN), forgets
real-time values that nobody listened to, and answers commands (`duties.py`). Two clocks come in
from outside: `now`, the simulated time in seconds since 1970, which decides what is due, and
`instant`, a steady clock in seconds, which decides when to repeat.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

import numpy as np

from hj212 import Frame, Profile, QnGenerator, upload
from jiulong.simulator.arithmetic import statistics
from jiulong.simulator.bottles import Bottles
from jiulong.simulator.duties import Duties
from jiulong.simulator.ledger import Ledger, Sent
from jiulong.simulator.noise import Ints, seed_of
from jiulong.simulator.water import DAY_S, HOUR_S, LOCAL_S, RANGE, Overlay
from jiulong.simulator.wire import (
    LoggerSpec,
    Rows,
    clock_text,
    columns_of,
    interval_rows,
    realtime_rows,
    talk,
)

#: Uploads on the way at once. The standard knows no window; real loggers keep few open.
WINDOW: Final = 8
#: One slice of annex D.1 a real-time value; shorter only where the period itself is short.
SLICE_S: Final = 60
SHORT_SLICE_S: Final = 5
#: A month of ten-minute statistics; past this the oldest go, as in a logger whose disk is full.
KEPT_MAX: Final = 5000
#: Parameters that are the same in every simulated analyser: accuracy, digestion, intercept, slope,
#: detection limit.
PARAMETERS: Final = {
    "i13002": "0.1",
    "i13004": "165.0",
    "i13005": "15",
    "i13007": "0.0",
    "i13008": "1.0",
    "i13009": "0.01",
}


@dataclass(slots=True)
class Upload:
    """A frame on its way."""

    raw: bytes
    qn: str  # empty: nobody will acknowledge it
    cn: str
    realtime: bool = False
    sent_at: float | None = None
    tries: int = 0


def slice_of(length_s: int) -> int:
    return SLICE_S if length_s >= 10 * SLICE_S else SHORT_SLICE_S


class Station:
    """One logger. `since`: statistics of periods that end after it are this station's to send."""

    def __init__(
        self,
        spec: LoggerSpec,
        *,
        since: float,
        ledger: Ledger | None = None,
        overlays: Iterable[Overlay] = (),
    ) -> None:
        self.spec = spec
        self.model = spec.model(tuple(overlays))
        self.ledger = ledger if ledger is not None else Ledger()
        self.password = spec.password
        self.key = spec.key
        self.realtime_s = spec.realtime_s
        self.minute_s = spec.minute_min * 60
        self.sends_realtime = True
        self.clock_offset_s = 0.0
        self.over_time_s = 10.0  # 2017 §6.2: radio bearers 10 s, 3 times
        self.re_count = 3
        self.bottles = Bottles()
        self.units = {"SB1": 1, "SB2": 1}
        self.reports_units = False  # 2021 every hour and 2041 every day, without being asked
        self.connected = False
        self.duties = Duties(self)
        self._qns = QnGenerator()
        self._uploads: deque[Upload] = deque()
        self._asked: deque[Upload] = deque()  # history on request: one, then wait
        self._control: list[bytes] = []
        phase = seed_of(spec.seed, "phase") % 1000 / 1000
        self._realtime_at = since - since % self.realtime_s + phase * self.realtime_s
        self._minute_at = -(-int(since) // self.minute_s) * self.minute_s
        self._hour_at = int(since) // HOUR_S * HOUR_S
        self._day_at = (int(since) + LOCAL_S) // DAY_S * DAY_S - LOCAL_S
        self._booted = False

    # -- time ---------------------------------------------------------------------------------

    def clock(self, now: float) -> float:
        """What the logger believes the time to be."""
        return now + self.clock_offset_s

    def next_due(self) -> float:
        """When `tick` next has something to do, in simulated time."""
        statistics_at = self._minute_at + self.minute_s + self.spec.delay_s
        hour_at = self._hour_at + HOUR_S + self.spec.delay_s
        due = min(statistics_at, hour_at)
        if self.sends_realtime and self.connected:
            due = min(due, self._realtime_at)
        return due - self.clock_offset_s

    def tick(self, now: float) -> None:
        """Make every upload that has become due."""
        clock = self.clock(now)
        self._tick_realtime(clock)
        done = clock - self.spec.delay_s
        self._minute_at = self._tick_interval("2051", self._minute_at, self.minute_s, done)
        hour, day = self._hour_at, self._day_at
        self._hour_at = self._tick_interval("2061", hour, HOUR_S, done)
        self._day_at = self._tick_interval("2031", day, DAY_S, done)
        if self.reports_units:
            if self._hour_at > hour and self.connected:
                self.send_states(now)
            for start in range(day, self._day_at, DAY_S):
                self.send_run_hours(start)

    def _tick_realtime(self, clock: float) -> None:
        if clock < self._realtime_at:
            return
        count = int((clock - self._realtime_at) // self.realtime_s) + 1
        first = self._realtime_at
        self._realtime_at += count * self.realtime_s
        if self.connected and self.sends_realtime:
            moments = first + np.arange(count) * self.realtime_s
            self.send_realtime(moments.astype(np.int64))

    def _tick_interval(self, cn: str, start: int, length_s: int, done: float) -> int:
        count = int((done - start) // length_s)
        if count <= 0:
            return start
        starts: Ints = start + np.arange(count, dtype=np.int64) * length_s
        self._uploads.extend(self.interval_uploads(cn, starts, length_s, late=not self.connected))
        while len(self._uploads) > KEPT_MAX:
            self._uploads.popleft()
        return start + count * length_s

    # -- making frames ------------------------------------------------------------------------

    def send_realtime(self, moments: Ints) -> None:
        """Queue a 2011 for each of these moments."""
        sample = self.model.sample(moments)
        for index, moment in enumerate(moments.tolist()):
            rows = realtime_rows(self.spec, self.model, sample, moment, index)
            # Real-time values of 2005 bear no QN, so nobody can acknowledge them.
            asks = self.spec.profile != "2005"
            self._uploads.extend(self.uploads("2011", moment, rows, asks=asks, realtime=True))

    def interval_uploads(
        self, cn: str, starts: Ints, length_s: int, *, late: bool
    ) -> Iterable[Upload]:
        """Statistics of the periods that begin at `starts`; `late` marks back-fill (2025: RF)."""
        found = statistics(self.model, starts, length_s, slice_of(length_s))
        for index, start in enumerate(starts.tolist()):
            end = start + length_s + self.spec.delay_s
            rows = interval_rows(self.spec, found, index)
            yield from self.uploads(cn, start, rows, qn_at=end, late=late)

    def uploads(
        self,
        cn: str,
        data_at: float,
        rows: Rows,
        *,
        params: dict[str, str] | None = None,
        qn_at: float | None = None,
        asks: bool = True,
        realtime: bool = False,
        late: bool = False,
    ) -> list[Upload]:
        """The frame, or where it is too long the packets, of one upload."""
        moment = datetime.fromtimestamp(data_at if qn_at is None else qn_at, UTC)
        qns = [self._qns.next(moment)]

        def next_qn() -> str:
            qns.append(self._qns.next(moment))
            return qns[-1]

        raws = upload(
            cn=cn, data=rows, params=params, time=clock_text(data_at), profile=self.talk,
            st=self.spec.st, pw=self.password, mn=self.spec.mn, qn=qns[0], ack=asks, rf=late,
            next_qn=next_qn,
        )  # fmt: skip
        if not asks:
            self.ledger.unasked += len(raws)
            return [Upload(raw, "", cn, realtime) for raw in raws]
        self.ledger.made += len(raws)
        names = qns if len(qns) == len(raws) else qns * len(raws)
        return [Upload(raw, qn, cn, realtime) for raw, qn in zip(raws, names, strict=True)]

    @property
    def talk(self) -> Profile:
        """The profile with the key of now; the host may set another."""
        return talk(self.spec.profile, self.key)

    def send_cabinet(self, now: float) -> None:
        """Queue a 3020 with door and temperature of the sampler's cabinet (a dialect's codes)."""
        told = {"i42003": str(int(self.bottles.door_open)),
                "i43007": str(self.bottles.temperature_c(now))}  # fmt: skip
        rows = {code: {"Info": value} for code, value in told.items()}
        self._uploads.extend(self.uploads("3020", self.clock(now), rows))

    def keep_by_itself(self, taken_at: float) -> int | None:
        """An over-limit sampler moves its buffered water into a bottle and tells so unasked.

        The buffer was filled at `taken_at`, an analysis before it is known to be over the limit.
        Returns: the bottle; None when all are full.
        """
        bottle = self.bottles.take(taken_at)
        if bottle is not None:
            told = {"VaseNo": str(bottle)}
            self._uploads.extend(self.uploads("3015", self.clock(taken_at), {}, params=told))
        return bottle

    def send_states(self, now: float) -> None:
        """Queue one 2021: what the units of the treatment plant do."""
        rows = {code: {"RS": str(state)} for code, state in self.units.items()}
        self._uploads.extend(self.uploads("2021", self.clock(now), rows))

    def set_unit(self, code: str, state: int, now: float) -> None:
        """A unit changes its state (0 off, 1 runs …) and is reported at once."""
        self.units[code] = state
        self.send_states(now)

    def send_run_hours(self, start: int) -> None:
        """Queue the 2041 of a local day: what runs ran all day."""
        rows = {code: {"RT": "24.0" if on == 1 else "0.0"} for code, on in self.units.items()}
        self._uploads.extend(self.uploads("2041", start, rows))

    def announce(self, infos: dict[str, str], now: float, pol: str = "") -> None:
        """Queue a 3020 of its own: parameters of an analyser, or states of the station."""
        self.duties.parameters |= {(pol, info): text for info, text in infos.items()}
        rows = {info: {"Info": text} for info, text in infos.items()}
        params = {"PolId": pol} if pol else None
        self._uploads.extend(self.uploads("3020", self.clock(now), rows, params=params))

    # -- what commands change or ask ----------------------------------------------------------

    @property
    def codes(self) -> set[str]:
        """The factors this logger knows, as it names them."""
        return {column.code for column in columns_of(self.spec)}

    def set_realtime_interval(self, seconds: int) -> None:
        self._realtime_at += seconds - self.realtime_s
        self.realtime_s = seconds

    def set_minute_interval(self, seconds: int) -> None:
        """The new interval begins at its next whole multiple, so that no period is sent twice."""
        self._minute_at = -(-self._minute_at // seconds) * seconds
        self.minute_s = seconds

    def serial(self, code: str) -> str:
        """24 hex digits that name the analyser of a factor."""
        return f"{seed_of(self.spec.seed, code, 1):016X}{seed_of(self.spec.seed, code, 2):016X}"[
            :24
        ]

    def parameter(self, code: str, info: str) -> str | None:
        """A parameter of an analyser (HJ 212-2017 table B.5), or None if it has none such."""
        row = next((c.row for c in columns_of(self.spec) if c.code == code), None)
        if info == "i13001" and row is not None:
            pollutant = self.model.instruments[row].kind == "pollutant"
            return f"{self.model.typical(row) * RANGE:.3g}" if pollutant else None
        if info == "i13003":
            return str(self.model.water.analysis_s // 60)
        return PARAMETERS.get(info)

    # -- the line -----------------------------------------------------------------------------

    def connect(self, now: float) -> None:
        """The line is up: everything on the way is open again."""
        self.connected = True
        for waiting in (*self._uploads, *self._asked):
            waiting.sent_at, waiting.tries = None, 0
        # Real-time values are worth nothing later.
        self._realtime_at += max(0.0, self.clock(now) - self._realtime_at)
        if not self._booted and self.spec.profile != "2005":
            self._booted = True
            moment = self.clock(now)
            params = {"RestartTime": clock_text(moment - 60)}
            self._uploads.extendleft(self.uploads("2081", moment, {}, params=params))

    def disconnect(self) -> None:
        """The line is down: real-time values and half-answered commands are forgotten."""
        self.connected = False
        self._control.clear()
        self._uploads = deque(kept for kept in self._uploads if not kept.realtime)

    def say(self, raw: bytes) -> None:
        """Queue an answer; answers go before uploads and are not repeated."""
        self._control.append(raw)

    def ask_for(self, uploads: Iterable[Upload]) -> None:
        """Queue history that a command asked for."""
        self._asked.extend(uploads)

    def outgoing(self, instant: float) -> list[bytes]:
        """What to write now."""
        wire, self._control = self._control, []
        wire += self._write(self._asked, 1, instant)
        wire += self._write(self._uploads, WINDOW, instant)
        self.ledger.sent += len(wire)
        return wire

    def _write(self, queue: deque[Upload], window: int, instant: float) -> list[bytes]:
        wire: list[bytes] = []
        kept: list[Upload] = []
        while queue and len(kept) < window:
            item = queue.popleft()
            if not item.qn:
                wire.append(item.raw)
                continue
            kept.append(item)
            if item.sent_at is None or instant - item.sent_at >= self.over_time_s:
                wire.append(item.raw)
                self.ledger.resent += item.tries > 0
                item.sent_at, item.tries = instant, item.tries + 1
        queue.extendleft(reversed(kept))
        return wire

    @property
    def broken(self) -> bool:
        """A frame was repeated as often as the standard allows: hang up and dial again."""
        waiting = [*self._asked][:1] + [*self._uploads][:WINDOW]
        return any(item.tries > self.re_count for item in waiting)

    @property
    def waiting(self) -> int:
        """Uploads that are not acknowledged yet."""
        return len(self._asked) + len(self._uploads)

    def next_repeat(self) -> float | None:
        """When `outgoing` next has something to repeat, on the steady clock."""
        times = [
            item.sent_at
            for item in ([*self._asked][:1] + [*self._uploads][:WINDOW])
            if item.sent_at is not None
        ]
        return min(times) + self.over_time_s if times else None

    def receive(self, frame: Frame, now: float) -> None:
        """Take in a frame of the host."""
        if frame.cn in {"9013", "9014"}:
            self._acknowledged(frame.dialogue_qn)
        elif frame.cn not in {"9011", "9012", "9022"}:
            self.ledger.commands += 1
            self.duties.take(frame, now)

    def _acknowledged(self, qn: str) -> None:
        for queue in (self._asked, self._uploads):
            for item in list(queue)[:WINDOW]:
                if qn and item.qn == qn and item.sent_at is not None:
                    queue.remove(item)
                    self.ledger.acknowledge(item.raw, Sent(self.spec.mn, item.cn, qn))
                    if queue is self._asked:
                        self.duties.delivered(qn)
                    return
