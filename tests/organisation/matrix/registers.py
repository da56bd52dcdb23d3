"""Registers: entries belong to a unit, enterprises see themselves, sheets are one's own."""

from __future__ import annotations

from jiulong.registers.models import Enterprise, Entry, Register
from tests.organisation.matrix import (
    EVERYWHERE,
    NEARBY,
    elsewhere,
    holders,
    public,
    scoped,
    signed_in,
)
from tests.organisation.matrix.monitoring import a_point
from tests.organisation.matrix.world import World
from tests.registers.conftest import make_entry, make_register

SEE = (
    "administrator officer monitor operator observer enterprise supervisor dispatcher leader"
    " handler verifier grid_worker cadre street_staff"
)
EDIT = "administrator officer leader handler grid_worker cadre street_staff"
IMPORT = "administrator leader handler street_staff"
SEES_ENTRY = {
    "administrator observer supervisor dispatcher verifier": EVERYWHERE,
    "officer monitor leader street_staff": "own above",
    "handler grid_worker enterprise operator": "own",
}
EDITS_ENTRY = {
    "administrator": EVERYWHERE,
    "officer leader street_staff": "own above",
    "handler grid_worker": "own",
}
REMOVES = {"administrator": EVERYWHERE, "leader": "own above"}
UNMASKS = {
    "supervisor dispatcher verifier": EVERYWHERE,
    "officer leader": "own above",
    "handler": "own",
}
#: Whoever belongs to an outside unit sees that one alone; "sibling" is such a unit.
STAFF_PLACES = "own above below other"
SEES_FIRM = {SEE.replace(" enterprise", ""): STAFF_PLACES, "enterprise": "own"}


def a_register(_world: World) -> Register:
    return make_register()


def an_entry(world: World) -> Entry:
    return make_entry(world.get(a_register), {"owner": "陈大文"}, unit=world.own)


def a_firm(world: World) -> Enterprise:
    return world.get(a_point).outfall.enterprise


def code(world: World) -> list[str]:
    return [world.get(a_register).code]


def entry(world: World) -> list[int]:
    return [world.get(an_entry).pk]


def firm(world: World) -> list[int]:
    return [world.get(a_firm).pk]


_SHEETS = "tests/registers/test_importing.py"
ROWS = {
    "registers:search": signed_in(),
    "registers:registers": holders(SEE),
    "registers:options": holders(SEE, args=code),
    "registers:entries": holders(SEE, args=code),
    "registers:map": holders(SEE, args=code),
    "registers:map_data": holders(SEE, args=code),
    "registers:board": holders(SEE, args=code),
    "registers:statistics": holders(SEE, args=code),
    "registers:queue": holders(SEE, args=code),
    "registers:published": public(args=code),
    "registers:template": holders(SEE, args=code),
    "registers:save_view": holders(SEE, args=code, post={}),
    "registers:delete_view": elsewhere("tests/registers/test_views.py"),
    "registers:entry_new": holders(EDIT, args=code),
    "registers:bulk": holders(EDIT, args=code, post={}),
    "registers:import": holders(IMPORT, args=code),
    "registers:import_job": elsewhere(_SHEETS),
    "registers:import_start": elsewhere(_SHEETS),
    "registers:import_give_up": elsewhere(_SHEETS),
    "registers:import_faults": elsewhere(_SHEETS),
    "registers:entry": scoped(SEES_ENTRY, args=entry),
    "registers:entry_edit": scoped(EDITS_ENTRY, args=entry),
    "registers:entry_move": scoped(EDITS_ENTRY, args=entry, post={}, places=NEARBY),
    "registers:entry_remove": scoped(REMOVES, args=entry, post={}, places=NEARBY),
    "registers:entry_restore": scoped(REMOVES, args=entry, post={}, places=NEARBY),
    "registers:entry_unmask": scoped(UNMASKS, args=entry, post={"field": "owner"}, places=NEARBY),
    "registers:enterprises": signed_in(),
    "registers:enterprises_map": signed_in(),
    "registers:enterprises_map_data": signed_in(),
    "registers:enterprises_template": signed_in(),
    "registers:enterprises_import": holders("administrator"),
    "registers:enterprise_new": holders("administrator"),
    "registers:enterprise": scoped(SEES_FIRM, args=firm, places=NEARBY),
    "registers:enterprise_edit": scoped({"administrator": STAFF_PLACES}, args=firm, places=NEARBY),
    "api:registers": signed_in(),
    "api:entries": holders(SEE, args=code),
    "api:entry": scoped(SEES_ENTRY, args=entry),
    "api:enter": holders(
        EDIT, args=code, json={"values": {"name": "西溪二号排口", "kind": "rain"}}
    ),
    "api:change": scoped(
        EDITS_ENTRY, args=entry, json={"values": {"note": "已查"}}, patch=True, places=NEARBY
    ),
}
