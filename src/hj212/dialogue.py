"""The three dialogues of HJ 212 (2017 §6.1) as a life cycle: request, notification, upload.

Real devices leave answers out and send them in any order, so the table below has a place for every
order seen; what it has no place for is ignored.  Where the result is not known it says `unknown`,
never `failed`: a sampler whose answer was lost may well have filled a bottle.

No clock in here: times are seconds of any steady clock, given by the caller.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from hj212.build import Value, request
from hj212.codes import EXECUTION_SUCCEEDED, REQUEST_ACCEPTED
from hj212.frame import Frame
from hj212.profiles import RE_COUNT, Profile, profile_of

State = Literal["queued", "sent", "accepted", "replied", "done", "refused", "failed", "unknown"]
Event = Literal[
    "send", "resend", "accept", "refuse", "reply", "succeed", "fail", "confirm", "give_up"
]
Shape = Literal["request", "notify", "upload"]

REQUEST: Mapping[tuple[State, Event], State] = {
    ("queued", "send"): "sent",
    ("sent", "resend"): "sent",
    ("sent", "accept"): "accepted",
    ("sent", "refuse"): "refused",
    ("sent", "reply"): "replied",  # 9011 left out
    ("sent", "succeed"): "done",  # 9011 left out
    ("sent", "fail"): "failed",
    ("sent", "give_up"): "unknown",
    ("accepted", "accept"): "accepted",
    ("accepted", "reply"): "replied",
    ("accepted", "succeed"): "done",
    ("accepted", "fail"): "failed",
    ("accepted", "give_up"): "unknown",
    ("replied", "accept"): "replied",  # 9011 came late
    ("replied", "reply"): "replied",
    ("replied", "succeed"): "done",
    ("replied", "fail"): "failed",
    ("replied", "give_up"): "unknown",  # 9012 left out: we have the reply, not the result
    ("done", "accept"): "done",
    ("done", "reply"): "done",  # 9012 came before the reply
    ("failed", "reply"): "failed",
    ("unknown", "accept"): "unknown",
    ("unknown", "reply"): "unknown",
    ("unknown", "refuse"): "refused",
    ("unknown", "succeed"): "done",  # late is better than never
    ("unknown", "fail"): "failed",
}
NOTIFY: Mapping[tuple[State, Event], State] = {
    ("queued", "send"): "sent",
    ("sent", "resend"): "sent",
    ("sent", "confirm"): "done",
    ("sent", "accept"): "accepted",  # answered like a request
    ("sent", "refuse"): "refused",
    ("sent", "succeed"): "done",
    ("sent", "fail"): "failed",
    ("sent", "give_up"): "unknown",
    ("accepted", "confirm"): "done",
    ("accepted", "succeed"): "done",
    ("accepted", "fail"): "failed",
    ("accepted", "give_up"): "unknown",
    ("unknown", "confirm"): "done",
    ("unknown", "succeed"): "done",
    ("unknown", "fail"): "failed",
}
UPLOAD: Mapping[tuple[State, Event], State] = {
    ("queued", "send"): "sent",
    ("sent", "resend"): "sent",
    ("sent", "confirm"): "done",
    ("sent", "give_up"): "unknown",
    ("unknown", "confirm"): "done",
}
LIFE: Mapping[Shape, Mapping[tuple[State, Event], State]] = {
    "request": REQUEST,
    "notify": NOTIFY,
    "upload": UPLOAD,
}
FINAL: frozenset[State] = frozenset({"done", "refused", "failed", "unknown"})

# These start a stream of ordinary uploads, which are no replies (2017 C.10, C.12).
_STREAMS = frozenset({"2011", "2021"})
_HISTORY = frozenset({"2031", "2041", "2051", "2061", "2071"})


class Dialogue:
    """One request, notification or upload of ours, and what has become of it.

    `start` and `tick` return bytes to send; `receive` takes every frame of the device.
    """

    def __init__(
        self,
        frames: list[bytes],
        *,
        cn: str,
        mn: str,
        qn: str,
        shape: Shape = "request",
        at_most_once: bool = False,
        over_time_s: float = 10.0,
        re_count: int = RE_COUNT,
        execution_time_s: float = 600.0,
        span: tuple[str, str] | None = None,
    ) -> None:
        self.frames = frames
        self.cn, self.mn, self.qn = cn, mn, qn
        self.shape: Shape = shape
        self.at_most_once = at_most_once
        self.state: State = "queued"
        self.sendings = 0
        self.qn_rtn: str | None = None
        self.exe_rtn: str | None = None
        self.replies: list[Frame] = []
        self.deadline: float | None = None  # when `tick` has something to do
        self.link_dead = False  # nothing at all came back: 2017 §6.2 says close the connection
        self._over_time, self._re_count = over_time_s, re_count
        self._execution_time = execution_time_s
        self._span = span

    @classmethod
    def request(
        cls,
        cn: str,
        params: Mapping[str, Value] | None = None,
        *,
        profile: Profile | str,
        qn: str,
        st: str,
        pw: str,
        mn: str,
    ) -> Dialogue:
        """A request or notification as the profile's command table has it."""
        used = profile_of(profile)
        frames = request(cn, params, profile=used, qn=qn, st=st, pw=pw, mn=mn)
        command = used.commands[cn]
        given = params or {}
        span = (str(given.get("BeginTime", "")), str(given.get("EndTime", "")))
        return cls(
            frames, cn=cn, mn=mn, qn=qn,
            shape="notify" if command.kind == "notify" else "request",
            at_most_once=command.at_most_once,
            over_time_s=used.over_time_s, re_count=used.re_count,
            execution_time_s=used.execution_time_s,
            span=span if all(span) else None,
        )  # fmt: skip

    @property
    def finished(self) -> bool:
        """Nothing more to do; late answers may still turn `unknown` into knowledge."""
        return self.state in FINAL

    @property
    def may_repeat(self) -> bool:
        """Whether asking again, with a new QN, can do no harm.

        Not for an actuator that may have acted: ask it for its state first (§2.4).
        """
        if not self.finished:
            return False
        return self.state == "refused" or not self.at_most_once

    def start(self, now: float) -> list[bytes]:
        """Send for the first time."""
        if not self._on("send"):
            raise RuntimeError(f"already {self.state}")
        return self._sent(now)

    def tick(self, now: float) -> list[bytes]:
        """Time has passed: resend, give up, or nothing.

        Resends carry the same QN, so that a device can tell, and stop with the first answer.
        Not all devices tell, so an actuator's command is never sent again: silence after the
        first time may mean that only the answer was lost.
        """
        if self.deadline is None or now < self.deadline:
            return []
        again = not self.at_most_once and self.sendings <= self._re_count
        if self.state == "sent" and again and self._on("resend"):
            return self._sent(now)
        self.link_dead = self.state == "sent" and self.sendings > self._re_count
        self._on("give_up")
        self.deadline = None
        return []

    def receive(self, frame: Frame, now: float) -> bool:
        """Whether the frame belongs to this dialogue; if so, take it in."""
        event = self._event_of(frame)
        if event is None or not self._on(event):
            return False
        if event == "reply":
            self.replies.append(frame)
        if event in ("accept", "refuse"):
            self.qn_rtn = frame.params.get("QnRtn")
        if event in ("succeed", "fail"):
            self.exe_rtn = frame.params.get("ExeRtn")
        self.link_dead = False
        self.deadline = None if self.finished else now + self._execution_time
        return True

    def _sent(self, now: float) -> list[bytes]:
        self.sendings += 1
        self.deadline = now + self._over_time
        return self.frames

    def _on(self, event: Event) -> bool:
        state = LIFE[self.shape].get((self.state, event))
        if state is None:
            return False
        self.state = state
        return True

    def _event_of(self, frame: Frame) -> Event | None:
        if frame.mn and frame.mn != self.mn:
            return None
        qn = frame.dialogue_qn
        mine = qn == self.qn
        if frame.cn in ("9011", "9012", "9013", "9014"):
            # An answer without any QN can only be to what is pending.
            return _answer_event(frame) if mine or not qn else None
        if frame.cn != self.cn or self.shape != "request":
            return None
        return "reply" if mine or self._replies_under_own_qn(frame) else None

    def _replies_under_own_qn(self, frame: Frame) -> bool:
        """Replies with a QN of their own (history has, 2017 C.47): by what was asked for."""
        if self.state not in ("sent", "accepted", "replied") or self.cn in _STREAMS:
            return False
        if self.cn in _HISTORY:
            moment = frame.params.get("DataTime", "")[:14]
            return self._span is not None and self._span[0] <= moment <= self._span[1]
        return True


def _answer_event(frame: Frame) -> Event | None:
    if frame.cn == "9011":
        return "accept" if frame.params.get("QnRtn") == REQUEST_ACCEPTED else "refuse"
    if frame.cn == "9012":
        return "succeed" if frame.params.get("ExeRtn") == EXECUTION_SUCCEEDED else "fail"
    return "confirm"
