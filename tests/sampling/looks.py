"""Samples in the states that pages are looked at in, on whatever district there is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from jiulong.monitoring.models import Point
from jiulong.organisation.models import Unit, User
from jiulong.sampling import actions, drawing, life
from jiulong.sampling.models import Draw, Sample, Sampler, SamplingRule


def a_sampler() -> Sampler:
    point = Point.objects.filter(loggers__active=True).order_by("pk")[0]
    return Sampler.objects.filter(point=point).first() or actions.set_sampler(
        actor=None, point=point
    )


def point_code() -> list[Any]:
    return [a_sampler().point.code]


def a_sample(state: str = life.FILLED) -> Sample:
    """The one sample in this state."""
    known = Sample.objects.filter(number=f"CY-{state}").first()
    if known is not None:
        return known
    sampler, at = a_sampler(), timezone.now() - timedelta(hours=20)
    place = sampler.places.filter(state="free").order_by("position").first()
    standing = state in life.IN_CABINET and place is not None
    if standing and place is not None:
        place.state = "filled"
        place.save()
    lab = User.objects.filter(role=User.Role.LABORATORY).first()
    return Sample.objects.create(
        number=f"CY-{state}", code=f"Z{state[:6].upper()}", point=sampler.point, sampler=sampler,
        trigger="suspicion", purpose="enforcement", reason="夜间数据突变", state=state,
        factors=["w01018", "w21003"], ordered_at=at, ordered_by=user("officer"),
        sampled_at=None if state in life.UNTOLD else at, volume_ml=1000,
        confirm_until=timezone.now() + timedelta(minutes=20),
        bottle=place if standing else None,
        position=place.position if standing and place else None,
        laboratory=(lab.unit if lab else None) or Unit.objects.first(),
        handed_over_at=at if state in life.AT_LABORATORY else None,
        seal_number="" if state in {life.FILLED, *life.UNTOLD} else f"F-{state}",
    )  # fmt: skip


def user(name: str) -> User | None:
    return User.objects.filter(username=name).first()


def of(state: str = life.FILLED, *more: Any) -> Callable[[], list[Any]]:
    """Arguments of an address: the sample in this state, and whatever follows."""
    return lambda: [a_sample(state).pk, *more]


def code_of(state: str) -> Callable[[], list[Any]]:
    return lambda: [a_sample(state).code]


def a_draw() -> list[Any]:
    now = timezone.now()
    rule, _made = SamplingRule.objects.get_or_create(code="look.random", defaults={"spec": {}})
    code = a_sampler().point.code
    draw, _made = Draw.objects.get_or_create(
        rule=rule,
        defaults={
            "opens_at": now, "closes_at": now, "count": 1, "seed": "1",
            "seed_sha256": drawing.digest("1"), "candidates": [code],
            "candidates_sha256": drawing.digest(code), "promised_at": now, "due_at": now,
            "drawn_at": now, "drawn": [code],
        },
    )  # fmt: skip
    return [draw.pk]
