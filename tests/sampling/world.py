"""What tests of sampling stand on: a point with logger and sampler, and everybody around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from jiulong.gateway.models import Command, Logger
from jiulong.monitoring.models import Alarm, Point, PointState
from jiulong.organisation.models import Unit, User
from jiulong.sampling import actions
from jiulong.sampling.actions.following import follow
from jiulong.sampling.models import Sample, Sampler
from tests.factories import (
    NOW,
    make_enterprise,
    make_factor,
    make_logger,
    make_outfall,
    make_point,
    make_unit,
    make_user,
)

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass
class World:
    """`officer` and `second` are officers of one bureau; `lab` works where samples go."""

    officer: User
    second: User
    desk: User
    observer: User
    owner: User
    sibling: User
    lab: User
    other_lab: User
    administrator: User
    sampler: Sampler
    logger: Logger

    @property
    def laboratory(self) -> Unit:
        assert self.lab.unit is not None
        return self.lab.unit


def make_world(**sampler: Any) -> World:
    bureau, plant, other = make_unit(), make_unit(Unit.Kind.ENTERPRISE), make_unit()
    point = make_point(make_outfall(make_enterprise(unit=plant)))
    logger = make_logger(point)
    PointState.objects.create(point=point, heard_at=NOW)
    for code in ("w01018", "w21003"):
        make_factor(code)
    made = actions.set_sampler(actor=None, point=point, now=NOW, **{"bottles": 3, **sampler})
    return World(
        officer=make_user(User.Role.OFFICER, bureau),
        second=make_user(User.Role.OFFICER, bureau),
        desk=make_user(User.Role.MONITOR, bureau),
        observer=make_user(User.Role.OBSERVER, bureau),
        owner=make_user(User.Role.ENTERPRISE, plant),
        sibling=make_user(User.Role.ENTERPRISE, make_unit(Unit.Kind.ENTERPRISE)),
        lab=make_user(User.Role.LABORATORY, make_unit()),
        other_lab=make_user(User.Role.LABORATORY, other),
        administrator=make_user(User.Role.ADMINISTRATOR, bureau),
        sampler=made,
        logger=logger,
    )


def heard(world: World, now: datetime) -> None:
    """The logger speaks at `now`."""
    PointState.objects.update_or_create(point=world.sampler.point, defaults={"heard_at": now})


def make_alarm(point: Point) -> Alarm:
    """An event at the point's outfall that is over."""
    started = NOW - HOUR
    return Alarm.objects.create(
        outfall=point.outfall, family="limit", kind="SEV", severity="serious", state="closed",
        started_at=started, last_at=started, raised_at=started, rules=[],
    )  # fmt: skip


def ordered(world: World, *, now: datetime = NOW, confirmed: bool = True, **given: Any) -> Sample:
    """An order for enforcement, confirmed by the second officer."""
    heard(world, now)
    sample = actions.order_sample(
        actor=world.officer, sampler=world.sampler, now=now,
        **{"purpose": "enforcement", "reason": "夜间超标", **given},
    )  # fmt: skip
    if confirmed and sample.state == "asked":
        actions.confirm_sample(actor=world.second, sample=sample, now=now)
    return sample


def answered(
    sample: Sample, now: datetime, *, state: str = "done", result: str = "1", **reply: str
) -> Sample:
    """The logger has answered the order; what came of it was followed."""
    Command.objects.filter(pk=sample.command_id).update(
        state=state, result=result, reply=reply, updated_at=now
    )
    follow(Sample.objects.select_related("command", "sampler").get(pk=sample.pk), now)
    return again(sample)


def again(sample: Sample) -> Sample:
    """The sample as it stands in the database."""
    related = ("command", "sampler", "bottle", "point", "laboratory")
    return Sample.objects.select_related(*related).get(pk=sample.pk)


def filled(world: World, now: datetime = NOW, **given: Any) -> Sample:
    """A sample in bottle 1."""
    return answered(ordered(world, now=now, **given), now, VaseNo="1", DataTime="20260310120003")


def sealed(world: World, now: datetime = NOW, **given: Any) -> Sample:
    sample = filled(world, now, **given)
    actions.seal_sample(
        actor=world.officer, sample=sample, certificate="闽E001", seal_number="F-17",
        witness="present", witness_name="王小明", now=now + HOUR,
    )  # fmt: skip
    actions.cosign_sample(
        actor=world.second, sample=sample, certificate="闽E002", now=now + HOUR + MINUTE
    )
    return again(sample)


def collected(world: World, now: datetime = NOW, **given: Any) -> Sample:
    sample, at = sealed(world, now, **given), now + HOUR + 2 * MINUTE
    actions.collect_sample(actor=world.second, sample=sample, certificate="闽E002", now=at)
    actions.cosign_sample(actor=world.officer, sample=sample, certificate="闽E001", now=at)
    return again(sample)
