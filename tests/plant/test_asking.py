"""Analysers are asked for their parameters once a day, one question at a time."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jiulong.gateway.models import Command
from jiulong.gateway.models import Logger as DataLogger
from jiulong.monitoring.models import Period, Point, PointState
from jiulong.plant import asking
from jiulong.plant.models import ParameterQuestion
from tests.factories import make_limit, make_logger, make_point, write_readings
from tests.plant.conftest import at

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(point: Point) -> DataLogger:
    PointState.objects.create(point=point, heard_at=at(0), frames=1)
    measures(point)
    make_limit(point, code="w20111", maximum="0.001")  # of a standard; nobody measures it here
    return make_logger(point)


def measures(point: Point) -> None:
    """An hour with one pollutant, and what is measured in place."""
    values = {"w01018": 20.0, "w01001": 7.0, "w00000": 3.0}
    write_readings(point, Period.HOUR, [(at(-1), values)], heard=False)


def round_at(hours: float, answer: str = "done") -> list[tuple[str, str]]:
    """One round; the question is answered at once."""
    PointState.objects.update(heard_at=at(hours))
    asking.step(at(hours))
    waiting = Command.objects.filter(state="queued")
    told = [(c.parameters["PolId"], c.parameters["InfoId"]) for c in waiting]
    waiting.update(state=answer)
    return told


def test_it_asks_each_analyser_for_each_parameter_once_a_day(line: DataLogger) -> None:
    asked = [round_at(n / 60) for n in range(5)]
    assert asked == [
        [("w01018", "i13001")], [("w01018", "i13008")], [("w01018", "i13007")], [], [],
    ]  # fmt: skip
    assert round_at(23.9) == []
    assert round_at(24) == [("w01018", "i13001")]


def test_it_grows_tired_of_who_never_answers(line: DataLogger) -> None:
    for day in range(4):
        for n in range(3):
            round_at(24.2 * day + n / 60, "refused")
    assert set(ParameterQuestion.objects.values_list("vain", flat=True)) == {3}
    assert round_at(24.2 * 5) == []
    assert round_at(24.2 * 3 + 24 * 30) != []


@pytest.mark.parametrize("trouble", ["2005", "silent", "busy", "off", "switched off"])
def test_it_asks_nobody_who_cannot_answer(line: DataLogger, trouble: str, settings: Any) -> None:
    PointState.objects.update(heard_at=at(0))
    if trouble == "2005":
        DataLogger.objects.update(profile="2005")
    if trouble == "silent":
        PointState.objects.update(heard_at=at(0) - timedelta(hours=1))
    if trouble == "busy":
        Command.objects.create(
            logger=line, cn="3015", qn="1", state="sent", created_at=at(0), updated_at=at(0)
        )
    if trouble == "off":
        DataLogger.objects.update(active=False)
    settings.ASK_PARAMETERS = trouble != "switched off"
    asking.step(at(0))
    assert not ParameterQuestion.objects.exists()


def test_it_keeps_to_its_budget(line: DataLogger, monkeypatch: pytest.MonkeyPatch) -> None:
    other = make_point()
    PointState.objects.create(point=other, heard_at=at(0), frames=1)
    measures(other)
    make_logger(other)
    monkeypatch.setattr(asking, "PER_ROUND", 1)
    assert len(round_at(0)) == 1
