"""With the sieve and without, in one window or in many, rules find the same."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection

from jiulong.monitoring import judge, replaying
from jiulong.monitoring.judgements import sieve
from jiulong.monitoring.models import Finding, Limit, Period, Point
from tests.factories import NOW, make_limit, make_point, write_readings

HOUR = timedelta(hours=1)
HOURS = 24 * 10
START = NOW - HOURS * HOUR
#: Every rule that looks over hours, and what it takes to have one.
WANTED = {
    "active_without_flow", "constant", "continuous_exceedance", "hour_exceedance", "jump",
    "load_without_flow", "logic", "near_limit", "over_range", "severe_exceedance", "zero",
}  # fmt: skip


def episode(luck: random.Random, kind: str, cod: float) -> tuple[float, float, str]:
    """COD, flow and mark of an hour in which something happens."""
    flow, mark = 10.0, "N"
    match kind:
        case "near":
            cod = luck.choice([46.0, 48.5, 50.0])
        case "over":
            cod = luck.choice([50.1, 63.0, 55.5])
        case "far":
            cod = 130.0
        case "zero":
            cod = luck.choice([0.0, -0.1])
        case "dry":
            flow = 0.0
        case "range":
            mark = "T"
        case "fault":
            mark = "D"
        case "still":
            cod = 33.0
    return cod, flow, mark


@pytest.fixture
def history(journal: Callable[[datetime], int]) -> list[Point]:
    """Two points in which everything happens for some hours, with holes, in 384 batches."""
    points = [make_point(realtime_interval_s=3600) for _ in range(2)]
    for point in points:
        make_limit(point, "w01018", "50")
    luck = random.Random(11)
    kinds = ["near", "over", "far", "zero", "dry", "range", "fault", "still", "gone", ""]
    doing = dict.fromkeys(points, ("", 0))
    for n in range(HOURS):
        came = START + (n + 1) * HOUR + timedelta(seconds=2)
        batch = journal(came)
        for point in points:
            kind, left = doing[point]
            if not left:
                kind, left = luck.choice(kinds), luck.randint(1, 14)
            doing[point] = kind, left - 1
            if kind == "gone":
                continue
            cod, flow, mark = episode(luck, kind, 30 + luck.random())
            values = {"w01018": cod, "w00000": flow, "w21003": 5.0, "w21001": luck.choice([4.0, 9])}
            write_readings(
                point, Period.HOUR, [(START + n * HOUR, values)], batch=batch, received_at=came,
                marks=mark,
            )  # fmt: skip
    with connection.cursor() as cursor:  # loggers tell of a load in every hour
        cursor.execute("UPDATE reading SET totals = array_fill(1.0::float8, ARRAY[4])")
    return points


def test_it_changes_nothing(history: list[Point], monkeypatch: pytest.MonkeyPatch) -> None:
    judge.step(NOW)  # all of it in one window: sieved
    found = Counter(Finding.objects.filter(withdrawn_at=None).values_list("rule", flat=True))
    assert found.keys() >= WANTED
    with monkeypatch.context() as plain:
        plain.setattr(sieve, "LONG", timedelta(days=9999))
        assert differing() == []
    # As it came, a day and a half at a time, not sieved; then again in one window.
    Finding.objects.all().delete()
    Limit.objects.filter(point=history[0]).update(maximum=47)
    while (step := judge.step(NOW, most=36)) is not None and step.behind:
        pass
    replaying.replay(START - 24 * HOUR, now=NOW, dry_run=False)
    assert differing() == []


def differing() -> list[tuple[str, str]]:
    found = replaying.replay(START - 24 * HOUR, now=NOW)
    return [(one.kind, str(one.finding)) for one in found]
