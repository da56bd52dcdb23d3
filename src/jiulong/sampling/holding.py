"""The evidence clock: how long a sample may wait until each factor must be analysed. Pure.

The water in a cabinet is cooled but not acidified; what the norm allows is what acidified and
cooled water keeps. A pack may set other hours (`sample_hold_times`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

NORM: Final = "HJ 493-2009"
#: Hours by factor code (HJ 493-2009, cooled and preserved; editions differ: a pack may say others).
HOURS: Final[Mapping[str, int]] = {
    "w01018": 48,  # COD
    "w21003": 24,  # NH3-N
    "w21011": 24,  # TP
    "w21001": 168,  # TN
    "w01012": 336,  # SS
    "w01001": 12,  # pH
    "w20117": 24,  # Cr6+
    "w20111": 336,  # Hg
    "w20115": 336,  # Cd
    "w20116": 336,  # total Cr
    "w20119": 336,  # As
    "w20120": 336,  # Pb
    "w20121": 336,  # Ni
    "w20122": 336,  # Cu
    "w20123": 336,  # Zn
}
#: A clock that has less than this share of its time left, or less than `SOON`, is near its end.
NEAR: Final = 4
SOON: Final = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Hold:
    """How long a factor keeps, and who says so."""

    hours: int
    source: str


@dataclass(frozen=True, slots=True)
class Clock:
    """One factor of one sample: until when it must be analysed, and how that stands."""

    factor: str  # code
    until: datetime
    source: str
    light: str  # met (time left, or analysed in time), near, over
    stopped: bool  # analysed

    @property
    def expired(self) -> bool:
        """Whether the factor no longer proves anything in enforcement."""
        return self.light == "over"


def holds(own: Mapping[str, Hold] | None = None) -> dict[str, Hold]:
    """Hold times by factor code: those of the box, and `own` in their place."""
    return {code: Hold(hours, NORM) for code, hours in HOURS.items()} | dict(own or {})


def clocks(
    sampled_at: datetime,
    factors: Iterable[str],
    now: datetime,
    *,
    analysed: Mapping[str, datetime] | None = None,
    table: Mapping[str, Hold] | None = None,
) -> list[Clock]:
    """The clocks of a sample, the first to end first. A factor without a hold time has none.

    Args:
        analysed: when each factor was analysed; its clock has stopped then.
    """
    known, done = table if table is not None else holds(), analysed or {}
    found = []
    for code in factors:
        if code not in known:
            continue
        hold = known[code]
        until = sampled_at + timedelta(hours=hold.hours)
        stopped = code in done
        light = _light(until, hold.hours, done.get(code, now), stopped=stopped)
        found.append(Clock(code, until, hold.source, light, stopped))
    return sorted(found, key=lambda clock: (clock.until, clock.factor))


def _light(until: datetime, hours: int, at: datetime, *, stopped: bool) -> str:
    if at > until:
        return "over"
    if stopped:
        return "met"
    left = until - at
    return "near" if left <= max(SOON, timedelta(hours=hours) / NEAR) else "met"


def running(found: Iterable[Clock]) -> list[Clock]:
    """Those that still run and have not ended."""
    return [clock for clock in found if not clock.stopped and not clock.expired]


def first_end(
    sampled_at: datetime, factors: Iterable[str], table: Mapping[str, Hold]
) -> datetime | None:
    """When the first of the factors runs out; None where none has a hold time."""
    hours = [table[code].hours for code in factors if code in table]
    return sampled_at + timedelta(hours=min(hours)) if hours else None
