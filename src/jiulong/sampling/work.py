"""What sampling does by itself: follow orders, read uploads, order by rule, draw."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q

from jiulong.evidence.actions import record_event
from jiulong.evidence.models import Cursor
from jiulong.gateway.models import Command
from jiulong.gateway.queries import UNANNOUNCED
from jiulong.monitoring.models import Finding, Point
from jiulong.recorder.models import Message
from jiulong.sampling import life, schedule
from jiulong.sampling.actions import drawing
from jiulong.sampling.actions.following import TIME, VASE, WAITING, fill, follow, read_position
from jiulong.sampling.actions.ordering import (
    OrderedBeforeError,
    expire,
    made,
    order_by_rule,
    ordered_before,
)
from jiulong.sampling.actions.samplers import report_cabinet
from jiulong.sampling.cabinet import read_cabinet
from jiulong.sampling.models import Draw, HeldBack, Sample, Sampler, SamplingRule
from jiulong.sampling.sections import RuleItem

UPLOADS: Final = "sampling"
#: Uploads read in one step.
MOST: Final = 200
#: A bottle that was told of so long after an order is that order's; later it is the device's own.
BELONGS: Final = timedelta(hours=2)
#: A bottle of which a logger tells after so long holds no evidence any more.
OLDEST: Final = timedelta(days=14)


def step(now: datetime) -> bool:
    """What must be quick: taken by the judge's process after its own step."""
    moved = [follow(sample, now) for sample in _under_way()]
    expired = expire(now)
    read = read_uploads(now)
    # In every step: water that is wanted now does not wait behind a backlog of uploads.
    ordered = order_due(now)
    return bool(read or any(moved) or expired or ordered)


def _under_way() -> Iterator[Sample]:
    rows = Sample.objects.filter(state__in=WAITING).select_related("command", "sampler")
    yield from rows.order_by("pk")


# -- uploads --------------------------------------------------------------------------------------


def read_uploads(now: datetime) -> int:
    """Bottles and cabinets that loggers told of; returns how many messages were looked at."""
    with transaction.atomic():
        cursor, _made = Cursor.objects.select_for_update().get_or_create(name=UPLOADS)
        rows = list(Message.objects.filter(pk__gt=cursor.position).order_by("pk")[:MOST])
        for message in rows:
            _take(message, now)
        if rows:
            Cursor.objects.filter(name=UPLOADS).update(position=rows[-1].pk)
    return len(rows)


def _take(message: Message, now: datetime) -> None:
    position = read_position(message.content.get(VASE))
    if position is None and not any(key.endswith("-Info") for key in message.content):
        return
    sampler = (
        Sampler.objects.filter(point=message.point_id)
        .select_related("point__outfall__enterprise")
        .first()
    )
    if sampler is None:
        return
    told = read_cabinet(message.content, sampler.temperature_code)
    if told is not None:
        report_cabinet(sampler=sampler, at=message.received_at, **told)
    if position is not None:
        _bottle(sampler, message, position, now)


def _bottle(sampler: Sampler, message: Message, position: int, now: datetime) -> None:
    """A logger told of a bottle: of an order that waits for it, of a known one, or of its own."""
    reply = {VASE: position, TIME: str(message.content.get(TIME, ""))}
    waiting = sampler.samples.filter(
        state__in=[life.ORDERED, life.UNKNOWN, life.UNPLACED],
        command__created_at__lte=message.received_at,
        command__created_at__gt=message.received_at - BELONGS,
    ).first()
    if waiting is not None:
        fill(waiting, reply, at=message.received_at, now=now)
        return
    at = taken_at(message)
    if at is None:
        return
    near = (message.received_at - BELONGS, message.received_at + BELONGS)
    if sampler.samples.filter(position=position, sampled_at__range=near).exists():
        return  # the reply to an order that we followed already
    told: dict[str, Any] = {
        "trigger": Sample.Trigger.DEVICE, "purpose": Sample.Purpose.ENFORCEMENT,
        "reason": f"CN={message.cn} #{message.batch}", "command": None,
    }  # fmt: skip
    command = _ordered_elsewhere(sampler, message)
    if command is not None:  # nobody confirmed it: a check, no evidence
        told |= {
            "trigger": Sample.Trigger.HAND, "purpose": Sample.Purpose.CHECK,
            "reason": command.reason or command.cn, "command": command,
        }  # fmt: skip
    user = command.ordered_by if command is not None else None
    with transaction.atomic():
        sample = made(sampler, user=user, now=now, factors=[], **told)
        Sample.objects.filter(pk=sample.pk).update(state=life.UNPLACED)
        sample.state = life.UNPLACED
        fill(sample, reply, at=at, now=now)


