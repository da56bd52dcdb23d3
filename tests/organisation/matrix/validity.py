"""Valid data: rates, days and months of one's own points."""

from __future__ import annotations

from datetime import date

from jiulong.validity.models import DayStatistic
from jiulong.validity.runs import midnight
from tests.factories import make_factor
from tests.organisation.matrix import EVERYWHERE, NEARBY, REST, SEE_ALL, scoped, signed_in
from tests.organisation.matrix.monitoring import a_point
from tests.organisation.matrix.world import World

#: Who needs the monitoring data of all enterprises; others have their own unit's.
MONITORING = {SEE_ALL: EVERYWHERE, REST: "own"}
ON = date(2026, 3, 1)


def a_day(world: World) -> DayStatistic:
    return DayStatistic.objects.create(
        point=world.get(a_point), factor=make_factor(), on=ON, valid=False, over=True,
        n_expected=24, n_valid=0, ratio=0, method="arithmetic", rule="hj356-2019",
        computed_at=midnight(ON),
    )  # fmt: skip


def of_day(world: World) -> list[object]:
    return [world.get(a_day).point.code, ON]


ROWS = {
    "validity:rates": signed_in(),
    "validity:hours": scoped(
        MONITORING, args=lambda world: [world.get(a_point).code], places=NEARBY
    ),
    "validity:days": scoped(MONITORING, args=lambda world: [world.get(a_point).code]),
    "validity:day": scoped(MONITORING, args=of_day, places=NEARBY),
    "validity:revisions": signed_in(),
}
