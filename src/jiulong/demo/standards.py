"""What the demo's plants are held to: a grade of a standard by trade, and permitted quantities."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.utils import timezone

from jiulong.monitoring import limits
from jiulong.monitoring.models import (
    Limit,
    PermittedLoad,
    Point,
    Standard,
    StandardAssignment,
    StandardLimit,
    Statistic,
)
from jiulong.registers.models import Enterprise
from jiulong.simulator.trades import WATERS

SINCE: Final = date(2024, 1, 1)
#: Trade → grade, as data/limits.yaml says in words.
GRADES: Final = {
    "municipal": "GB18918-2002/1A",
    "food": "GB8978-1996/1",
    "steel": "GB13456-2012/direct",
    "plating": "GB21900-2008/2",
    "dyeing": "GB4287-2012/direct",
    "paper": "GB3544-2008/paper",
}
#: Quantities are permitted of these.
LOADED: Final = ("w01018", "w21003", "w21001", "w21011")
SOURCE: Final = "排污许可证（演示）"
SECONDS_A_YEAR: Final = 365 * 86_400
#: A plant is permitted what its usual water would carry at so much of the limit.
SHARE: Final = Decimal("0.75")


def hold(now: datetime) -> int:
    """Assign the grades and quantities that are missing; how many points are held to one."""
    held = set(StandardAssignment.objects.values_list("point", flat=True))
    known = {row.code: row for row in Standard.objects.filter(retired_at=None)}
    points = [
        point
        for point in Point.objects.exclude(position=Point.Position.INFLUENT)
        .select_related("outfall__enterprise")
        .order_by("pk")
        if point.pk not in held and GRADES.get(point.outfall.enterprise.trade) in known
    ]
    StandardAssignment.objects.bulk_create(
        StandardAssignment(
            point=point, standard=known[GRADES[point.outfall.enterprise.trade]], valid_from=SINCE,
            place=(
                StandardLimit.Place.WORKSHOP
                if point.position == Point.Position.PROCESS
                else StandardLimit.Place.OUTFALL
            ),
        )
        for point in points
    )  # fmt: skip
    limits.settle(points)
    _permit_loads([p for p in points if p.position == Point.Position.EFFLUENT], now)
    return len(points)


def _permit_loads(points: list[Point], now: datetime) -> None:
    year = timezone.localdate(now).year
    rows = Limit.objects.filter(
        point__in=points, statistic=Statistic.DAY, factor__code__in=LOADED, valid_to=None
    ).select_related("factor")
    outfalls = {point.pk: point.outfall for point in points}
    loads: dict[tuple[int, int, int], Decimal] = {}
    for row in rows:
        outfall = outfalls[row.point_id]
        tonnes = _tonnes(outfall.enterprise, row.maximum or Decimal(0))
        for which in (year - 1, year):
            key = outfall.pk, row.factor_id, which
            loads[key] = loads.get(key, Decimal(0)) + tonnes
    PermittedLoad.objects.bulk_create(
        (
            PermittedLoad(
                outfall_id=outfall, factor_id=factor, year=which, tonnes=tonnes, source=SOURCE
            )
            for (outfall, factor, which), tonnes in loads.items()
            if tonnes > 0
        ),
        ignore_conflicts=True,
    )  # fmt: skip


def _tonnes(enterprise: Enterprise, maximum: Decimal) -> Decimal:
    """mg/L × m³ a year, in tonnes to three places."""
    water = WATERS.get((enterprise.trade, "effluent"))
    if water is None:
        return Decimal(0)
    cubic_metres = Decimal(str(water.flow_l_per_s)) * SECONDS_A_YEAR / 1000
    return (maximum * cubic_metres * SHARE / 1_000_000).quantize(Decimal("0.001"))
