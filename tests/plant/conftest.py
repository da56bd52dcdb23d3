"""A plant whose logger reports units and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jiulong.monitoring.models import Factor, Finding, Period, Point
from jiulong.plant import sensing
from jiulong.plant.models import PlantUnit
from jiulong.recorder.models import Message
from tests.factories import make_factor, make_point, move_cursor, write_readings

START = datetime(2026, 3, 10, 0, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.fixture
def point(db: None) -> Point:
    return make_point()


@pytest.fixture
def cod(db: None) -> Factor:
    return make_factor("w01018")


def make_unit(point: Point, code: str = "SB1", **fields: Any) -> PlantUnit:
    given = {"name": f"unit {code}", "kind": "blower", "off_minutes": 60}
    return PlantUnit.objects.create(point=point, code=code, **{**given, **fields})


class Logger:
    """What a logger sends beside its measurements."""

    def __init__(self) -> None:
        self.batch = 0

    def states(self, point: Point, moment: datetime, **states: float) -> None:
        self.batch += 1
        write_readings(point, Period.STATE, [(moment, states)], batch=self.batch)

    def flow(self, point: Point, moment: datetime, flow: float) -> None:
        self.batch += 1
        write_readings(point, Period.REALTIME, [(moment, {"w00000": flow})], batch=self.batch)

    def tells(self, point: Point, moment: datetime, pol: str = "w01018", **infos: str) -> None:
        content: Mapping[str, str] = {f"{key}-Info": text for key, text in infos.items()}
        self.batch += 1
        Message.objects.create(
            point=point, cn="3020", at=moment, received_at=moment, batch=self.batch, ordinal=0,
            content={"PolId": pol, **content},
        )  # fmt: skip
        move_cursor("recorder", self.batch)


@pytest.fixture
def logger() -> Logger:
    return Logger()


def look(hours: float) -> None:
    """Take in everything that came."""
    while sensing.step(at(hours)):
        pass


def findings(rule: str) -> list[tuple[Any, ...]]:
    """Start and end of the findings of a rule."""
    rows = Finding.objects.filter(rule=rule).order_by("started_at")
    return list(rows.values_list("started_at", "ended_at"))