def _ordered_elsewhere(sampler: Sampler, message: Message) -> Command | None:
    """The command of a logger's own page that filled the bottle, if one did."""
    rows = Command.objects.filter(
        logger__point=sampler.point_id, cn__in=UNANNOUNCED, sample=None,
        created_at__lte=message.received_at, created_at__gt=message.received_at - BELONGS,
    )  # fmt: skip
    return rows.select_related("ordered_by").first()


def taken_at(message: Message) -> datetime | None:
    """When a device filled a bottle by itself; None: so long ago that it proves nothing.

    What a logger sends after an outage is hours old: then its own clock is nearer to the truth than
    the time at which we heard of it.
    """
    age = message.received_at - message.at
    if age > OLDEST:
        return None
    return message.at if age > timedelta(0) else message.received_at


# -- rules ----------------------------------------------------------------------------------------


def order_due(now: datetime) -> int:
    """Order what rules ask for after findings; returns how many samples."""
    ordered = 0
    for rule in SamplingRule.objects.filter(retired_at=None, spec__on="finding"):
        item = RuleItem.model_validate(rule.spec)
        for finding in _due(rule, item, now):
            ordered += _order(rule, item, finding, now)
    return ordered


def _due(rule: SamplingRule, item: RuleItem, now: datetime) -> Iterator[Finding]:
    """Findings that the rule speaks of, that still hold, and that it has not dealt with: one of
    each alarm.

    Only what was seen to hold lately counts: what a logger sends late or again asks for no water.
    """
    since = now - timedelta(minutes=item.fresh_minutes)
    rows = Finding.objects.filter(
        rule__in=item.kinds, last_at__gte=since, started_at__lte=now, withdrawn_at=None,
        point__sampler__active=True, point__position=Point.Position.EFFLUENT,
    ).exclude(samples__rule=rule)  # fmt: skip
    if item.trigger == "alarm":
        rows = rows.filter(ended_at=None)  # water that keeps the limit again proves nothing
    if item.severities:
        rows = rows.filter(severity__in=item.severities)
    if item.multiple is not None:
        rows = rows.filter(multiple__gt=Decimal(item.multiple))
    seen: set[int] = set()
    for finding in rows.select_related("point__sampler", "factor").order_by("pk"):
        if finding.alarm_id in seen or ordered_before(rule, finding):
            continue
        if finding.alarm_id is not None:
            seen.add(finding.alarm_id)
        yield finding


def _order(rule: SamplingRule, item: RuleItem, finding: Finding, now: datetime) -> int:
    factor = finding.factor.name if finding.factor else ""
    sampler: Sampler = finding.point.sampler
    try:
        order_by_rule(
            rule=rule, sampler=sampler, trigger=item.trigger, purpose=item.purpose, now=now,
            reason=f"{item.reason} {factor}".strip()[:200], finding=finding,
        )  # fmt: skip
    except ValidationError as error:
        why = " ".join(error.messages)[:300]
        held, fresh = HeldBack.objects.get_or_create(
            rule=rule, finding=finding, defaults={"why": why, "first_at": now, "last_at": now}
        )
        if fresh:
            record_event(
                actor=None, verb="hold_back_sample", subject=sampler, at=now,
                data={"rule": rule.code, "finding": finding.pk, "reason": why},
            )  # fmt: skip
        elif held.why != why or now - held.last_at >= timedelta(minutes=1):
            HeldBack.objects.filter(pk=held.pk).update(why=why, last_at=now)
        return 0
    except OrderedBeforeError:
        return 0
    of = Q(finding=finding)
    if finding.alarm_id is not None:
        of |= Q(finding__alarm=finding.alarm_id)
    HeldBack.objects.filter(of, rule=rule).delete()
    return 1


# -- chores ---------------------------------------------------------------------------------------


def draw_step(now: datetime) -> bool:
    """Promise the next draw of every rule, and take those that are due."""
    work = False
    for rule in SamplingRule.objects.filter(retired_at=None, spec__on="random"):
        item = RuleItem.model_validate(rule.spec)
        opens, closes = schedule.next_window(item.every_days, item.window, now)
        if not rule.draws.filter(opens_at=opens).exists():
            drawing.promise_draw(
                rule=rule, opens_at=opens, closes_at=closes, count=item.count, now=now
            )
    for draw in Draw.objects.filter(drawn_at=None, due_at__lte=now).select_related("rule"):
        drawing.take_draw(draw=draw, now=now)
        work = True
    return work
