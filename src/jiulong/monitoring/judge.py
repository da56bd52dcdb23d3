"""The judge: readings become findings, exactly once, by the rules in `judgements/`.

`step` does one piece of work in one transaction: it asks every rule about the batches after its
cursor, writes what they found and moves the cursor. `run` is the loop around it.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils import timezone

from jiulong.evidence.locks import Lock
from jiulong.evidence.models import Cursor
from jiulong.monitoring import also, following
from jiulong.monitoring.alarms import close_quiet
from jiulong.monitoring.catalogue import Catalogue
from jiulong.monitoring.following import SOURCE, STEP_BATCHES, STEP_FRAMES
from jiulong.monitoring.judgements import Window, rules
from jiulong.monitoring.keeping import keep
from jiulong.monitoring.raising import tell

logger = logging.getLogger(__name__)

CURSOR: Final = "judge"
#: One judge at a time; a second one that was started finds the lock taken and waits its turn.
LOCK: Final = int(Lock.JUDGE)
#: Rules that go by the clock are asked at least this often, in seconds.
TICK_S: Final = 10.0
#: While it waits for readings it looks this often whether it should stop, in seconds.
LISTEN_S: Final = 0.5
#: Between two steps while nothing is behind: findings need no more than two looks a second, and
#: the recorder needs the processor.
PAUSE_S: Final = 0.5
#: Waits after a lost database, in seconds; then the last one over and over.
BACK_OFF_S: Final = (0.5, 1.0, 2.0, 5.0)


@dataclass(frozen=True, slots=True)
class Step:
    """What one step did. `behind` says that more waits."""

    batches: int
    findings: int
    behind: bool


def step(now: datetime, *, most: int = STEP_BATCHES) -> Step | None:
    """Judge what is new, at most `most` batches. None: another judge is at work."""
    with transaction.atomic():
        if not _locked():
            return None
        window, recorded = _window(now, most)
        found = [finding for rule in rules().values() for finding in rule.judge(window)]
        kept = keep(found, window.horizon) if found else []
        close_quiet(window.horizon)
        if window.upto > window.after:
            Cursor.objects.filter(name=CURSOR).update(position=window.upto)
        if kept:
            tell({finding.point_id for finding in kept})
    return Step(window.upto - window.after, len(kept), window.upto < recorded)


def run(
    stop: threading.Event,
    *,
    clock: Callable[[], datetime] = timezone.now,
    back_off: tuple[float, ...] = BACK_OFF_S,
    pause: float = PAUSE_S,
    tick: float = TICK_S,
) -> None:
    """Judge until `stop` is set. A lost database is waited for, longer each time."""
    failures = 0
    while not stop.is_set():
        try:
            now = clock()
            done = step(now)
            more = _also(now)
            failures = 0
            if not more and (done is None or not done.behind):
                stop.wait(pause)
                _wait_for_readings(stop, tick)
        except (OperationalError, InterfaceError) as error:
            wait = back_off[min(failures, len(back_off) - 1)]
            failures += 1
            logger.warning("no database, next try in %s s: %s", wait, str(error).strip())
            connection.close()
            stop.wait(wait)


def _also(now: datetime) -> bool:
    """One step of everything that higher floors do in this process; whether one has more to do.

    What breaks in one holds up neither the judge nor the others: it is named and tried again.
    """
    more = False
    for name, also_step in also.steps().items():
        try:
            more |= also_step(now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("step %s failed and will be tried again", name)
    return more


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _window(now: datetime, most: int) -> tuple[Window, int]:
    """What to judge now, and how far the recorder is."""
    Cursor.objects.get_or_create(name=CURSOR)
    positions = dict(
        Cursor.objects.filter(name__in=[CURSOR, SOURCE]).values_list("name", "position")
    )
    recorded, after = positions.get(SOURCE, 0), positions[CURSOR]
    return window_after(after, recorded, now, most=most), recorded


def window_after(after: int, recorded: int, now: datetime, *, most: int = STEP_BATCHES) -> Window:
    """The next batches after one, of those that are recorded, as many as a step takes."""
    batches = following.following(after, recorded, most=most, frames=STEP_FRAMES)
    # While readings are rebuilt the recorder is behind the judge: no silence is judged then.
    horizon, more = batches.horizon(now)
    return Window(after, batches.upto, horizon, live=not more, settings=Catalogue.read())


def _wait_for_readings(stop: threading.Event, seconds: float) -> None:
    """Sleep until the recorder tells of readings, for `seconds`, or until `stop`."""
    with connection.cursor() as cursor:
        cursor.execute("LISTEN readings; LISTEN work")
    end = time.monotonic() + seconds
    while not stop.is_set() and (left := end - time.monotonic()) > 0:
        if connection.connection is None:  # for the types: a cursor was just open on it
            return
        # psycopg's own errors become Django's here, so that `run` takes them for a lost database.
        with connection.wrap_database_errors:
            for _notification in connection.connection.notifies(
                timeout=min(left, LISTEN_S), stop_after=1
            ):
                return
