"""An invented plant behind every outfall, filed parameters, and the river they lead into."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final

from jiulong.monitoring.models import Factor, Outfall, Point
from jiulong.organisation.models import User
from jiulong.plant import actions
from jiulong.plant.models import PlantUnit, RiverSection, Stage

#: Units of a plant as the simulated loggers report them: code, name, kind, place on the way.
UNITS: Final = (
    ("SB1", "1#鼓风机", PlantUnit.Kind.BLOWER, 20),
    ("SB2", "污泥回流泵", PlantUnit.Kind.PUMP, 30),
)
#: Sections down the invented reach: code, name, km, target class, place.
SECTIONS: Final = (
    ("zz-shangban", "上坂断面", "0", 3, (117.600, 24.540)),
    ("zz-zhongshan", "中山桥断面", "14", 3, (117.650, 24.508)),
    ("zz-xiabian", "下边断面", "30", 3, (117.720, 24.470)),
)
RIVER: Final = ("jiulong-xixi", "九龙江西溪")
#: A month's report of each section: pH, DO, CODMn, COD, NH3-N, TP, TN; worse down the river.
CLEAN: Final = {
    "w01001": "7.3", "w01009": "7.1", "w01019": "2.9", "w01018": "11", "w21003": "0.32",
    "w21011": "0.09", "w21001": "2.4",
}  # fmt: skip
WORSE: Final = {
    "w01001": "0", "w01009": "-0.7", "w01019": "0.6", "w01018": "3", "w21003": "0.28",
    "w21011": "0.04", "w21001": "0.9",
}  # fmt: skip


def describe_plants(points: Iterable[Point], now: datetime) -> int:
    """Two units behind each effluent point; returns how many."""
    made = 0
    for point in points:
        if point.position != Point.Position.EFFLUENT:
            continue
        for code, name, kind, order in UNITS:
            actions.describe_unit(
                actor=None, point=point, code=code, name=name, kind=kind, order=order,
                stage=Stage.PROCESS, now=now,
            )  # fmt: skip
            made += 1
    return made


def file_all(
    filed: Mapping[tuple[Point, Factor], Mapping[str, str]], now: datetime, *, reviewer: User | None
) -> int:
    """File and confirm the parameters of analysers: {(point, factor): {code: number as text}}.

    The simulator knows them: `Station.parameter(code, info)` for i13001, i13007 and i13008.
    """
    for (point, factor), values in filed.items():
        filing = actions.file_parameters(
            actor=None, point=point, factor=factor, values=values, valid_from=now,
            reason="验收时备案（演示）", now=now,
        )  # fmt: skip
        actions.review_filing(actor=reviewer, filing=filing, confirm=True, now=now)
    return len(filed)


def lay_rivers(outfalls: Iterable[Outfall], today: date, *, months: int = 12) -> list[RiverSection]:
    """A reach with three sections, the outfalls along it, and a report a month for each section."""
    code, name = RIVER
    sections = [
        actions.set_section(
            actor=None, river=code, river_name=name, code=one, name=shown, km=Decimal(km),
            target=target, place=place,
        )
        for one, shown, km, target, place in SECTIONS
    ]  # fmt: skip
    length = sections[-1].km
    listed = sorted(outfalls, key=lambda one: (one.longitude, one.pk))
    for n, outfall in enumerate(listed, 1):
        km = (length * n / (len(listed) + 1)).quantize(Decimal("0.01"))
        actions.place_outfall(actor=None, outfall=outfall, river=sections[0].river, km=km)
    for section_number, section in enumerate(sections):
        for back in range(months):
            on = (today.replace(day=8) - timedelta(days=30 * back)).replace(day=8)
            if on <= today:
                _measure(section, section_number, on)
    return sections


def _measure(section: RiverSection, down: int, on: date) -> None:
    """Dry winters are worse than wet summers; two of the twelve months miss class Ⅲ downstream."""
    dry = Decimal(1 + (on.month in {1, 2, 12}))
    values = {
        factor: f"{Decimal(value) + Decimal(WORSE[factor]) * down * dry:f}"
        for factor, value in CLEAN.items()
    }
    actions.enter_measurement(
        actor=None, section=section, on=on, values=values, source=f"{on:%Y年%m月}例行监测（演示）"
    )
