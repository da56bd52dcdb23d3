"""Treatment that stands still while water flows."""

from __future__ import annotations

from datetime import timedelta

import pytest

from jiulong.monitoring.models import Finding, Point
from jiulong.plant import watching
from jiulong.plant.models import PlantUnit
from tests.factories import make_user
from tests.plant.conftest import Logger, at, findings, look, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit(point: Point, logger: Logger) -> PlantUnit:
    """A blower that stopped at 2:00 and may rest for an hour."""
    made = make_unit(point)
    logger.states(point, at(0), SB1=1)
    logger.states(point, at(2), SB1=0)
    look(2.1)
    return made


def test_it_finds_a_unit_off_while_water_flows_until_it_runs(
    point: Point, unit: PlantUnit, logger: Logger
) -> None:
    logger.flow(point, at(2.9), 12.0)
    watching.step(at(2.95))
    assert findings("plant_off") == []  # it may rest so long
    logger.flow(point, at(3.1), 12.0)
    watching.step(at(3.2))
    watching.step(at(3.25))
    (found,) = Finding.objects.filter(rule="plant_off")
    assert (found.started_at, found.ended_at) == (at(3), None)
    assert [one["code"] for one in found.detail["units"]] == ["SB1"]
    logger.states(point, at(4), SB1=1)
    look(4.1)
    watching.step(at(4.1))
    assert findings("plant_off") == [(at(3), at(4.1))]


def test_no_water_needs_no_blower(point: Point, unit: PlantUnit, logger: Logger) -> None:
    logger.flow(point, at(3.4), 0.0)
    watching.step(at(3.5))
    assert findings("plant_off") == []
    logger.flow(point, at(5.0), 9.0)
    watching.step(at(5.1))
    assert len(findings("plant_off")) == 1
    logger.flow(point, at(5.9), 0.05)  # a drip of the meter
    watching.step(at(6))
    assert findings("plant_off")[0][1] == at(6)


def test_silence_of_the_meter_is_not_flow(point: Point, unit: PlantUnit, logger: Logger) -> None:
    logger.flow(point, at(2.2), 12.0)
    watching.step(at(4))
    assert findings("plant_off") == []


@pytest.mark.parametrize(
    "spared", [{"must_run": False}, {"stage": "influent"}, {"retired_at": at(3)}]
)
def test_it_spares_what_need_not_run(
    point: Point, unit: PlantUnit, logger: Logger, spared: dict[str, object]
) -> None:
    PlantUnit.objects.update(**spared)
    logger.flow(point, at(3.4), 12.0)
    watching.step(at(3.5))
    assert findings("plant_off") == []


def test_one_point_is_one_finding_however_many_units(
    point: Point, unit: PlantUnit, logger: Logger
) -> None:
    make_unit(point, "SB2")
    logger.states(point, at(2.2), SB2=0)
    look(2.3)
    logger.flow(point, at(3.1), 12.0)
    watching.step(at(3.1))
    logger.flow(point, at(3.4), 12.0)
    watching.step(at(3.4))
    (found,) = Finding.objects.filter(rule="plant_off")
    assert (found.started_at, len(found.detail["units"])) == (at(3), 2)


def test_a_door_opened_for_maintenance_is_none_of_our_business(
    point: Point, logger: Logger
) -> None:
    from jiulong.upkeep.models import MaintenanceRecord

    logger.tells(point, at(1), "", i32001="1")
    look(2)
    assert findings("door") == [(at(1), None)]
    MaintenanceRecord.objects.create(
        point=point, by=make_user(), by_name="x", entered_at=at(5), form="weekly", at=at(1.5),
        values={}, people="x", abnormal=False,
    )  # fmt: skip
    watching.explain_doors(at(5))
    assert findings("door") == [(at(1), at(5))]
    logger.tells(point, at(6), "", i32001="0")
    logger.tells(point, at(1) + timedelta(hours=4), "", i32001="1")
