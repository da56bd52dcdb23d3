"""Fill a scratch database with casework: `python -m jiulong.bench.casework.fill CASES EVENTS`."""

from __future__ import annotations

import heapq
import os
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from django.db.models import Model

    from jiulong.bench.casework.lives import Inventor, Life
    from jiulong.evidence.models import Attachment, Event

#: Cases of three years, as many each day; so many are written at a time.
SPAN: Final = timedelta(days=3 * 365)
CHUNK: Final = 5_000
#: Photographs: many cases show one of some thousands.
FILES: Final = 2_000
PICTURED_SHARE: Final = 0.5


class Timeline:
    """Events in the order of time, as they would have been written; ids as they come."""

    def __init__(self) -> None:
        self._waiting: list[tuple[datetime, int, Event]] = []
        self._order = count()
        self._ids = count(1)

    def add(self, events: list[Event]) -> None:
        for event in events:
            heapq.heappush(self._waiting, (event.at, next(self._order), event))

    def until(self, moment: datetime | None) -> Iterator[Event]:
        """Those before the moment; None: all."""
        while self._waiting and (moment is None or self._waiting[0][0] < moment):
            event = heapq.heappop(self._waiting)[2]
            event.pk = next(self._ids)
            yield event


def fill(cases: int, events: int, now: datetime) -> None:
    """Write a district, `cases` cases and `events` events of them."""
    from django.db import connection  # noqa: PLC0415 - after django.setup()

    from jiulong.bench.casework.ground import lay  # noqa: PLC0415
    from jiulong.bench.casework.lives import Inventor  # noqa: PLC0415
    from jiulong.calendar.queries import district_calendar  # noqa: PLC0415

    inventor = Inventor(lay(), district_calendar(), now)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # our foreign keys are right
        _write(inventor, cases, events, now)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def _write(inventor: Inventor, cases: int, events: int, now: datetime) -> None:
    from jiulong.bench.casework.copying import copy_rows  # noqa: PLC0415

    timeline, written = Timeline(), 0
    _write_files(now)
    for first in range(1, cases + 1, CHUNK):
        lives: list[Life] = []
        for number in range(first, min(first + CHUNK, cases + 1)):
            wanted = events * number // cases - written
            life = inventor.live(number, now - SPAN * (cases - number + 1) / (cases + 1), wanted)
            written += len(life.events)
            timeline.add(life.events)
            lives.append(life)
        last = first + CHUNK > cases
        copy_rows(life.case for life in lives)
        for name in ("tasks", "rungs", "notices"):
            copy_rows(_numbered(lives, name))
        copy_rows(timeline.until(None if last else lives[-1].case.filed_at))
        copy_rows(_pictures(lives))


_ids = {name: count(1) for name in ("tasks", "rungs", "notices", "pictures")}


def _numbered(lives: list[Life], name: str) -> Iterator[Model]:
    for life in lives:
        for row in getattr(life, name):
            row.pk = next(_ids[name])
            yield row


def _write_files(now: datetime) -> None:
    from jiulong.bench.casework.copying import copy_rows  # noqa: PLC0415
    from jiulong.evidence.models import File  # noqa: PLC0415

    copy_rows(
        File(
            id=n, sha256=f"{n:064x}", size=300_000, media_type="image/jpeg", width=1600,
            height=1200, taken_at=now, longitude=117.65, latitude=24.5, kept_at=now,
        )
        for n in range(1, FILES + 1)
    )  # fmt: skip


def _pictures(lives: list[Life]) -> Iterator[Attachment]:
    from jiulong.cases.moves import SUBJECT  # noqa: PLC0415
    from jiulong.evidence.models import Attachment  # noqa: PLC0415

    chance = random.Random(lives[0].case.pk)  # noqa: S311
    for life in lives:
        case = life.case
        for purpose, at in (("before", case.filed_at), ("after", case.replied_at)):
            if at is not None and chance.random() < PICTURED_SHARE:
                yield Attachment(
                    id=next(_ids["pictures"]), file_id=chance.randint(1, FILES), subject=SUBJECT,
                    subject_id=str(case.pk), purpose=purpose, name=f"{purpose}.jpg",
                    added_by=case.filed_by, added_by_name=str(case.filed_by), added_at=at,
                )  # fmt: skip


def main() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    fill(int(sys.argv[1]), int(sys.argv[2]), timezone.now())


if __name__ == "__main__":
    main()
