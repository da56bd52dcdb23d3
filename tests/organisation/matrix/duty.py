"""The desk: its queue, shifts, ledgers, and outfalls at a glance."""

from __future__ import annotations

from django.utils import timezone

from jiulong.duty.models import Camera, Shift
from jiulong.monitoring.models import Alarm
from tests.duty.scene import make_alarm
from tests.factories import make_user
from tests.organisation.matrix import NEARBY, holders, scoped
from tests.organisation.matrix.monitoring import MONITORING, a_point
from tests.organisation.matrix.world import World

#: Who keeps a desk, wherever.
KEEPERS = "officer monitor"


def an_alarm(world: World) -> Alarm:
    return make_alarm(world.get(a_point).outfall, now=timezone.now())


def a_shift(world: World) -> Shift:
    """On duty at the own desk are those of the own unit."""
    people = [world.people[role, "own"] for role in KEEPERS.split()]
    shift = Shift.objects.create(
        desk=world.own, number="own-1", since=timezone.now(), begun_by=people[0]
    )
    shift.people.set(people)
    return shift


def a_signed_shift(world: World) -> Shift:
    """Waits at the desk above to be taken over; who signed it is gone."""
    gone = make_user(unit=world.units["above"])
    return Shift.objects.create(
        desk=world.units["above"], number="above-1", since=timezone.now(), until=timezone.now(),
        begun_by=gone, handed_by=gone, state=Shift.State.SIGNED,
    )  # fmt: skip


def a_camera(world: World) -> Camera:
    outfall = world.get(a_point).outfall
    return Camera.objects.create(outfall=outfall, name="x", address="https://video.example/1")


def shift_of(world: World) -> list[int]:
    return [world.get(a_shift).pk]


def outfall_of(world: World) -> list[str]:
    return [world.get(a_point).outfall.code]


ROWS = {
    "duty:desk": holders(KEEPERS),
    "duty:alarm": holders(KEEPERS, args=lambda world: [world.get(an_alarm).pk]),
    "duty:acknowledge": holders(
        KEEPERS, args=lambda world: [world.get(an_alarm).pk], post={}
    ),
    "duty:shifts": holders(KEEPERS),
    "duty:begin": holders(KEEPERS, post={}),
    "duty:shift": scoped({KEEPERS: "own above"}, args=shift_of),
    "duty:shift_paper": scoped(
        {KEEPERS: "own above"}, args=lambda world: [*shift_of(world), "docx"], places=NEARBY
    ),
    "duty:write": scoped({KEEPERS: "own"}, args=shift_of, post={"text": "x"}, places=NEARBY),
    "duty:hand_over": scoped({KEEPERS: "own"}, args=shift_of, post={}, places=NEARBY),
    "duty:take_over": scoped(
        {KEEPERS: "above"}, args=lambda world: [world.get(a_signed_shift).pk], post={},
        places=NEARBY,
    ),
    "duty:ledgers": holders(KEEPERS),
    "duty:ledger_file": holders(KEEPERS, args=lambda _world: ["day", "xlsx"]),
    "duty:outfall": scoped(MONITORING, args=outfall_of),
    "duty:section": scoped(
        MONITORING, args=lambda world: [*outfall_of(world), "permit"], places=NEARBY
    ),
    "duty:add_camera": holders("administrator", args=outfall_of, post={}),
    "duty:drop_camera": holders(
        "administrator",
        args=lambda world: [*outfall_of(world), world.get(a_camera).pk],
        post={},
    ),
}  # fmt: skip
