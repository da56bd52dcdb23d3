"""Cases, what is told of them, reports from the street."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.utils import timezone

from jiulong.cases import actions, possible
from jiulong.cases.models import Case, MatterType
from tests.days.addresses.common import FILE, NOBODY, PART, SENT, Look, const, user

EVENT, PROBLEM, INSTRUCTION = "wangge.event", "baiqi.problem", "duban.instruction"


def case(name: str, action: str = "", **wanted: Any) -> Callable[[], list[Any]]:
    """A case on which somebody may do this now; without an action, one that is as wanted."""

    def find() -> list[Any]:
        now, who = timezone.now(), user(name)
        for one in Case.objects.filter(**wanted).select_related("matter").order_by("pk"):
            moves = possible.moves(who, one, now) if action else []
            if not action or action in {move.action for move in moves}:
                return [one.pk, action] if action else [one.pk]
        raise LookupError(f"{name} has no case for {action or wanted}")

    return find


def in_hand() -> list[Any]:
    """A case that the handler has to answer."""
    return case("handler", "reply")()[:1]


def a_task() -> list[Any]:
    """A part of another's case that the handler has to finish."""
    whole = Case.objects.filter(matter__code=INSTRUCTION, stage="accepted").order_by("pk")[0]
    unit = user("handler").unit
    assert unit is not None
    part = actions.add_task(actor=None, case=whole, unit=unit, name="查看现场")
    return [part.pk, "finish_task"]


def own_report() -> list[Any]:
    """What the grid worker reported."""
    matter, who = MatterType.objects.get(code=EVENT), user("grid")
    filed = actions.file_case(
        actor=who, matter=matter, title="路灯不亮", data={"kind": "cover"}, place=(117.66, 24.51)
    )
    return [filed.pk]


LOOKS: Final = (
    Look("tracking:track", NOBODY),
    Look("cases:todo", "supervisor"),
    Look("cases:cases", "supervisor"),
    Look("cases:map", "supervisor"),
    Look("cases:board", "supervisor"),
    Look("cases:choose", "supervisor"),
    Look("cases:new", "supervisor", const(INSTRUCTION)),
    Look("cases:new", "supervisor", const(EVENT), "with a map"),
    Look("cases:supervision", "supervisor"),
    Look("cases:ledgers", "supervisor"),
    Look("cases:ledger", "supervisor", const(EVENT)),
    Look("cases:ledger", "supervisor", const(INSTRUCTION), "of papers"),
    Look("cases:statistics", "supervisor"),
    Look("cases:case", "supervisor", case("supervisor", matter__code=EVENT, stage="replied")),
    Look("cases:act", "supervisor", case("supervisor", "resume"), "resume"),
    Look("cases:print", "supervisor", case("supervisor", matter__code=EVENT, stage="closed")),
    Look("cases:act", "supervisor", case("supervisor", "assign")),
    Look("cases:act", "supervisor", case("supervisor", "verify"), "verify"),
    Look("cases:act", "supervisor", case("supervisor", "close"), "close"),
    Look("cases:act", "supervisor", case("supervisor", "remind"), "remind"),
    Look("cases:act", "supervisor", case("supervisor", "suspend"), "suspend"),
    Look("cases:act", "supervisor", case("supervisor", "merge"), "merge"),
    Look("notices:list", "supervisor"),
    Look("notices:choices", "supervisor"),
    Look("cases:todo", "handler"),
    Look("cases:case", "handler", in_hand),
    Look("cases:act", "handler", case("handler", "reply")),
    Look("cases:act", "handler", case("handler", "ask_extension"), "extension"),
    Look("reporting:sign", "handler", in_hand),
    Look("cases:task", "handler", a_task),
    Look("reporting:quick", "grid"),
    Look("reporting:done", "grid", own_report),
    Look("cases:todo", "enterprise"),
    Look("cases:choose", "enterprise"),
    Look("cases:new", "enterprise", const(PROBLEM)),
    Look("cases:case", "enterprise", case("enterprise", matter__code=PROBLEM,
                                          enterprise__unit__code="XC006")),
)  # fmt: skip
OTHERS: Final = {
    SENT: """
        notices:read_all notices:open reporting:send reporting:ask_to_sign cases:remind
    """,
    FILE: """
        reporting:near reporting:state reporting:manifest reporting:worker cases:map_data
        cases:dossier
    """,
    PART: "notices:bell cases:nearby",
}
