"""Orders: who may, what an interlock refuses, at most once whatever happens."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from jiulong.cases.models import Notice
from jiulong.evidence.models import Event
from jiulong.gateway.models import Command, Logger
from jiulong.monitoring.models import PointState
from jiulong.sampling import actions, interlocks
from jiulong.sampling.actions.ordering import (
    CONFIRM_WITHIN,
    OrderedBeforeError,
    expire,
    order_by_rule,
)
from jiulong.sampling.models import Bottle, Sample, Sampler, SamplingRule
from tests.factories import NOW, make_finding, make_limit, make_logger, make_point, make_user
from tests.sampling.world import (
    HOUR,
    MINUTE,
    World,
    again,
    answered,
    filled,
    heard,
    make_alarm,
    make_world,
    ordered,
)

pytestmark = pytest.mark.django_db


def verbs(sample: Sample) -> list[str]:
    rows = Event.objects.filter(subject="sampling.sample", subject_id=str(sample.pk))
    return list(rows.order_by("id").values_list("verb", flat=True))


def refusal(world: World, **given: object) -> str:
    with pytest.raises(ValidationError) as refused:
        actions.order_sample(
            actor=world.officer, sampler=world.sampler,
            **{"purpose": "check", "reason": "抽查", "now": NOW, **given},
        )  # fmt: skip
    return " ".join(refused.value.messages)


def test_it_waits_for_a_second_person_and_then_commands_at_once() -> None:
    world = make_world()
    make_limit(world.sampler.point, "w21011", "0.5")
    sample = ordered(world, confirmed=False)
    assert (sample.state, sample.command, sample.factors) == ("asked", None, ["w21011"])
    assert Notice.objects.filter(kind="sample_asked").values_list("user", flat=True)[:5]
    assert not Notice.objects.filter(kind="sample_asked", user=world.officer).exists()

    with pytest.raises(PermissionDenied):  # the same person twice
        actions.confirm_sample(actor=world.officer, sample=sample, now=NOW)
    with pytest.raises(PermissionDenied):  # the desk orders, but does not confirm
        actions.confirm_sample(actor=world.desk, sample=sample, now=NOW)
    actions.confirm_sample(actor=world.second, sample=sample, now=NOW + MINUTE)

    kept = again(sample)
    assert kept.command is not None
    assert (kept.state, kept.confirmed_by, kept.command.cn) == ("ordered", world.second, "3015")
    assert kept.command.parameters == {}
    assert verbs(sample) == ["order_sample", "confirm_sample"]
    with pytest.raises(ValidationError, match=r"Out of order|under way"):  # a double click
        actions.confirm_sample(actor=world.second, sample=sample, now=NOW + MINUTE)
    assert Command.objects.count() == 1


def test_an_order_that_nobody_confirms_in_time_is_over() -> None:
    world = make_world()
    sample = ordered(world, confirmed=False)
    late = NOW + CONFIRM_WITHIN
    heard(world, late)
    with pytest.raises(ValidationError, match="in time"):
        actions.confirm_sample(actor=world.second, sample=sample, now=late)
    assert expire(late - MINUTE) == 0
    assert expire(late) == 1
    assert (again(sample).state, Command.objects.count()) == ("expired", 0)


def test_it_can_be_rejected_or_taken_back_with_a_reason() -> None:
    world = make_world()
    sample = ordered(world, confirmed=False)
    for actor in (world.observer, world.owner, world.desk):
        with pytest.raises(PermissionDenied):
            actions.reject_sample(actor=actor, sample=sample, reason="no", now=NOW)
    with pytest.raises(ValidationError, match="why"):
        actions.reject_sample(actor=world.second, sample=sample, reason=" ", now=NOW)
    actions.reject_sample(actor=world.officer, sample=sample, reason="企业停产", now=NOW)
    assert (again(sample).state, again(sample).why) == ("cancelled", "企业停产")


def test_only_those_who_may_order_and_they_say_why() -> None:
    world = make_world()
    for actor in (world.observer, world.owner, world.lab, world.administrator):
        with pytest.raises(PermissionDenied):
            actions.order_sample(
                actor=actor, sampler=world.sampler, purpose="check", reason="x", now=NOW
            )
    assert "why" in refusal(world, reason="  ")
    assert "enforcement" in refusal(world, purpose="fun")
    assert "suspicion" in refusal(world, trigger="random")
    assert "another point" in refusal(world, finding=make_finding())


def test_it_is_refused_while_an_interlock_holds() -> None:
    world = make_world(min_interval_min=30)
    assert "not connected" in refusal(world, now=NOW + 10 * MINUTE)
    Logger.objects.update(active=False)
    assert "No active logger" in refusal(world)
    Logger.objects.update(active=True)
    actions.set_sampler(actor=world.administrator, point=world.sampler.point, active=False)
    assert "switched off" in refusal(world)
    actions.set_sampler(actor=world.administrator, point=world.sampler.point, active=True)

    first = ordered(world, purpose="check")
    assert "still under way" in refusal(world)
    answered(first, NOW, VaseNo="1")
    heard(world, NOW + 29 * MINUTE)
    assert "29 minutes ago" in refusal(world, now=NOW + 29 * MINUTE)
    for hour, bottle in ((1, "2"), (2, "3")):
        answered(ordered(world, now=NOW + hour * HOUR), NOW + hour * HOUR, VaseNo=bottle)
    heard(world, NOW + 3 * HOUR)
    assert "No bottle is free" in refusal(world, now=NOW + 3 * HOUR)


def test_a_sampling_command_of_the_loggers_own_page_blocks_too() -> None:
    world = make_world()
    Command.objects.create(
        logger=world.logger, cn="3012", qn="1", created_at=NOW, updated_at=NOW, state="sent"
    )
    assert "Another sampling command" in refusal(world)


def test_an_unknown_end_blocks_until_a_person_looked() -> None:
    world = make_world()
    sample = answered(ordered(world), NOW, state="unknown", result="")
    assert sample.state == "unknown"
    heard(world, NOW + HOUR)
    assert "must look first" in refusal(world, now=NOW + HOUR)
    for actor in (world.observer, world.owner):
        with pytest.raises(PermissionDenied):
            actions.look_at_sample(actor=actor, sample=sample, taken=False, note="x")
    with pytest.raises(ValidationError, match="who looked"):
        actions.look_at_sample(actor=world.desk, sample=sample, taken=False, note="")
    with pytest.raises(ValidationError, match="1 to 3"):
        actions.look_at_sample(actor=world.desk, sample=sample, taken=True, note="x", position=9)
    actions.look_at_sample(
        actor=world.desk, sample=sample, taken=False, note="站内人员看过，瓶空", now=NOW + HOUR
    )
    assert again(sample).state == "failed"
    assert ordered(world, now=NOW + HOUR).state == "ordered"


def test_a_look_that_finds_the_bottle_keeps_the_sample() -> None:
    world = make_world()
    sample = answered(ordered(world), NOW, state="unknown", result="")
    actions.look_at_sample(
        actor=world.desk, sample=sample, taken=True, note="2号瓶有水", position=2, now=NOW + HOUR
    )
    kept = again(sample)
    assert (kept.state, kept.position, kept.position_by) == ("filled", 2, "person")
    assert kept.sampled_at == NOW  # when the dialogue ended, not when somebody looked


@pytest.mark.parametrize(
    ("profile", "settings", "cn", "parameters"),
    [
        ("2005", {}, "3012", {"PolId": "w01018"}),
        ("2017", {}, "3015", {}),
        ("2017", {"command": "3012", "factor_code": "w21003"}, "3012", {"PolId": "w21003"}),
        ("2025", {}, "3022", {"PolId": "w01018"}),
        ("2025", {"command": "3015"}, "3015", {}),
    ],
)
def test_it_commands_in_the_words_of_the_loggers_protocol(
    profile: str, settings: dict[str, str], cn: str, parameters: dict[str, str]
) -> None:
    world = make_world(**settings)
    Logger.objects.update(profile=profile, key="0" * 32 if profile == "2025" else "")
    sample = again(ordered(world))
    assert sample.command is not None
    assert (sample.command.cn, sample.command.parameters) == (cn, parameters)


def test_a_command_that_the_protocol_has_not_is_refused_and_nothing_remains() -> None:
    world = make_world(command="3022")
    assert "Not a command" in refusal(world)
    assert not Sample.objects.exists()


def test_the_newest_logger_speaks_for_the_point() -> None:
    world = make_world()
    newer = Logger.objects.create(
        mn="9" * 24, point=world.sampler.point, password="", registered_at=NOW + HOUR
    )
    assert interlocks.logger_of(world.sampler) == newer


def test_samplers_are_set_up_by_who_may_edit_points() -> None:
    world = make_world()
    for actor in (world.officer, world.owner, world.lab):
        with pytest.raises(PermissionDenied):
            actions.set_sampler(actor=actor, point=world.sampler.point, bottles=5)
    for field, value in (
        ("bottles", 0), ("bottles", 100), ("command", "9999"), ("volume_ml", 0),
        ("min_interval_min", 0),
    ):  # fmt: skip
        with pytest.raises(ValidationError) as refused:
            actions.set_sampler(
                actor=world.administrator, point=world.sampler.point, **{field: value}
            )
        assert list(refused.value.error_dict) == [field]
    filled(world)
    actions.set_sampler(actor=world.administrator, point=world.sampler.point, bottles=1, now=NOW)
    assert list(world.sampler.places.values_list("position", "state")) == [(1, "filled")]
    actions.set_sampler(actor=world.administrator, point=world.sampler.point, bottles=2, now=NOW)
    assert world.sampler.places.count() == 2


def test_new_bottles_make_places_free_again() -> None:
    world = make_world()
    with pytest.raises(ValidationError, match="No place"):
        actions.renew_bottles(actor=world.desk, sampler=world.sampler, now=NOW)
    world.sampler.places.filter(position=2).update(state=Bottle.State.COLLECTED)
    with pytest.raises(PermissionDenied):
        actions.renew_bottles(actor=world.owner, sampler=world.sampler, now=NOW)
    assert actions.renew_bottles(actor=world.desk, sampler=world.sampler, now=NOW) == 1
    assert world.sampler.places.filter(state=Bottle.State.FREE).count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_who_order_at_once_one_is_refused() -> None:
    world = make_world()
    other = make_user("monitor", world.officer.unit)
    together, told = threading.Barrier(2), []

    def order(actor: object) -> None:
        together.wait(10)
        try:
            actions.order_sample(
                actor=actor, sampler=world.sampler, purpose="check", reason="x", now=NOW
            )  # type: ignore[arg-type]
            told.append("ordered")
        except ValidationError:
            told.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=order, args=[one]) for one in (world.officer, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == ["ordered", "refused"]
    assert (Sample.objects.count(), Command.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_of_two_samplers_that_one_alarm_asks_at_once_one_is_ordered() -> None:
    """Two points of an outfall, a finding at each: no lock is shared, the constraint decides."""
    world = make_world()
    asked = SamplingRule.objects.create(code="t.severe", spec={})
    alarm = make_alarm(world.sampler.point)
    point = make_point(world.sampler.point.outfall)
    make_logger(point)
    PointState.objects.create(point=point, heard_at=NOW)
    other = actions.set_sampler(actor=None, point=point, now=NOW)
    together, told = threading.Barrier(2), []

    def order(sampler: Sampler) -> None:
        finding = make_finding(sampler.point, alarm=alarm)
        together.wait(10)
        try:
            order_by_rule(
                rule=asked, sampler=sampler, trigger="alarm", purpose="check", reason="x",
                finding=finding, now=NOW,
            )  # fmt: skip
            told.append("ordered")
        except OrderedBeforeError:
            told.append("before")
        finally:
            connection.close()

    threads = [threading.Thread(target=order, args=[one]) for one in (world.sampler, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(told) == ["before", "ordered"]
    assert (Sample.objects.count(), Command.objects.count()) == (1, 1)


def test_a_lost_answer_is_told_to_nobody_else() -> None:
    world = make_world()
    sample = ordered(world)
    gone = answered(sample, NOW + timedelta(seconds=40), state="failed", result="2")
    assert (gone.state, gone.why) == ("failed", "ExeRtn=2")
    assert not Bottle.objects.exclude(state="free").exists()
