"""Scenarios: what goes wrong in a simulated fleet, when, and with whom; written in YAML.

    - exceedance: {who: plating, factor: w20116, multiple: 3.2, from: 5m, for: 6h}
    - frozen:     {who: "3", factor: w01018, from: 0m, for: 12h}
    - fault:      {who: "10%", factor: w21003, flag: D, from: 1h, for: 90m}
    - outage:     {who: "25%", from: 2m, for: 3m}
    - drift:      {who: 0100DE303506020000000007, seconds: 420, from: 0m, for: 30d}
    - dirty:      {who: food, kind: bad_crc, every: 90s, from: 1m, for: 1d}
    - door:       {who: "12", from: 4m, for: 20m}
    - unit:       {who: "30", code: SB1, from: 3m, for: 2h}
    - parameter:  {who: "61", factor: w20116, info: i13008, value: 0.62, from: 6m, for: 1d}

`who` is `all`, a trade, a position, a share in per cent, a place in the fleet (from 1), or an MN.
`from` and `for` count from the start of the fleet, in simulated time. `multiple` is of what the
factor usually shows: plants that run well stay at about half their limit. An outage that ends is a
resend storm. Kinds of dirt: bad_crc, garbage, wrong_password, unknown_mn. A door opens and is shut
again; a unit of the plant stands still; a parameter of an analyser is not what it was (i13008 is
the slope), until the end of its time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from jiulong.simulator.noise import seed_of
from jiulong.simulator.overlays import Exceedance, Frozen, Marked
from jiulong.simulator.trades import INSTRUMENTS, WATERS
from jiulong.simulator.water import Overlay
from jiulong.simulator.wire import LoggerSpec

DIRT: Final = frozenset({"bad_crc", "garbage", "wrong_password", "unknown_mn"})
UNITS: Final = ("SB1", "SB2")
PARAMETERS: Final = ("i13001", "i13007", "i13008")
DEEDS: Final = frozenset({"door", "unit", "parameter"})
FLAGS: Final = "NFMSDCTB"
_UNITS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smhd])")
_SHARE = re.compile(r"(\d+(?:\.\d+)?)%")
_KINDS_OF_PLACE: Final = {word for key in WATERS for word in key}


class ScenarioError(ValueError):
    """A scenario file is wrong; every line of the message says where: `file:line: what`."""


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a scenario. Times in seconds from the start of the fleet."""

    kind: str
    who: str
    start_s: float
    length_s: float
    values: Mapping[str, Any]
    place: int  # in the file; makes the draw of `10%` its own

    def concerns(self, spec: LoggerSpec, index: int) -> bool:
        """Whether the logger at this place of the fleet (from 0) takes part."""
        share = _SHARE.fullmatch(self.who)
        if share:
            return seed_of("who", self.place, spec.mn) % 10_000 < float(share.group(1)) * 100
        if self.who.isdigit() and len(self.who) < 10:
            return int(self.who) == index + 1
        return self.who in {"all", spec.trade, spec.position, spec.mn}


@dataclass(frozen=True, slots=True)
class Span:
    """When something is so, in simulated seconds since 1970."""

    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Dirt:
    """Bytes that should not be there: one piece every `every_s` seconds."""

    kind: str
    every_s: float
    span: Span


