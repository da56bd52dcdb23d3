"""Which limit holds: the one resolution that judge, pages, charts and statistics use.

What may not be exceeded is written in a point's permit (`PermitLimit`) and in the standards it is
held to (`StandardAssignment`, `StandardLimit`). `settle` works out from them, for every factor and
statistic, which limit is in force on which days and writes it as `Limit` rows, of which at most one
holds on a day:

- where only one of them speaks, it holds;
- where both do, the permit holds if it is as strict, as permits must be (HJ 942-2018: the permitted
  concentration is the stricter one). Where a permit is laxer, the stricter bound holds and the row
  says so (`note` permit_laxer): somebody has to look at that permit;
- of several standards the strictest bound holds;
- no standard here limits hourly means, but an hour over the daily limit is a warning (DOMAIN A8):
  where nothing else limits hours, the daily limit warns by the hour (`note` warns_of_day).

A limit that is settled anew keeps its row where nothing about it changed. What is over is judged
anew where it did (`listen`), days and hours, a few days at a time (`waiting`); where that would be
too much, nothing is, until somebody judges again (`replaying`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any, Final

from django.db.models import Q

from jiulong.monitoring.models import (
    Limit,
    PermitLimit,
    Point,
    StandardAssignment,
    StandardLimit,
    Statistic,
)

#: Called with what changed: the first local day, by point.
Listener = Callable[[Mapping[int, date]], None]
#: Days of a point that wait.
Waiting = Callable[[int], int]

FOREVER: Final = date(9000, 1, 1)
ONE_DAY: Final = timedelta(days=1)
PERMIT_LAXER: Final = "permit_laxer"
WARNS_OF_DAY: Final = "warns_of_day"
#: Point, factor, statistic.
Key = tuple[int, int, str]
_COLUMNS: Final = (
    "minimum", "maximum", "valid_from", "valid_to", "source", "origin", "reference", "supersedes",
    "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Claim:
    """What one source says: bounds in the stored unit (mg/L), from a day to before another."""

    origin: str
    source: str
    reference: str
    minimum: Decimal | None
    maximum: Decimal | None
    start: date
    end: date  # exclusive

    def as_strict_as(self, other: Claim) -> bool:
        """Whether it allows nothing that the other forbids."""
        over = other.maximum is None or (self.maximum is not None and self.maximum <= other.maximum)
        under = other.minimum is None or (
            self.minimum is not None and self.minimum >= other.minimum
        )
        return over and under

    def told(self) -> dict[str, Any]:
        """As a settled limit remembers what it stands before."""
        return {
            "origin": self.origin,
            "source": self.source,
            "minimum": None if self.minimum is None else f"{self.minimum.normalize():f}",
            "maximum": None if self.maximum is None else f"{self.maximum.normalize():f}",
        }


def resolve(point: int, factor: int, statistic: str, on: date) -> Limit | None:
    """The limit in force on a local day, None where there is none."""
    held = Q(valid_to=None) | Q(valid_to__gte=on)
    return (
        Limit.objects.filter(
            held, point=point, factor=factor, statistic=statistic, valid_from__lte=on
        )
        .order_by("-valid_from")
        .first()
    )


def in_force(
    points: Collection[int], statistic: str, first: date, last: date
) -> dict[tuple[int, int], list[Limit]]:
    """Limits of a statistic that hold on some day from `first` to `last`, by point and factor."""
    held = Q(valid_to=None) | Q(valid_to__gte=first)
    found: dict[tuple[int, int], list[Limit]] = defaultdict(list)
    rows = Limit.objects.filter(held, point__in=points, statistic=statistic, valid_from__lte=last)
    for limit in rows.select_related("factor").order_by("valid_from"):
        found[limit.point_id, limit.factor_id].append(limit)
    return found


_listeners: Final[list[Listener]] = []
_waiting: Final[list[Waiting]] = []


def listen(listener: Listener) -> None:
    """Have changes of what is in force told, inside their transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def count_waiting(counter: Waiting) -> None:
    """Have this say how many days of a point wait to be judged anew."""
    _waiting[:] = [counter]


def waiting(point: int) -> int:
    """Days of a point that wait to be judged anew because its limits changed."""
    return sum(counter(point) for counter in _waiting)


