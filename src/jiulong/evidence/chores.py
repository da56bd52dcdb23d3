"""Housekeeping: what has to be done again and again, registered by whoever needs it done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

#: One step at the given time; says whether there was work, and so may be more.
Step = Callable[[datetime], bool]


@dataclass(frozen=True, slots=True)
class Chore:
    """Something the keeper does: once it finds no more work, again after `every`."""

    name: str
    every: timedelta
    step: Step


_registered: Final[dict[str, Chore]] = {}


def register(chore: Chore) -> None:
    """Have the keeper do it; the same name again replaces it."""
    _registered[chore.name] = chore


def registered() -> list[Chore]:
    """Every chore in the order of registration."""
    return list(_registered.values())
