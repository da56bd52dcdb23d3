"""What a simulated logger does when told to: HJ 212-2017 §6, annex C, and what is known of 2025.

A request is answered by 9011, by replies where the command has any, and by 9012; a notification
by 9013. A request that comes again (same QN) gets the same answers again and is not carried out
twice: a bottle can be filled only once.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from hj212 import Frame, body_text, encode, time_of
from jiulong.simulator.water import DAY_S, HOUR_S, LOCAL_S
from jiulong.simulator.wire import clock_text

if TYPE_CHECKING:
    from jiulong.simulator.station import Station

OK: Final = 1
REFUSED: Final = 2  # QnRtn
WRONG_PASSWORD: Final = 3
WRONG_MN: Final = 4
UNKNOWN_COMMAND: Final = 8
FAILED: Final = 2  # ExeRtn
BAD_CONDITION: Final = 3
NO_DATA: Final = 100

REALTIME_S: Final = range(30, 3601)
MINUTES: Final = (1, 2, 3, 4, 5, 6, 10, 12, 15, 20, 30)
#: A logger does not send a year at once; whoever wants more asks again.
HISTORY_MAX: Final = 5000
#: Requests remembered, so that a repeated one is not carried out again.
REMEMBERED: Final = 64
LOG_LINES: Final = 8

Parameters = Mapping[str, str]


@dataclass(slots=True)
class Outcome:
    """What carrying out a command came to."""

    result: int = OK
    replies: list[dict[str, str]] = field(default_factory=list)
    ack: bool = False  # C.34 asks for an acknowledgement of the 3015 reply
    history: tuple[str, int, int, int] | None = None  # CN, first start, last start, length
    after: Callable[[], None] | None = None  # once the answers are written


class Duties:
    """The commands of one station."""

    def __init__(self, station: Station) -> None:
        self._station = station
        self._answered: OrderedDict[str, list[bytes]] = OrderedDict()
        self._pending: dict[str, set[str]] = {}  # request → QNs of its history still on the way
        self.parameters: dict[tuple[str, str], str] = {}
        self.sampling: dict[str, tuple[str, str]] = {}
        self.log: list[str] = []

    def take(self, frame: Frame, now: float) -> None:
        """Carry out a command of the host, once."""
        qn = frame.dialogue_qn
        if qn in self._answered:
            for raw in self._answered[qn]:
                self._station.say(raw)
            return
        self._answered[qn] = []
        while len(self._answered) > REMEMBERED:
            self._answered.popitem(last=False)
        refusal = self._refusal(frame)
        if refusal == OK and frame.cn in NOTICES:
            NOTICES[frame.cn](self)
            self._answer(qn, "9013", {})
            return
        self._answer(qn, "9011", {"QnRtn": str(refusal)})
        if refusal == OK:
            self._carry_out(frame, qn, now)

    def _refusal(self, frame: Frame) -> int:
        if frame.mn != self._station.spec.mn:
            return WRONG_MN
        if frame.pw != self._station.password:
            return WRONG_PASSWORD
        known = frame.cn in COMMANDS or frame.cn in NOTICES or frame.cn in REFUSED_COMMANDS
        if not known or frame.cn not in self._station.talk.commands:
            return UNKNOWN_COMMAND
        return REFUSED if frame.cn in REFUSED_COMMANDS else OK

    def _carry_out(self, frame: Frame, qn: str, now: float) -> None:
        given = {**frame.params}
        for code, attributes in frame.data.items():
            given |= {f"{code}-{name}": value for name, value in attributes.items()}
        try:
            outcome = COMMANDS[frame.cn](self, given, now)
        except (KeyError, ValueError):
            outcome = Outcome(BAD_CONDITION)
        for reply in outcome.replies:
            self._answer(qn, frame.cn, reply, ack=outcome.ack)
        if outcome.history:
            self._send_history(qn, *outcome.history)
        else:
            self._answer(qn, "9012", {"ExeRtn": str(outcome.result)})
        if outcome.after:
            outcome.after()

    def _answer(self, qn: str, cn: str, params: dict[str, str], *, ack: bool = False) -> None:
        station = self._station
        st = "91" if cn[:2] == "90" else station.spec.st
        old = station.spec.profile == "2005"
        # 2005 has the QN of the request inside CP.
        body = body_text({"QN": qn, **params} if old else params, {})
        raw = encode(
            cn=cn, st=st, qn="" if old else qn, pw=station.password, mn=station.spec.mn,
            flag=station.talk.version_bits | int(ack), cp=body,
        )  # fmt: skip
        if qn in self._answered:
            self._answered[qn].append(raw)
        station.say(raw)

    # -- history ------------------------------------------------------------------------------

    def _send_history(self, qn: str, cn: str, first: int, last: int, length_s: int) -> None:
        count = min((last - first) // length_s + 1, HISTORY_MAX)
        if count <= 0:
            self._answer(qn, "9012", {"ExeRtn": str(NO_DATA)})
            return
        starts = first + np.arange(count, dtype=np.int64) * length_s
        if cn == "2041":
            uploads = [
                made
                for start in starts.tolist()
                for made in self._station.uploads(cn, start, {"SB1": {"RT": "23.5"}})
            ]
        else:
            uploads = list(self._station.interval_uploads(cn, starts, length_s, late=True))
        self._pending[qn] = {upload.qn for upload in uploads}
        self._station.ask_for(uploads)

    def delivered(self, qn: str) -> None:
        """A history frame was acknowledged; after the last one the request is done."""
        for request, waiting in list(self._pending.items()):
            waiting.discard(qn)
            if not waiting:
                del self._pending[request]
                self._answer(request, "9012", {"ExeRtn": str(OK)})

    def history(self, cn: str, given: Parameters, now: float) -> Outcome:
        length = {"2051": self._station.minute_s, "2061": HOUR_S}.get(cn, DAY_S)
        shift = LOCAL_S if length == DAY_S else 0
        begin, end = _moment(given["BeginTime"]), _moment(given["EndTime"])
        first = -(-(begin + shift) // length) * length - shift
        done = self._station.clock(now) - length
        last = (int(min(end, done)) + shift) // length * length - shift
        return Outcome(history=(cn, first, last, length))

    # -- commands -----------------------------------------------------------------------------

    def note(self, words: str, now: float) -> None:
        """Write a line into the logger's log, newest last."""
        self.log = [*self.log, f"{clock_text(self._station.clock(now))} {words}"][-LOG_LINES:]

    def set_timeouts(self, given: Parameters, _now: float) -> Outcome:
        over_time, count = int(given["OverTime"]), int(given["ReCount"])
        if not (1 <= over_time <= 99 and 1 <= count <= 99):
            return Outcome(BAD_CONDITION)
        self._station.over_time_s, self._station.re_count = float(over_time), count
        return Outcome()

    def get_time(self, given: Parameters, now: float) -> Outcome:
        whose = {"PolId": given["PolId"]} if given.get("PolId") else {}
        clock = clock_text(self._station.clock(now))
        return Outcome(replies=[{**whose, "SystemTime": clock}])

    def set_time(self, given: Parameters, now: float) -> Outcome:
        self._station.clock_offset_s = _moment(given["SystemTime"]) - now
        self.note("校时", now)
        return Outcome()

    def get_realtime(self, _given: Parameters, _now: float) -> Outcome:
        return Outcome(replies=[{"RtdInterval": str(self._station.realtime_s)}])

    def set_realtime(self, given: Parameters, _now: float) -> Outcome:
        seconds = int(given["RtdInterval"])
        if seconds not in REALTIME_S:
            return Outcome(BAD_CONDITION)
        self._station.set_realtime_interval(seconds)
        return Outcome()

    def get_minutes(self, _given: Parameters, _now: float) -> Outcome:
        return Outcome(replies=[{"MinInterval": str(self._station.minute_s // 60)}])

    def set_minutes(self, given: Parameters, _now: float) -> Outcome:
        minutes = int(given["MinInterval"])
        if minutes not in MINUTES:
            return Outcome(BAD_CONDITION)
        self._station.set_minute_interval(minutes * 60)
        return Outcome()

    def set_password(self, given: Parameters, _now: float) -> Outcome:
        new = given.get("NewPW") or given["PW"]

        def change() -> None:
            self._station.password = new

        return Outcome(after=change)

    def set_key(self, given: Parameters, _now: float) -> Outcome:
        new = given["NewSK"].encode()
        if len(new) != 16:
            return Outcome(BAD_CONDITION)

        def change() -> None:
            self._station.key = new

        return Outcome(after=change)

    def start_realtime(self, _given: Parameters, now: float) -> Outcome:
        self._station.sends_realtime = True

        def at_once() -> None:
            moment = int(self._station.clock(now))
            self._station.send_realtime(np.array([moment], dtype=np.int64))

        return Outcome(after=at_once)

    def stop_realtime(self) -> None:
        self._station.sends_realtime = False

    def start_states(self, _given: Parameters, now: float) -> Outcome:
        def at_once() -> None:
            self._station.send_states(now)

        return Outcome(after=at_once)

    def stop_states(self) -> None:
        """States are sent once when asked for, so there is nothing to stop."""

    def maintain(self, words: str, given: Parameters, now: float) -> Outcome:
        if given["PolId"] not in self._station.codes:
            return Outcome(BAD_CONDITION)
        self.note(f"{words} {given['PolId']}", now)
        return Outcome()

    def sample(self, given: Parameters, now: float) -> Outcome:
        """3012. A logger of 2005 knows no 3015: it fills a bottle and does not say which."""
        if self._station.spec.profile != "2005":
            return self.maintain("即时采样", given, now)
        kept = self.retain(given, now)
        return Outcome(kept.result, after=kept.after)

    def retain(self, given: Parameters, now: float) -> Outcome:
        """3015, and 3022 of 2025, which names the analyser whose water is kept."""
        if given.get("PolId") and given["PolId"] not in self._station.codes:
            return Outcome(BAD_CONDITION)
        bottle = self._station.bottles.take(now)
        if bottle is None:
            self.note("留样瓶已满", now)
            return Outcome(FAILED)
        self.note(f"超标留样 {bottle} 号瓶", now)
        clock = clock_text(self._station.clock(now))
        reply = {"DataTime": clock, "VaseNo": str(bottle)}
        return Outcome(replies=[reply], ack=True, after=lambda: self._station.send_cabinet(now))

    def set_sampling(self, given: Parameters, now: float) -> Outcome:
        hours = int(given.get("CTime") or given["Ctime"])
        if not 1 <= hours <= 24 or len(given["CstartTime"]) != 6:
            return Outcome(BAD_CONDITION)
        self.sampling[given["PolId"]] = (given["CstartTime"], str(hours))
        self.note(f"采样周期 {given['PolId']} {hours} h", now)
        return Outcome()

    def get_sampling(self, given: Parameters, _now: float) -> Outcome:
        start, hours = self.sampling.get(given["PolId"], ("000000", "1"))
        reply = {"PolId": given["PolId"], "CstartTime": start, "CTime": hours}
        return Outcome(replies=[reply])

    def get_turnaround(self, given: Parameters, _now: float) -> Outcome:
        minutes = self._station.model.water.analysis_s // 60
        return Outcome(replies=[{"PolId": given["PolId"], "Stime": str(minutes)}])

    def get_serial(self, given: Parameters, _now: float) -> Outcome:
        code = given["PolId"]
        return Outcome(replies=[{"PolId": code, f"{code}-SN": self._station.serial(code)}])

    def get_information(self, given: Parameters, now: float) -> Outcome:
        code, info = given["PolId"], given["InfoId"]
        value = self.parameters.get((code, info)) or self._information(code, info)
        if value is None:
            return Outcome(NO_DATA)
        clock = clock_text(self._station.clock(now))
        return Outcome(replies=[{"DataTime": clock, "PolId": code, f"{info}-Info": value}])

    def _information(self, code: str, info: str) -> str | None:
        if info[2:3] == "1":  # a log
            return f"//{'；'.join(self.log) or '无记录'}//"
        if info[2:3] == "2":  # a state: 0 runs, is linked, is no alarm
            return "0"
        return self._station.parameter(code, info)

    def set_information(self, given: Parameters, now: float) -> Outcome:
        code, info = given["PolId"], given["InfoId"]
        self.parameters[code, info] = given[f"{info}-Info"]
        self.note(f"参数 {code} {info}={given[f'{info}-Info']}", now)
        return Outcome()


def _moment(text: str) -> int:
    moment = time_of(text)
    if moment is None:
        raise ValueError(text)
    return int(moment.timestamp())


def _history_of(cn: str) -> Callable[[Duties, Parameters, float], Outcome]:
    return lambda duties, given, now: duties.history(cn, given, now)


def _maintenance(words: str) -> Callable[[Duties, Parameters, float], Outcome]:
    return lambda duties, given, now: duties.maintain(words, given, now)


COMMANDS: Final[dict[str, Callable[[Duties, Parameters, float], Outcome]]] = {
    "1000": Duties.set_timeouts,
    "1011": Duties.get_time,
    "1012": Duties.set_time,
    "1014": Duties.set_key,
    "1061": Duties.get_realtime,
    "1062": Duties.set_realtime,
    "1063": Duties.get_minutes,
    "1064": Duties.set_minutes,
    "1072": Duties.set_password,
    "2011": Duties.start_realtime,
    "2021": Duties.start_states,
    "2031": _history_of("2031"),
    "2041": _history_of("2041"),
    "2051": _history_of("2051"),
    "2061": _history_of("2061"),
    "3011": _maintenance("零点量程校准"),
    "3012": Duties.sample,
    "3013": _maintenance("清洗反吹"),
    "3014": _maintenance("比对采样"),
    "3015": Duties.retain,
    "3016": Duties.set_sampling,
    "3017": Duties.get_sampling,
    "3018": Duties.get_turnaround,
    "3019": Duties.get_serial,
    "3020": Duties.get_information,
    "3021": Duties.set_information,
    "3022": Duties.retain,
    "3024": _maintenance("标样核查"),
}
NOTICES: Final[dict[str, Callable[[Duties], None]]] = {
    "2012": Duties.stop_realtime,
    "2022": Duties.stop_states,
}
#: Known, but a simulated logger keeps its name.
REFUSED_COMMANDS: Final = frozenset({"1002"})
