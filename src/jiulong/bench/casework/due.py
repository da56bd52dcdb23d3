"""Fill a scratch database with cases in hand: `python -m jiulong.bench.casework.due CASES`.

Their deadlines lie a day ahead; `jiulong.bench.escalate` moves them to when all is ready.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime
from itertools import count


def fill(cases: int, now: datetime) -> None:
    """Write a district and `cases` cases in hand."""
    from django.db import connection  # noqa: PLC0415 - after django.setup()

    from jiulong.bench.casework.copying import copy_rows  # noqa: PLC0415
    from jiulong.bench.casework.ground import lay  # noqa: PLC0415
    from jiulong.bench.casework.lives import DAY, Inventor  # noqa: PLC0415
    from jiulong.calendar.queries import district_calendar  # noqa: PLC0415

    inventor, ids = Inventor(lay(), district_calendar(), now), count(1)
    lives = [inventor.in_hand(number, now + DAY) for number in range(1, cases + 1)]
    events = [event for life in lives for event in life.events]
    for event in events:
        event.pk = next(ids)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")  # our foreign keys are right
        copy_rows(life.case for life in lives)
        copy_rows(events)
        cursor.execute("SET session_replication_role = DEFAULT")
        cursor.execute("VACUUM ANALYZE")


def main() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    fill(int(sys.argv[1]), timezone.now())


if __name__ == "__main__":
    main()
