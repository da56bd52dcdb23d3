"""Spells: runs of values outside their limit, from the first to the first that keeps it again.

Pure arithmetic; `exceedance` brings the values and keeps the findings.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from jiulong.monitoring import numbers


class Judged(NamedTuple):
    """One usable value and the limit that held for it."""

    at: datetime
    value: Decimal
    minimum: Decimal | None
    maximum: Decimal | None
    received: datetime | None = None


class Seen(NamedTuple):
    """One usable value, and whether what is looked for holds at it.

    `since` is where it began to hold, if that took several values (`width` of them).
    """

    at: datetime
    value: Decimal
    hit: bool
    bound: Decimal | None = None
    multiple: Decimal | None = None
    since: datetime | None = None
    width: int = 1
    received: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """One run. `ended_at` is the first value that kept the limit again, None until there is one."""

    started_at: datetime
    last_at: datetime
    ended_at: datetime | None
    count: int
    value: Decimal
    bound: Decimal | None
    multiple: Decimal | None
    worst_at: datetime
    #: When the value came that showed it first; the same run whatever came when.
    received: datetime | None = field(default=None, compare=False)


def spells(judged: Iterable[Judged], *, code: str, going_on: Spell | None = None) -> list[Spell]:
    """The runs in values ordered by time.

    Values that are absent or unusable neither break a run nor belong to it. `going_on` is a run
    that had not ended before the first value.
    """
    return runs((seen(each, code) for each in judged), going_on=going_on)


def seen(judged: Judged, code: str) -> Seen:
    """A value held against its limit."""
    breach = numbers.breach(judged.value, judged.minimum, judged.maximum, code=code)
    if breach is None:
        return Seen(judged.at, judged.value, hit=False, received=judged.received)
    return Seen(
        judged.at, judged.value, True, breach.bound, breach.multiple, received=judged.received
    )


def runs(values: Iterable[Seen], *, going_on: Spell | None = None) -> list[Spell]:
    """As `spells`, of whatever is looked for."""
    found: list[Spell] = []
    current = going_on
    for one in values:
        if not one.hit:
            if current is not None:
                found.append(replace(current, ended_at=one.at))
                current = None
            continue
        first = one.since or one.at
        this = Spell(
            first, one.at, None, one.width, one.value, one.bound, one.multiple, one.at,
            one.received,
        )  # fmt: skip
        current = this if current is None else _joined(current, this)
    if current is not None:
        found.append(current)
    return found


def _joined(spell: Spell, more: Spell) -> Spell:
    joined = replace(spell, last_at=more.last_at, count=spell.count + 1)
    if _gravity(more) <= _gravity(spell):
        return joined
    return replace(
        joined,
        value=more.value,
        bound=more.bound,
        multiple=more.multiple,
        worst_at=more.worst_at,
    )


def _gravity(spell: Spell) -> tuple[Decimal, Decimal]:
    """Worst is the highest multiple; where none can be formed (pH), the farthest from the limit."""
    return spell.multiple or Decimal(0), abs(spell.value - (spell.bound or Decimal(0)))
