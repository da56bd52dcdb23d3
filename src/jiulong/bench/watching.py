"""From the outside: when was service back after a kill?"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import psycopg

from jiulong.bench.generator import Ledger

#: Whose work is seen by a cursor: name of the cursor and of the process.
CURSORS: Final = ("recorder", "judge")
#: `postmaster` takes the whole database down, `backend` one of its sessions and then all others.
DATABASE_VICTIMS: Final = ("postmaster", "backend")
LOOK_S: Final = 0.05
#: Between two attempts to reach a database that is down.
AGAIN_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class Blow:
    """One kill: when (CLOCK_MONOTONIC in µs) and whom."""

    at_us: int
    victim: str


class Watch(threading.Thread):
    """Follows the cursors from outside, over a database that comes and goes."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self._url = url
        self._over = threading.Event()
        #: For each cursor, when (CLOCK_MONOTONIC in µs) it was first seen at a new position.
        self.moved: dict[str, list[int]] = {name: [] for name in CURSORS}

    def run(self) -> None:
        positions: dict[str, int] = {}
        while not self._over.is_set():
            try:
                with psycopg.connect(self._url, autocommit=True, connect_timeout=2) as connection:
                    while not self._over.wait(LOOK_S):
                        self._look(connection, positions)
            except psycopg.Error:
                self._over.wait(AGAIN_S)

    def _look(self, connection: psycopg.Connection[Any], positions: dict[str, int]) -> None:
        rows = connection.execute("SELECT name, position FROM evidence_cursor").fetchall()
        now = time.monotonic_ns() // 1000
        for name, position in rows:
            if name in self.moved and positions.get(name) != position:
                self.moved[name].append(now)
                positions[name] = position

    def stop(self) -> None:
        self._over.set()
        self.join()


def gaps(blows: Sequence[Blow], entries: Ledger) -> list[tuple[float, str]]:
    """For each kill the seconds until a frame sent after it was acknowledged, and the victim.

    Infinite where none was.
    """
    fresh = np.sort(entries, order="sent_us")
    # The earliest acknowledgement among all frames sent from each one on.
    soonest = np.minimum.accumulate(fresh["acked_us"][::-1])[::-1]
    found = []
    for blow in blows:
        place = int(np.searchsorted(fresh["sent_us"], blow.at_us))
        back = float(soonest[place]) if place < len(soonest) else math.inf
        found.append(((back - blow.at_us) / 1e6, blow.victim))
    return found


def idle_times(
    blows: Sequence[Blow], moved: Mapping[str, Sequence[int]]
) -> list[tuple[float, str]]:
    """For each kill the seconds until the cursors of the killed have moved, with who was last.

    Infinite where one never did. A killed gateway has no cursor; see `gaps`.
    """
    found = []
    for blow in blows:
        back = {
            name: min((time_us for time_us in times if time_us >= blow.at_us), default=math.inf)
            for name, times in moved.items()
            if blow.victim == name or blow.victim in DATABASE_VICTIMS
        }
        if back:
            last = max(back, key=lambda name: back[name])
            found.append(((back[last] - blow.at_us) / 1e6, f"{blow.victim}: {last}"))
    return found
