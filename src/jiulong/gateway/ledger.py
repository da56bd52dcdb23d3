"""What the gateway itself reads and writes of commands: every step, before or as it happens.

Blocking, over Django's connection; `conversations` runs these one after another in a thread.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

import hj212
from hj212.dialogue import LIFE
from jiulong.evidence.actions import record_event
from jiulong.gateway.actions.commands import OPEN, queue_command
from jiulong.gateway.channels import COMMAND_STEPS, LOGGERS, notify
from jiulong.gateway.models import Command, CommandStep, Logger
from jiulong.monitoring import also

log = logging.getLogger(__name__)

State = Command.State
Direction = CommandStep.Direction

#: Why the gateway gave a command itself. Stored as is, translated where shown.
GREETING: Final = "first connection"
NOTICE: Final = "asked for by the logger"
#: Why an order was never sent.
AWAY: Final = "never sent: the logger did not connect"
BUSY: Final = "never sent: the logger was busy with earlier commands"
#: A logger on a bad line connects a hundred times a day; once a day it is told everything again,
#: which also keeps its clock within what a day's drift can be.
GREETING_INTERVAL: Final = timedelta(days=1)
#: A logger that keeps asking for the time gets it once in this time.
NOTICE_INTERVAL: Final = timedelta(seconds=60)
#: An order waits so long for its logger to connect. Water sampled later answers another question.
QUEUED_MAX: Final = timedelta(minutes=10)
#: Commands that take water: their end is waited for.
WATER: Final = frozenset({"3012", "3015", "3022"})
#: Commands taken up in one look.
_LOOK_MAX: Final = 500
#: What may follow what. The dialogues' own tables, and a command that could not be sent at all.
#: It keeps a gateway that does not know the end of a command from undoing it.
_FOLLOWS: Final = frozenset(
    (before, after) for table in LIFE.values() for (before, _), after in table.items()
) | {("queued", "failed")}


@dataclass(frozen=True, slots=True)
class Order:
    """A command as the gateway works on it."""

    id: int
    logger: int
    mn: str
    cn: str
    parameters: Mapping[str, str]
    qn: str
    state: str
    updated_at: datetime


def _order(command: Command) -> Order:
    return Order(
        command.pk, command.logger_id, command.logger.mn, command.cn, command.parameters,
        command.qn, command.state, command.updated_at,
    )  # fmt: skip


def queued(connected: Collection[str]) -> list[Order]:
    """The oldest queued command of every logger among these MNs."""
    # All MNs with orders are few, all connected ones are thousands: compared here.
    waiting = (
        Command.objects.filter(state=State.QUEUED)
        .order_by("logger_id", "id")
        .distinct("logger_id")
        .values_list("pk", "logger__mn")
    )
    wanted = [pk for pk, mn in waiting if mn in connected][:_LOOK_MAX]
    rows = Command.objects.filter(pk__in=wanted).select_related("logger")
    return [_order(command) for command in rows.order_by("id")]


def interrupted() -> list[Order]:
    """Commands whose dialogue was under way when a gateway ended, the newest first."""
    rows = Command.objects.filter(state__in=OPEN - {State.QUEUED}).select_related("logger")
    return [_order(command) for command in rows.order_by("-id")]


def take(order: Order, text: str, now: datetime, token: UUID) -> bool:
    """Commit that a command is sent, before it is; False: somebody else took it.

    After this an actuator command is never started again, whatever happens to this process.
    Asked again with the same token, because the answer to its commit was lost, it says the same.
    """
    with transaction.atomic():
        mine = Command.objects.filter(pk=order.id, state=State.QUEUED)
        if not mine.update(state=State.SENT, updated_at=now):
            return CommandStep.objects.filter(token=token).exists()
        _step(order.id, State.SENT, Direction.OUT, text, now=now, token=token)
        if order.cn == "1072":
            notify(LOGGERS)  # the logger may use its new password from now on
    return True


def record(
    order: Order,
    *,
    state: str,
    direction: str,
    text: str,
    now: datetime,
    token: UUID,
    result: str | None = None,
    reply: Mapping[str, Any] | None = None,
    show: bool = True,
) -> None:
    """Write down one step of a dialogue and where the command stands after it.

    Once for one token. Where the state cannot follow what the command has reached meanwhile, only
    what the logger said is written down.
    """
    fields: dict[str, Any] = {"state": state, "updated_at": now}
    if result is not None:
        fields["result"] = result
    if reply is not None:
        fields["reply"] = reply
    with transaction.atomic():
        before = Command.objects.select_for_update().get(pk=order.id).state
        if CommandStep.objects.filter(token=token).exists():
            return
        if (before, state) not in _FOLLOWS:
            log.warning("command %d is %s: not made %s", order.id, before, state)
            if show and direction == Direction.IN:
                _step(order.id, before, direction, text, now=now, token=token)
            return
        _move(order, before, fields)
        if show:
            _step(order.id, state, direction, text, now=now, token=token)


def _move(order: Order, before: str, fields: Mapping[str, Any]) -> None:
    state, now = fields["state"], fields["updated_at"]
    Command.objects.filter(pk=order.id).update(**fields)
    if state == State.DONE and before != State.DONE:
        _take_over(order, now)
    elif order.cn == "1072" and state in (State.REFUSED, State.FAILED):
        notify(LOGGERS)  # the password that the logger would not have is no longer expected
    if order.cn in WATER and state not in OPEN:
        also.wake()  # whoever ordered the sample learns at once what came of it


def _step(
    command: int, state: str, direction: str, text: str, *, now: datetime, token: UUID | None = None
) -> None:
    CommandStep.objects.create(
        command_id=command, at=now, direction=direction, state=state, text=text, token=token
    )
    notify(COMMAND_STEPS, str(command))


def _take_over(order: Order, now: datetime) -> None:
    """What a logger has agreed to use from now on, we use as well."""
    changes: dict[str, str] = {}
    silent: dict[str, Any] = {}
    if order.cn == "1072":
        changes["password"] = order.parameters["NewPW"]
        # Earlier orders of a password have come to nothing; a later one may still be under way.
        silent["password_since"] = Command.objects.get(pk=order.id).created_at
    if order.cn == "1014" and "NewSK" in order.parameters:
        changes["key"] = order.parameters["NewSK"].encode().hex()
    if changes:
        logger = Logger.objects.select_for_update().get(pk=order.logger)
        silent["former_keys"] = logger.keys_before(changes.get("key", logger.key))
        Logger.objects.filter(pk=logger.pk).update(**changes, **silent)
        data = dict.fromkeys(changes, "changed") | {"command": order.id}
        record_event(actor=None, verb="update_logger", subject=logger, data=data, at=now)
        notify(LOGGERS)


def expire(now: datetime, connected: Collection[str]) -> int:
    """Fail the commands that waited too long for their logger; returns how many."""
    with transaction.atomic():
        late = list(
            Command.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(state=State.QUEUED, created_at__lt=now - QUEUED_MAX)
            .values_list("pk", "logger__mn")
        )
        for pk, mn in late:
            Command.objects.filter(pk=pk).update(state=State.FAILED, updated_at=now)
            _step(pk, State.FAILED, Direction.NOTE, BUSY if mn in connected else AWAY, now=now)
    return len(late)


def fail(order: Order, why: str, now: datetime, token: UUID) -> None:
    """A command that cannot be sent at all."""
    record(order, state=State.FAILED, direction=Direction.NOTE, text=why, now=now, token=token)


def greet(logger: int, now: datetime) -> int:
    """Queue the first-connection procedure, unless it was within the last day.

    Intervals are those of the logger's point. Returns how many commands were queued.
    """
    with transaction.atomic():
        row = Logger.objects.select_related("point").select_for_update(of=("self",)).get(pk=logger)
        if row.commands.filter(reason=GREETING, created_at__gt=now - GREETING_INTERVAL).exists():
            return 0
        steps = hj212.PROFILES[row.profile].first_connection
        ours = {
            "RtdInterval": str(row.point.realtime_interval_s),
            "MinInterval": str(row.point.minute_interval),
        }
        for cn, parameters in steps:
            filled = {name: ours.get(name, value) for name, value in parameters.items()}
            queue_command(user=None, logger=row, cn=cn, parameters=filled, reason=GREETING, now=now)
        return len(steps)


def notice(logger: int, cn: str, parameters: Mapping[str, str], now: datetime) -> bool:
    """Queue what a logger's notice asks for (1013: 1012), unless it was just done."""
    with transaction.atomic():
        row = Logger.objects.select_for_update().get(pk=logger)
        recent = row.commands.filter(cn=cn, created_at__gt=now - NOTICE_INTERVAL)
        if recent.exists():
            return False
        try:
            queue_command(
                user=None, logger=row, cn=cn, parameters=parameters, reason=NOTICE, now=now
            )
        except ValidationError:  # switched off meanwhile
            return False
        return True
