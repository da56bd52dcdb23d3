"""Casework. The case is led by `world.own`; its desk and its verifiers stand apart from all places,
so that what a place adds comes from the lead unit alone.
"""

from __future__ import annotations

from jiulong.cases import actions
from jiulong.cases.models import Case, MatterType, Task
from tests.cases.matters import make_matter
from tests.factories import make_unit
from tests.organisation.matrix import (
    EVERYWHERE,
    NEARBY,
    PLACES,
    Row,
    holders,
    public,
    scoped,
    signed_in,
)
from tests.organisation.matrix.monitoring import a_point
from tests.organisation.matrix.world import World

SEE = (
    "officer monitor operator observer enterprise supervisor dispatcher leader handler verifier"
    " grid_worker cadre street_staff"
)
#: Enterprises file what a pack offers them (`apply_case`); this matter is for the staff.
FILE = "officer monitor supervisor dispatcher leader handler grid_worker cadre street_staff"
_UP, _OWN = "officer monitor leader street_staff", "handler enterprise operator grid_worker"
#: A cadre sees what they filed or have in hand, which here is nothing.
SEES_CASE = {
    "observer supervisor dispatcher verifier": EVERYWHERE,
    _UP: "own above",
    _OWN: "own",
}
NOTES = {"supervisor dispatcher verifier": EVERYWHERE, _UP: "own above", _OWN: "own"}
HANDLES = {_UP: "own above", _OWN: "own"}
ASSIGNS = {"supervisor dispatcher": EVERYWHERE, "monitor leader street_staff": "own above"}
DISPATCHES = {"supervisor dispatcher": EVERYWHERE}
SUPERVISES = {"supervisor": EVERYWHERE}
SIGNS = {"verifier": EVERYWHERE, "officer leader street_staff": "own above", "handler": "own"}
#: Who may move it; nobody by seeing it alone, and the system administrator nothing at all.
MOVES = {
    "assign": ASSIGNS,
    "add_task": ASSIGNS,
    "merge": DISPATCHES,
    "accept": HANDLES,
    "return": HANDLES,
    "feedback": HANDLES,
    "reply": HANDLES,
    "ask_extension": HANDLES,
    "verify": {"supervisor verifier": EVERYWHERE},
    "send_back": {"supervisor dispatcher verifier": EVERYWHERE},
    "close": DISPATCHES,
    "confirm": {"enterprise grid_worker": "own"},
    "extend": SUPERVISES,
    "refuse_extension": SUPERVISES,
    "remind": SUPERVISES,
    "suspend": SUPERVISES,
    "resume": SUPERVISES,
    "reopen": SUPERVISES,
    "withdraw": SUPERVISES,
    "note": NOTES,
}


def a_matter(world: World) -> MatterType:
    desk, checkers = make_unit(), make_unit()
    return make_matter(
        dispatch=desk.code,
        routes=[{"lead": world.own.code}],
        verify={"by": checkers.code},
        enterprise="optional",
        phone=True,
        public={"service": {"zh": "测试", "en": "Test"}},
        near={"metres": 100, "within": "30 days"},
        tasks=[{"key": "look", "name": {"zh": "勘查", "en": "Look"}, "unit": world.own.code}],
    )


def a_case(world: World) -> Case:
    """Assigned to `world.own`, about its enterprise."""
    firm = world.get(a_point).outfall.enterprise
    filed = actions.file_case(
        actor=None, matter=world.get(a_matter), title="路面破损", enterprise=firm
    )
    return actions.assign_case(actor=None, case=filed)


def a_case_that_all_see(world: World) -> Case:
    """Of a matter that all see: that is the staff, whose accounts are in no enterprise's unit."""
    desk = make_unit()
    shown = make_matter(key="test.all", dispatch=desk.code, number="众{serial}", see="all")
    return actions.file_case(actor=None, matter=shown, title="督办")


def a_task(world: World) -> Task:
    return world.get(a_case).tasks.get()


def matter(world: World) -> list[str]:
    return [world.get(a_matter).code]


def case(world: World) -> list[int]:
    return [world.get(a_case).pk]


def _act(action: str) -> Row:
    """Every place for one action of a kind."""
    first = action in {"assign", "accept", "note"}
    places = PLACES if first else NEARBY
    return scoped(MOVES[action], places=places, args=lambda world: [*case(world), action])


def _tracking(world: World) -> str:
    return world.get(a_case).tracking or ""


_PLACE = "longitude=117.65&latitude=24.51"
ROWS = {
    "cases:cases": signed_in(),
    "cases:map": signed_in(),
    "cases:map_data": signed_in(),
    "cases:board": signed_in(),
    "cases:todo": signed_in(),
    "cases:choose": holders(FILE),
    "cases:new": holders(FILE, args=matter),
    "cases:nearby": holders(FILE, args=matter, query=_PLACE),
    "cases:supervision": holders("supervisor"),
    "cases:remind": holders("supervisor", post={}),
    "cases:ledgers": holders(SEE),
    "cases:ledger": holders(SEE, args=matter),
    "cases:statistics": holders(SEE),
    "cases:case": scoped(SEES_CASE, args=case),
    "cases:case all see": scoped(
        {
            "observer supervisor dispatcher verifier": EVERYWHERE,
            "officer monitor leader street_staff handler grid_worker cadre": "above below other",
        },
        args=lambda world: [world.get(a_case_that_all_see).pk],
    ),
    "cases:print": scoped(SEES_CASE, args=case, places=NEARBY),
    "cases:dossier": scoped(SEES_CASE, args=case, post={}, places=NEARBY),
    "cases:task": scoped(HANDLES, args=lambda world: [world.get(a_task).pk, "finish_task"]),
    "cases:task redo": scoped(
        HANDLES, args=lambda world: [world.get(a_task).pk, "redo_task"], places=NEARBY
    ),
    # No action of this name: nobody.
    "cases:act": scoped({}, args=lambda world: [*case(world), "escalate"], places=NEARBY),
    **{f"cases:act {action}": _act(action) for action in MOVES},
    "reporting:quick": holders(FILE),
    # It answers in JSON, also about a matter that one is not offered: then with nothing.
    "reporting:near": signed_in(query=_PLACE),
    "reporting:send": signed_in(post={}),
    "reporting:state": public(),
    "reporting:manifest": public(),
    "reporting:worker": public(),
    "reporting:done": scoped(SEES_CASE, args=case, places=NEARBY),
    "reporting:sign": scoped(SIGNS, args=case),
    "reporting:ask_to_sign": scoped(SIGNS, args=case, post={}, places=NEARBY),
    # Without a word about persons: tests/cases/tracking and tests/cases/open311.
    "tracking:track": public(),
    "open311:discovery": public(args=lambda _world: ["json"]),
    "open311:services": public(args=lambda _world: ["json"]),
    "open311:service": public(args=lambda world: [*matter(world), "json"]),
    "open311:requests": public(args=lambda _world: ["json"]),
    "open311:request": public(args=lambda world: [_tracking(world), "json"]),
    "open311:token": public(args=lambda world: [_tracking(world), "json"]),
    # Lists hold what the viewer may see; for administrators they are empty.
    "api:cases": signed_in(),
    "api:case": scoped(SEES_CASE, args=case),
    "api:new_case": holders(FILE, json={"matter": "test.matter", "title": "路面破损"}),
    "api:act": scoped(HANDLES, args=lambda world: [*case(world), "accept"], json={}, places=NEARBY),
    "api:act note": scoped(
        NOTES, args=lambda world: [*case(world), "note"], json={"text": "看过"}, places=NEARBY
    ),
}
