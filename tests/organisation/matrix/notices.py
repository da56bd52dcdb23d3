"""Notices: each account has its own."""

from __future__ import annotations

from django.utils import timezone

from jiulong.cases.models import Notice
from tests.organisation.matrix import scoped, signed_in
from tests.organisation.matrix.world import World


def a_notice(world: World) -> Notice:
    return Notice.objects.create(user=world.people["handler", "own"], kind="x", at=timezone.now())


ROWS = {
    "notices:open": scoped({"handler": "own"}, args=lambda world: [world.get(a_notice).pk]),
    "notices:list": signed_in(),
    "notices:bell": signed_in(),
    "notices:read_all": signed_in(post={}),
    "notices:choices": signed_in(),
}
