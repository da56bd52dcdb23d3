"""Events as they are sealed: their lines, and up to where no event can still come in.

**The line of an event** is a JSON object in one form, without its line end, in UTF-8:

    {"actor":12,"actor_name":"…","at":"2026-11-20T05:00:00.000000Z","data":{…},"event":7,
     "subject":"cases.case","subject_id":"3","verb":"assign"}

Members in alphabetical order and no spaces between them; `actor` is the number of an account or
null; `at` in UTC with microseconds; strings escape only `"`, `\\` and control characters. `data` is
what PostgreSQL prints of the jsonb value (keys by length, then bytes; `": "` and `", "` between;
numbers with the digits they were given): so nothing is lost on the way through a floating-point
number, and the line is the same whoever asks.

**The horizon.** Numbers of events are given out before the commit, so that a higher number may be
seen before a lower one. Whoever inserts holds ROW EXCLUSIVE on the table from before it takes its
number until its transaction is over, and is seen to all before it lets go. So: read how far
numbers were given out, then who holds that lock; when those have ended, nothing at or below that
number can come any more.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from json.encoder import encode_basestring as quoted
from typing import Final, NamedTuple

from django.db import connection

from jiulong.evidence.models import Event

#: Events fetched together: no transaction stays open for long.
PAGE_EVENTS: Final = 20_000
#: A seal waits so long for transactions that write events; what they hold back is sealed later.
PATIENCE_S: Final = 2.0
PAUSE_S: Final = 0.01

_READ: Final = """
    SELECT id, actor_id, actor_name,
           to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           data::text, subject, subject_id, verb
    FROM evidence_event WHERE id > %s AND id <= %s ORDER BY id LIMIT %s
"""
_OF_SUBJECT: Final = """
    SELECT id, actor_id, actor_name,
           to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
           data::text, subject, subject_id, verb
    FROM evidence_event WHERE subject = %s AND subject_id = %s ORDER BY id
"""
_GIVEN_OUT: Final = """
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM evidence_event_id_seq
"""
_WRITERS: Final = """
    SELECT virtualtransaction FROM pg_locks
    WHERE locktype = 'relation' AND mode = 'RowExclusiveLock' AND granted
      AND relation = 'evidence_event'::regclass
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      AND pid IS DISTINCT FROM pg_backend_pid()
"""

logger = logging.getLogger(__name__)


#: Id, actor, name, time as SQL writes it, data as SQL writes it, subject, its id, verb.
Row = tuple[int, int | None, str, str, str, str, str, str]


class Line(NamedTuple):
    """An event with the bytes that are sealed."""

    event: int
    wire: bytes


def line(row: Row) -> bytes:
    """The one way to write an event: see above."""
    event, actor, actor_name, at, data, subject, subject_id, verb = row
    return (
        f'{{"actor":{"null" if actor is None else actor},"actor_name":{quoted(actor_name)},'
        f'"at":"{at}","data":{data},"event":{event},"subject":{quoted(subject)},'
        f'"subject_id":{quoted(subject_id)},"verb":{quoted(verb)}}}'
    ).encode()


def read(*, after: int, upto: int) -> Iterator[Line]:
    """Events with `after` < id ≤ `upto` in the order of their ids, a page at a time."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_READ, [after, upto, PAGE_EVENTS])
            page = cursor.fetchall()
        for row in page:
            yield Line(row[0], line(row))
        if len(page) < PAGE_EVENTS:
            return
        after = page[-1][0]


def read_subject(label: str, subject_id: str) -> list[Line]:
    """Every event of a subject, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_SUBJECT, [label, subject_id])
        return [Line(row[0], line(row)) for row in cursor.fetchall()]


def begins() -> datetime | None:
    """When the first event was."""
    return Event.objects.order_by("id").values_list("at", flat=True).first()


def waiting(after: int) -> int:
    """How many events stand above `after`."""
    return Event.objects.filter(id__gt=after).count()


@dataclass(frozen=True, slots=True)
class _Watch:
    """Numbers up to `upto` are final when none of `writers` is there any more."""

    upto: int
    writers: frozenset[str]


class Horizon:
    """Up to which event nothing can come in any more. One object a process: it remembers."""

    def __init__(self) -> None:
        self._watch: _Watch | None = None
        self._final = 0

    def reach(self, patience_s: float = PATIENCE_S) -> int:
        """The highest number that is final; waits up to `patience_s` for those who write now.

        A transaction that stays open holds back only what came since the last call.
        """
        fresh = _Watch(_given_out(), _writers())
        end = time.monotonic() + patience_s
        here = fresh.writers
        while fresh.writers & here and time.monotonic() < end:
            time.sleep(PAUSE_S)
            here = _writers()
        for watch in (self._watch, fresh):
            if watch and not watch.writers & here:
                self._final = watch.upto
        if fresh.writers & here:
            logger.warning("transactions that write events are open; theirs are sealed later")
            if self._watch is None or not self._watch.writers & here:
                self._watch = fresh
        else:
            self._watch = None
        return self._final


def _given_out() -> int:
    with connection.cursor() as cursor:
        cursor.execute(_GIVEN_OUT)
        return int(cursor.fetchone()[0])


def _writers() -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS)
        return frozenset(row[0] for row in cursor.fetchall())
