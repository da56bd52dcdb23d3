"""Inventing one project, without a database: its fate first, then what goes with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Final

from jiulong.projects import stages
from jiulong.projects.demo import words

#: Of a thousand projects so many have this fate: about 22 % are yellow and 8 % red.
FATES: Final[dict[str, int]] = {
    "slow": 160, "stuck": 50, "late": 30, "very_late": 16, "uncounted": 30, "long_uncounted": 14,
    "reserve": 50,
}  # fmt: skip
LEVEL_LETTER: Final = {"province": "S", "city": "C", "district": "Q"}
#: 万元: the least and most of the total, by level.
TOTALS: Final = {
    "province": (80_000, 650_000), "city": (12_000, 150_000), "district": (1_200, 38_000),
}  # fmt: skip
#: How many days before the end of the month that is judged works were to start.
AGES: Final = {
    "late": (2, 55), "very_late": (130, 200), "uncounted": (33, 56), "long_uncounted": (66, 120),
}  # fmt: skip
DAY: Final = timedelta(days=1)
REGION: Final = "350602"


@dataclass(frozen=True, slots=True)
class Days:
    """Today, and the last day of the month that is judged today."""

    today: date
    judged: date


@dataclass(kw_only=True)
class Plot:
    """One invented project before it is written down."""

    code: str
    name: str
    level: str
    industry: str
    fate: str
    zone: str
    kind: str = "continuing"
    planned_start: date = date.min
    started: date | None = None
    planned_finish: date = date.min
    finished: date | None = None
    counted: date | None = None
    total: Decimal = Decimal(0)
    stage: str = stages.BUILDING
    part: str = ""

    @property
    def public(self) -> bool:
        return self.industry in words.PUBLIC


def invent(
    counts: Mapping[str, int], zones: Mapping[str, str], days: Days, rng: Random
) -> Iterator[Plot]:
    """So many projects of each level; `zones` gives each zone's code its name."""
    fates = iter(_fates(sum(counts.values()), rng))
    inventor = _Inventor(zones, days, rng)
    for level, count in counts.items():
        for nth in range(count):
            yield inventor.plot(level, nth, next(fates))


def _fates(count: int, rng: Random) -> list[str]:
    fates = [fate for fate, share in FATES.items() for _n in range(round(count * share / 1000))]
    fates = (fates + ["good"] * count)[:count]
    rng.shuffle(fates)
    return fates


class _Inventor:
    """Invents one project after another, no name twice."""

    def __init__(self, zones: Mapping[str, str], days: Days, rng: Random) -> None:
        self.zones, self.days, self.rng = zones, days, rng
        self.taken: set[str] = set()

    def plot(self, level: str, nth: int, fate: str) -> Plot:
        rng = self.rng
        trades = list(words.TRADES)
        industry = rng.choices(trades, [words.TRADES[trade][0] for trade in trades])[0]
        codes = list(self.zones)
        weights = [3 if code.isalpha() and industry == "manufacturing" else 1 for code in codes]
        zone = rng.choices(codes, weights)[0]
        plot = Plot(
            code=f"XC-{LEVEL_LETTER[level]}-{nth + 1:03d}", level=level, industry=industry,
            fate=fate, zone=zone, name=self.name(zone, industry),
        )  # fmt: skip
        low, high = TOTALS[level]
        plot.total = Decimal(round(low * (high / low) ** rng.random(), -2))
        _date(plot, self.days, rng)
        _stand(plot, self.days.today, rng)
        return plot

    def name(self, zone: str, industry: str) -> str:
        what = list(words.TRADES[industry][3])
        self.rng.shuffle(what)
        for part in words.PARTS:
            for thing in what:
                name = f"{self.zones[zone]}{thing}{part}"
                if name not in self.taken:
                    self.taken.add(name)
                    return name
        raise ValueError("no name is left")


def _date(plot: Plot, days: Days, rng: Random) -> None:
    """When works were and are to begin and end, as the fate has it."""
    today = days.today
    year_start = date(today.year, 1, 1)
    if plot.fate in AGES:
        plot.kind = "new"
        plot.planned_start = days.judged - timedelta(days=rng.randint(*AGES[plot.fate]))
    elif plot.fate == "reserve":
        plot.kind = "reserve"
        plot.planned_start = date(today.year + 1, rng.randint(1, 9), rng.randint(1, 28))
    else:
        plot.kind = rng.choices(["new", "continuing", "completing"], [26, 50, 24])[0]
        if plot.kind == "new":
            plot.planned_start = year_start + timedelta(days=rng.randint(10, 320))
        elif plot.kind == "continuing":
            plot.planned_start = year_start - timedelta(days=rng.randint(60, 700))
        else:
            plot.planned_start = year_start - timedelta(days=rng.randint(250, 800))
    if plot.kind == "completing":
        plot.planned_finish = date(today.year, rng.randint(6, 12), 28)
    else:
        plot.planned_finish = max(
            plot.planned_start + timedelta(days=rng.randint(330, 1000)),
            date(today.year + 1, 1, 1) + timedelta(days=rng.randint(60, 400)),
        )


def _stand(plot: Plot, today: date, rng: Random) -> None:
    """How far it is by today."""
    waits = plot.fate in {"late", "very_late", "reserve"}
    began = plot.planned_start + timedelta(days=rng.randint(-12, 9))
    if plot.fate in {"uncounted", "long_uncounted"}:
        began = plot.planned_start
    began = min(began, plot.planned_start + 3 * DAY) if plot.kind == "new" else began
    if waits or began >= today:
        roads = [stages.PREPARING, stages.PREPARING, stages.SIGNED, stages.PLANNED]
        plot.stage = rng.choice(roads) if plot.fate == "reserve" else stages.PREPARING
        return
    plot.started = began
    plot.stage = stages.STARTED if (today - began).days < 75 else stages.BUILDING
    if plot.fate not in {"uncounted", "long_uncounted"}:
        plot.counted = min(began + timedelta(days=rng.randint(9, 24)), today)
    over = plot.planned_finish + timedelta(days=rng.randint(-20, 10))
    if plot.fate == "good" and plot.kind == "completing" and over < today:
        plot.finished = over
        used = over + 40 * DAY < today
        plot.stage = stages.PRODUCING if used else stages.FINISHED


def curve(plot: Plot, year: int) -> list[Decimal]:
    """Shares of a year's investment that are planned to be done by each month's end."""
    first = plot.planned_start.month if plot.planned_start.year == year else 1
    last = plot.planned_finish.month if plot.planned_finish.year == year else 12
    if plot.planned_start.year > year or plot.planned_finish.year < year:
        return []
    steep = 3.0 if plot.fate in {"late", "very_late"} else 1.35
    span = max(last - first + 1, 1)
    done = [min(max(month - first + 1, 0) / span, 1.0) ** steep for month in range(1, 13)]
    return [Decimal(str(round(share, 3))) for share in done]


def national_code(plot: Plot, rng: Random) -> str:
    """A code of the right form: yymm, district, local, type, random. The check sign is invented."""
    on = plot.planned_start - 200 * DAY
    return f"{on:%y%m}-{REGION}-04-{rng.choice(('01', '02', '05'))}-{rng.randint(0, 999_999):06d}"
