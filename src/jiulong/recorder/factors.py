"""Factor codes as they are sent, and the small numbers they are stored by."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

import asyncpg

from jiulong.monitoring.factors import CODE_LENGTH_MAX, ONE, Definition, definition

#: Ids are smallint (32,767). A logger that makes up codes must not use up everybody's.
FACTORS_MAX: Final = 20_000
#: Distinct key sequences remembered; a county has a few dozen.
PLANS_MAX: Final = 10_000

_INT2_OID: Final = 21


class Plan:
    """How the factors of one key sequence are stored: their codes, scales and, in time, ids."""

    __slots__ = ("codes", "encoded", "ids", "scales")

    def __init__(self, codes: Sequence[str], scales: Iterable[tuple[int, Decimal]] = ()) -> None:
        self.codes = tuple(codes)
        self.scales = tuple(scales)  # (place, scale) where the scale is not 1
        self.ids: tuple[int, ...] = ()
        self.encoded = b""  # the ids as a binary smallint[] with its length in front

    def number(self, ids: Iterable[int]) -> None:
        """Give the factors their ids."""
        self.ids = tuple(ids)
        count = len(self.ids)
        cells = (part for number in self.ids for part in (2, number))
        self.encoded = struct.pack(
            ">iiiiii" + "ih" * count, 20 + 6 * count, 1, 0, _INT2_OID, count, 1, *cells
        )

    def pick(self, places: Sequence[int]) -> Plan:
        """The plan of only those of its factors; values are scaled already."""
        plan = Plan([self.codes[place] for place in places])
        plan.number(self.ids[place] for place in places)
        return plan


class TooManyFactorsError(ValueError):
    """There is no room for more factors."""


_INSERT = """
INSERT INTO monitoring_factor (code, name, name_en, unit, scale) VALUES ($1, $2, $3, $4, $5)
ON CONFLICT (code) DO UPDATE SET code = excluded.code RETURNING id
"""


class FactorTable:
    """The rows of `monitoring_factor` by code, and the plans made from them."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Drop what is in memory: a transaction that made factors may have failed."""
        self._ids: dict[str, int] = {}
        self._codes: dict[int, str] = {}
        self._new: dict[str, Definition] = {}
        self._plans: dict[tuple[tuple[str, ...], bool], Plan] = {}
        self._unnumbered: list[Plan] = []
        self.loaded = False

    def code(self, number: int) -> str:
        """The code of a stored factor."""
        return self._codes[number]

    def plan(self, sent: tuple[str, ...], *, water: bool) -> Plan:
        """How to store these codes.

        Raises:
            TooManyFactorsError: an unknown code, and no id left for it.
            ValueError: a code that cannot be stored.
        """
        return self._plans.get((sent, water)) or self._make(sent, water=water)

    def _make(self, sent: tuple[str, ...], *, water: bool) -> Plan:
        codes: list[str] = []
        scales: list[tuple[int, Decimal]] = []
        found: dict[str, Definition] = {}
        for place, name in enumerate(sent):
            if len(name) > CODE_LENGTH_MAX - 3 or "\0" in name:
                raise ValueError(f"factor code {name[:60]!r} cannot be stored")
            known = _free_channel(definition(name, water=water), codes)
            codes.append(known.code)
            if known.code not in self._ids:
                found[known.code] = known
            if known.sent_scale != ONE:
                scales.append((place, known.sent_scale))
        if len(self._ids) + len(self._new.keys() | found.keys()) > FACTORS_MAX:
            raise TooManyFactorsError(f"{FACTORS_MAX} factors are known, no room for more")
        plan = Plan(codes, scales)
        self._new |= found
        self._unnumbered.append(plan)
        if len(self._plans) >= PLANS_MAX:
            self._plans.clear()
        self._plans[sent, water] = plan
        return plan

    async def load(self, connection: asyncpg.Connection[Any]) -> None:
        """Read the table, once."""
        for number, code in await connection.fetch("SELECT id, code FROM monitoring_factor"):
            self._learn(code, number)
        self.loaded = True

    async def number(self, connection: asyncpg.Connection[Any]) -> None:
        """Give ids to the plans made since the last time; new factors get their rows."""
        for code, known in self._new.items():
            row = (code, known.name[:60], known.name_en[:60], known.unit, known.scale)
            self._learn(code, await connection.fetchval(_INSERT, *row))
        self._new.clear()
        for plan in self._unnumbered:
            plan.number(self._ids[code] for code in plan.codes)
        self._unnumbered.clear()

    def _learn(self, code: str, number: int) -> None:
        self._ids[code] = number
        self._codes[number] = code


def _free_channel(known: Definition, taken: Sequence[str]) -> Definition:
    """Under a code that the frame has not used yet: `011` and `w01018` may come in one frame."""
    count, code = 1, known.code
    while code in taken:
        count += 1
        code = f"{known.code}#{count}"
    return known if code == known.code else known._replace(code=code)
