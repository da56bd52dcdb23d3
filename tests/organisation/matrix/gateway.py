"""Loggers, what was refused, commands."""

from __future__ import annotations

from django.utils import timezone

from jiulong.gateway.models import Command, Logger, QuarantinedFrame
from tests.factories import make_logger
from tests.organisation.matrix import EVERYWHERE, NEARBY, holders, scoped, signed_in
from tests.organisation.matrix.monitoring import MONITORING, a_point
from tests.organisation.matrix.world import World


def a_logger(world: World) -> Logger:
    return make_logger(world.get(a_point))


def a_command(world: World) -> Command:
    now = timezone.now()
    return Command.objects.create(
        logger=world.get(a_logger), cn="1061", qn="1", created_at=now, updated_at=now
    )


def refused(mn: str, reason: str) -> QuarantinedFrame:
    return QuarantinedFrame.objects.create(
        batch=900, ordinal=QuarantinedFrame.objects.count(), received_at=timezone.now(),
        peer="10.0.0.9:1", reason=reason, mn=mn, raw=b"##0101",
    )  # fmt: skip


def a_refused_frame(world: World) -> QuarantinedFrame:
    return refused(world.get(a_logger).mn, "wrong_password")


def an_unknown_mn(world: World) -> str:
    return refused("555", "unknown_mn").mn


ROWS = {
    "gateway:loggers": signed_in(),
    "gateway:logger_new": holders("administrator"),
    "gateway:unregistered": signed_in(),
    "gateway:adopt": holders("administrator", args=lambda world: [world.get(an_unknown_mn)]),
    "gateway:logger": scoped(MONITORING, args=lambda world: [world.get(a_logger).mn]),
    "gateway:logger_edit": scoped(
        {"administrator": EVERYWHERE}, args=lambda world: [world.get(a_logger).mn], places=NEARBY
    ),
    "gateway:order": scoped(
        {"officer monitor": EVERYWHERE},
        args=lambda world: [world.get(a_logger).mn],
        post={},
        places=NEARBY,
    ),
    "gateway:quarantine": signed_in(),
    "gateway:replay": holders("administrator", post={}),
    "gateway:quarantined": scoped(MONITORING, args=lambda world: [world.get(a_refused_frame).pk]),
    "gateway:commands": signed_in(),
    "gateway:command": scoped(
        MONITORING, args=lambda world: [world.get(a_command).pk], places=NEARBY
    ),
}
