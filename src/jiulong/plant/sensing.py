"""From readings and messages to states: units, parameters, stations. Only changes are kept.

`step` looks at the batches after its cursor, in one transaction with moving it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import F

from jiulong.monitoring import following, thresholds
from jiulong.monitoring.factors import factor_of
from jiulong.monitoring.following import STEP_BATCHES
from jiulong.monitoring.models import Factor
from jiulong.plant import codes, comparing, watching
from jiulong.plant.models import PlantUnit, ReportedParameter, StationState, UnitState
from jiulong.recorder.models import Message

CURSOR: Final = "plant"
#: Commands whose answers tell of parameters and states (HJ 212-2017 C.40 to C.45).
TELLING: Final = ("3020", "3021")
INFO: Final = "-Info"
DIGITS_MAX: Final = 15

#: States of described units in new readings: real-time and minute values of ST=52 codes, 2021. A
#: clock ahead of its arrival tells no time: what is dated later would be older than it for good.
STATES: Final = """
SELECT u.id, r.at, r.values[k.i], r.batch, r.ordinal
FROM plant_plantunit u
JOIN monitoring_factor f ON f.code = u.code
JOIN reading r ON r.point = u.point_id AND r.period IN (0, 1, 4)
     AND r.batch > %(after)s AND r.batch <= %(upto)s
CROSS JOIN LATERAL (SELECT array_position(r.factors, f.id) AS i) AS k
WHERE u.retired_at IS NULL AND k.i IS NOT NULL AND r.values[k.i] BETWEEN -32768 AND 32767
  AND r.at <= r.received_at + %(ahead)s
ORDER BY u.id, r.at, r.ordinal
"""


class Said(NamedTuple):
    """Something that was reported: of which row, when, and where it stands in the journal."""

    key: tuple[Any, ...]
    at: datetime
    text: str
    batch: int
    ordinal: int


def step(now: datetime, *, most: int = STEP_BATCHES) -> bool:
    """Take in what is new; whether more waits. A second process finds the cursor taken."""
    with following.taken(CURSOR, most=most) as batches:
        if batches is None or not batches.fresh:
            return False
        _units(batches.after, batches.upto)
        _messages(batches.after, batches.upto, now)
    return batches.behind


# -- units ---------------------------------------------------------------------------------------


def _units(after: int, upto: int) -> None:
    asked: dict[str, Any] = {"after": after, "upto": upto, "ahead": thresholds.CLOCK_AHEAD}
    with connection.cursor() as cursor:
        cursor.execute(STATES, asked)
        rows = cursor.fetchall()
    if not rows:
        return
    units = PlantUnit.objects.in_bulk({row[0] for row in rows})
    said = [
        Said((unit,), at, str(state_of(units[unit].code, value)), batch, ordinal)
        for unit, at, value, batch, ordinal in rows
    ]
    current = UnitState.objects.filter(unit__in=units, until=None)
    known = {(one.unit_id,): (str(one.state), one.since) for one in current}
    for group in changes(said, known):
        _unit_changes(group)


def state_of(code: str, value: float) -> int:
    """A unit's state: as 2021 says it, or on and off from the current of an ST=52 code.

    e301 and e302 are currents in A (HJ 212-2017 table B.4): what draws current runs.
    """
    if code[:1].casefold() == "e":
        return int(UnitState.State.RUNS if value > 0 else UnitState.State.OFF)
    return int(value)


def _unit_changes(group: Changes) -> None:
    (unit,) = group.key
    for said in group.new:
        UnitState.objects.filter(unit=unit, until=None).update(until=said.at)
        UnitState.objects.create(
            unit_id=unit, state=int(said.text), since=said.at, seen_at=said.at, batch=said.batch,
            ordinal=said.ordinal,
        )  # fmt: skip
    UnitState.objects.filter(unit=unit, until=None, seen_at__lt=group.last).update(
        seen_at=group.last
    )


# -- what changed --------------------------------------------------------------------------------


class Changes(NamedTuple):
    """New values of one key in order, and when it was last heard."""

    key: tuple[Any, ...]
    new: list[Said]
    last: datetime


def changes(
    said: Iterable[Said], known: dict[tuple[Any, ...], tuple[str, datetime]]
) -> list[Changes]:
    """What differs from what was known, in order of time. What is older than that is history.

    Args:
        known: the current text of a key and since when.
    """
    groups: dict[tuple[Any, ...], list[Said]] = {}
    for one in sorted(said, key=lambda one: (one.at, one.batch, one.ordinal)):
        groups.setdefault(one.key, []).append(one)
    found = []
    for key, rows in groups.items():
        text, since = known.get(key, (None, None))
        new: list[Said] = []
        for one in rows:
            if since is not None and one.at <= since:
                continue
            if one.text != text:
                new.append(one)
                text, since = one.text, one.at
        found.append(Changes(key, new, rows[-1].at))
    return found


# -- messages ------------------------------------------------------------------------------------


def _messages(after: int, upto: int, now: datetime) -> None:
    rows = list(
        Message.objects.filter(
            batch__gt=after,
            batch__lte=upto,
            cn__in=TELLING,
            at__lte=F("received_at") + thresholds.CLOCK_AHEAD,
        ).order_by("at")
    )
    if not rows:
        return
    factors: dict[str, Factor] = {}
    parameters: list[Said] = []
    states: list[Said] = []
    for row in rows:
        pol = str(row.content.get("PolId", ""))[:40]
        for key, text in infos(row.content):
            place = (row.at, text[:200], row.batch, row.ordinal)
            if key in codes.FILED and pol:
                factor = factors.setdefault(pol, factor_of(pol))
                parameters.append(Said((row.point_id, factor.pk, key), *place))
            elif codes.kind_of(key) != codes.LOG:
                states.append(Said((row.point_id, pol, key), *place))
    for point, factor_id in _parameters(parameters):
        comparing.compare(point, factor_id, now)
    for point in _states(states):
        watching.watch_doors(point, now)


def infos(content: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """Codes and values of a 3020 answer; `i13008-Info=1.02` gives `i13008`, `1.02`."""
    for key, text in content.items():
        if key.endswith(INFO):
            code = key.removesuffix(INFO)
            yield (code.casefold() if codes.kind_of(code) else code)[:40], str(text).strip()


def decimal_of(text: str) -> Decimal | None:
    """A reported number; None for what is none, or has more digits than any instrument."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    fits = value.is_finite() and abs(value.adjusted()) < DIGITS_MAX
    return value.quantize(Decimal("1e-9")).normalize() if fits else None


