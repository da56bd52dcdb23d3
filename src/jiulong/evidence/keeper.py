"""The keeper: goes round the chores, for good, whatever happens to the database meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections

from jiulong.evidence.chores import Chore

#: First wait after PostgreSQL was not there; doubled each time.
BACK_OFF: Final = timedelta(milliseconds=500)
BACK_OFF_MAX: Final = timedelta(seconds=10)
#: A chore that failed for another reason waits so long: it needs a person, not haste.
FAILED: Final = timedelta(minutes=1)

logger = logging.getLogger(__name__)


class Keeper:
    """Knows when each chore is due next. `step` is one round; the waiting is the caller's."""

    def __init__(self, chores: Sequence[Chore]) -> None:
        self._chores = chores
        self._due: dict[str, datetime] = {}
        self._back_off = BACK_OFF

    def step(self, now: datetime) -> timedelta:
        """Do what is due; returns how long to wait before the next round.

        Zero when a chore found work, so that other chores get their turn in between.
        """
        worked = False
        try:
            for chore in self._chores:
                if self._due.get(chore.name, now) <= now:
                    worked |= self._do(chore, now)
        except (OperationalError, InterfaceError) as error:
            return self._outage(error)
        self._back_off = BACK_OFF
        if worked or not self._chores:
            return timedelta(0) if worked else BACK_OFF_MAX
        return max(min(self._due.values()) - now, timedelta(0))

    def _do(self, chore: Chore, now: datetime) -> bool:
        try:
            worked = chore.step(now)
        except (OperationalError, InterfaceError):
            raise
        except (
            DatabaseError,
            OSError,
            ValueError,
            LookupError,
            RuntimeError,
            ValidationError,
        ) as error:
            logger.exception("%s failed: %s", chore.name, error)  # noqa: TRY401 - read in one line
            self._due[chore.name] = now + FAILED
            return False
        self._due[chore.name] = now if worked else now + chore.every
        return worked

    def _outage(self, error: Exception) -> timedelta:
        wait = self._back_off
        logger.warning("no database (%s), again in %.1f s", error, wait.total_seconds())
        self._back_off = min(2 * wait, BACK_OFF_MAX)
        close_old_connections()
        return wait


def run(
    keeper: Keeper,
    *,
    clock: Callable[[], datetime],
    wait: Callable[[float], bool],
) -> None:
    """Go round until `wait` (seconds → whether to end) says so."""
    while True:
        pause = keeper.step(clock())
        if wait(pause.total_seconds()):
            return