@dataclass(frozen=True, slots=True)
class Drift:
    """The logger's clock is wrong by so many seconds."""

    seconds: float
    span: Span


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody does at the station, and undoes at the end: door, unit or parameter."""

    kind: str
    values: Mapping[str, Any]
    span: Span


@dataclass(frozen=True, slots=True)
class Fate:
    """What a scenario holds for one logger."""

    overlays: tuple[Overlay, ...] = ()
    outages: tuple[Span, ...] = ()
    dirt: tuple[Dirt, ...] = ()
    drifts: tuple[Drift, ...] = ()
    deeds: tuple[Deed, ...] = ()

    def outage_at(self, now: float) -> Span | None:
        return next((span for span in self.outages if span.start <= now < span.end), None)

    def drift_at(self, now: float) -> float:
        return sum(d.seconds for d in self.drifts if d.span.start <= now < d.span.end)


@dataclass(frozen=True, slots=True)
class Scenario:
    """All events of a file."""

    events: tuple[Event, ...] = ()

    def fate(self, spec: LoggerSpec, index: int, start: float) -> Fate:
        """What happens to one logger of a fleet that starts at `start` (seconds since 1970)."""
        mine = [event for event in self.events if event.concerns(spec, index)]
        spans = [Span(start + e.start_s, start + e.start_s + e.length_s) for e in mine]
        pairs = list(zip(mine, spans, strict=True))
        return Fate(
            overlays=tuple(
                OVERLAYS[event.kind](event.values, span)
                for event, span in pairs
                if event.kind in OVERLAYS
            ),
            outages=tuple(span for event, span in pairs if event.kind == "outage"),
            dirt=tuple(
                Dirt(event.values["kind"], event.values["every"], span)
                for event, span in pairs
                if event.kind == "dirty"
            ),
            drifts=tuple(
                Drift(event.values["seconds"], span)
                for event, span in pairs
                if event.kind == "drift"
            ),
            deeds=tuple(
                Deed(event.kind, event.values, span) for event, span in pairs if event.kind in DEEDS
            ),
        )


OVERLAYS: Final[dict[str, Callable[[Mapping[str, Any], Span], Overlay]]] = {
    "exceedance": lambda v, s: Exceedance(v["factor"], v["multiple"], s.start, s.end),
    "frozen": lambda v, s: Frozen(v["factor"], s.start, s.end),
    "fault": lambda v, s: Marked(v["factor"], v["flag"], s.start, s.end),
}


# -- reading --------------------------------------------------------------------------------------


def _duration(text: str) -> float:
    match = _DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"a duration is a number with s, m, h or d, as 90s or 1.5h, not {text!r}")
    return float(match.group(1)) * _UNITS[match.group(2)]


def _positive_duration(text: str) -> float:
    seconds = _duration(text)
    if seconds <= 0:
        raise ValueError(f"must be longer than nothing, not {text!r}")
    return seconds


def _who(text: str) -> str:
    share = _SHARE.fullmatch(text)
    fine = (
        text == "all"
        or text in _KINDS_OF_PLACE
        or (share and float(share.group(1)) <= 100)
        or (text.isdigit() and int(text) > 0)
        or re.fullmatch(r"[0-9A-Za-z_-]{10,40}", text)
    )
    if not fine:
        raise ValueError(f"nobody is called {text!r}: all, a trade, a position, N%, a place or MN")
    return text


def _factor(text: str) -> str:
    if text not in INSTRUMENTS:
        raise ValueError(f"no simulated instrument measures {text!r}: {', '.join(INSTRUMENTS)}")
    return text


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"not a number: {text!r}") from None


def _positive(text: str) -> float:
    number = _number(text)
    if not 0 < number <= 1000:
        raise ValueError(f"must be above 0 and at most 1000, not {text}")
    return number


def _one_of(words: Iterable[str]) -> Callable[[str], str]:
    known = sorted(words)

    def read(text: str) -> str:
        if text not in known:
            raise ValueError(f"must be one of {', '.join(known)}, not {text!r}")
        return text

    return read


_COMMON: Final[dict[str, Callable[[str], Any]]] = {
    "who": _who,
    "from": _duration,
    "for": _positive_duration,
}
#: What each kind of event needs besides who, from and for.
FIELDS: Final[dict[str, dict[str, Callable[[str], Any]]]] = {
    "exceedance": {"factor": _factor, "multiple": _positive},
    "frozen": {"factor": _factor},
    "fault": {"factor": _factor, "flag": _one_of(FLAGS)},
    "outage": {},
    "drift": {"seconds": _number},
    "dirty": {"kind": _one_of(DIRT), "every": _positive_duration},
    "door": {},
    "unit": {"code": _one_of(UNITS)},
    "parameter": {"factor": _factor, "info": _one_of(PARAMETERS), "value": _number},
}


class _Reader:
    """Walks YAML nodes, which know their lines, and gathers every error before giving up."""

    def __init__(self, name: str) -> None:
        self._name = name
        self.errors: list[str] = []

    def wrong(self, node: yaml.Node, words: str) -> None:
        self.errors.append(f"{self._name}:{node.start_mark.line + 1}: {words}")

    def events(self, root: yaml.Node | None) -> list[Event]:
        if root is None:
            return []
        if not isinstance(root, yaml.SequenceNode):
            self.wrong(root, "a scenario is a list of events, each beginning with -")
            return []
        found = [self.event(node, place) for place, node in enumerate(root.value)]
        return [event for event in found if event is not None]

    def event(self, node: yaml.Node, place: int) -> Event | None:
        if not isinstance(node, yaml.MappingNode) or len(node.value) != 1:
            self.wrong(node, f"an event is one of {', '.join(FIELDS)}, with its values")
            return None
        key, body = node.value[0]
        if key.value not in FIELDS:
            self.wrong(key, f"no event is called {key.value!r}: {', '.join(FIELDS)}")
            return None
        if not isinstance(body, yaml.MappingNode):
            self.wrong(body, f"{key.value} needs values in braces or indented beneath")
            return None
        values = self.values(key, body, {**_COMMON, **FIELDS[key.value]})
        if values is None:
            return None
        who, start, length = (values.pop(name) for name in ("who", "from", "for"))
        return Event(key.value, who, start, length, values, place)

    def values(
        self, key: yaml.Node, body: yaml.MappingNode, wanted: dict[str, Callable[[str], Any]]
    ) -> dict[str, Any] | None:
        before = len(self.errors)
        found: dict[str, Any] = {}
        for name, node in body.value:
            if name.value not in wanted:
                self.wrong(name, f"{key.value} has no {name.value!r}: {', '.join(wanted)}")
            elif not isinstance(node, yaml.ScalarNode):
                self.wrong(node, f"{name.value} is one word or number")
            else:
                self.value(found, name, node, wanted[name.value])
        missing = wanted.keys() - {name.value for name, _ in body.value}
        if missing:
            self.wrong(key, f"{key.value} needs {', '.join(sorted(missing))}")
        return found if len(self.errors) == before else None

    def value(
        self, found: dict[str, Any], name: yaml.Node, node: yaml.Node, read: Callable[[str], Any]
    ) -> None:
        try:
            found[name.value] = read(str(node.value))
        except ValueError as error:
            self.wrong(node, f"{name.value}: {error}")


def read_scenario(text: str, name: str = "scenario") -> Scenario:
    """The scenario in a YAML text.

    Raises:
        ScenarioError: with every mistake, each as `name:line: what is wrong`.
    """
    reader = _Reader(name)
    try:
        events = reader.events(yaml.compose(text, Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ScenarioError(f"{name}:{line}: {error.problem}") from error
    if reader.errors:
        raise ScenarioError("\n".join(reader.errors))
    return Scenario(tuple(events))


def load_scenario(path: Path) -> Scenario:
    """The scenario in a file. ScenarioError as `read_scenario`; OSError if it cannot be read."""
    return read_scenario(path.read_text(encoding="utf-8"), str(path))


def join(scenarios: Sequence[Scenario]) -> Scenario:
    """All events of several scenarios."""
    return Scenario(tuple(event for scenario in scenarios for event in scenario.events))
