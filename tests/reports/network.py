"""A small network with a March of known statistics, for accounts to count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from jiulong.cases.models import Case, Task
from jiulong.monitoring.models import Alarm, Limit, PermittedLoad, Point
from jiulong.organisation.models import Unit, User
from jiulong.registers.models import Enterprise
from jiulong.validity.models import DayStatistic
from tests.cases.matters import make_matter
from tests.factories import (
    make_enterprise,
    make_factor,
    make_finding,
    make_limit,
    make_outfall,
    make_point,
    make_unit,
    make_user,
)

MARCH = date(2026, 3, 1)
#: A fortnight after March ended.
APRIL = datetime(2026, 4, 14, 4, 0, tzinfo=UTC)
MISSING, MARK = 0b111111, 0b000111


@dataclass(frozen=True)
class Network:
    """Two enterprises; `first` has two days over, `second` a day without a mean."""

    first: Point
    second: Point
    street: Unit
    firm: Unit
    author: User
    checker: User
    reader: User
    enterprise: User


def make_day(point: Point, on: date, mean: str | None, code: str = "w01018", **fields: Any) -> None:
    """One statistic: 24 hours, all valid, unless told otherwise."""
    given = {
        "valid": mean is not None,
        "mean": None if mean is None else Decimal(mean),
        "n_expected": 24,
        "n_valid": 24 if mean is not None else 18 - 1,
        "ratio": Decimal(1),
        "flow_m3": Decimal(1000),
        "load_kg": None if mean is None else Decimal(mean),
        "method": "weighted",
        "rule": "hj356-2019",
        "over": True,
        "computed_at": datetime.combine(on + timedelta(days=1), datetime.min.time(), UTC),
    }
    DayStatistic.objects.create(point=point, factor=make_factor(code), on=on, **{**given, **fields})


def make_days(point: Point, means: Sequence[str | None], code: str = "w01018") -> None:
    for n, mean in enumerate(means):
        make_day(point, MARCH + timedelta(days=n), mean, code)


def make_network() -> Network:
    street = make_unit(Unit.Kind.STREET, name="芝山街道")
    firm = make_unit(Unit.Kind.ENTERPRISE, name="海澄运维")
    first = _place("溯棠食品有限公司", street, firm)
    second = _place("绛汀印染有限公司", None, None)
    make_days(first, ["40", "50", "50.000000001", "75", *["30"] * 27])
    make_days(first, ["9.5"] * 31, "w01001")  # beyond any limit, but pH is not judged by days
    make_limit(first, "w01001", "9", minimum="6", statistic=Limit.Statistic.DAY)
    make_days(second, ["20"] * 30)
    make_day(
        second, date(2026, 3, 31), None, reasons=["missing", "too_few"],
        invalid={"missing": MISSING, "mark": MARK}, substituted=True, load_kg=Decimal(25),
    )  # fmt: skip
    make_finding(
        first, rule="offline", started_at=datetime(2026, 3, 9, 16, tzinfo=UTC),
        ended_at=datetime(2026, 3, 10, 16, tzinfo=UTC),
    )  # fmt: skip
    _alarm(first)
    bureau = make_unit(Unit.Kind.DEPARTMENT)
    return Network(
        first=first, second=second, street=street, firm=firm,
        author=make_user(User.Role.MONITOR, bureau, last_name="甲"),
        checker=make_user(User.Role.OFFICER, bureau, last_name="乙"),
        reader=make_user(User.Role.OBSERVER, bureau),
        enterprise=make_user(User.Role.ENTERPRISE, first.outfall.enterprise.unit),
    )  # fmt: skip


def _place(name: str, street: Unit | None, firm: Unit | None) -> Point:
    enterprise: Enterprise = make_enterprise(name=name, street=street)
    outfall = make_outfall(enterprise)
    point = make_point(outfall, operator=firm)
    make_limit(point, statistic=Limit.Statistic.DAY)
    make_limit(point, maximum="20")  # of the hour: no yardstick for days
    PermittedLoad.objects.create(
        outfall=outfall, factor=make_factor(), year=2026, tonnes=Decimal("2.5"), source="permit"
    )
    return point


def _alarm(point: Point) -> None:
    at = datetime(2026, 3, 4, 1, tzinfo=UTC)
    Alarm.objects.create(
        outfall=point.outfall, family="limit", kind="EXD", severity="serious",
        rules=["day_exceedance"], state="closed", started_at=at, last_at=at, raised_at=at,
        ended_at=at + timedelta(hours=3),
    )  # fmt: skip


def make_casework(network: Network) -> None:
    """Two supervisions of March: one explained only, one checked, visited and passed on."""
    results = [{"key": "fine", "name": {"zh": "移送立案", "en": "Passed on"}}]
    matter = make_matter(key="test.exceedance", closing={"results": results})
    penalty = make_matter(key="test.penalty")
    unit, enterprise = make_unit(), network.first.outfall.enterprise
    first, second, third = (
        Case.objects.create(
            number=f"督{n}", matter=kind, title="超标", stage="closed" if n == 2 else "handling",
            source="" if kind == penalty else "monitoring", source_ref=f"alarm/{n}",
            filed_at=datetime(2026, 3, 5, n, tzinfo=UTC), dispatch=unit, enterprise=enterprise,
            result="fine" if n == 2 else "",
            closed_at=datetime(2026, 3, 9, tzinfo=UTC) if n == 2 else None,
        )
        for n, kind in ((1, matter), (2, matter), (3, penalty))
    )  # fmt: skip
    Case.objects.filter(pk=third.pk).update(parent=second)
    for case, keys in ((first, ["statement"]), (second, ["statement", "remote", "visit"])):
        for key in keys:
            Task.objects.create(case=case, key=key, name="x", unit=unit, state=Task.State.DONE)
    Task.objects.create(case=first, key="visit", name="x", unit=unit, state=Task.State.DROPPED)
