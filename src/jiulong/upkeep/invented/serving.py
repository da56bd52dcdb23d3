"""Contracts with operating firms, plans, and the lists that were worked through."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from jiulong.evidence.actions import record_events
from jiulong.evidence.actions.events import Act
from jiulong.monitoring.models import Point
from jiulong.upkeep.actions.maintenance import is_abnormal
from jiulong.upkeep.invented.cast import DAY, Cast, dice, local, people
from jiulong.upkeep.models import MaintenancePlan, MaintenanceRecord, OperatingContract
from jiulong.upkeep.provisions import FormItem

FROM: Final = date(2025, 1, 1)
#: One list in so many has something that is not as it should be; one point in so many is behind.
ABNORMAL_EACH: Final = 14
BEHIND_EACH: Final = 17


def contracts(points: Sequence[Point], cast: Cast) -> int:
    """The contract of every point that a firm operates, and the usual plans of all points."""
    made = OperatingContract.objects.bulk_create(
        OperatingContract(
            point=point, operator=point.operator, from_on=FROM,
            number=f"YW-2025-{number:03d}",
        )
        for number, point in enumerate(points, start=1)
        if point.operator is not None
    )  # fmt: skip
    record_events(
        Act(
            actor=None, verb="sign_contract", subject=one, at=cast.now - cast.days * DAY,
            data={"point": one.point.code, "operator": one.operator.name, "number": one.number},
        )
        for one in made
    )  # fmt: skip
    MaintenancePlan.objects.bulk_create(
        MaintenancePlan(
            point=point, form=form.key, every_days=form.every_days,
            from_on=_first_round(point, form, cast),
        )
        for point in points
        for form in cast.book.forms.values()
        if form.every_days
    )  # fmt: skip
    return len(made)


def records(points: Sequence[Point], cast: Cast) -> int:
    """Weekly rounds, monthly and quarterly maintenance, in time but for a few."""
    made = MaintenanceRecord.objects.bulk_create(
        [record for point in points for record in _of_point(point, cast)], batch_size=1000
    )
    record_events(
        Act(
            actor=one.by, verb="record_maintenance", subject=one, at=one.entered_at,
            data={"point": one.point.code, "form": one.form, "values": one.values},
        )
        for one in made
    )  # fmt: skip
    return len(made)


def _last_round(point: Point, form: FormItem, cast: Cast) -> date:
    """When the list was last worked through: within its time, but for a few weekly ones."""
    if form.key == "weekly" and dice(point, "behind").randrange(BEHIND_EACH) == 0:
        return cast.today - (form.every_days + 2) * DAY
    back = 1 + dice(point, f"round {form.key}").randrange(max(form.every_days - 1, 1))
    return cast.today - back * DAY


def _first_round(point: Point, form: FormItem, cast: Cast) -> date:
    """The earliest round that the demo's past holds, or the last one where it holds none."""
    last = _last_round(point, form, cast)
    rounds = (cast.days - (cast.today - last).days) // form.every_days
    return last - max(rounds, 0) * form.every_days * DAY


def _of_point(point: Point, cast: Cast) -> Iterator[MaintenanceRecord]:
    chance = dice(point, "rounds")
    for form in cast.book.forms.values():
        if not form.every_days:
            continue
        day = _last_round(point, form, cast)
        while day >= cast.today - cast.days * DAY:
            at = local(day, 9 + chance.randrange(7), chance.randrange(60))
            if at < cast.now:
                yield _record(point, form, cast, chance, at)
            day -= form.every_days * DAY


def _record(
    point: Point, form: FormItem, cast: Cast, chance: Random, at: datetime
) -> MaintenanceRecord:
    values = {}
    for field in form.fields:
        if field.type == "check":
            values[field.key] = "yes"
        elif field.type == "number":
            low, high = field.low or 0, field.high or 60
            values[field.key] = f"{float(low) + float(high - low) * chance.uniform(0.3, 0.7):.1f}"
        else:
            values[field.key] = "—"
    checks = [field.key for field in form.fields if field.type == "check"]
    if checks and chance.randrange(ABNORMAL_EACH) == 0:
        values[chance.choice(checks)] = "no"
    return MaintenanceRecord(
        point=point, form=form.key, at=at, values=values, people=people(chance),
        abnormal=any(is_abnormal(field, values[field.key]) for field in form.fields),
        longitude=point.outfall.longitude, latitude=point.outfall.latitude, accuracy_m=12.0,
        **cast.signed(point, at + timedelta(minutes=25)),
    )  # fmt: skip
