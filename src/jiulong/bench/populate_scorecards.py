"""Sixty indicators of four hundred subjects over five years, and what a standing of them costs.

`python -m jiulong.bench.populate_scorecards SUBJECTS INDICATORS YEARS REQUESTS` fills a database
and writes one JSON object: seconds of each computation, milliseconds of each page. Like
populate.py it writes past the verbs; the standing itself is computed by them.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from typing import Any, Final

from jiulong.bench import entry_sheet

GROUPS: Final = 8
CONTESTS: Final = 6
LAST_YEAR: Final = 2025
PERIOD: Final = "2025-12"
#: Computations that are timed; the first reads what a process reads once.
RUNS: Final = 5

#: A value for every subject, indicator and month; cumulative within the year, never exactly alike.
VALUES: Final = """
INSERT INTO scorecards_observation (indicator_id, subject_id, period, companion, value, status,
                                    revision, current, reason, note, refs, at)
SELECT i.id, s.id, year || '-' || to_char(month, 'FM00'), '',
       round((month * (50 + (s.id * 7919 + i.id * 104729) %% 100) * (1 + (year - 2020) * 0.04)
              + (s.id * 31 + i.id * 17 + month * 13 + year) %% 23)::numeric, 2),
       'final', 1, true, '', '', '{}', now()
FROM scorecards_indicator i, scorecards_subject s,
     generate_series(%(first)s, %(last)s) AS year, generate_series(1, 12) AS month
"""
TARGETS: Final = """
INSERT INTO scorecards_target (indicator_id, subject_id, period, value, tolerance, words,
                               gap_reason, source, set_at, reason, current, pack)
SELECT i.id, s.id, %(year)s, 1200 + (s.id + i.id) %% 300, 'at_least', '', '', '', now(), '', true,
       ''
FROM scorecards_indicator i, scorecards_subject s
"""


def scheme(indicators: int) -> dict[str, Any]:
    """A scheme that reads every indicator, by the usual rules in turn."""
    each = indicators // CONTESTS
    return {
        "code": "bench", "name": "Bench", "effective_from": "2020-01-01", "frequency": "month",
        "weights": "percent", "out_of": 96,
        "groups": [{"key": f"g{n}", "name": f"G{n}", "subjects": [f"g{n}"]} for n in range(GROUPS)],
        "contests": [
            {"key": f"c{n}", "name": f"C{n}", "weight": 16, "criteria": [
                {"key": f"k{n * each + m}", "name": f"K{n * each + m}", "weight": 100 / each,
                 "rule": _rule(n * each + m)} for m in range(each)
            ]} for n in range(CONTESTS)
        ],
    }  # fmt: skip


def _rule(n: int) -> dict[str, Any]:
    code = f"i{n}"
    match n % 4:
        case 0:
            return {"kind": "completion", "value": code, "cap": 1.2}
        case 1:
            return {"kind": "rank_points", "value": code, "step": 2}
        case 2:
            return {"kind": "growth_level", "value": code}
    return {"kind": "linear", "value": {"indicator": code, "measure": "growth"}, "zero": -5,
            "full": 15}  # fmt: skip


def fill(subjects: int, indicators: int, years: int) -> None:
    """Subjects in groups, indicators, values, targets, the scheme, somebody who runs it."""
    from django.db import connection  # noqa: PLC0415 - after django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from jiulong.organisation.models import Unit, User  # noqa: PLC0415
    from jiulong.scorecards.engine.schemes import Scheme  # noqa: PLC0415
    from jiulong.scorecards.models import Indicator, SchemeVersion, Subject  # noqa: PLC0415
    from jiulong.scorecards.standing_digests import digest  # noqa: PLC0415
    from jiulong.scorecards.standing_specs import as_json  # noqa: PLC0415

    unit = Unit.objects.create(code="contest", name="Contest", kind=Unit.Kind.DEPARTMENT)
    User.objects.create(username="contest", role=User.Role.SUPERVISOR, unit=unit)
    Indicator.objects.bulk_create(
        Indicator(code=f"i{n}", names={"zh": f"指标{n}", "en": f"Indicator {n}"})
        for n in range(indicators)
    )
    Subject.objects.bulk_create(
        Subject(code=f"s{n}", kind="unit", name=f"单位{n}", unit=unit, tags=[f"g{n % GROUPS}"])
        for n in range(subjects)
    )
    with connection.cursor() as cursor:
        cursor.execute(VALUES, {"first": LAST_YEAR - years + 1, "last": LAST_YEAR})
        cursor.execute(TARGETS, {"year": str(LAST_YEAR)})
        cursor.execute("ANALYZE")
    spec = as_json(Scheme.read(scheme(indicators)))
    SchemeVersion.objects.create(
        code="bench", spec=spec, digest=digest(spec), state=SchemeVersion.State.ADOPTED,
        effective_from="2020-01-01", made_at=timezone.now(),
    )  # fmt: skip


def computed() -> list[float]:
    """Seconds of each computation of the standing, the first from nothing."""
    from jiulong.scorecards.actions.standings import compute_standing  # noqa: PLC0415
    from jiulong.scorecards.models import SchemeVersion  # noqa: PLC0415

    times = []
    for _run in range(RUNS):
        version = SchemeVersion.objects.get(code="bench")
        begun = time.monotonic()
        compute_standing(actor=None, scheme=version, period=PERIOD)
        times.append(time.monotonic() - begun)
    return times


def asked(requests: int) -> dict[str, list[float]]:
    """Milliseconds of each request of a row's page and of the standing's, in process."""
    from django.test import Client  # noqa: PLC0415
    from django.urls import reverse  # noqa: PLC0415

    from jiulong.organisation.models import User  # noqa: PLC0415
    from jiulong.scorecards.models import Standing, StandingRow  # noqa: PLC0415

    client = Client(SERVER_NAME="localhost")
    client.force_login(User.objects.get(username="contest"))
    rows = list(StandingRow.objects.order_by("pk").values_list("pk", flat=True))
    whole = reverse("scorecards:standing", args=[Standing.objects.get().pk])
    chance = random.Random(1)  # noqa: S311 - must be repeatable, not unguessable
    found: dict[str, list[float]] = {"row": [], "standing": []}
    for n in range(requests + 5):
        row = reverse("scorecards:row", args=[chance.choice(rows)])
        group = f"{whole}?group=g{n % GROUPS}"
        for page, address in (("row", row), ("standing", group)):
            begun = time.perf_counter()
            answer = client.get(address)
            if answer.status_code != 200:
                raise RuntimeError(f"{address}: {answer.status_code}")
            if n >= 5:  # a server is warm the rest of its life
                found[page].append((time.perf_counter() - begun) * 1000)
    return found


def main() -> None:
    """Fill, compute, ask; tell."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiulong.settings")
    django.setup()
    subjects, indicators, years, requests = map(int, sys.argv[1:])
    begun = time.monotonic()
    fill(subjects, indicators, years)
    filled = time.monotonic() - begun
    told = {"fill_s": filled, "compute_s": computed(), **asked(requests)}
    entry_sheet.fill()
    told["sheet"] = entry_sheet.asked(requests)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
