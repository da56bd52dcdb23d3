"""What those who run stations see and hand in: their own stations alone."""

from __future__ import annotations

from jiulong.upkeep.actions import review_mark
from jiulong.upkeep.models import Mark
from tests.factories import make_unit, make_user
from tests.organisation.matrix import NEARBY, Args, Row, holders, scoped
from tests.organisation.matrix.monitoring import a_finding, a_point
from tests.organisation.matrix.upkeep import STATION, a_mark
from tests.organisation.matrix.world import World


def _code(world: World) -> list[str]:
    return [world.get(a_point).code]


def _own(args: Args = _code) -> Row:
    return scoped(STATION, args=args, places=NEARBY)


def a_rejected_mark(world: World) -> Mark:
    reviewer = make_user("monitor", make_unit())
    return review_mark(actor=reviewer, mark=a_mark(world), accepted=False, reason="no proof")


ROWS = {
    "portal:stations": holders("enterprise operator"),
    "portal:station": scoped(STATION, args=_code),
    "portal:account": _own(),
    "portal:mark": _own(),
    "portal:mark sent": scoped(STATION, args=_code, post={}),
    "portal:fault": _own(),
    "portal:fault sent": scoped(STATION, args=_code, post={}, places=NEARBY),
    "portal:manual": _own(),
    "portal:manual sent": scoped(STATION, args=_code, post={}, places=NEARBY),
    "portal:check": _own(),
    "portal:check sent": scoped(STATION, args=_code, post={}, places=NEARBY),
    "portal:maintenance": _own(),
    "portal:maintenance sent": scoped(STATION, args=_code, post={}, places=NEARBY),
    "portal:objection": _own(lambda world: [world.get(a_finding).pk]),
    "portal:objection_to_mark": _own(lambda world: [world.get(a_rejected_mark).pk]),
}
