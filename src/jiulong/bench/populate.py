"""Fill a scratch database with registered loggers: `python -m jiulong.bench.populate N EPOCH`.

Writes past the verbs of actions.py, because nobody acts here and nothing of it is kept.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

from jiulong.bench.generator import PASSWORD, mn_of

#: Point of logger n is n + 1; ids are given, so that the ledger needs no look-up.
FIRST_POINT = 1


def populate(loggers: int, start: datetime) -> None:
    """`loggers` points with a logger each, all of one enterprise, expected from `start` on."""
    from jiulong.gateway.models import Logger  # noqa: PLC0415 - after django.setup()
    from jiulong.monitoring.models import Outfall, Point  # noqa: PLC0415
    from jiulong.organisation.models import Unit  # noqa: PLC0415
    from jiulong.registers.models import Enterprise  # noqa: PLC0415

    unit = Unit.objects.create(code="bench", name="Bench", kind=Unit.Kind.ENTERPRISE)
    enterprise = Enterprise.objects.create(
        unit=unit, name="Bench", credit_code="91350000BENCH00001", trade=Enterprise.Trade.OTHER
    )
    outfall = Outfall.objects.create(
        enterprise=enterprise, code="BENCH", name="Bench", longitude=117.6, latitude=24.5
    )
    numbers = range(loggers)
    Point.objects.bulk_create(
        Point(
            id=FIRST_POINT + n, outfall=outfall, code=f"B{n}", name=f"Bench {n}", active_from=start
        )
        for n in numbers
    )
    Logger.objects.bulk_create(
        Logger(mn=mn_of(n), point_id=FIRST_POINT + n, password=PASSWORD, registered_at=start)
        for n in numbers
    )


def partitions(start: datetime) -> None:
    """The months that a run may write to."""
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        for day in (start, start + timedelta(days=1)):
            cursor.execute("SELECT ensure_reading_partition(%s)", [day.date()])


def main() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    django.setup()
    start = datetime.fromtimestamp(int(sys.argv[2]), UTC)
    populate(int(sys.argv[1]), start)
    partitions(start)


if __name__ == "__main__":
    main()
