"""The demo district as data: real streets and towns, invented enterprises, their points and limits.

A credit code here has the right check character (GB 32100-2015) but names region 350699, which does
not exist, and an organisation code beginning with DEM: it can be no firm's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from jiulong.simulator.noise import seed_of
from jiulong.simulator.wire import LoggerSpec

DATA: Final = Path(__file__).parent / "data"
#: West, south, east, north of 芗城区, WGS-84 degrees.
BOUNDS: Final = (117.4930, 24.4843, 117.7212, 24.6989)
CODE_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
NO_REGION: Final = "350699"
#: Number and place of the enterprise that holds whatever points a larger fleet needs.
EXTRA: Final = 900
EXTRA_PLACE: Final = (117.6120, 24.5480)
POSITION_NAMES: Final = {"influent": "进水口", "process": "车间排放口", "effluent": "总排口"}
#: Points that send minute data every minute, so that there is a dense chart to look at.
DENSE_POINTS: Final = frozenset({2, 4})
#: Every so manieth logger is an old one, a new one, a new one that enciphers.
OLD_EACH: Final = 15
NEW_EACH: Final = 10
SECRET_EACH: Final = 40


def credit_code(number: int) -> str:
    """The unified social credit code of the invented enterprise `number` (GB 32100-2015)."""
    body = f"91{NO_REGION}DEM{number:06d}"
    return body + check_character(body)


def check_character(body: str) -> str:
    """GB 32100-2015: weights 3^i mod 31 over the first 17 characters."""
    total = sum(CODE_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
    return CODE_ALPHABET[-total % 31]


@dataclass(frozen=True, slots=True)
class Bound:
    """One limit of a point."""

    factor: str
    statistic: str  # as `monitoring.Limit.Statistic`
    minimum: Decimal | None
    maximum: Decimal | None
    source: str


@dataclass(frozen=True, slots=True)
class DemoPoint:
    """A monitored place and its logger. `number` counts from 1 through the whole district."""

    number: int
    code: str
    name: str
    position: str
    outfall: str
    outfall_name: str
    spec: LoggerSpec
    bounds: tuple[Bound, ...]


@dataclass(frozen=True, slots=True)
class DemoEnterprise:
    """An enterprise that does not exist."""

    number: int
    name: str
    credit_code: str
    trade: str
    place: str
    longitude: float
    latitude: float
    water: str
    points: tuple[DemoPoint, ...]


@dataclass(frozen=True, slots=True)
class District:
    """Everything the demo knows before it starts."""

    code: str
    name: str
    departments: tuple[tuple[str, str], ...]
    operators: tuple[tuple[str, str], ...]  # firms that keep the stations running
    places: tuple[dict[str, Any], ...]
    enterprises: tuple[DemoEnterprise, ...]

    @property
    def points(self) -> list[DemoPoint]:
        return [point for enterprise in self.enterprises for point in enterprise.points]

    def specs(self, count: int | None = None) -> list[LoggerSpec]:
        """The fleet: a logger a point, in order."""
        return [point.spec for point in self.points][:count]

    def enlarged(self, count: int, seed: int) -> District:
        """The same district with at least `count` points: the rest in one more enterprise."""
        have = self.points
        if count <= len(have):
            return self
        code = credit_code(EXTRA)
        points = tuple(
            DemoPoint(
                number=number,
                code=f"XC{EXTRA}-{number}",
                name=f"{number}号点",
                position=like.position,
                outfall=f"XC{EXTRA}-DW001",
                outfall_name=POSITION_NAMES["effluent"],
                spec=_spec(number, like.spec.trade, like.position, seed),
                bounds=(),
            )
            for number in range(len(have) + 1, count + 1)
            for like in (have[(number - 1) % len(have)],)
        )
        park = DemoEnterprise(
            EXTRA, "演示扩展园区", code, "other", "JINFENG", *EXTRA_PLACE, "九龙江西溪", points
        )
        return replace(self, enterprises=(*self.enterprises, park))


def _load(name: str) -> Any:
    return yaml.safe_load((DATA / name).read_text(encoding="utf-8"))


@cache
def district(seed: int = 1) -> District:
    """The demo district. `seed` makes the plants' luck, not who they are."""
    data = _load("district.yaml")
    limits = _load("limits.yaml")
    numbers = iter(range(1, 10_000))
    return District(
        code=data["district"]["code"],
        name=data["district"]["name"],
        departments=tuple((row["code"], row["name"]) for row in data["departments"]),
        operators=tuple((row["code"], row["name"]) for row in data["operators"]),
        places=tuple(data["places"]),
        enterprises=tuple(
            _enterprise(place, row, limits, numbers, seed)
            for place, row in enumerate(data["enterprises"], 1)
        ),
    )


def _enterprise(
    number: int, row: dict[str, Any], limits: dict[str, Any], numbers: Iterator[int], seed: int
) -> DemoEnterprise:
    code = credit_code(number)
    trade: str = row["trade"]
    points = []
    outlets = [p for p in row["points"] if p != "influent"]
    outlet = 0
    for index, position in enumerate(row["points"], 1):
        # What comes in belongs to the outfall it will leave by.
        outlet += position != "influent"
        place = max(outlet, 1)
        name = POSITION_NAMES[position]
        if position == "effluent" and outlets.count("effluent") > 1:
            name = f"{place}号排口"
        bounds = tuple(_bounds(limits.get(trade, {}).get(position, {}), f"{code}001P"))
        outfall_name = POSITION_NAMES["effluent"] if position == "influent" else name
        points.append(
            DemoPoint(
                number=(count := next(numbers)),
                code=f"XC{number:03d}-{index}",
                name=name,
                position=position,
                outfall=f"XC{number:03d}-DW{place:03d}",
                outfall_name=outfall_name,
                spec=_spec(count, trade, position, seed),
                bounds=bounds,
            )
        )
    return DemoEnterprise(
        number=number, name=row["name"], credit_code=code, trade=trade, place=row["place"],
        longitude=row["longitude"], latitude=row["latitude"], water=row["water"],
        points=tuple(points),
    )  # fmt: skip


def _spec(number: int, trade: str, position: str, seed: int) -> LoggerSpec:
    old = number % OLD_EACH == 0
    new = number % NEW_EACH == 7
    secret = number % SECRET_EACH == 17
    name = f"DE30602{number:07d}" if old else f"0100DE30350602{number:010X}"
    return LoggerSpec(
        mn=name,
        password=f"{seed_of('password', number) % 1_000_000:06d}",
        trade=trade,
        position=position,
        seed=seed_of(seed, name),
        profile="2005" if old else "2025" if new or secret else "2017",
        key=f"demo-key-{number:07d}".encode() if secret else b"",
        realtime_s=30 if trade == "municipal" else 60,
        minute_min=1 if number in DENSE_POINTS else 10,
    )


def _bounds(rule: dict[str, Any], permit: str) -> Iterator[Bound]:
    if not rule:
        return
    source = f"{rule['source']}；排污许可证 {permit}（演示）"
    for factor, maximum in rule["maximum"].items():
        top = Decimal(str(maximum))
        yield Bound(factor, "day", None, top, source)
        yield Bound(factor, "hour", None, top, f"小时预警，限值同日均值；{source}")
    if "ph" in rule:
        low, high = (Decimal(str(value)) for value in rule["ph"])
        yield Bound("w01001", "instant", low, high, source)
        yield Bound("w01001", "hour", low, high, source)
