"""From the bottle to the laboratory's result: in order, by two people, each step written down."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction

from jiulong.evidence.actions import keep_file
from jiulong.evidence.actions.custody import NeedsAnotherPersonError
from jiulong.evidence.models import CustodyStep
from jiulong.monitoring.models import Finding, Period
from jiulong.sampling import actions
from jiulong.sampling.models import Bottle, Result, Sample
from tests.almighty import almighty, altered
from tests.evidence.pictures import jpeg
from tests.factories import NOW, hours, make_factor, make_limit, write_readings
from tests.sampling.test_ordering import verbs
from tests.sampling.world import (
    HOUR,
    MINUTE,
    World,
    again,
    answered,
    collected,
    filled,
    make_world,
    ordered,
)

pytestmark = pytest.mark.django_db

SEAL = {"certificate": "闽E001", "seal_number": "F-1", "witness": "present", "witness_name": "王"}


def received(world: World, **given: Any) -> Sample:
    sample, at = collected(world), NOW + 2 * HOUR
    actions.hand_over_sample(
        actor=world.officer, sample=sample, laboratory=world.laboratory,
        temperature_c=Decimal("4.1"), now=at,
    )  # fmt: skip
    actions.receive_sample(
        actor=world.lab, sample=again(sample), temperature_c=Decimal("4.6"), now=at + MINUTE,
        **{"intact": True, **given},
    )  # fmt: skip
    return again(sample)


def result(world: World, sample: Sample, **given: Any) -> Any:
    usual = {
        "factor": make_factor("w01018"), "value": Decimal(120), "method": "HJ 828-2017",
        "report": "JC-2026-077", "analysed_at": NOW + 20 * HOUR, "now": NOW + 21 * HOUR,
    }  # fmt: skip
    return actions.enter_result(actor=world.lab, sample=again(sample), **{**usual, **given})


def test_what_was_written_of_a_sample_stays() -> None:
    world = make_world()
    sample = received(world)
    result(world, sample)
    rows = Sample.objects.filter(pk=sample.pk)
    attempts: list[Callable[[], object]] = [
        lambda: rows.update(seal_number="F-18"),
        lambda: rows.update(sampled_at=NOW + HOUR),
        lambda: rows.update(position=None),
        lambda: rows.update(purpose="check"),
        lambda: rows.update(received_c=None),
        lambda: rows.update(duplicate=not sample.duplicate),
        lambda: Result.objects.update(value=1),
        Result.objects.all().delete,
    ]
    for attempt in attempts:
        with pytest.raises(DatabaseError, match=r"append-only|filled before"), transaction.atomic():
            attempt()
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        ordered(world, now=NOW + HOUR).delete()
    rows.update(state="disposed", disposed_at=NOW + 9 * HOUR)
    with pytest.raises(DatabaseError, match="disposed_at was filled before"), transaction.atomic():
        rows.update(disposed_at=NOW)


def test_verifying_finds_an_altered_sample_or_result() -> None:
    world = make_world()
    make_limit(world.sampler.point, "w01018", "100")
    hour = NOW.replace(minute=0)
    write_readings(world.sampler.point, Period.HOUR, [(hour, {"w01018": 121.123456789})])
    sample = received(world, duplicate=True)
    result(world, sample)
    result(world, sample, duplicate=True, value=Decimal("118.5"))
    assert altered() == ""
    with almighty("sampling_result"):
        Result.objects.filter(duplicate=False).update(value=Decimal(99))
    assert f"{sample.number} w01018" in altered()
    with almighty("sampling_result"):
        Result.objects.filter(duplicate=False).delete()
    assert f"{sample.number} w01018" in altered()
    with almighty("sampling_sample"):
        Sample.objects.update(seal_number="F-99")
    assert sample.number in altered()
    with almighty("sampling_sample"):
        Sample.objects.update(reason="另一个原因", seal_number="")
    assert sample.number in altered()


def test_a_sample_goes_all_the_way() -> None:
    world = make_world()
    make_limit(world.sampler.point, "w01018", "100")
    sample = received(world, duplicate=True)
    assert world.sampler.places.get(position=1).state == Bottle.State.COLLECTED
    result(world, sample)
    result(world, sample, duplicate=True, value=Decimal(118))
    actions.dispose_sample(
        actor=world.lab, sample=again(sample), witness="李工", now=NOW + timedelta(days=90)
    )
    kept = again(sample)
    assert (kept.state, kept.seal_number, kept.handed_over_c, kept.received_c) == (
        "disposed", "F-17", Decimal("4.1"), Decimal("4.6"),
    )  # fmt: skip
    assert (kept.sampled_at, kept.device_at) == (NOW, NOW + timedelta(seconds=3))
    steps = CustodyStep.objects.filter(subject="sampling.sample", subject_id=str(kept.pk))
    assert [(step.step, step.first_by, step.second_by) for step in steps] == [
        ("sealed", world.officer, world.second),
        ("collected", world.second, world.officer),
        ("handed_over", world.officer, None),
        ("received", world.lab, None),
        ("destroyed", world.lab, None),
    ]
    assert [verb for verb in verbs(kept) if verb != "sign_custody"] == [
        "order_sample", "confirm_sample", "fill_sample", "seal_sample", "cosign_sample",
        "collect_sample", "cosign_sample", "hand_over_sample", "receive_sample", "enter_result",
        "enter_result", "dispose_sample",
    ]  # fmt: skip


def act(name: str, world: World) -> Callable[[Any, Sample], Any]:
    """The verb with everything it needs, for an actor and a sample."""
    cold = Decimal(4)
    arguments: dict[str, dict[str, Any]] = {
        "seal_sample": SEAL,
        "collect_sample": {"certificate": "1"},
        "cosign_sample": {"certificate": "1"},
        "hand_over_sample": {"laboratory": world.laboratory, "temperature_c": cold},
        "discard_sample": {"reason": "x"},
        "receive_sample": {"temperature_c": cold, "intact": True},
        "dispose_sample": {"witness": "x"},
        "enter_result": {
            "factor": make_factor("w01018"), "value": Decimal(1), "method": "m", "report": "r",
            "analysed_at": NOW,
        },
        "place_sample": {"position": 1},
        "look_at_sample": {"taken": True, "note": "x"},
        "confirm_sample": {},
    }  # fmt: skip
    verb = getattr(actions, name)
    return lambda actor, sample: verb(
        actor=actor, sample=sample, now=NOW + MINUTE, **arguments[name]
    )


def test_no_step_out_of_order_by_anybody() -> None:
    world = make_world()
    sample = filled(world)
    Sample.objects.filter(pk=sample.pk).update(laboratory=world.laboratory)
    for name in ("collect_sample", "cosign_sample", "hand_over_sample", "place_sample",
                 "look_at_sample", "discard_sample"):  # fmt: skip
        with pytest.raises(ValidationError):
            act(name, world)(world.officer, again(sample))
    for name in ("receive_sample", "enter_result", "dispose_sample"):
        with pytest.raises(ValidationError, match="Out of order"):
            act(name, world)(world.lab, again(sample))
    assert again(sample).state == "filled"


def test_who_is_no_officer_touches_no_sample_and_who_is_no_laboratory_no_result() -> None:
    world = make_world()
    sample = filled(world)
    strangers = (world.desk, world.observer, world.owner, world.sibling, world.lab)
    for name in ("seal_sample", "collect_sample", "cosign_sample", "hand_over_sample",
                 "discard_sample"):  # fmt: skip
        for actor in strangers:
            with pytest.raises(PermissionDenied):
                act(name, world)(actor, again(sample))
    Sample.objects.filter(pk=sample.pk).update(state="handed_over", laboratory=world.laboratory)
    for name in ("receive_sample", "enter_result", "dispose_sample"):
        for actor in (world.officer, world.owner, world.other_lab):
            with pytest.raises(PermissionDenied):
                act(name, world)(actor, again(sample))


def test_the_second_signature_is_another_persons() -> None:
    world = make_world()
    sample = filled(world)
    actions.seal_sample(actor=world.officer, sample=sample, now=NOW, **SEAL)
    with pytest.raises(NeedsAnotherPersonError):
        act("cosign_sample", world)(world.officer, again(sample))
    assert (again(sample).state, again(sample).sealed_at) == ("sealing", None)
    act("cosign_sample", world)(world.second, again(sample))
    assert again(sample).state == "sealed"
    assert world.sampler.places.get(position=1).state == Bottle.State.SEALED


def test_a_seal_needs_numbers_a_witness_or_a_reason_with_photograph() -> None:
    world = make_world()
    sample = filled(world)

    def wrong(**given: Any) -> list[str]:
        with pytest.raises(ValidationError) as refused:
            actions.seal_sample(
                actor=world.officer, sample=again(sample), now=NOW, **{**SEAL, **given}
            )
        return list(refused.value.error_dict)

    assert wrong(certificate=" ") == ["certificate"]
    assert wrong(seal_number="") == ["seal_number"]
    assert wrong(witness="maybe") == ["witness"]
    assert wrong(witness_name="") == ["witness_name"]
    assert wrong(witness="refused") == ["refusal"]
    assert wrong(witness="refused", refusal="拒绝签字") == ["photo"]
    keep_file(
        actor=world.officer, content=jpeg(), name="a.jpg", subject=sample, purpose="witness",
        now=NOW,
    )  # fmt: skip
    actions.seal_sample(
        actor=world.officer, sample=again(sample), now=NOW,
        **{**SEAL, "witness": "refused", "refusal": "拒绝签字"},
    )  # fmt: skip
    assert again(sample).refusal == "拒绝签字"

    other = answered(ordered(world, now=NOW + HOUR), NOW + HOUR, VaseNo="2")
    with pytest.raises(ValidationError, match="another sample"):
        actions.seal_sample(actor=world.officer, sample=other, now=NOW + HOUR, **SEAL)


def test_a_check_can_be_drained_and_evidence_cannot() -> None:
    world = make_world()
    with pytest.raises(ValidationError, match="goes to the laboratory"):
        act("discard_sample", world)(world.officer, filled(world))
    check = answered(ordered(world, now=NOW + HOUR, purpose="check"), NOW + HOUR, VaseNo="2")
    act("discard_sample", world)(world.officer, check)
    assert (again(check).state, again(check).bottle.state) == ("discarded", "collected")  # type: ignore[union-attr]


def test_temperatures_and_laboratories_must_be_some() -> None:
    world = make_world()
    sample = collected(world)
    for wrong in (
        {"temperature_c": Decimal(99)}, {"laboratory": world.officer.unit},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            actions.hand_over_sample(
                actor=world.officer, sample=sample, now=NOW,
                **{"laboratory": world.laboratory, "temperature_c": Decimal(4), **wrong},
            )  # fmt: skip


def test_a_broken_seal_is_received_with_words() -> None:
    world = make_world()
    with pytest.raises(ValidationError, match="seal"):
        received(world, intact=False)
    sample = Sample.objects.get()
    actions.receive_sample(
        actor=world.lab, sample=sample, temperature_c=Decimal(5), intact=False, note="封条撕裂",
        now=NOW + 3 * HOUR,
    )  # fmt: skip
    assert again(sample).intact is False


def test_results_must_be_possible() -> None:
    world = make_world()
    make_limit(world.sampler.point, "w01018", "100")
    sample = received(world)
    for field, given in (
        ("factor", {"factor": make_factor("w21011")}),
        ("value", {"value": Decimal(-1)}),
        ("value", {"value": Decimal("NaN")}),
        ("method", {"method": ""}),
        ("report", {"report": ""}),
        ("duplicate", {"duplicate": True}),
        ("analysed_at", {"analysed_at": NOW}),
        ("analysed_at", {"analysed_at": NOW + 30 * HOUR}),
    ):
        with pytest.raises(ValidationError) as refused:
            result(world, sample, **given)
        assert list(refused.value.error_dict) == [field]
    result(world, sample)
    with pytest.raises(ValidationError, match="has its result"):
        result(world, sample)


def test_a_result_beyond_the_comparison_limits_is_a_finding() -> None:
    world = make_world()
    make_limit(world.sampler.point, "w01018", "100")
    write_readings(world.sampler.point, Period.HOUR, hours(NOW, 40.0))
    sample = received(world)
    entered = result(world, sample)
    assert (entered.online, entered.allowed, entered.agrees) == (
        Decimal("40.0"), Decimal("18.00"), False,
    )  # fmt: skip
    found = Finding.objects.get(rule="laboratory_differs")
    assert (found.severity, found.started_at, found.value) == ("serious", NOW, Decimal(40))
    assert found.detail["laboratory"] == "120"


def test_one_within_them_is_none_and_an_invalid_hour_is_not_compared() -> None:
    world = make_world()
    make_limit(world.sampler.point, "w01018", "100")
    make_limit(world.sampler.point, "w21003", "15")
    write_readings(
        world.sampler.point, Period.HOUR, [(NOW, {"w01018": 119.0, "w21003": 40.0})],
        marks={"w01018": "N", "w21003": "M"},
    )  # fmt: skip
    sample = received(world)
    assert result(world, sample).agrees is True
    second = result(world, sample, factor=make_factor("w21003"), value=Decimal(3))
    assert (second.agrees, second.online) == (None, None)
    assert not Finding.objects.filter(rule="laboratory_differs").exists()


def test_a_late_analysis_is_flagged_not_refused() -> None:
    world = make_world()
    make_limit(world.sampler.point, "w01018", "100")
    sample = received(world)
    late = result(world, sample, analysed_at=NOW + 49 * HOUR, now=NOW + 50 * HOUR)
    assert late.in_time is False


def test_nothing_is_disposed_of_before_its_results_or_without_a_witness() -> None:
    world = make_world()
    make_limit(world.sampler.point, "w01018", "100")
    make_limit(world.sampler.point, "w21003", "15")
    sample = received(world)
    result(world, sample)
    with pytest.raises(ValidationError, match="w21003"):
        actions.dispose_sample(actor=world.lab, sample=again(sample), witness="李工")
    result(world, sample, factor=make_factor("w21003"), value=Decimal(3))
    for nobody in ("", str(world.lab)):
        with pytest.raises(ValidationError):
            actions.dispose_sample(actor=world.lab, sample=again(sample), witness=nobody)