def settle(points: Collection[Point | int]) -> int:
    """Work out anew what is in force at these points, and tell; how many limits changed."""
    ids = [point if isinstance(point, int) else point.pk for point in points]
    claims = _claims(ids)
    wanted = {key: list(_settled(key, rows)) for key, rows in claims.items()}
    for key in list(wanted):
        wanted |= _warnings(key, claims)
    standing: dict[Key, list[Limit]] = defaultdict(list)
    for row in Limit.objects.filter(point__in=ids).order_by("valid_from"):
        standing[row.point_id, row.factor_id, row.statistic].append(row)
    changed, since = 0, dict[int, date]()
    for key in {*wanted, *standing}:
        first = _first_change(standing.get(key, []), wanted.get(key, []))
        if first is not None:
            since[key[0]] = min(first, since.get(key[0], FOREVER))
        changed += _write(standing.get(key, []), wanted.get(key, []))
    if since:
        for listener in _listeners:
            listener(since)
    return changed


def _first_change(standing: Iterable[Limit], wanted: Iterable[Limit]) -> date | None:
    """The first day on which something else is in force than was."""
    was = {row.valid_from: row for row in standing}
    comes = {row.valid_from: row for row in wanted}
    days = []
    for start in was.keys() | comes.keys():
        old, new = was.get(start), comes.get(start)
        if old is None or new is None or not _same(old, new):
            days.append(start)
        elif old.valid_to != new.valid_to:
            days.append(min(_end(old.valid_to), _end(new.valid_to)))
    return min(days, default=None)


def strictest(permit: Claim | None, standards: Collection[Claim]) -> tuple[Claim, list[Claim], str]:
    """(what holds, what it stands before, why) of everything that speaks on one day."""
    written = _joined(standards)
    if permit is None:
        if written is None:
            raise ValueError("nothing speaks of it")
        return written, [one for one in standards if one.source != written.source], ""
    if written is None or permit.as_strict_as(written):
        return permit, list(standards), ""
    if written.as_strict_as(permit):
        return (
            written,
            [permit, *(s for s in standards if s.source != written.source)],
            PERMIT_LAXER,
        )
    both = _joined([permit, written])
    assert both is not None  # two went in  # noqa: S101
    return replace(both, origin=Limit.Origin.PERMIT), [permit, *standards], PERMIT_LAXER


def _joined(claims: Collection[Claim]) -> Claim | None:
    """The strictest bounds of several, named after those that give them."""
    if not claims:
        return None
    tops = [one for one in claims if one.maximum is not None]
    bottoms = [one for one in claims if one.minimum is not None]
    top = min(tops, key=lambda one: (one.maximum, one.source), default=None)
    bottom = max(bottoms, key=lambda one: (one.minimum, one.source), default=None)
    names = [one for one in dict.fromkeys([top, bottom]) if one is not None]
    return replace(
        names[0],
        source="；".join(dict.fromkeys(one.source for one in names))[:200],
        minimum=bottom.minimum if bottom else None,
        maximum=top.maximum if top else None,
    )


def _claims(points: Collection[int]) -> dict[Key, list[Claim]]:
    found: dict[Key, list[Claim]] = defaultdict(list)
    for row in PermitLimit.objects.filter(point__in=points).order_by("valid_from", "pk"):
        found[row.point_id, row.factor_id, row.statistic].append(
            Claim(
                Limit.Origin.PERMIT, row.source, f"permit/{row.pk}", row.minimum, row.maximum,
                row.valid_from, _end(row.valid_to),
            )
        )  # fmt: skip
    assigned = StandardAssignment.objects.filter(point__in=points).select_related("standard")
    said: dict[int, list[StandardLimit]] = defaultdict(list)
    for limit in StandardLimit.objects.filter(
        standard__in=[each.standard_id for each in assigned]
    ).order_by("valid_from", "pk"):
        said[limit.standard_id].append(limit)
    for each in assigned:
        for limit in said[each.standard_id]:
            claim = _of_standard(each, limit)
            if claim is not None:
                found[each.point_id, limit.factor_id, limit.statistic].append(claim)
    return found


