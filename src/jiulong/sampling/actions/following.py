"""What came of an order: from the dialogue, from a later upload, or from a person who looked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import hj212
from jiulong.gateway.actions.commands import OPEN
from jiulong.gateway.models import Command
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require
from jiulong.sampling import life
from jiulong.sampling.actions.moves import needs, put, step
from jiulong.sampling.models import Bottle, Sample

#: Keys of a logger's answer: bottle number and its own time (HJ 212-2017 C.34).
VASE, TIME = "VaseNo", "DataTime"
DEVICE, PERSON = "device", "person"
#: What came of these is not known yet.
WAITING: Final = frozenset({life.ORDERED, life.UNKNOWN})


def follow(sample: Sample, now: datetime) -> bool:
    """Take over what the order's command has come to; whether there was anything.

    The reply decides: what names a bottle was taken, even if no 9012 followed. A reply without a
    bottle, or none at all after success, leaves the place to a person at the cabinet. An answer
    that comes late, after the end was unknown, counts as well.
    """
    command = sample.command
    if sample.state not in WAITING or command is None or command.state in OPEN:
        return False
    state = Command.State
    replied = bool(command.reply.get(VASE) or command.reply.get(TIME))
    if sample.state == life.UNKNOWN and command.state == state.UNKNOWN and not replied:
        return False
    if replied or command.state == state.DONE:
        fill(sample, command.reply, at=answered_at(command), now=now)
    elif command.state == state.UNKNOWN:
        step(sample, "lose", user=None, verb="lose_sample", now=now)
    else:
        why = failure(command)
        step(sample, "fail", user=None, verb="fail_sample", now=now, told={"reason": why}, why=why)
    return True


def answered_at(command: Command) -> datetime:
    """When the logger's reply came, by our clock; else when the dialogue ended."""
    steps = command.steps.filter(direction="in").order_by("id")
    replied = steps.filter(text__contains=f"CN={command.cn}").values_list("at", flat=True).first()
    return replied or steps.values_list("at", flat=True).last() or command.updated_at


def failure(command: Command) -> str:
    """Why nothing was taken, as the logger or the gateway put it."""
    note = command.steps.filter(direction="note").order_by("-id").first()
    if note is not None:
        return note.text[:300]
    name = "ExeRtn" if command.state == Command.State.FAILED else "QnRtn"
    return f"{name}={command.result}"


def fill(
    sample: Sample,
    reply: Mapping[str, Any],
    *,
    at: datetime,
    now: datetime,
    user: User | None = None,
) -> Sample:
    """A bottle was filled. `at` is our clock's time of it; the device's own stands in the reply."""
    position = read_position(reply.get(VASE))
    told: dict[str, Any] = {"at": at.isoformat()}
    device_at = hj212.time_of(str(reply.get(TIME, "")))
    fields: dict[str, Any] = {
        "sampled_at": sample.sampled_at or at,
        "device_at": sample.device_at or device_at,
        "volume_ml": sample.volume_ml or sample.sampler.volume_ml,
    }
    if device_at is not None:
        told["device_at"] = device_at.isoformat()
    with transaction.atomic():
        bottle = bottle_at(sample, position, now)
        action = "fill" if bottle is not None else "fill_somewhere"
        if bottle is not None:
            told["bottle"] = position
            fields |= {
                "bottle": bottle, "position": position,
                "position_by": DEVICE if user is None else PERSON,
            }  # fmt: skip
            if bottle.state != Bottle.State.FREE:
                told["was"] = bottle.state  # device and we count differently: somebody should look
            put(bottle, Bottle.State.FILLED, now)
        return step(sample, action, user=user, verb="fill_sample", now=now, told=told, **fields)


def read_position(text: object) -> int | None:
    """A VaseNo, 1 to 99; None for what is none."""
    word = str(text or "").strip()
    return int(word) if word.isascii() and word.isdecimal() and 1 <= int(word) <= 99 else None


def bottle_at(sample: Sample, position: int | None, now: datetime) -> Bottle | None:
    """The place of the carousel; one that we did not know of is added: the device has it."""
    if position is None:
        return None
    found, _made = Bottle.objects.get_or_create(
        sampler=sample.sampler, position=position, defaults={"since": now}
    )
    return found


def look_at_sample(
    *,
    actor: Viewer,
    sample: Sample,
    taken: bool,
    note: str,
    position: int | None = None,
    now: datetime | None = None,
) -> Sample:
    """Say what a look at the cabinet, or a call to the station, has shown of an unknown order.

    Args:
        taken: whether a bottle was filled.
        position: which, where it is known.

    Raises:
        PermissionDenied: the actor's role lacks `order_sample`.
        ValidationError: nothing said, no such bottle, or the end of the order is known.
    """
    user = require(actor, "order_sample")
    now = now or timezone.now()
    if sample.state != life.UNKNOWN:
        raise ValidationError(_("What came of this order is known."))
    why = needs(note, "note", _("Say who looked and what was seen."))
    if not taken:
        return step(
            sample, "fail", user=user, verb="look_at_sample", now=now,
            told={"note": why, "taken": False}, why=why,
        )  # fmt: skip
    reply = {VASE: _existing(sample, position)} if position is not None else {}
    at = sample.command.updated_at if sample.command else now
    with transaction.atomic():
        filled = fill(sample, reply, at=at, now=now, user=user)
        Sample.objects.filter(pk=sample.pk).update(why=why)
    return filled


def place_sample(
    *, actor: Viewer, sample: Sample, position: int, now: datetime | None = None
) -> Sample:
    """Say which bottle holds a sample whose logger did not tell.

    Raises:
        PermissionDenied: the actor's role lacks `order_sample`.
        ValidationError: no such bottle, it is not free, or the bottle is known.
    """
    user = require(actor, "order_sample")
    now = now or timezone.now()
    if sample.state != life.UNPLACED:
        raise ValidationError(_("The bottle of this sample is known."))
    number = _existing(sample, position)
    place = sample.sampler.places.get(position=number)
    if place.state != Bottle.State.FREE:
        told = _("Bottle %(number)d is not free: another sample is in it.")
        raise ValidationError({"position": told % {"number": number}})
    return fill(sample, {VASE: number}, at=sample.sampled_at or now, now=now, user=user)


def _existing(sample: Sample, position: int | None) -> int:
    if position is None or not sample.sampler.places.filter(position=position).exists():
        told = _("The carousel has the places 1 to %(most)d.")
        raise ValidationError({"position": told % {"most": sample.sampler.bottles}})
    return position
