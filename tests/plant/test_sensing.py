"""Units, parameters and stations as they are reported: changes alone are kept."""

from __future__ import annotations

import pytest

from jiulong.monitoring.models import Factor, Period, Point
from jiulong.plant import queries, sensing
from jiulong.plant.models import ReportedParameter, StationState, UnitState
from jiulong.recorder.models import Message
from tests.factories import make_limit, write_readings
from tests.people import make_people
from tests.plant.conftest import Logger, at, findings, look, make_unit

pytestmark = pytest.mark.django_db


def rows() -> list[tuple[object, ...]]:
    found = UnitState.objects.order_by("unit__code", "since")
    return list(found.values_list("unit__code", "state", "since", "until"))


def test_it_keeps_what_a_unit_did_from_change_to_change(point: Point, logger: Logger) -> None:
    make_unit(point)
    make_unit(point, "SB2")
    for hour, one, two in ((0, 1, 1), (1, 1, 0), (2, 0, 0), (3, 1, 0)):
        logger.states(point, at(hour), SB1=one, SB2=two)
    look(4)
    assert rows() == [
        ("SB1", 1, at(0), at(2)), ("SB1", 0, at(2), at(3)), ("SB1", 1, at(3), None),
        ("SB2", 1, at(0), at(1)), ("SB2", 0, at(1), None),
    ]  # fmt: skip
    assert UnitState.objects.get(unit__code="SB2", until=None).seen_at == at(3)
    logger.states(point, at(1.5), SB1=0)  # what comes late rewrites no history
    look(5)
    assert len(rows()) == 5


def test_a_clock_ahead_blinds_nobody(point: Point, cod: Factor, logger: Logger) -> None:
    make_unit(point)
    logger.states(point, at(0), SB1=1)
    logger.tells(point, at(0), i13008="1.02")
    logger.tells(point, at(24 * 365), i13008="1.02")
    Message.objects.filter(at=at(24 * 365)).update(received_at=at(1))
    ahead = [(at(24 * 365), {"SB1": 1.0})]
    write_readings(point, Period.STATE, ahead, batch=4, received_at=at(1))
    logger.batch = 4
    look(1)
    logger.states(point, at(2), SB1=0)
    logger.tells(point, at(2), i13008="1.15")
    look(3)
    assert rows() == [("SB1", 1, at(0), at(2)), ("SB1", 0, at(2), None)]
    assert ReportedParameter.objects.get(current=True).text == "1.15"


def test_it_reads_currents_of_process_codes(point: Point, logger: Logger) -> None:
    make_unit(point, "e30201")
    logger.states(point, at(0), e30201=12.4)
    logger.states(point, at(1), e30201=0.0)
    look(2)
    assert [row[1] for row in rows()] == [1, 0]


def test_it_tells_of_codes_that_nobody_described(point: Point, logger: Logger) -> None:
    officer = make_people().officer
    logger.states(point, at(0), SB7=1)
    look(1)
    assert rows() == []
    assert queries.undescribed(officer, point, at(2)) == ["SB7"]


def test_it_keeps_reported_parameters_from_change_to_change(
    point: Point, cod: Factor, logger: Logger
) -> None:
    for hour, slope in ((0, "1.02"), (24, "1.02"), (48, "1.15")):
        logger.tells(point, at(hour), i13008=slope)
        look(hour + 1)
    found = ReportedParameter.objects.order_by("since").values_list(
        "text", "since", "seen_at", "current"
    )
    assert list(found) == [("1.02", at(0), at(24), False), ("1.15", at(48), at(48), True)]


def test_it_knows_an_old_code_by_its_new_one(point: Point, cod: Factor, logger: Logger) -> None:
    logger.tells(point, at(0), pol="011", i13001="200")
    look(1)
    assert ReportedParameter.objects.get().factor == cod


@pytest.mark.parametrize("text", ["", "n/a", "1e40", "NaN", "-"])
def test_it_keeps_what_is_no_number_as_text(point: Point, logger: Logger, text: str) -> None:
    logger.tells(point, at(0), i13008=text)
    look(1)
    one = ReportedParameter.objects.get()
    assert (one.text, one.value) == (text, None)


def test_it_keeps_what_a_station_says_and_leaves_unknown_codes_raw(
    point: Point, logger: Logger
) -> None:
    logger.tells(point, at(0), "", i32001="0", i33101="24.5", xDoor="left", i31001="//opened//")
    logger.tells(point, at(1), "", i32001="1", i33101="25.0")
    look(2)
    kept = StationState.objects.order_by("key", "since").values_list("key", "text", "current")
    assert list(kept) == [
        ("i32001", "0", False), ("i32001", "1", True), ("i33101", "25.0", True),
        ("xDoor", "left", True),
    ]  # fmt: skip


def test_it_finds_a_door_that_opens_without_work_until_it_closes(
    point: Point, logger: Logger
) -> None:
    logger.tells(point, at(0), "", i32001="0")
    look(1)
    assert findings("door") == []
    logger.tells(point, at(1), "", i32001="1")
    look(2)
    assert findings("door") == [(at(1), None)]
    logger.tells(point, at(3), "", i32001="0")
    look(4)
    assert findings("door") == [(at(1), at(3))]


@pytest.mark.parametrize(
    ("sent", "found"),
    [("80", False), ("100", False), ("150", False), ("79", True), ("151", True), ("x", False)],
)
def test_it_finds_a_range_that_does_not_fit_the_limit(
    point: Point, cod: Factor, logger: Logger, sent: str, found: bool
) -> None:
    """COD is limited to 50 an hour and 40 a day: the range should be 80 to 120 mg/L."""
    make_limit(point, maximum="50")
    if sent in {"80", "79"}:
        make_limit(point, maximum="40", statistic="day")
    logger.tells(point, at(0), i13001=sent)
    look(1)
    assert bool(findings("range")) is found


def test_a_range_is_compared_in_the_unit_of_the_limit(point: Point, logger: Logger) -> None:
    """Cadmium is sent in µg/L and limited in mg/L: 0.1 mg/L wants 200 to 300 µg/L."""
    from jiulong.monitoring.factors import factor_of

    cadmium = factor_of("w20115")
    make_limit(point, code=cadmium.code, maximum="0.1")
    logger.tells(point, at(0), pol="w20115", i13001="250")
    look(1)
    assert findings("range") == []
    logger.tells(point, at(2), pol="w20115", i13001="100")
    look(3)
    assert findings("range") == [(at(2), None)]
    logger.tells(point, at(4), pol="w20115", i13001="200")
    look(5)
    assert findings("range") == [(at(2), at(5))]


def test_it_takes_each_batch_once(point: Point, logger: Logger) -> None:
    make_unit(point)
    logger.states(point, at(0), SB1=1)
    assert sensing.step(at(1)) is False
    assert sensing.step(at(1)) is False
    assert len(rows()) == 1
