"""Registers, sheets that fill them, enterprises."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from jiulong.registers.actions import hand_in
from jiulong.registers.importing import steps
from jiulong.registers.models import Enterprise, Entry, Register
from tests.days.addresses.common import FILE, NOBODY, SENT, Look, const, user
from tests.registers.test_importing import book

FAMILIES: Final = "gongzufang.applicant"


def entry(register: str) -> Callable[[], list[Any]]:
    return lambda: [Entry.objects.filter(register__code=register).order_by("pk")[0].pk]


def an_import() -> list[Any]:
    """A sheet that is checked and has a fault."""
    register = Register.objects.get(code=FAMILIES)
    content = book([["编号", "申请人"], [None, None], ["1", "陈大文"]])
    job = hand_in(actor=user("leader"), register=register, name="申请家庭.xlsx", content=content)
    steps.advance(job.pk)
    return [job.pk]


def firm() -> list[Any]:
    return [Enterprise.objects.get(unit__code="XC006").pk]


LOOKS: Final = (
    Look("registers:published", NOBODY, const(FAMILIES)),
    Look("registers:search", "supervisor", note="漳州", query="?q=漳州"),
    Look("registers:search", "supervisor"),
    Look("registers:registers", "supervisor"),
    Look("registers:entries", "supervisor", const(FAMILIES)),
    Look("registers:entries", "supervisor", const("baiqi.link"), "of links"),
    Look("registers:board", "supervisor", const(FAMILIES)),
    Look("registers:statistics", "supervisor", const(FAMILIES)),
    Look("registers:queue", "supervisor", const(FAMILIES)),
    Look("registers:map", "supervisor", const("wangge.focus")),
    Look("registers:entry", "supervisor", entry(FAMILIES)),
    Look("registers:entry", "supervisor", entry("wangge.focus"), "with a map"),
    Look("registers:enterprises", "supervisor"),
    Look("registers:enterprises_map", "supervisor"),
    Look("registers:enterprise", "supervisor", firm),
    Look("registers:enterprise", "enterprise", firm),
    Look("registers:import", "leader", const(FAMILIES)),
    Look("registers:import_job", "leader", an_import),
    Look("registers:entry_new", "leader", const(FAMILIES)),
    Look("registers:entry_edit", "admin", entry(FAMILIES)),
    Look("registers:enterprise_new", "admin"),
    Look("registers:enterprise_edit", "admin", firm),
    Look("registers:enterprises_import", "admin"),
)  # fmt: skip
OTHERS: Final = {
    SENT: """
        registers:bulk registers:import_start registers:import_give_up registers:save_view
        registers:delete_view registers:entry_remove registers:entry_restore registers:entry_move
        registers:entry_unmask
    """,
    FILE: """
        registers:options registers:import_faults registers:map_data registers:template
        registers:enterprises_map_data registers:enterprises_template
    """,
}
