"""Entering, changing, removing entries: who may, what is recorded, what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from jiulong.evidence.models import Event
from jiulong.registers.actions import (
    ChangedMeanwhileError,
    bulk_edit,
    create_entry,
    remove_entry,
    restore_entry,
    update_entry,
)
from jiulong.registers.models import Entry, Serial
from tests.factories import NOW
from tests.registers.conftest import Scene, make_entry

VALUES = {"name": "新排口", "kind": "rain"}


def last_event(entry: Entry) -> Event:
    found = Event.objects.filter(subject="registers.entry", subject_id=str(entry.pk))
    return found.latest("id")


def test_it_enters_a_thing_with_what_follows_from_it(scene: Scene) -> None:
    entry = create_entry(
        actor=scene.handler, register="test.outfalls", unit=scene.unit, place="117.66, 24.52",
        address="桥下", values={**VALUES, "firm": scene.firm.name, "flow": "2", "owner": "王小二"},
        now=NOW,
    )  # fmt: skip
    entry.refresh_from_db()
    assert (entry.number, entry.title, entry.initials) == ("PK2026-0001", "新排口", "xpk")
    assert entry.enterprise == scene.firm
    assert entry.data["daily"] == "48.00"
    assert (entry.longitude, entry.latitude, entry.address) == (117.66, 24.52, "桥下")
    assert entry.search == "新排口 pk2026-0001 桥下"
    assert (entry.created_by, entry.created_at, entry.version) == (scene.handler, NOW, 1)
    event = last_event(entry)
    assert (event.verb, event.actor) == ("create_entry", scene.handler)
    assert event.data["changes"]["owner"] == [None, "王**"]
    assert event.data["changes"]["#unit"] == [None, scene.unit.code]


def test_numbers_go_on_by_year_and_pass_over_those_given_by_hand(scene: Scene) -> None:
    given = {"register": scene.register, "values": VALUES}
    create_entry(actor=None, number="PK2026-0002", now=NOW, **given)
    numbers = [create_entry(actor=None, now=NOW, **given).number for _ in range(2)]
    later = create_entry(actor=None, now=NOW + timedelta(days=365), **given)
    assert [*numbers, later.number] == ["PK2026-0001", "PK2026-0003", "PK2027-0001"]
    assert {row.series: row.last for row in Serial.objects.all()} == {
        "PK2026-{serial}": 3,
        "PK2027-{serial}": 1,
    }


def test_a_number_is_taken_once_even_by_what_was_removed(scene: Scene) -> None:
    remove_entry(actor=None, entry=scene.entry, reason="twice")
    with pytest.raises(ValidationError) as caught:
        create_entry(actor=None, register=scene.register, values=VALUES, number="PK-1")
    assert list(caught.value.message_dict) == ["number"]


@pytest.mark.parametrize("who", ["sibling", "enterprise_user", "stranger"])
def test_others_neither_enter_nor_change_things_of_the_unit(scene: Scene, who: str) -> None:
    actor = getattr(scene, who)
    with pytest.raises(PermissionDenied):
        create_entry(actor=actor, register=scene.register, values=VALUES, unit=scene.unit)
    with pytest.raises(PermissionDenied):
        update_entry(actor=actor, entry=scene.entry, values={"flow": "1"})
    with pytest.raises(PermissionDenied):
        bulk_edit(actor=actor, entries=[scene.entry], values={"flow": "1"})
    with pytest.raises(PermissionDenied):
        remove_entry(actor=actor, entry=scene.entry, reason="x")
    scene.entry.refresh_from_db()
    assert (scene.entry.data["flow"], scene.entry.removed_at) == ("12.50", None)


def test_nobody_anonymous_does_anything(scene: Scene) -> None:
    with pytest.raises(PermissionDenied):
        create_entry(actor=AnonymousUser(), register=scene.register, values=VALUES)
    with pytest.raises(PermissionDenied):
        update_entry(actor=AnonymousUser(), entry=scene.entry, values={"flow": "1"})


def test_the_unit_above_may(scene: Scene) -> None:
    update_entry(actor=scene.leader, entry=scene.entry, values={"flow": "1"})
    remove_entry(actor=scene.leader, entry=scene.entry, reason="gone")
    restore_entry(actor=scene.leader, entry=scene.entry)
    scene.entry.refresh_from_db()
    assert (scene.entry.data["flow"], scene.entry.removed_at) == ("1.00", None)
    assert [e.verb for e in Event.objects.filter(subject="registers.entry").order_by("id")] == [
        "create_entry", "update_entry", "remove_entry", "restore_entry"]  # fmt: skip


def test_one_whose_right_is_their_own_things_edits_those(scene: Scene) -> None:
    held = make_entry(scene.register, unit=scene.unit, holder=scene.cadre, number="PK-2")
    own = create_entry(
        actor=scene.cadre, register=scene.register, values=VALUES, unit=scene.cadre.unit
    )
    for entry in (held, own):
        update_entry(actor=scene.cadre, entry=entry, values={"flow": "3"})
    with pytest.raises(PermissionDenied):
        update_entry(actor=scene.cadre, entry=scene.entry, values={"flow": "3"})
    with pytest.raises(PermissionDenied):
        create_entry(actor=scene.cadre, register=scene.register, values=VALUES, unit=scene.unit)


def test_an_entry_is_not_handed_to_a_unit_that_the_actor_does_not_reach(scene: Scene) -> None:
    with pytest.raises(PermissionDenied):
        update_entry(actor=scene.handler, entry=scene.entry, unit=scene.other)
    with pytest.raises(PermissionDenied):
        bulk_edit(actor=scene.handler, entries=[scene.entry], unit=scene.other)
    assert update_entry(actor=scene.leader, entry=scene.entry, unit=scene.other).unit == scene.other


def test_it_records_before_and_after_of_what_changed_alone(scene: Scene) -> None:
    changed = update_entry(
        actor=scene.handler, entry=scene.entry, version=1,
        values={"flow": "9", "stage": "traced", "open": "", "kind": "industry",
                "owner": "陈小明", "phone": "138****5678"},
    )  # fmt: skip
    assert changed.version == 2
    assert "open" not in changed.data
    assert (changed.data["owner"], changed.data["phone"]) == ("陈小明", "13812345678")
    assert last_event(changed).data["changes"] == {
        "flow": ["12.50", "9.00"],
        "stage": ["found", "traced"],
        "open": [True, None],
        "owner": ["陈**", "陈**"],
        "daily": ["300.00", "216.00"],
    }


def test_saving_the_same_is_no_change(scene: Scene) -> None:
    update_entry(actor=scene.handler, entry=scene.entry, values={"flow": "12.5"})
    scene.entry.refresh_from_db()
    assert (scene.entry.version, Event.objects.filter(verb="update_entry").count()) == (1, 0)


def test_a_stale_form_is_refused(scene: Scene) -> None:
    update_entry(actor=scene.handler, entry=scene.entry, values={"flow": "1"}, version=1)
    with pytest.raises(ChangedMeanwhileError):
        update_entry(actor=scene.handler, entry=scene.entry, values={"flow": "2"}, version=1)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"place": "24.5, 117.6"}, "place"),
        ({"number": "x" * 81}, "number"),
        ({"values": {**VALUES, "flow": "-1"}}, "flow"),
        ({"values": {"name": "x"}}, "kind"),
        ({"values": {**VALUES, "daily": "3"}}, None),
    ],
)
def test_what_is_wrong_is_told_by_field(
    scene: Scene, given: dict[str, Any], field: str | None
) -> None:
    wanted = {"actor": None, "register": scene.register, "values": VALUES, **given}
    if field is None:  # computed fields are never taken from outside
        assert "daily" not in create_entry(**wanted).data
        return
    with pytest.raises(ValidationError) as caught:
        create_entry(**wanted)
    assert list(caught.value.message_dict) == [field]


def test_a_register_that_is_retired_takes_nothing(scene: Scene) -> None:
    scene.register.retired_at = NOW
    scene.register.save()
    with pytest.raises(ValidationError):
        create_entry(actor=None, register=scene.register, values=VALUES)
    with pytest.raises(ValidationError):
        update_entry(actor=None, entry=scene.entry, values={"flow": "1"})


def test_what_was_removed_is_restored_before_it_is_changed(scene: Scene) -> None:
    with pytest.raises(ValidationError):
        remove_entry(actor=None, entry=scene.entry, reason=" ")
    remove_entry(actor=None, entry=scene.entry, reason="double")
    with pytest.raises(ValidationError):
        update_entry(actor=None, entry=scene.entry, values={"flow": "1"})
    assert last_event(scene.entry).data == {"reason": "double"}


def test_many_are_changed_at_once_or_none(scene: Scene) -> None:
    second = make_entry(scene.register, {"stage": "mended"}, unit=scene.unit)
    foreign = make_entry(scene.register, unit=scene.other)
    with pytest.raises(PermissionDenied):
        bulk_edit(actor=scene.handler, entries=[scene.entry, foreign], values={"stage": "mended"})
    changed = bulk_edit(
        actor=scene.handler, entries=[scene.entry, second], values={"stage": "mended"}
    )
    assert [entry.pk for entry in changed] == [scene.entry.pk]  # the second was so already
    assert last_event(scene.entry).data == {
        "changes": {"stage": ["found", "mended"]},
        "bulk": 2,
    }
    scene.entry.refresh_from_db()
    assert (scene.entry.data["stage"], scene.entry.version) == ("mended", 2)