def _parameters(said: Sequence[Said]) -> set[tuple[int, int]]:
    """Keep what changed; returns points and factors that were heard of."""
    points = {one.key[0] for one in said}
    current = {
        (one.point_id, one.factor_id, one.info): one
        for one in ReportedParameter.objects.filter(point__in=points, current=True)
    }
    known = {key: (one.text, one.since) for key, one in current.items()}
    for group in changes(said, known):
        point, factor, info = group.key
        mine = ReportedParameter.objects.filter(point=point, factor=factor, info=info, current=True)
        for one in group.new:
            mine.update(current=False)
            ReportedParameter.objects.create(
                point_id=point, factor_id=factor, info=info, text=one.text,
                value=decimal_of(one.text), since=one.at, seen_at=one.at, batch=one.batch,
                ordinal=one.ordinal,
            )  # fmt: skip
        mine.filter(seen_at__lt=group.last).update(seen_at=group.last)
    return {(one.key[0], one.key[1]) for one in said}


def _states(said: Sequence[Said]) -> set[int]:
    """Keep what changed; returns the points whose doors were heard of."""
    points = {one.key[0] for one in said}
    current = StationState.objects.filter(point__in=points, current=True)
    known = {(one.point_id, one.factor, one.key): (one.text, one.since) for one in current}
    for group in changes(said, known):
        point, factor, key = group.key
        mine = StationState.objects.filter(point=point, factor=factor, key=key, current=True)
        for one in group.new:
            fields = {
                "text": one.text, "since": one.at, "seen_at": one.at, "batch": one.batch,
                "ordinal": one.ordinal,
            }  # fmt: skip
            if key in codes.MEASURED and mine.update(**fields):
                continue
            mine.update(current=False)
            StationState.objects.create(point_id=point, factor=factor, key=key, **fields)
        mine.filter(seen_at__lt=group.last).update(seen_at=group.last)
    return {one.key[0] for one in said if one.key[2] in codes.WATCHED}
