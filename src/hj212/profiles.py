"""Profiles: what one kind of device means by HJ 212, as data.

Nothing is negotiated on the line, and Flag alone does not tell (ST=21 stations set the bits of
2025).  So a device's profile comes from its registration; `dataclasses.replace` makes variants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal

from hj212.commands import (
    COMMANDS_2005,
    COMMANDS_2017,
    COMMANDS_2025,
    COMMANDS_SURFACE_WATER,
    Command,
)
from hj212.crc import CrcMode
from hj212.text import time_text

NOW = "{now}"  # stands in a parameter of a procedure for the time of sending

Step = tuple[str, Mapping[str, str]]
AckPolicy = Literal["flag", "always", "never"]

OVER_TIME_S = 10  # 2017 §6.2: radio bearers 10 s, 3 times
RE_COUNT = 3
RTD_INTERVAL_S = 30  # the standard's own example (App. A)
MIN_INTERVAL_MIN = 10  # Annex D.1 reckons with ten-minute periods


@dataclass(frozen=True, eq=False)
class Profile:
    """How to talk with one kind of device."""

    name: str
    zh: str
    en: str
    version: int  # 2005, 2017 or 2025: the form of what we send
    commands: Mapping[str, Command]
    crc: CrcMode = "auto"
    time_label: Literal["start", "end"] = "start"  # what DataTime of interval data labels
    keys: tuple[bytes, ...] = ()  # SM4: the current key, then the previous one
    ack: AckPolicy = "flag"
    # Which answer a command gets that is no data upload.
    answers: Mapping[str, str] = field(default_factory=dict)
    answered_always: frozenset[str] = frozenset({"9021"})  # whatever their Flag says
    first_connection: tuple[Step, ...] = ()
    on_notice: Mapping[str, Step] = field(default_factory=dict)  # e.g. 1013: then send 1012
    over_time_s: int = OVER_TIME_S
    re_count: int = RE_COUNT
    execution_time_s: int = 600  # a washing or sampling cycle; the standard names no figure

    @property
    def version_bits(self) -> int:
        """The version as it stands in Flag."""
        return {2005: 0, 2017: 4, 2025: 8}[self.version]

    def start_of(self, datatime: datetime, period: timedelta) -> datetime:
        """Start of the interval that a DataTime labels: most give the start, some the end."""
        return datatime - period if self.time_label == "end" else datatime

    def first_requests(self, now: datetime) -> list[tuple[str, dict[str, str]]]:
        """The first-connection procedure (2017 §6.7), ready for `request`."""
        return [filled(step, now) for step in self.first_connection]


def filled(step: Step, now: datetime) -> tuple[str, dict[str, str]]:
    """A step with the time put in."""
    cn, params = step
    return cn, {k: time_text(now) if v == NOW else v for k, v in params.items()}


def profile_of(profile: Profile | str) -> Profile:
    """A profile by itself or by name; KeyError for an unknown name."""
    return PROFILES[profile] if isinstance(profile, str) else profile


_SET_TIME: Step = ("1012", {"SystemTime": NOW})
_TIMEOUTS: Step = ("1000", {"OverTime": str(OVER_TIME_S), "ReCount": str(RE_COUNT)})
_RTD: Step = ("1062", {"RtdInterval": str(RTD_INTERVAL_S)})
_MINUTES: Step = ("1064", {"MinInterval": str(MIN_INTERVAL_MIN)})
_PROCEDURE: tuple[Step, ...] = (
    _SET_TIME, _TIMEOUTS, _RTD, _MINUTES, ("2011", {}), ("2021", {}),
)  # fmt: skip
_ANSWERS = {"1013": "9013", "9021": "9022"}
_ANSWERS_2025 = {**_ANSWERS, "1001": "9013", "1014": "9013", "9015": "9013"}
_ANSWERS_STATION = {**_ANSWERS, "9015": "9013"}

PROFILES: Mapping[str, Profile] = MappingProxyType({
    "2005": Profile(
        "2005", "HJ/T 212-2005", "HJ/T 212-2005", 2005, COMMANDS_2005,
        answers={"2072": "9013", "9021": "9022"},
        first_connection=(_SET_TIME, _TIMEOUTS, _RTD, ("2011", {}), ("2021", {})),
    ),
    "2017": Profile(
        "2017", "HJ 212-2017", "HJ 212-2017", 2017, COMMANDS_2017,
        answers=_ANSWERS, first_connection=_PROCEDURE, on_notice={"1013": _SET_TIME},
    ),
    "2025": Profile(
        "2025", "HJ 212-2025(已证实部分)", "HJ 212-2025 as far as confirmed", 2025, COMMANDS_2025,
        answers=_ANSWERS_2025, first_connection=_PROCEDURE, on_notice={"1013": _SET_TIME},
    ),
    "surface-water": Profile(
        "surface-water", "地表水自动监测站方言(ST=21)", "surface-water stations (ST=21)", 2025,
        COMMANDS_SURFACE_WATER,
        answers=_ANSWERS_STATION,
        first_connection=(("1015", {"SystemTime": NOW}),),
        on_notice={"1013": ("1015", {"SystemTime": NOW})},
    ),
})  # fmt: skip
