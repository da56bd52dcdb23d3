"""The life of one invented case: its events, and the columns that follow from them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from jiulong.bench.casework.ground import Ground, Matter
from jiulong.calendar.clocks import Calendar
from jiulong.cases import clockwork, lifecycle, moves, specs
from jiulong.cases.models import Case, Escalation, Notice, Task
from jiulong.evidence.models import Event
from jiulong.organisation.models import Unit, User

#: How likely a case is still open at an age: most of the youngest, a hundredth for good.
OPEN_AT_AGE: Final = ((10, 0.85), (30, 0.5), (90, 0.15), (100_000, 0.01))
#: Of the open ones, how many stand at which stage.
STAGES: Final = {
    lifecycle.FILED: 8, lifecycle.ASSIGNED: 15, lifecycle.ACCEPTED: 55, lifecycle.REPLIED: 12,
    lifecycle.VERIFIED: 6, lifecycle.SUSPENDED: 4,
}  # fmt: skip
#: What brings a case to a stage, after what brought it to the stage before.
ROAD: Final = ("file", "assign", "accept", "reply", "verify", "close")
REACHED: Final = {
    lifecycle.FILED: 1, lifecycle.ASSIGNED: 2, lifecycle.ACCEPTED: 3, lifecycle.REPLIED: 4,
    lifecycle.VERIFIED: 5, lifecycle.SUSPENDED: 3, lifecycle.CLOSED: 6,
}  # fmt: skip
WITHDRAWN_SHARE: Final = 0.03
REWORKED_SHARE: Final = 0.1
#: A notice is read within some days.
UNREAD: Final = timedelta(days=2)
DAY: Final = timedelta(days=1)
WORDS: Final = (
    "路边垃圾堆放多日未清", "沿街商铺占道经营", "人行道井盖破损", "路灯连续三晚不亮",
    "围墙外污水外溢", "消防通道被占用", "屋顶违法搭建铁皮棚", "车间地面积水",
    "排污口水色发黑", "工地夜间施工扰民",
)  # fmt: skip


@dataclass(slots=True)
class Life:
    """A case and everything that hangs on it. Events bear no ids yet."""

    case: Case
    events: list[Event] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    rungs: list[Escalation] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)


class Inventor:
    """Invents lives; the same seed invents the same."""

    def __init__(self, ground: Ground, calendar: Calendar, now: datetime, seed: int = 1) -> None:
        self._ground = ground
        self._calendar = calendar
        self._now = now
        self._chance = random.Random(seed)  # noqa: S311 - must be repeatable, not unguessable
        self._weights = [matter.weight for matter in ground.matters]

    def live(self, number: int, filed_at: datetime, events: int) -> Life:
        """The case of that id, filed then; notes fill its events up to `events`."""
        matter = self._chance.choices(self._ground.matters, self._weights)[0]
        stage = self._stage(filed_at)
        life = Life(self._file(number, matter, filed_at))
        steps = list(self._steps(life.case, matter, stage))
        for verb, at in steps:
            self._step(life, matter, verb, at)
        life.case.stage = stage
        self._clock(life, matter, steps[-1][1])
        self._plan(life, matter)
        self._chat(life, events)
        life.events.sort(key=lambda event: event.at)
        return life

    def in_hand(self, number: int, due_at: datetime) -> Life:
        """A case that is being handled, whose next rung comes with its deadline."""
        matter = self._ground.matters[0]
        life = Life(self._file(number, matter, due_at - DAY))
        case = life.case
        for verb in ROAD[: REACHED[lifecycle.ACCEPTED]]:
            self._step(life, matter, verb, due_at - DAY)
        case.stage, case.clock, case.clock_serial = lifecycle.ACCEPTED, "24 hours", 1
        case.due_at = case.rung_at = due_at
        case.rung = next(n for n, rung in enumerate(matter.spec.ladder) if rung.at == "0")
        moves.set_turn(case, matter.spec, due_at)
        life.notices.clear()
        return life

    def _stage(self, filed_at: datetime) -> str:
        age = (self._now - filed_at).days
        likely = next(share for days, share in OPEN_AT_AGE if age < days)
        if self._chance.random() < likely:
            return self._chance.choices(list(STAGES), list(STAGES.values()))[0]
        ended = self._chance.random() < WITHDRAWN_SHARE
        return lifecycle.WITHDRAWN if ended else lifecycle.CLOSED

    def _file(self, number: int, matter: Matter, filed_at: datetime) -> Case:
        chance, ground = self._chance, self._ground
        worker = chance.choice(ground.workers)
        grid = ground.grids[number % len(ground.grids)]
        street = ground.streets[number % len(ground.streets)]
        firm = chance.choice(ground.enterprises) if matter.spec.enterprise != "none" else None
        words = chance.choice(WORDS)
        day = timezone.localtime(filed_at).date()
        return Case(
            id=number, number=f"{matter.row.code}〔{day.year}〕{number}号", matter=matter.row,
            title=words, about=f"{words}，请尽快处理。" * 3,
            data={"category": chance.choice(("refuse", "stalls", "cover", "lamp", "water")),
                  "detail": words * 4, "found_on": day.isoformat(), "reporter": "13800000000"},
            severity=chance.choices(("normal", "urgent", "critical"), (80, 17, 3))[0],
            stage=lifecycle.FILED, filed_at=filed_at, filed_by=worker, filed_unit_id=worker.unit_id,
            dispatch=matter.desk, street=street, grid=grid, enterprise=firm,
            longitude=117.6 + chance.random() / 10, latitude=24.45 + chance.random() / 10,
            address=f"{street.name}第{number % 900}号",
            involved=sorted({worker.unit_id, matter.desk.pk, street.pk, grid.pk}),
        )  # fmt: skip

    def _steps(self, case: Case, matter: Matter, stage: str) -> Iterator[tuple[str, datetime]]:
        """Verbs and times that lead to the stage; the last one is not after now."""
        if stage == lifecycle.WITHDRAWN:
            verbs = ["file", "assign", "withdraw"]
        else:
            verbs = list(ROAD[: REACHED[stage]])
            if matter.spec.verify is None and "verify" in verbs:
                verbs.remove("verify")
            if stage == lifecycle.SUSPENDED:
                verbs.append("suspend")
            if "reply" in verbs and self._chance.random() < REWORKED_SHARE:
                verbs[verbs.index("reply") + 1 : 0] = ["send_back", "reply"]
        gap = timedelta(days=self._chance.uniform(0.1, 4.0))
        room = (self._now - case.filed_at) / (len(verbs) + 1)
        at = case.filed_at
        for verb in verbs:
            yield verb, at
            at += min(gap, room) * self._chance.uniform(0.2, 1.0)

    def _step(self, life: Life, matter: Matter, verb: str, at: datetime) -> None:
        case = life.case
        data: dict[str, Any] = {"on": timezone.localtime(at).date().isoformat()}
        actor = self._actor(case, verb)
        match verb:
            case "assign":
                lead, handler = self._assign(case)
                case.assigned_at = at
                limit = specs.limit_of(matter.spec.clocks.handle, case.severity)
                data |= {"clock": limit, "lead": lead.code, "lead_name": lead.name}
                self._notice(life, handler, "assigned", at)
            case "accept":
                case.accepted_at = at
            case "reply":
                case.replied_at = at
                case.reply = {"measure": "已到场处置完毕。"}
                data["text"] = "已安排人员到场处置，现场恢复原状，附处置后照片。"
            case "send_back":
                case.reworks += 1
                data |= {"reason": "照片不清，请重拍。", "clock": "3 working_days"}
            case "verify":
                case.verified_at = at
            case "close" | "withdraw":
                case.closed_at = at
            case "suspend":
                case.stage_before = lifecycle.ACCEPTED
                data["reason"] = "等待材料"
        life.events.append(self._event(case, verb, at, data, actor))

    def _assign(self, case: Case) -> tuple[Unit, User]:
        lead = self._ground.leads[(case.pk * 7) % len(self._ground.leads)]
        handler = self._chance.choice(self._ground.handlers[lead.pk])
        case.lead, case.handler, case.verifier = lead, handler, case.dispatch
        case.involved = sorted({*case.involved, lead.pk})
        return lead, handler

    def _actor(self, case: Case, verb: str) -> User:
        if verb in {"file", "withdraw"}:
            return case.filed_by or self._ground.workers[0]
        if verb in {"accept", "reply", "feedback"} and case.handler is not None:
            return case.handler
        return self._chance.choice(self._ground.dispatchers[case.dispatch_id])

    def _event(
        self, case: Case, verb: str, at: datetime, data: dict[str, Any], actor: User | None
    ) -> Event:
        return Event(
            at=at, actor=actor, actor_name=str(actor) if actor else "Jiulong", verb=verb,
            subject=moves.SUBJECT, subject_id=str(case.pk), data=data,
        )  # fmt: skip

    def _notice(self, life: Life, user: User, kind: str, at: datetime) -> None:
        read_at = at + UNREAD if at + UNREAD < self._now else None
        words = {"by": "测试", "light": "yellow"}
        life.notices.append(
            Notice(user=user, case=life.case, kind=kind, data=words, at=at, read_at=read_at)
        )

    def _clock(self, life: Life, matter: Matter, last: datetime) -> None:
        """Deadline, ladder and turn, as the engine works them out from the events."""
        case = life.case
        heard = [
            clockwork.Beat(event.verb, event.at, event.data)
            for event in life.events
            if event.verb in clockwork.HEARD
        ]
        clock = clockwork.told(heard)
        case.clock, case.clock_serial = str(clock.limit or ""), clock.serial
        case.due_at = clock.due(self._calendar)
        if case.due_at and case.replied_at:
            case.late = case.replied_at > case.due_at
        if clock.start and case.due_at:
            span = (clock.start, case.due_at)
            self._climb(life, matter, span, clock.stopped_at or self._now, running=clock.running)
        if case.stage in lifecycle.OPEN:
            moves.set_turn(case, matter.spec, last)

    def _climb(
        self,
        life: Life,
        matter: Matter,
        span: tuple[datetime, datetime],
        end: datetime,
        *,
        running: bool,
    ) -> None:
        case, ladder, index = life.case, matter.spec.ladder, 0
        while step := clockwork.next_step(ladder, index, case.severity, span, self._calendar):
            if step.at > end:
                break
            rung = ladder[step.index]
            life.rungs.append(
                Escalation(
                    case=case, clock_serial=case.clock_serial, rung=step.index, key=rung.key,
                    light=rung.light, due_at=span[1], scheduled_at=step.at, at=step.at,
                    bulletin="bulletin" in rung.tell,
                )
            )  # fmt: skip
            told = {"rung": rung.key, "light": rung.light, "due": span[1].isoformat()}
            life.events.append(self._event(case, "escalate", step.at, told, None))
            for user in filter(None, (case.handler, self._ground.supervisors[0])):
                self._notice(life, user, "escalation", step.at)
            case.light, index = rung.light, step.index + 1
        case.rung, case.rung_at = (step.index, step.at) if step and running else (index, None)

    def _plan(self, life: Life, matter: Matter) -> None:
        case = life.case
        if case.lead is None:
            return
        done = case.stage not in {lifecycle.ASSIGNED, lifecycle.ACCEPTED, lifecycle.SUSPENDED}
        for each in matter.spec.tasks:
            state = Task.State.DONE if done else Task.State.WAITING
            if not done and not each.after:
                state = Task.State.OPEN
            opened = case.assigned_at if state != Task.State.WAITING else None
            life.tasks.append(
                Task(
                    case=case, key=each.key, name=each.name.stored(), unit=case.lead,
                    after=list(each.after), state=state, clock=str(each.clock or ""),
                    opened_at=opened, due_at=case.due_at if state == Task.State.OPEN else None,
                    done_at=case.replied_at if done else None,
                    done_by=case.handler if done else None,
                )
            )  # fmt: skip

    def _chat(self, life: Life, events: int) -> None:
        """Notes and reports of progress, until there are as many events as were asked for."""
        first = life.case.filed_at
        end = life.case.closed_at or self._now
        for _ in range(events - len(life.events)):
            at = first + (end - first) * self._chance.random()
            verb = "feedback" if life.case.handler and self._chance.random() < 0.5 else "note"
            words = {"text": "已联系当事人，约定明日上午到现场处理。"}
            actor = self._actor(life.case, verb)
            life.events.append(self._event(life.case, verb, at, words, actor))
