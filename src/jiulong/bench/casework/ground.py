"""Units, people, enterprises and matters of an invented district."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any, Final

import yaml

from jiulong.cases.models import MatterType
from jiulong.cases.schema import MatterSpec
from jiulong.organisation.models import Unit, User
from jiulong.registers.models import Enterprise

#: As in 芗城: 12 streets and towns, 179 villages and communities, some forty departments.
DEPARTMENTS: Final = 40
STREETS: Final = 12
COMMUNITIES: Final = 179
GRIDS: Final = 600
ENTERPRISES: Final = 300
#: Who works on cases in a department or street.
HANDLERS: Final = 5
DESK: Final = 10


@dataclass(frozen=True, slots=True)
class Matter:
    """A kind of casework, and its share of all."""

    row: MatterType
    spec: MatterSpec
    desk: Unit
    weight: int


@dataclass(frozen=True, slots=True)
class Ground:
    """What cases stand on. `leads` handle cases; `handlers` has their people by unit id."""

    streets: list[Unit]
    communities: list[Unit]
    grids: list[Unit]
    leads: list[Unit]
    handlers: dict[int, list[User]]
    workers: list[User]
    dispatchers: dict[int, list[User]]
    supervisors: list[User]
    enterprises: list[Enterprise]
    matters: list[Matter]


def lay() -> Ground:
    """Write the district into an empty database."""
    top = Unit.objects.create(code="BENCH", name="测试区", kind=Unit.Kind.DISTRICT)
    centre, office = (
        Unit.objects.create(code=f"BENCH-{code}", name=name, kind="department", parent=top)
        for code, name in (("CENTRE", "城运中心"), ("OFFICE", "督查室"))
    )
    departments = _units("D", "第{}局", "department", DEPARTMENTS, [top])
    streets = _units("S", "第{}街道", "street", STREETS, [top])
    communities = _units("C", "第{}社区", "community", COMMUNITIES, streets)
    grids = _units("G", "第{}网格", "grid", GRIDS, communities)
    leads = [*departments, *streets]
    _people(leads, "leader", 1)
    return Ground(
        streets=streets,
        communities=communities,
        grids=grids,
        leads=leads,
        handlers=_people(leads, "handler", HANDLERS),
        workers=[user for users in _people(grids, "grid_worker", 1).values() for user in users],
        dispatchers=_people([centre, office], "dispatcher", DESK),
        supervisors=_people([office], "supervisor", DESK)[office.pk],
        enterprises=_enterprises(top, streets),
        matters=_matters({unit.code: unit for unit in (centre, office)}),
    )


def _units(letter: str, name: str, kind: str, count: int, above: Sequence[Unit]) -> list[Unit]:
    return Unit.objects.bulk_create(
        Unit(
            code=f"BENCH-{letter}{n}", name=name.format(n), kind=kind,
            parent=above[n % len(above)], longitude=117.6 + n % 20 / 200, latitude=24.5 + n / 9000,
        )
        for n in range(1, count + 1)
    )  # fmt: skip


def _people(units: Sequence[Unit], role: str, count: int) -> dict[int, list[User]]:
    made = User.objects.bulk_create(
        User(
            username=f"{unit.code}-{role}-{n}".lower(), first_name=f"{unit.name}{n}",
            role=role, unit=unit,
        )
        for unit in units
        for n in range(1, count + 1)
    )  # fmt: skip
    return {unit.pk: made[place * count : (place + 1) * count] for place, unit in enumerate(units)}


def _enterprises(top: Unit, streets: Sequence[Unit]) -> list[Enterprise]:
    units = _units("E", "第{}企业", "enterprise", ENTERPRISES, [top])
    return Enterprise.objects.bulk_create(
        Enterprise(
            unit=unit, name=unit.name, credit_code=f"9135BENCH{n:09d}",
            trade=Enterprise.Trade.OTHER, street=streets[n % len(streets)],
        )
        for n, unit in enumerate(units)
    )  # fmt: skip


def _matters(desks: dict[str, Unit]) -> list[Matter]:
    text = files("jiulong.bench.casework").joinpath("matters.yaml").read_text("utf-8")
    found = []
    for position, item in enumerate(yaml.safe_load(text)):
        weight = item.pop("weight")
        spec = MatterSpec.model_validate(item)
        stored: dict[str, Any] = spec.model_dump(mode="json", by_alias=True)
        row = MatterType.objects.create(code=spec.key, pack="bench", spec=stored, position=position)
        found.append(Matter(row, spec, desks[spec.dispatch], weight))
    return found
