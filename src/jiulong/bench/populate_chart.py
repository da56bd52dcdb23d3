"""Thirty days of minutes at one point, and somebody to look at them.

`python -m jiulong.bench.populate_chart` writes the name of a session to stdout. Like
populate.py it writes past the verbs.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Final

DAYS: Final = 30
FACTORS: Final = (
    "w00000", "w01001", "w01018", "w21003", "w21001", "w21011", "w01010", "w01014",
)  # fmt: skip

#: A minute a row, each factor a daily swing with noise, in the instrument's resolution.
COURSE: Final = """
INSERT INTO reading (at, received_at, batch, point, ordinal, period, part, factors, values,
                     minima, maxima, totals, flags)
SELECT at, at + interval '1 minute', 1, %(point)s, n, 1, 0, %(factors)s, v, v, v, v, 'NNNNNNNN'
FROM generate_series(%(start)s, %(end)s - interval '1 minute', interval '1 minute')
         WITH ORDINALITY AS s(at, n),
     LATERAL (
         SELECT array_agg(round((20 * f * (1.2 + sin(n * 0.00436)) + 3 * random())::numeric, 2)
                          ::float8) AS v
         FROM generate_series(1, 8) AS f WHERE n > 0
     ) AS drawn
"""


def course(point: int, start: datetime, end: datetime) -> None:
    """Minute readings of eight factors from `start` to `end`."""
    from django.db import connection  # noqa: PLC0415 - after django.setup()

    from jiulong.monitoring.models import Factor  # noqa: PLC0415

    ids = [Factor.objects.get_or_create(code=code)[0].pk for code in FACTORS]
    with connection.cursor() as cursor:
        day = start
        while day <= end + timedelta(days=1):
            cursor.execute("SELECT ensure_reading_partition(%s)", [day.date()])
            day += timedelta(days=1)
        cursor.execute(COURSE, {"point": point, "factors": ids, "start": start, "end": end})
        cursor.execute("ANALYZE reading")


def session() -> str:
    """The key of a session in which an observer is logged in."""
    from importlib import import_module  # noqa: PLC0415

    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415

    from jiulong.organisation.models import User  # noqa: PLC0415

    user = User.objects.create(username="bench", role=User.Role.OBSERVER)
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[-1]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    key: str = store.session_key
    return key


def main() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    django.setup()
    end = datetime.now(UTC).replace(second=0, microsecond=0)
    course(1, end - timedelta(days=DAYS), end)
    sys.stdout.write(session())


if __name__ == "__main__":
    main()
