"""Marks that come late, one after the other: `python -m jiulong.bench.late_marks COUNT FIRST DAYS`.

Hands in a mark on one day of a year, accepts it, and looks until the running worker has judged
that day again. Writes the milliseconds from the commit of the acceptance to the day's new
statistic, as JSON.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from datetime import date, timedelta
from typing import Any, Final

LOOK_S: Final = 0.002
PATIENCE_S: Final = 60.0


def mark(point: int, day: date) -> float:
    """Mark six hours of a day; ms until all of its statistics are new."""
    from django.utils import timezone  # noqa: PLC0415 - after django.setup()

    from jiulong.monitoring.models import Point  # noqa: PLC0415
    from jiulong.organisation.models import User  # noqa: PLC0415
    from jiulong.upkeep.actions import mark_data, review_mark  # noqa: PLC0415
    from jiulong.validity.models import DayStatistic, DueDay  # noqa: PLC0415
    from jiulong.validity.runs import midnight  # noqa: PLC0415

    owner = User.objects.get(username="bench-owner")
    start = midnight(day) + timedelta(hours=8)
    handed_in = mark_data(
        actor=owner, point=Point.objects.get(pk=point), kind="fault", started_at=start,
        ended_at=start + timedelta(hours=6), explanation="bench", factors=[], now=timezone.now(),
    )  # fmt: skip
    reviewer = User.objects.get(username="bench-reviewer")
    review_mark(actor=reviewer, mark=handed_in, accepted=True, now=timezone.now())
    begun = time.perf_counter()
    while time.perf_counter() - begun < PATIENCE_S:
        waiting = DueDay.objects.filter(point=point, on=day).exists()
        days = DayStatistic.objects.filter(point=point, on=day)
        if not waiting and all("mark" in found.invalid for found in days):
            return (time.perf_counter() - begun) * 1000
        time.sleep(LOOK_S)
    raise TimeoutError(f"point {point}, {day}: not judged again")


def calm() -> None:
    """Wait until nothing is due."""
    from jiulong.validity.models import DueDay  # noqa: PLC0415

    while DueDay.objects.exists():
        time.sleep(0.1)


def main() -> None:
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    django.setup()
    from jiulong.monitoring.models import Point  # noqa: PLC0415
    from jiulong.organisation.models import Unit, User  # noqa: PLC0415
    from jiulong.upkeep.models import Provision  # noqa: PLC0415

    count, first, days = int(sys.argv[1]), date.fromisoformat(sys.argv[2]), int(sys.argv[3])
    User.objects.create(
        username="bench-owner", role=User.Role.ENTERPRISE, unit=Unit.objects.get(code="bench")
    )
    User.objects.create(username="bench-reviewer", role=User.Role.MONITOR)
    far = {"key": "mark_back", "value": "3660 days", "source": "bench"}
    Provision.objects.create(section="upkeep_clocks", code="mark_back", pack="", content=far)
    points = list(Point.objects.values_list("pk", flat=True))
    chance = random.Random(1)  # noqa: S311 - repeatable
    time.sleep(1)  # the worker notes the day that ended when it starts
    calm()
    found: list[Any] = [
        mark(chance.choice(points), first + timedelta(days=chance.randrange(days)))
        for _ in range(count)
    ]
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
