"""`jiulong bench validity`: the pure engine alone, in CPU time of one thread; what a file costs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Final

from jiulong.validity import recount
from jiulong.validity.engine import means
from jiulong.validity.engine.model import Hour
from jiulong.validity.engine.numbers import KEPT
from jiulong.validity.engine.rules import RULE_SETS
from jiulong.validity.hours_file import HoursFile

RULES: Final = RULE_SETS["hj356-2019"]
COD: Final = "w01018"
HOURS: Final = 24
#: Days that are judged again and again; the best of several rounds counts.
DAYS: Final = 500
ROUNDS: Final = 4
FILE_DAYS: Final = 365
#: One hour in so many is flagged, one missing, one without flow.
ODD: Final = 40
SEED: Final = 1
FIRST: Final = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Validity:
    """Hours a second of CPU time; `fractions_…` is the same formula in `fractions.Fraction`.

    `unlike` days came out otherwise in the one than in the other.
    """

    hours_per_s: int
    fractions_hours_per_s: int
    unlike: int
    file_lines_per_s: int


def measure() -> Validity:
    """Judge invented days by the engine and by the formula as one would write it down."""
    days = _days(DAYS)
    engine = _best(lambda: [_judged(n, hours) for n, hours in enumerate(days)])
    plain = _best(lambda: [_written_down(hours) for hours in days], rounds=1)
    unlike = sum(_judged(n, hours) != _written_down(hours) for n, hours in enumerate(days))
    return Validity(
        hours_per_s=round(DAYS * HOURS / engine),
        fractions_hours_per_s=round(DAYS * HOURS / plain),
        unlike=unlike,
        file_lines_per_s=_file(),
    )


def _best(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    times = []
    for _ in range(rounds):
        begun = time.thread_time()
        work()
        times.append(time.thread_time() - begun)
    return min(times)


def _days(count: int) -> list[list[Hour]]:
    random = Random(SEED)  # noqa: S311 - invented data, the same each time
    start = datetime(2025, 12, 31, 16, tzinfo=UTC)
    found = []
    for day in range(count):
        midnight = start + timedelta(days=day)
        found.append([_hour(random, midnight + timedelta(hours=n)) for n in range(HOURS)])
    return found


def _hour(random: Random, at: datetime) -> Hour:
    value: Decimal | None = Decimal(random.randrange(100, 1500)).scaleb(-1)
    flow = Decimal(random.randrange(1000, 9000)).scaleb(-2)
    odd = random.randrange(ODD)
    if odd == 0:
        flow = Decimal(0)
    return Hour(at, None if odd == 1 else value, flow, "D" if odd == 2 else "N")


def _judged(n: int, hours: list[Hour]) -> Decimal | None:
    return means.day(hours, on=FIRST + timedelta(days=n), factor=COD, rules=RULES).mean


def _written_down(hours: list[Hour]) -> Decimal | None:
    valid = [
        (Fraction(one.value), Fraction(one.flow))
        for one in hours
        if one.value is not None and one.flow and one.flag == "N"
    ]
    if len(valid) * 4 < HOURS * 3:
        return None
    mean = sum(value * flow for value, flow in valid) / sum(flow for _value, flow in valid)
    return Decimal(round(mean * 10**KEPT)).scaleb(-KEPT)


def _file() -> int:
    """Lines a second of `jiulong water statistics`, without the start of Python."""
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "hours.csv"
        with path.open("w", encoding="ascii") as file:
            file.write("time,factor,value,flow,flag\n")
            for hours in _days(FILE_DAYS):
                for one in hours:
                    at = one.at.astimezone(means.LOCAL)
                    value = "" if one.value is None else one.value
                    file.write(f"{at:%Y-%m-%dT%H:%M:%S},{COD},{value},{one.flow},{one.flag}\n")
        settings = recount.Settings(rules=lambda _day: RULES)
        begun = time.thread_time()
        recount.recount(HoursFile(path, str(path)).batches(), settings)
        return round(FILE_DAYS * HOURS / (time.thread_time() - begun))
