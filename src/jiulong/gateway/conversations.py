"""Commands to loggers: at most one dialogue with a logger at a time, every step written down.

The dialogue itself is `hj212.Dialogue`; here it meets sockets, clocks and the database. All
database work is done by one thread in the order it was asked for, and is tried again until the
database is back, so that the rows tell the story as it happened.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Any, Final, Protocol, TypeVar
from uuid import uuid4

from django.db import InterfaceError, OperationalError, connections

import hj212
from hj212 import Dialogue, Frame
from hj212.profiles import Step, filled
from hj212.text import text_of
from jiulong.gateway import ledger
from jiulong.gateway.actions.commands import DEFAULT_ST, WASTEWATER_ST
from jiulong.gateway.judgement import Registered
from jiulong.gateway.ledger import Direction, Order
from jiulong.gateway.registry import Registry
from jiulong.gateway.sessions import Sessions

log = logging.getLogger(__name__)

T = TypeVar("T")

#: Seconds between attempts while the database is away.
_RETRY_S: Final = 0.5
#: Seconds for which a finished dialogue still hears late answers: a shift, no more.
_REMEMBER_S: Final = 3600.0
#: Finished dialogues remembered of one logger.
_REMEMBER: Final = 4
#: Steps written out for one command; a month of history comes in 40,000 frames, which the
#: journal has anyway.
_STEPS_MAX: Final = 200
#: Sweeps between looks for orders that nobody took: NOTIFY tells at once, this is the net below.
_LOOK_SWEEPS: Final = 30


class Line(Protocol):
    """A connection, as a conversation sees it."""

    heard: float
    systems: dict[str, str]

    def send(self, data: bytes) -> None: ...

    def cut(self, why: str) -> None: ...


class Talk:
    """One dialogue and the command it is about."""

    __slots__ = ("dialogue", "ended", "order", "started", "steps")

    def __init__(self, order: Order, dialogue: Dialogue, started: float) -> None:
        self.order = order
        self.dialogue = dialogue
        self.started = started  # steady seconds
        self.ended = 0.0
        self.steps = 0


class Conversations:
    """All dialogues of one gateway.

    Where several gateways share a database only one of them, told by `turn`, takes commands.
    """

    def __init__(
        self,
        sessions: Sessions[Any],
        registry: Registry,
        *,
        now: Callable[[], datetime],
        steady: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.recovered = asyncio.Event()  # what an earlier gateway left is taken up
        self.attentive: set[str] = set()  # MNs whose frames may belong to a dialogue
        self._speaker: Mapping[str, Line] = sessions.speaker
        self._registry = registry
        self._now, self._steady, self._sleep = now, steady, sleep
        self._talks: dict[str, Talk] = {}
        self._past: dict[str, deque[Talk]] = {}
        self._jobs: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()
        self._ours = False  # whether we are the one that talks
        self._looking = False
        self._sweeps = 0
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    # -- life -----------------------------------------------------------------------------------

    async def run(self) -> None:
        """Pick up what an earlier gateway left, then do what is asked for, for good."""
        if not self._ours:
            self.recovered.set()  # nothing is ours to take up
        while True:
            job = await self._jobs.get()
            try:
                await job()
            except Exception:
                # One command that cannot be worked on must not keep the others from it.
                log.exception("a command was left as it was")
            finally:
                self._jobs.task_done()

    async def settled(self) -> None:
        """Wait until everything asked for so far is in the database."""
        if self.recovered.is_set():
            await self._jobs.join()

    async def stop(self) -> None:
        """Let go of the database."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, connections.close_all)
        self._thread.shutdown()

    async def _write(self, act: Callable[..., T], *given: Any, **named: Any) -> T:
        """Run a ledger function in the thread, again and again until the database takes it."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return await loop.run_in_executor(self._thread, partial(act, *given, **named))
            except (OperationalError, InterfaceError) as error:
                log.warning("command ledger unavailable: %s", error)
                await loop.run_in_executor(self._thread, connections.close_all)
            await self._sleep(_RETRY_S)

    def _ask(self, act: Callable[..., object], *given: Any, **named: Any) -> None:
        async def job() -> None:
            await self._write(act, *given, **named)

        self._jobs.put_nowait(job)

    # -- the gateway calls these ------------------------------------------------------------------

    def turn(self, ours: bool) -> None:
        """From now on it is ours (or not) to talk to loggers."""
        self._ours = ours
        if ours:
            self._jobs.put_nowait(self._recover)
            self.look()

    def look(self) -> None:
        """There may be queued commands that can be sent."""
        if self._ours and not self._looking:
            self._looking = True
            self._jobs.put_nowait(self._pick_up)

    def arrived(self, logger: Registered) -> None:
        """A logger is on the line: greet it if it should be, and send what waits for it."""
        if logger.greet and self._ours and logger.mn in self._speaker:
            self._ask(ledger.greet, logger.id, self._now())
        self.look()

    def noticed(self, logger: Registered, step: Step) -> None:
        """A logger's notice asks us for a command."""
        if self._ours and logger.mn in self._speaker:
            self._ask(ledger.notice, logger.id, *step, self._now())
            self.look()

    def hear(self, frame: Frame, logger: Registered) -> None:
        """An accepted frame: does one of the logger's dialogues wait for it?"""
        talk = self._talks.get(logger.mn)
        if talk is not None and talk.dialogue.receive(frame, self._steady()):
            self._heard(talk, frame)
            return
        for past in self._past.get(logger.mn, ()):
            # An answer that names no request is to what is pending, never to what is past.
            if frame.dialogue_qn == past.order.qn and past.dialogue.receive(frame, self._steady()):
                self._heard(past, frame)
                return

    def sweep(self) -> None:
        """Time has passed: resend, give up, forget."""
        now = self._steady()
        for talk in list(self._talks.values()):
            self._tick(talk, now)
        for mn, past in list(self._past.items()):
            while past and now - past[0].ended > _REMEMBER_S:
                past.popleft()
            if not past:
                del self._past[mn]
                if mn not in self._talks:
                    self.attentive.discard(mn)
        self._sweeps += 1
        if self._sweeps % _LOOK_SWEEPS == 0 and self._ours:
            self._ask(ledger.expire, self._now(), frozenset(self._speaker))
            self.look()

    # -- dialogues --------------------------------------------------------------------------------

    async def _pick_up(self) -> None:
        self._looking = False
        free = frozenset(self._speaker.keys() - self._talks.keys())
        for order in await self._write(ledger.queued, free):
            if self._ours and order.mn in self._speaker and order.mn not in self._talks:
                await self._begin(order)

    async def _begin(self, order: Order) -> None:
        logger = self._registry.known.get(order.mn)
        if logger is None:
            return  # registered a moment ago; the reload looks again
        try:
            dialogue = self._dialogue(order, logger)
        except (hj212.EncodeError, KeyError) as error:
            await self._write(ledger.fail, order, f"cannot be sent: {error}", self._now(), uuid4())
            return
        # Committed before a byte is written: an actuator is never started twice. If the answer to
        # the commit is lost, the second attempt finds the token of the first.
        text, token = _text(dialogue.frames), uuid4()
        if not await self._write(ledger.take, order, text, self._now(), token):
            return
        if order.cn == "1072":
            self._registry.expect_password(order.mn, order.parameters["NewPW"])
        self._remember(Talk(order, dialogue, self._steady()))
        frames = dialogue.start(self._steady())
        if (line := self._speaker.get(order.mn)) is not None:
            line.send(b"".join(frames))

    def _dialogue(self, order: Order, logger: Registered) -> Dialogue:
        line = self._speaker.get(order.mn)
        system = line.systems.get(order.mn, "") if line is not None else ""
        cn, parameters = filled((order.cn, order.parameters), self._now())
        return Dialogue.request(
            cn, parameters, profile=logger.profile, qn=order.qn, pw=logger.password, mn=order.mn,
            st=system or DEFAULT_ST.get(logger.profile.name, WASTEWATER_ST),
        )  # fmt: skip

    def _remember(self, talk: Talk) -> None:
        self._talks[talk.order.mn] = talk
        self.attentive.add(talk.order.mn)

    def _heard(self, talk: Talk, frame: Frame) -> None:
        dialogue = talk.dialogue
        self._note(
            talk, Direction.IN, _text([frame.raw]),
            result=dialogue.exe_rtn or dialogue.qn_rtn, reply=_reply(dialogue) or None,
        )  # fmt: skip
        self._end_if_finished(talk)

    def _tick(self, talk: Talk, now: float) -> None:
        dialogue, line = talk.dialogue, self._speaker.get(talk.order.mn)
        away = line is None and now - talk.started < ledger.QUEUED_MAX.total_seconds()
        if away and dialogue.state == "sent" and not dialogue.at_most_once:
            return  # nobody there to hear it again; it may come back
        if frames := dialogue.tick(now):
            if line is not None:
                line.send(b"".join(frames))
                self._note(talk, Direction.OUT, _text(frames))
        elif dialogue.finished:
            self._note(talk, Direction.NOTE, "no answer in time; what happened is not known")
            self._end_if_finished(talk)
            if line is not None and dialogue.link_dead and line.heard < talk.started:
                line.cut("does not answer")  # HJ 212-2017 §6.2: the link is unusable

    def _end_if_finished(self, talk: Talk) -> None:
        mn = talk.order.mn
        if talk.dialogue.finished and self._talks.get(mn) is talk:
            del self._talks[mn]
            self._keep(talk)
            self.look()

    def _keep(self, talk: Talk) -> None:
        """Remember a finished dialogue for late answers."""
        talk.ended = self._steady()
        self._past.setdefault(talk.order.mn, deque(maxlen=_REMEMBER)).append(talk)

    def _note(self, talk: Talk, direction: str, text: str, **fields: Any) -> None:
        talk.steps += 1
        show = talk.steps <= _STEPS_MAX or talk.dialogue.finished
        self._ask(
            ledger.record, talk.order, state=talk.dialogue.state, direction=direction, text=text,
            now=self._now(), token=uuid4(), show=show, **fields,
        )  # fmt: skip

    # -- after a restart --------------------------------------------------------------------------

    async def _recover(self) -> None:
        """Take up the dialogues that an earlier gateway was in.

        An actuator is never asked again, nor is anything that was accepted: we only wait for
        answers until its time is over, then its result is unknown.
        """
        try:
            for order in await self._write(ledger.interrupted):
                talks = (self._talks.get(order.mn), *self._past.get(order.mn, ()))
                if any(talk is not None and talk.order.id == order.id for talk in talks):
                    continue  # our own, when the turn comes back to us
                try:
                    self._continue(order, self._registry.known[order.mn])
                except (hj212.EncodeError, KeyError) as error:
                    await self._write(
                        ledger.record, order, state=ledger.State.UNKNOWN, now=self._now(),
                        direction=Direction.NOTE, text=f"interrupted: {error}", token=uuid4(),
                    )  # fmt: skip
        finally:
            self.recovered.set()

    def _continue(self, order: Order, logger: Registered) -> None:
        dialogue, now = self._dialogue(order, logger), self._steady()
        dialogue.state = order.state  # type: ignore[assignment] # the same words
        talk = Talk(order, dialogue, now)
        if order.mn in self._talks:
            # One dialogue at a time: the newest goes on, of the others only late answers count.
            dialogue.state = "unknown"
            self._note(talk, Direction.NOTE, "interrupted, and another command came after it")
            self._keep(talk)
            self.attentive.add(order.mn)
            return
        if dialogue.at_most_once or dialogue.state != "sent":
            age = (self._now() - order.updated_at).total_seconds()
            dialogue.sendings = logger.profile.re_count + 1  # all used up
            dialogue.deadline = now + max(0.0, logger.profile.execution_time_s - age)
        else:
            dialogue.sendings, dialogue.deadline = 1, now
        self._remember(talk)


def _text(frames: list[bytes]) -> str:
    """Wire bytes as a step shows them; PostgreSQL's text cannot hold NUL."""
    return "\n".join(text_of(frame).strip() for frame in frames).replace("\0", "␀")


def _reply(dialogue: Dialogue) -> dict[str, Any]:
    """What the logger answered, by key; of many replies the last, and how many."""
    if not dialogue.replies:
        return {}
    last = dialogue.replies[-1]
    answer: dict[str, Any] = {key: text for key, text in last.params.items() if key != "QN"}
    for factor, attributes in last.data.items():
        answer |= {f"{factor}-{name}": text for name, text in attributes.items()}
    if len(dialogue.replies) > 1:
        answer["frames"] = len(dialogue.replies)
    return answer
