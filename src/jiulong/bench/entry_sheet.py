"""The entry sheet of a unit that reports sixty indicators of four hundred subjects."""

from __future__ import annotations

import random
import time
from typing import Final

PERIOD: Final = "2025-12"
#: Requests before those that are timed: a server is warm the rest of its life.
WARM: Final = 5


def fill() -> None:
    """A plan with every indicator and subject, its sheet half filled in, and who fills it in."""
    from django.utils import timezone  # noqa: PLC0415 - after django.setup()

    from jiulong.organisation.models import User  # noqa: PLC0415
    from jiulong.scorecards.models import (  # noqa: PLC0415
        Indicator,
        Sheet,
        SheetPlan,
        Subject,
    )

    unit = Subject.objects.select_related("unit").order_by("pk")[0].unit
    assert unit is not None  # noqa: S101 - every subject of the measurement has the same
    User.objects.create(username="bench-staff", role=User.Role.HANDLER, unit=unit)
    codes = list(Indicator.objects.order_by("pk").values_list("code", flat=True))
    subjects = list(Subject.objects.order_by("code").values_list("code", flat=True))
    spec = {
        "key": "bench", "name": "Bench", "indicators": codes, "subjects": subjects,
        "filled_by": [unit.code], "levels": [{"name": "负责人"}],
    }  # fmt: skip
    now = timezone.now()
    cells = {code: {"value": "123.45", "note": ""} for code in codes}
    draft = dict.fromkeys(subjects[::2], cells)
    Sheet.objects.create(
        plan=SheetPlan.objects.create(code="bench", spec=spec), unit=unit, period=PERIOD,
        due_at=now, opened_at=now, draft=draft,
    )  # fmt: skip


def asked(requests: int) -> list[float]:
    """Milliseconds of each request of any page of the grid, in process."""
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from jiulong.organisation.models import User  # noqa: PLC0415
    from jiulong.scorecards.models import Sheet  # noqa: PLC0415
    from jiulong.scorecards.queries.sheets import sheetful  # noqa: PLC0415

    client = Client(SERVER_NAME="localhost")
    person = User.objects.get(username="bench-staff")
    client.force_login(person)
    sheet = Sheet.objects.select_related("plan", "unit").get()
    pages, address = sheetful(sheet).pages, reverse("scorecards:sheet", args=[sheet.pk])
    chance = random.Random(2)  # noqa: S311 - must be repeatable, not unguessable
    found = []
    for n in range(requests + WARM):
        page = f"{address}?page={chance.randint(1, pages)}"
        begun = time.perf_counter()
        answer = client.get(page)
        if answer.status_code != 200 or b"data-row" not in answer.content:
            raise RuntimeError(f"{page}: {answer.status_code}")
        if n >= WARM:
            found.append((time.perf_counter() - begun) * 1000)
    return found
