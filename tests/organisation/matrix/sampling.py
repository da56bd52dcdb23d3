"""Samples, samplers, draws, the laboratory's bench."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from jiulong.sampling import actions, drawing
from jiulong.sampling.models import Draw, Sample, Sampler, SamplingRule
from tests.organisation.matrix import (
    EVERYWHERE,
    NEARBY,
    SEE_ALL,
    elsewhere,
    holders,
    scoped,
    signed_in,
)
from tests.organisation.matrix.monitoring import MONITORING, a_point
from tests.organisation.matrix.world import World


def a_sampler(world: World) -> Sampler:
    return actions.set_sampler(actor=None, point=world.get(a_point), bottles=3)


def a_sample(world: World) -> Sample:
    """In the first bottle."""
    sampler, now = world.get(a_sampler), timezone.now()
    return Sample.objects.create(
        number="CY1", code="AAAA2222", point=sampler.point, sampler=sampler, trigger="hand",
        purpose="check", reason="x", state="filled", ordered_at=now, sampled_at=now,
        bottle=sampler.places.get(position=1), position=1,
    )  # fmt: skip


def a_handed_over_sample(world: World) -> Sample:
    sampler, now = world.get(a_sampler), timezone.now()
    return Sample.objects.create(
        number="CY2", code="BBBB2222", point=sampler.point, sampler=sampler, trigger="hand",
        purpose="check", reason="x", state="handed_over", ordered_at=now, sampled_at=now,
        laboratory=world.own,
    )  # fmt: skip


def a_draw(world: World) -> Draw:
    now = timezone.now()
    return Draw.objects.create(
        rule=SamplingRule.objects.create(code="t", spec={"on": "random"}), opens_at=now,
        closes_at=now + timedelta(hours=1), count=1, seed="s", seed_sha256=drawing.digest("s"),
        candidates=["A"], candidates_sha256=drawing.digest("A"), promised_at=now, due_at=now,
        drawn_at=now, drawn=["A"],
    )  # fmt: skip


def code(world: World) -> list[str]:
    return [world.get(a_sampler).point.code]


ROWS = {
    "sampling:samples": signed_in(),
    "sampling:samplers": signed_in(),
    "sampling:draws": signed_in(),
    "sampling:draw": signed_in(args=lambda world: [world.get(a_draw).pk]),
    "sampling:run": holders("officer"),
    "sampling:labels": holders("officer"),
    "sampling:sample": scoped(MONITORING, args=lambda world: [world.get(a_sample).pk]),
    "sampling:scan": scoped(
        MONITORING, args=lambda world: [world.get(a_sample).code], places=NEARBY
    ),
    "api:samples": signed_in(),
    "api:sample": scoped(MONITORING, args=lambda world: [world.get(a_sample).pk], places=NEARBY),
    "sampling:paper": elsewhere("tests/sampling/test_pages.py"),
    "sampling:dossier": elsewhere("tests/sampling/test_pages.py"),
    "sampling:act": scoped(
        {"officer": EVERYWHERE}, args=lambda world: [world.get(a_sample).pk, "seal"], places=NEARBY
    ),
    "sampling:sampler": scoped({SEE_ALL: EVERYWHERE}, args=code, places=NEARBY),
    "sampling:sampler_edit": scoped({"administrator": EVERYWHERE}, args=code, places=NEARBY),
    "sampling:order": scoped({"officer monitor": EVERYWHERE}, args=code, places=NEARBY),
    "sampling:renew": scoped({"officer monitor": EVERYWHERE}, args=code, post={}, places=NEARBY),
    "sampling:bench": holders("laboratory"),
    "sampling:bench_sample": scoped(
        {"laboratory": "own"}, args=lambda world: [world.get(a_handed_over_sample).code]
    ),
}