def _of_standard(each: StandardAssignment, limit: StandardLimit) -> Claim | None:
    """What a grade says at a point, in the days in which both hold; None: nothing."""
    if limit.place not in {StandardLimit.Place.ANY, each.place}:
        return None
    start = max(each.valid_from, limit.valid_from)
    end = min(_end(each.valid_to), _end(limit.valid_to))
    if start >= end:
        return None
    return Claim(
        Limit.Origin.STANDARD, f"{each.standard} {limit.clause}".strip(), f"standard/{limit.pk}",
        limit.minimum, limit.maximum, start, end,
    )  # fmt: skip


def _end(last: date | None) -> date:
    return FOREVER if last is None else last + ONE_DAY


def _settled(key: Key, claims: list[Claim], note: str = "") -> Iterator[Limit]:
    """The rows of one factor and statistic: cut where anything begins or ends."""
    days = sorted({day for claim in claims for day in (claim.start, claim.end)})
    last: Limit | None = None
    for start, end in pairwise(days):
        holding = [claim for claim in claims if claim.start <= start < claim.end]
        permits = [claim for claim in holding if claim.origin == Limit.Origin.PERMIT]
        others = [claim for claim in holding if claim.origin != Limit.Origin.PERMIT]
        if not holding:
            if last is not None:
                yield last
            last = None
            continue
        # Of two permit rows on one day the later entered one holds.
        holds, before, why = strictest(permits[-1] if permits else None, others)
        row = _row(key, holds, before, note or why)
        row.valid_from, row.valid_to = start, None if end == FOREVER else end - ONE_DAY
        if last is not None and _same(last, row):
            last.valid_to = row.valid_to
            continue
        if last is not None:
            yield last
        last = row
    if last is not None:
        yield last


def _row(key: Key, holds: Claim, before: Iterable[Claim], note: str) -> Limit:
    return Limit(
        point_id=key[0], factor_id=key[1], statistic=key[2],
        minimum=holds.minimum, maximum=holds.maximum, source=holds.source, origin=holds.origin,
        reference=holds.reference, supersedes=[claim.told() for claim in before], note=note,
    )  # fmt: skip


def _same(one: Limit, other: Limit) -> bool:
    """Whether two rows that follow each other say the same."""
    names = [name for name in _COLUMNS if name not in {"valid_from", "valid_to"}]
    return all(getattr(one, name) == getattr(other, name) for name in names)


def _warnings(key: Key, claims: dict[Key, list[Claim]]) -> dict[Key, list[Limit]]:
    """Hourly rows of the days on which only days are limited, beside those of hours themselves."""
    hour: Key = (key[0], key[1], Statistic.HOUR)
    if key[2] != Statistic.DAY:
        return {}
    own = claims.get(hour, [])
    rest = [part for claim in claims[key] for part in _outside(claim, own)]
    rows = [*_settled(hour, own), *_settled(hour, rest, note=WARNS_OF_DAY)]
    return {hour: sorted(rows, key=lambda row: row.valid_from)}


def _outside(claim: Claim, others: Iterable[Claim]) -> list[Claim]:
    """The parts of a claim's time in which none of the others speaks."""
    parts = [claim]
    for other in others:
        cut = [
            (replace(part, end=min(part.end, other.start)),
             replace(part, start=max(part.start, other.end)))
            for part in parts
        ]  # fmt: skip
        parts = [part for pair in cut for part in pair if part.start < part.end]
    return parts


def _write(standing: list[Limit], wanted: list[Limit]) -> int:
    """Make the rows of one factor and statistic what they should be; how many changed."""
    changed = 0
    by_start = {row.valid_from: row for row in standing}
    kept = {row.valid_from for row in wanted}
    gone = [row.pk for row in standing if row.valid_from not in kept]
    if gone:
        changed += Limit.objects.filter(pk__in=gone).delete()[0]
    for row in wanted:
        old = by_start.get(row.valid_from)
        if old is None:
            row.save()
        elif all(getattr(old, name) == getattr(row, name) for name in _COLUMNS):
            continue
        else:
            row.pk = old.pk
            Limit.objects.filter(pk=old.pk).update(
                **{name: getattr(row, name) for name in _COLUMNS}
            )
        changed += 1
    return changed
