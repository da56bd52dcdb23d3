"""Shifts: begun, written in, signed by two people; what was written stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, connection, transaction

from jiulong.duty import actions, queries
from jiulong.duty.models import Carried, LogEntry, Shift
from jiulong.evidence.models import Event
from jiulong.monitoring import actions as monitoring
from tests.almighty import almighty, altered
from tests.duty.scene import Scene
from tests.factories import NOW

LATER = NOW + timedelta(hours=8)


@pytest.fixture
def shift(scene: Scene) -> Shift:
    return actions.begin_shift(actor=scene.keeper, now=NOW)


def test_a_shift_begins_where_nobody_watches(scene: Scene, shift: Shift) -> None:
    assert (shift.number, shift.state, shift.desk) == ("desk-20260310-1", "on", scene.desk)
    assert list(shift.people.all()) == [scene.keeper]
    assert queries.current_shift(scene.relief) == shift
    with pytest.raises(actions.NotOnDutyError):
        actions.begin_shift(actor=scene.relief, now=NOW)
    event = Event.objects.get(verb="begin_shift")
    assert (event.actor, event.data["desk"]) == (scene.keeper, "监控中心")


def test_two_may_be_on_duty_together_but_only_of_one_desk(scene: Scene) -> None:
    shift = actions.begin_shift(actor=scene.keeper, people=[scene.relief], now=NOW)
    assert queries.on_duty(scene.relief, shift)
    with pytest.raises(ValidationError):
        actions.begin_shift(actor=scene.officer, people=[scene.keeper], now=NOW)


def test_who_keeps_no_desk_begins_none(scene: Scene) -> None:
    with pytest.raises(PermissionDenied):
        actions.begin_shift(actor=scene.owner, now=NOW)


def test_a_line_is_written_once_and_for_all(scene: Scene, shift: Shift) -> None:
    line = actions.write_log(
        actor=scene.keeper, shift=shift, text=" 电话通知企业 ", kind="call", alarm=scene.alarm,
        now=NOW,
    )  # fmt: skip
    assert (line.text, line.alarm, line.by) == ("电话通知企业", scene.alarm, scene.keeper)
    for statement in (
        lambda: LogEntry.objects.filter(pk=line.pk).update(text="anders"),
        lambda: LogEntry.objects.filter(pk=line.pk).delete(),
    ):
        with pytest.raises(ProgrammingError, match="append-only"), transaction.atomic():
            statement()
    with pytest.raises(ValidationError):
        actions.write_log(actor=scene.keeper, shift=shift, text="  ", now=NOW)
    with pytest.raises(ValidationError):
        actions.write_log(actor=scene.keeper, shift=shift, text="x", kind="song", now=NOW)
    with pytest.raises(PermissionDenied):
        actions.write_log(actor=scene.relief, shift=shift, text="x", now=NOW)


def test_what_is_done_stands_in_the_log_by_itself(scene: Scene, shift: Shift) -> None:
    actions.write_log(actor=scene.keeper, shift=shift, text="巡视", now=NOW)
    monitoring.acknowledge_alarm(
        actor=scene.keeper, alarm=scene.alarm, note="已通知", now=NOW + timedelta(minutes=5)
    )
    told = [(line.entry is not None, line.by) for line in queries.lines(shift)]
    assert told == [(True, str(scene.keeper)), (False, str(scene.keeper))]


def test_two_people_hand_over(scene: Scene, shift: Shift) -> None:
    with pytest.raises(PermissionDenied):
        actions.hand_over(actor=scene.relief, shift=shift, now=LATER)
    with pytest.raises(actions.NotOnDutyError):
        actions.take_over(actor=scene.relief, shift=shift, now=LATER)
    signed = actions.hand_over(
        actor=scene.keeper, shift=shift, remarks="注意青榕",
        carried={scene.alarm: " 等企业说明 "}, now=LATER,
    )  # fmt: skip
    assert (signed.state, signed.until, signed.handed_by) == ("signed", LATER, scene.keeper)
    assert [(one.alarm, one.note) for one in Carried.objects.all()] == [(scene.alarm, "等企业说明")]
    with pytest.raises(actions.NotOnDutyError):
        actions.write_log(actor=scene.keeper, shift=shift, text="太迟", now=LATER)
    with pytest.raises(actions.NotOnDutyError):
        actions.hand_over(actor=scene.keeper, shift=shift, now=LATER)
    with pytest.raises(PermissionDenied):
        actions.take_over(actor=scene.keeper, shift=shift, now=LATER)
    with pytest.raises(PermissionDenied):
        actions.take_over(actor=scene.officer, shift=shift, now=LATER)
    following = actions.take_over(actor=scene.relief, shift=shift, now=LATER)
    shift.refresh_from_db()
    assert (shift.state, shift.taken_by, shift.taken_at) == ("over", scene.relief, LATER)
    assert (following.before, following.since, following.state) == (shift, LATER, "on")
    verbs = Event.objects.filter(subject="duty.shift").order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["begin_shift", "hand_over_shift", "take_over_shift", "begin_shift"]


def test_what_was_signed_stays_in_the_database(scene: Scene, shift: Shift) -> None:
    rows, people = Shift.objects.filter(pk=shift.pk), shift.people
    rows.update(remarks="注意")  # before the signature

    def refused(*attempts: Callable[[], object]) -> None:
        for attempt in attempts:
            with pytest.raises(ProgrammingError), transaction.atomic():
                attempt()

    actions.hand_over(actor=scene.keeper, shift=shift, remarks="注意青榕", now=LATER)
    refused(
        lambda: rows.update(remarks=""), lambda: rows.update(state="on"),
        lambda: rows.update(until=NOW), lambda: rows.update(handed_by=scene.relief),
        lambda: people.add(scene.relief), lambda: people.remove(scene.keeper), rows.delete,
    )  # fmt: skip
    following = actions.take_over(actor=scene.relief, shift=shift, now=LATER)
    refused(lambda: rows.update(state="signed"), lambda: rows.update(taken_at=NOW))
    following.people.add(scene.keeper)  # the running one is open


def test_shifts_of_other_desks_are_not_seen(scene: Scene, shift: Shift) -> None:
    assert list(queries.shifts(scene.relief)) == [shift]
    assert list(queries.shifts(scene.officer)) == []
    assert list(queries.shifts(scene.owner)) == []


def test_verify_names_a_log_and_a_hand_over_that_were_altered(scene: Scene, shift: Shift) -> None:
    line = actions.write_log(actor=scene.keeper, shift=shift, text="巡视", now=NOW)
    actions.hand_over(
        actor=scene.keeper, shift=shift, remarks="注意1号", carried={scene.alarm: "待复"}, now=LATER
    )
    assert altered() == ""
    for table, statement, back in (
        ("duty_logentry", "UPDATE duty_logentry SET text = 'x'",
         f"UPDATE duty_logentry SET text = '{line.text}'"),
        ("duty_shift", "UPDATE duty_shift SET remarks = ''",
         "UPDATE duty_shift SET remarks = '注意1号'"),
        ("duty_carried", "UPDATE duty_carried SET note = 'x'",
         "UPDATE duty_carried SET note = '待复'"),
    ):  # fmt: skip
        with almighty(table), connection.cursor() as cursor:
            cursor.execute(statement)
            assert shift.number in altered(), table
            cursor.execute(back)
    assert altered() == ""
