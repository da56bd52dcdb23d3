"""Following the recorder: whoever makes something of new batches takes them here, exactly once.

A follower has a cursor of its own, which moves in the transaction of what it writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction

from jiulong.evidence.models import Cursor

#: Batches up to here were recorded.
SOURCE: Final = "recorder"
#: A step ends at so many batches or frames, whichever comes first: a month of 120 points is a few
#: steps, a step's transaction stays short, and a backlog of tiny batches is not a step each.
STEP_BATCHES: Final = 20_000
STEP_FRAMES: Final = 200_000
#: The batch in which a step would have more frames than that.
TOO_FAR: Final = """
SELECT min(id) FROM (
    SELECT id, sum(frames) OVER (ORDER BY id) AS total FROM journal
    WHERE id > %(after)s AND id <= %(upto)s
) AS counted WHERE total > %(frames)s
"""
#: Whether anything waits beyond a batch, and when that batch came (or, before all, the first).
SEEN: Final = """
SELECT EXISTS (SELECT FROM journal WHERE id > %(seen)s),
       coalesce((SELECT received_at FROM journal WHERE id <= %(seen)s ORDER BY id DESC LIMIT 1),
                (SELECT received_at FROM journal ORDER BY id LIMIT 1))
"""


@dataclass(frozen=True, slots=True)
class Batches:
    """Those after `after` up to and with `upto`; the recorder is at `recorded`."""

    after: int
    upto: int
    recorded: int

    @property
    def fresh(self) -> bool:
        """Whether there are any. None while readings are made again: the recorder is behind."""
        return self.upto > self.after

    @property
    def behind(self) -> bool:
        """Whether more waits."""
        return self.upto < self.recorded

    def horizon(self, now: datetime) -> tuple[datetime, bool]:
        """Up to when something can be said of what did not come, and whether more was received.

        While more waits that is when the last of these came: what is on its way is not missing.
        """
        with connection.cursor() as cursor:
            cursor.execute(SEEN, {"seen": min(self.upto, self.recorded)})
            more, came = cursor.fetchone()
        return (min(now, came) if more else now), bool(more)


def after(position: int, *, most: int = STEP_BATCHES, frames: int | None = None) -> Batches:
    """The next recorded batches after one, at most `most`, and `frames` frames where it is said."""
    positions = Cursor.objects.filter(name=SOURCE).values_list("position", flat=True)
    return following(position, positions.first() or 0, most=most, frames=frames)


def following(
    position: int, recorded: int, *, most: int = STEP_BATCHES, frames: int | None = None
) -> Batches:
    """As `after`, where one knows how far the recorder is."""
    upto = max(position, min(recorded, position + most))
    if frames is not None and upto > position:
        with connection.cursor() as cursor:
            cursor.execute(TOO_FAR, {"after": position, "upto": upto, "frames": frames})
            (too_far,) = cursor.fetchone()
        if too_far is not None:
            upto = max(position + 1, too_far - 1)
    return Batches(position, upto, recorded)


@contextmanager
def taken(
    cursor: str, *, most: int = STEP_BATCHES, frames: int | None = None
) -> Iterator[Batches | None]:
    """The next batches of a cursor, in a transaction at whose end it has moved past them.

    Yields: None where another process has the cursor.
    """
    Cursor.objects.get_or_create(name=cursor)
    with transaction.atomic():
        mine = Cursor.objects.select_for_update(skip_locked=True).filter(name=cursor).first()
        if mine is None:
            yield None
            return
        found = after(mine.position, most=most, frames=frames)
        yield found
        if found.fresh:
            Cursor.objects.filter(name=cursor).update(position=found.upto)
