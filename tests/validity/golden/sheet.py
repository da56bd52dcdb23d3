"""How the golden days are written down: one word for a run of hours.

`12x40/10` twelve hours at 40 mg/L with 10 m³ each; `-/10` no value came; `40/?` flow is unknown;
`40/10:D` with the HJ 212 flag D; `40/10+qc` with a reason from outside; `.` hours not given at all.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal

from jiulong.validity.engine import means
from jiulong.validity.engine.model import Day, Hour
from jiulong.validity.engine.rules import RULE_SETS, RuleSet

SHANGHAI = timezone(timedelta(hours=8))
ON = date(2026, 8, 3)
HJ356 = RULE_SETS["hj356-2019"]
COD, PH, TEMPERATURE, FLOW = "w01018", "w01001", "w01010", "w00000"
WORD = re.compile(
    r"(?:(?P<n>\d+)x)?(?:(?P<value>-?[\d.]+|-)/(?P<flow>[\d.]+|\?)(?::(?P<flag>\S))?"
    r"(?P<why>(?:\+\w+)*)|\.)"
)


def midnight(on: date) -> datetime:
    """The start of the local day in UTC."""
    return datetime.combine(on, time.min, SHANGHAI).astimezone(UTC)


def hours(text: str, on: date = ON, step: timedelta = timedelta(hours=1)) -> list[Hour]:
    """The hours that the words say, from local midnight on."""
    found: list[Hour] = []
    at = midnight(on)
    for word in text.split():
        match = WORD.fullmatch(word)
        assert match, word
        for _ in range(int(match["n"] or 1)):
            if match["value"]:
                found.append(_hour(at, match))
            at += step
    return found


def _hour(at: datetime, match: re.Match[str]) -> Hour:
    value = None if match["value"] == "-" else Decimal(match["value"])
    flow = None if match["flow"] == "?" else Decimal(match["flow"])
    why = tuple((match["why"] or "").split("+")[1:])
    return Hour(at, value, flow, match["flag"] or "N", why)


def day(
    text: str,
    factor: str = COD,
    *,
    rules: RuleSet = HJ356,
    on: date = ON,
    intermittent: bool = False,
    substitute: str | None = None,
) -> Day:
    """The day that the words say, judged."""
    return means.day(
        hours(text, on),
        on=on,
        factor=factor,
        rules=rules,
        intermittent=intermittent,
        substitute=None if substitute is None else Decimal(substitute),
    )


def told(one: Day) -> tuple[bool, str | None, str, str | None]:
    """What is printed of a day: valid, mean, valid/expected, load in kg."""
    mean = None if one.mean is None else HJ356.shown_mean(one.factor, one.mean)
    load = None if one.load_kg is None else HJ356.shown_load(one.factor, one.load_kg)
    return one.valid, mean, f"{one.n_valid}/{one.n_expected}", load
