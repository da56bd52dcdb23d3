"""Cases."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema
from pydantic import Field

from jiulong.cases.models import Case, Task
from jiulong.cases.possible import Possible
from jiulong.cases.queries import Step
from jiulong.cases.schema import MatterSpec
from jiulong.packs import text
from jiulong.registers.fields import Field as SpecField
from jiulong.registers.masking import masked


class CaseOut(Schema):
    """A case. `turn` is the unit whose move it is, `turn_verb` the right that the move needs."""

    id: int
    number: str
    matter: str = Field(description="name of the matter")
    title: str
    stage: str
    light: str = Field(description="blue, yellow, red, or empty")
    severity: str
    filed_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    late: bool | None
    lead: str = Field(description="code of the lead unit, or empty")
    dispatch: str
    turn: str
    turn_verb: str
    turn_due_at: datetime | None
    result: str
    rating: int | None
    address: str
    longitude: float | None
    latitude: float | None
    version: int = Field(description="send it with an action to refuse stale ones")

    @classmethod
    def of(cls, case: Case, matter: str) -> CaseOut:
        return cls(**_columns(case), matter=matter)


class TaskOut(Schema):
    """A part of a case for one unit."""

    id: int
    key: str
    name: str
    unit: str
    state: str
    after: list[str]
    due_at: datetime | None
    done_at: datetime | None
    answer: str
    missing: list[str]

    @classmethod
    def of(cls, task: Task) -> TaskOut:
        return cls(
            id=task.pk,
            key=task.key,
            name=text.show(task.name),
            unit=task.unit.code,
            state=task.state,
            after=task.after,
            due_at=task.due_at,
            done_at=task.done_at,
            answer=task.answer,
            missing=task.missing,
        )


class StepOut(Schema):
    """Something that happened to a case."""

    at: datetime
    actor: str
    verb: str
    data: dict[str, Any]

    @classmethod
    def of(cls, step: Step, spec: MatterSpec) -> StepOut:
        data = dict(step.data)
        if isinstance(data.get("reply"), dict):
            data["reply"] = masked_values(spec.reply, data["reply"])
        event = step.event
        return cls(at=event.at, actor=event.actor_name, verb=event.verb, data=data)


class MoveOut(Schema):
    """Something that the viewer can do with the case now. `needs`: what is missing before."""

    action: str
    label: str
    wants: list[str]
    needs: list[str]
    primary: bool

    @classmethod
    def of(cls, move: Possible) -> MoveOut:
        return cls(
            action=move.action,
            label=str(move.label),
            wants=list(move.wants),
            needs=list(move.needs),
            primary=move.primary,
        )


class CaseDetail(CaseOut):
    """A case with its form, tasks, timeline (newest first) and what the viewer can do."""

    about: str
    data: dict[str, Any] = Field(description="values of the form; persons masked")
    reply: dict[str, Any]
    tasks: list[TaskOut]
    timeline: list[StepOut]
    moves: list[MoveOut]

    @classmethod
    def whole(
        cls,
        case: Case,
        spec: MatterSpec,
        *,
        tasks: list[Task],
        steps: list[Step],
        moves: list[Possible],
    ) -> CaseDetail:
        return cls(
            **_columns(case),
            matter=spec.name.show(),
            about=case.about,
            data=masked_values(spec.fields, case.data),
            reply=masked_values(spec.reply, case.reply),
            tasks=[TaskOut.of(task) for task in tasks],
            timeline=[StepOut.of(step, spec) for step in steps],
            moves=[MoveOut.of(move) for move in moves],
        )


class CaseIn(Schema):
    """A new case. `client_id` makes a report that is sent twice one."""

    matter: str
    title: str
    about: str = ""
    data: dict[str, Any] = {}
    severity: str = ""
    enterprise: str = Field("", description="unified social credit code")
    longitude: float | None = Field(None, ge=73, le=136)
    latitude: float | None = Field(None, ge=3, le=54)
    address: str = ""
    client_id: str = Field("", max_length=64)


class ActIn(Schema):
    """What an action takes: those that the move `wants`."""

    version: int | None = None
    note: str = ""
    reason: str = ""
    text: str = ""
    answer: str = ""
    data: dict[str, Any] = {}
    result: str = ""
    satisfied: bool | None = None
    rating: int | None = None
    until: datetime | None = None
    lead: str = Field("", description="code of a unit")
    supports: list[str] = Field([], description="codes of units")
    handler: str = Field("", description="user name")
    clock: str = Field("", description="such as `5 working_days`")
    into: str = Field("", description="number of a case")


def masked_values(fields: list[SpecField], data: dict[str, Any]) -> dict[str, Any]:
    """The values with persons masked; what the form no longer has is left out."""
    return {one.key: masked(one, data[one.key]) for one in fields if one.key in data}


def _columns(case: Case) -> dict[str, Any]:
    same = (
        "number", "title", "stage", "light", "severity", "filed_at", "due_at", "closed_at", "late",
        "turn_verb", "turn_due_at", "result", "rating", "address", "longitude", "latitude",
        "version",
    )  # fmt: skip
    units = {name: getattr(case, name) for name in ("lead", "dispatch", "turn")}
    return {
        "id": case.pk,
        **{name: getattr(case, name) for name in same},
        **{name: unit.code if unit else "" for name, unit in units.items()},
    }
