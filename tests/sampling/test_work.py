"""What happens by itself: orders followed, uploads read, rules, draws, reminders."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest

from jiulong.cases.models import Notice
from jiulong.evidence.models import Event
from jiulong.gateway import ledger
from jiulong.gateway.actions import order_command
from jiulong.gateway.models import Command, CommandStep
from jiulong.monitoring.models import Finding
from jiulong.recorder.models import Message
from jiulong.sampling import reminding, work
from jiulong.sampling.actions.ordering import ordered_before
from jiulong.sampling.models import Bottle, Draw, HeldBack, Sample, SamplingRule
from tests.factories import NOW, make_factor, make_finding
from tests.sampling.world import (
    HOUR,
    MINUTE,
    World,
    again,
    filled,
    heard,
    make_alarm,
    make_world,
    ordered,
)

pytestmark = pytest.mark.django_db

SEVERE: dict[str, Any] = {
    "key": "t.severe", "on": "finding", "reason": "严重超标", "kinds": ["severe_exceedance"],
    "purpose": "enforcement", "trigger": "alarm",
}  # fmt: skip


def rule(**spec: Any) -> SamplingRule:
    return SamplingRule.objects.create(code=spec.get("key", "t.severe"), spec={**SEVERE, **spec})


def severe(world: World, **given: Any) -> Finding:
    usual = {
        "rule": "severe_exceedance", "severity": "serious", "started_at": NOW - HOUR,
        "last_at": NOW - HOUR, "multiple": Decimal("1.5"),
    }  # fmt: skip
    return make_finding(world.sampler.point, **{**usual, **given})


def message(world: World, at: datetime, cn: str = "3015", **content: str) -> Message:
    return Message.objects.create(
        point=world.sampler.point, cn=cn, at=at, received_at=at, batch=1,
        ordinal=Message.objects.count(), content=content,
    )  # fmt: skip


# -- following ---------------------------------------------------------------------------------


def test_it_follows_a_reply_and_keeps_both_clocks() -> None:
    world = make_world()
    sample = ordered(world)
    assert work.step(NOW) is False
    command = Command.objects.get()
    CommandStep.objects.create(
        command=command, at=NOW + timedelta(seconds=2), direction="in", state="replied",
        text="##0119QN=1;ST=32;CN=3015;CP=&&DataTime=20260310115958;VaseNo=2&&18C0",
    )  # fmt: skip
    Command.objects.update(
        state="done", reply={"DataTime": "20260310115958", "VaseNo": "2"},
        updated_at=NOW + timedelta(seconds=5),
    )  # fmt: skip
    assert work.step(NOW + timedelta(seconds=6)) is True
    kept = again(sample)
    assert (kept.state, kept.position, kept.position_by) == ("filled", 2, "device")
    assert kept.sampled_at == NOW + timedelta(seconds=2)
    assert kept.device_at == NOW - timedelta(seconds=2)
    assert kept.bottle is not None
    assert kept.bottle.state == Bottle.State.FILLED
    assert work.step(NOW + MINUTE) is False


@pytest.mark.parametrize(
    ("state", "result", "reply", "expected"),
    [
        ("done", "1", {}, "unplaced"),  # 3012 names no bottle
        ("done", "1", {"VaseNo": "x"}, "unplaced"),
        ("unknown", "", {"VaseNo": "1"}, "filled"),  # 9012 is missing, the bottle is not
        ("unknown", "", {}, "unknown"),
        ("refused", "2", {}, "failed"),
        ("failed", "2", {}, "failed"),
        ("replied", "", {"VaseNo": "1"}, "ordered"),  # still under way
    ],
)
def test_what_an_order_comes_to(
    state: str, result: str, reply: dict[str, str], expected: str
) -> None:
    world = make_world()
    sample = ordered(world)
    Command.objects.update(state=state, result=result, reply=reply, updated_at=NOW)
    work.step(NOW)
    assert again(sample).state == expected


def test_a_gateway_that_was_killed_leaves_an_unknown_end_until_a_late_answer() -> None:
    world = make_world()
    sample = ordered(world)
    (order,) = ledger.queued({world.logger.mn})
    assert ledger.take(order, "##…CN=3015…", NOW, uuid4())
    # Killed here. The gateway that comes after it asks no actuator again: its time runs out.
    (left,) = ledger.interrupted()
    step = {"direction": "note", "text": "interrupted", "now": NOW + MINUTE}
    ledger.record(left, state="unknown", token=uuid4(), **step)  # type: ignore[arg-type]
    work.step(NOW + MINUTE)
    assert again(sample).state == "unknown"
    assert work.step(NOW + MINUTE) is False
    late = {"DataTime": "20260310120002", "VaseNo": "1"}
    ledger.record(
        left, state="done", direction="in", text="CN=3015", now=NOW + 2 * MINUTE, token=uuid4(),
        result="1", reply=late,
    )  # fmt: skip
    work.step(NOW + 2 * MINUTE)
    assert (again(sample).state, again(sample).position) == ("filled", 1)


def test_a_bottle_that_we_did_not_know_of_is_added() -> None:
    world = make_world(bottles=3)
    sample = ordered(world)
    Command.objects.update(state="done", reply={"VaseNo": "9"}, updated_at=NOW)
    work.step(NOW)
    assert (again(sample).position, world.sampler.places.count()) == (9, 4)


# -- uploads -----------------------------------------------------------------------------------


def test_an_upload_after_a_lost_answer_fills_the_sample() -> None:
    world = make_world()
    sample = ordered(world)
    Command.objects.update(state="unknown", updated_at=NOW)
    work.step(NOW)
    message(world, NOW + 20 * MINUTE, DataTime="20260310120001", VaseNo="3")
    work.step(NOW + 20 * MINUTE)
    kept = again(sample)
    assert (kept.state, kept.position) == ("filled", 3)
    assert kept.device_at == NOW + timedelta(seconds=1)


def test_the_reply_comes_as_upload_too_and_counts_once() -> None:
    world = make_world()
    sample = filled(world)
    message(world, NOW, DataTime="20260310120003", VaseNo="1")
    work.step(NOW)
    assert Sample.objects.get() == sample


def test_a_bottle_that_the_device_filled_by_itself_is_a_sample_of_its_own() -> None:
    world = make_world()
    message(world, NOW, DataTime="20260310120000", VaseNo="2")
    message(world, NOW, cn="3020", **{"i42003-Info": "1", "i43007-Info": "7.5"})
    message(world, NOW, cn="2081", RestartTime="20260310120000")
    work.step(NOW)
    sample = Sample.objects.get()
    assert (sample.trigger, sample.state, sample.position) == ("device", "filled", 2)
    world.sampler.refresh_from_db()
    assert (world.sampler.door, world.sampler.temperature_c) == ("open", Decimal("7.5"))
    work.step(NOW)
    assert Sample.objects.count() == 1


def test_a_bottle_that_was_ordered_on_the_loggers_page_is_a_check_of_who_ordered_it() -> None:
    world = make_world()
    command = order_command(
        actor=world.desk, logger=world.logger, cn="3015", reason="试一试", now=NOW
    )
    Command.objects.update(state="done")
    message(world, NOW + MINUTE, DataTime="20260310120100", VaseNo="1")
    work.step(NOW + MINUTE)
    sample = Sample.objects.get()
    assert (sample.trigger, sample.purpose, sample.command) == ("hand", "check", command)
    assert (sample.ordered_by, sample.reason, sample.state) == (world.desk, "试一试", "filled")


def test_what_is_told_after_an_outage_was_taken_when_the_device_says() -> None:
    world = make_world()
    made = message(world, NOW, DataTime="20260310070000", VaseNo="2")
    Message.objects.filter(pk=made.pk).update(at=NOW - 5 * HOUR)
    old = message(world, NOW, DataTime="20160801085857", VaseNo="1")
    Message.objects.filter(pk=old.pk).update(at=NOW - timedelta(days=3500))
    work.step(NOW)
    assert Sample.objects.get().sampled_at == NOW - 5 * HOUR


def test_older_news_of_a_cabinet_change_nothing() -> None:
    world = make_world()
    message(world, NOW, cn="3020", **{"i43007-Info": "4"})
    message(world, NOW - HOUR, cn="3020", **{"i43007-Info": "9"})
    work.step(NOW)
    world.sampler.refresh_from_db()
    assert world.sampler.temperature_c == Decimal(4)


# -- rules -------------------------------------------------------------------------------------


def test_a_severe_exceedance_orders_once_and_at_once() -> None:
    world, asked = make_world(), rule()
    finding = severe(world)
    assert work.step(NOW) is True
    sample = Sample.objects.get()
    assert (sample.trigger, sample.purpose, sample.state) == ("alarm", "enforcement", "ordered")
    assert (sample.finding, sample.rule, sample.ordered_by) == (finding, asked, None)
    assert Command.objects.get().cn == "3015"
    for later in (MINUTE, HOUR):
        heard(world, NOW + later)
        Finding.objects.update(last_at=NOW + later)
        Command.objects.update(state="failed")
        work.step(NOW + later)
    assert Sample.objects.count() == 1


@pytest.mark.parametrize(
    "given",
    [
        {"last_at": NOW - 3 * HOUR},  # back-filled: too long ago
        {"ended_at": NOW - MINUTE},  # over: the water keeps the limit again
        {"rule": "hour_exceedance"},
        {"withdrawn_at": NOW},
        {"multiple": Decimal(1)},
        {"severity": "warning"},
    ],
)
def test_what_is_stale_or_slight_orders_nothing(given: dict[str, Any]) -> None:
    world = make_world()
    rule(multiple="1.0", severities=["serious"])
    severe(world, **given)
    work.step(NOW)
    assert not Sample.objects.exists()
    assert not HeldBack.objects.exists()


def test_an_order_does_not_wait_behind_uploads() -> None:
    world = make_world()
    rule()
    severe(world)
    message(world, NOW, cn="2011", other="1")
    assert work.step(NOW) is True
    assert Sample.objects.get().state == "ordered"


def test_a_rule_is_held_back_by_an_interlock_and_tries_again_while_it_is_fresh() -> None:
    world = make_world()
    rule()
    severe(world)
    world.sampler.point.state.delete()  # never heard
    work.step(NOW)
    held = HeldBack.objects.get()
    assert "not connected" in held.why
    assert not Sample.objects.exists()
    work.step(NOW + 2 * MINUTE)
    assert HeldBack.objects.get().last_at == NOW + 2 * MINUTE
    assert Event.objects.filter(verb="hold_back_sample").count() == 1
    heard(world, NOW + 3 * MINUTE)
    work.step(NOW + 3 * MINUTE)
    assert (Sample.objects.count(), HeldBack.objects.count()) == (1, 0)


def test_an_alarm_is_one_sample_of_a_rule_however_many_findings_it_has() -> None:
    world, asked = make_world(min_interval_min=1), rule()
    alarm = make_alarm(world.sampler.point)
    first, second = severe(world, alarm=alarm), severe(world, alarm=alarm, factor=make_factor("x"))
    work.step(NOW)
    assert Sample.objects.get().alarm == alarm
    for later in (MINUTE, HOUR):
        heard(world, NOW + later)
        Finding.objects.update(last_at=NOW + later)
        Command.objects.update(state="failed")
        work.step(NOW + later)
    assert Sample.objects.count() == 1
    heard(world, NOW + 2 * HOUR)
    older = make_alarm(world.sampler.point)  # it was the same event: the alarm has another number
    Finding.objects.update(alarm=older, last_at=NOW + 2 * HOUR)
    assert ordered_before(asked, Finding.objects.get(pk=second.pk))
    severe(
        world, alarm=make_alarm(world.sampler.point), started_at=NOW + HOUR,
        last_at=NOW + 2 * HOUR,
    )  # fmt: skip
    work.step(NOW + 2 * HOUR)
    assert Sample.objects.count() == 2, "another event is another sample"
    assert first.alarm != older


def test_a_retired_rule_and_a_switched_off_sampler_order_nothing() -> None:
    world, asked = make_world(), rule()
    severe(world)
    SamplingRule.objects.filter(pk=asked.pk).update(retired_at=NOW)
    work.step(NOW)
    SamplingRule.objects.filter(pk=asked.pk).update(retired_at=None)
    world.sampler.active = False
    world.sampler.save()
    work.step(NOW)
    assert not Sample.objects.exists()


# -- draws and reminders -----------------------------------------------------------------------


def test_draws_are_promised_before_and_taken_when_their_moment_comes() -> None:
    world = make_world()
    rule(key="t.random", on="random", every_days=1, window="22:00-23:00", count=1,
         purpose="check")  # fmt: skip
    assert work.draw_step(NOW) is False
    work.draw_step(NOW + MINUTE)
    draw = Draw.objects.get()
    assert draw.candidates == [world.sampler.point.code]
    assert draw.opens_at <= draw.due_at < draw.closes_at
    heard(world, draw.due_at)
    assert work.draw_step(draw.due_at - timedelta(seconds=1)) is False
    assert work.draw_step(draw.due_at) is True
    sample = Sample.objects.get()
    assert (sample.draw, sample.trigger, sample.purpose) == (draw, "random", "check")
    verbs = Event.objects.filter(subject="sampling.draw", subject_id=str(draw.pk))
    assert list(verbs.order_by("id").values_list("verb", flat=True)) == [
        "promise_draw", "take_draw",
    ]  # fmt: skip


def test_a_drawn_point_that_cannot_be_sampled_stays_drawn() -> None:
    make_world()  # nothing was heard of it for long by then
    rule(key="t.random", on="random", every_days=1, window="22:00-23:00", count=1)
    work.draw_step(NOW)
    draw = Draw.objects.get()
    work.draw_step(draw.due_at)
    assert not Sample.objects.exists()
    assert Event.objects.filter(verb="hold_draw").exists()


def test_nothing_is_promised_without_a_sampler() -> None:
    rule(key="t.random", on="random", every_days=1, window="22:00-23:00", count=1)
    work.draw_step(NOW)
    assert not Draw.objects.exists()


def test_officers_are_told_once_that_a_clock_runs_out() -> None:
    world = make_world()
    sample = filled(world)
    reminding.step(NOW + 17 * HOUR)
    assert not Notice.objects.filter(kind="sample_due").exists()
    for hours in (19, 20):
        reminding.step(NOW + hours * HOUR)
    told = Notice.objects.filter(kind="sample_due")
    assert {one.user for one in told} == {world.officer, world.second}
    assert sample.number in told[0].data["title"]
