"""Loggers, what was refused of them, what they were told to do, and frames as they came.

No password and no key is ever in an answer, but in raw frames, for those who may see these.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import Schema

import hj212
from hj212.jsonl import to_object
from jiulong.gateway.models import Command, CommandStep, Logger, QuarantinedFrame
from jiulong.gateway.queries import Unregistered
from jiulong.monitoring.queries import RawFrame
from jiulong.organisation.rules import Viewer, may


class LoggerOut(Schema):
    """A data logger that may speak for a point."""

    mn: str
    point: str
    enterprise: str
    profile: str
    crc_mode: str
    time_label: str
    addresses: list[str]
    greet: bool
    active: bool
    registered_at: datetime

    @classmethod
    def of(cls, logger: Logger) -> LoggerOut:
        plain = set(cls.model_fields) - {"point", "enterprise"}
        return cls(
            point=logger.point.code,
            enterprise=logger.point.outfall.enterprise.name,
            **{name: getattr(logger, name) for name in plain},
        )


class QuarantinedOut(Schema):
    """A refused frame. `raw` is null for those who may not see raw frames."""

    id: int
    frame: str
    received_at: datetime
    peer: str
    reason: str
    mn: str
    replayed_at: datetime | None
    raw: str | None

    @classmethod
    def of(cls, row: QuarantinedFrame, viewer: Viewer) -> QuarantinedOut:
        plain = ("id", "received_at", "peer", "reason", "mn", "replayed_at")
        return cls(
            frame=f"{row.batch}/{row.ordinal}",
            raw=hj212.text_of(bytes(row.raw)) if may(viewer, "see_raw") else None,
            **{name: getattr(row, name) for name in plain},
        )


class UnregisteredOut(Schema):
    """A logger that knocks and is not registered."""

    mn: str
    frames: int
    first_at: datetime
    last_at: datetime
    peer: str

    @classmethod
    def of(cls, row: Unregistered) -> UnregisteredOut:
        return cls(**{name: getattr(row, name) for name in cls.model_fields})


class CommandOut(Schema):
    """Something a logger was told to do, and how far that went."""

    id: int
    mn: str
    point: str
    cn: str
    qn: str
    state: str
    result: str
    reason: str
    ordered_by: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, command: Command) -> CommandOut:
        return cls(**_command_facts(command))


def _command_facts(command: Command) -> dict[str, Any]:
    plain = ("id", "cn", "qn", "state", "result", "reason", "created_at", "updated_at")
    return {
        "mn": command.logger.mn,
        "point": command.logger.point.code,
        "ordered_by": str(command.ordered_by) if command.ordered_by else None,
        **{name: getattr(command, name) for name in plain},
    }


class StepOut(Schema):
    """One line of the dialogue."""

    at: datetime
    direction: str
    state: str
    text: str

    @classmethod
    def of(cls, step: CommandStep) -> StepOut:
        return cls(**{name: getattr(step, name) for name in cls.model_fields})


class CommandDetail(CommandOut):
    """A command with its parameters, the answer, and the whole dialogue."""

    parameters: dict[str, Any]
    reply: dict[str, Any]
    steps: list[StepOut]

    @classmethod
    def whole(cls, command: Command) -> CommandDetail:
        return cls(
            **_command_facts(command),
            parameters=command.parameters,
            reply=command.reply,
            steps=[StepOut.of(step) for step in command.steps.all()],
        )


class RawFrameOut(Schema):
    """A frame as it came. `decoded` is what `python -m hj212 decode` prints."""

    batch: int
    ordinal: int
    received_at: datetime
    peer: str
    verdict: int
    raw: str
    raw_hex: str
    decoded: dict[str, Any]
    point: str | None
    seal: int | None

    @classmethod
    def of(cls, frame: RawFrame) -> RawFrameOut:
        plain = ("batch", "ordinal", "received_at", "peer", "verdict")
        return cls(
            raw=frame.text,
            raw_hex=frame.raw.hex(),
            decoded=to_object(frame.decoded),
            point=frame.point.code if frame.point else None,
            seal=frame.seal.number if frame.seal else None,
            **{name: getattr(frame, name) for name in plain},
        )
