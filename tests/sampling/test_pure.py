"""Clocks, draws, comparison, routes, windows, cabinets: functions of their arguments."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest

from jiulong.sampling import drawing, holding, life, schedule
from jiulong.sampling.cabinet import light, read_cabinet
from jiulong.sampling.comparison import compare
from jiulong.sampling.places import Stop, length_m, route
from jiulong.upkeep.provisions import QcLimitItem, built_in
from tests.factories import NOW

HOUR = timedelta(hours=1)


# -- the life ----------------------------------------------------------------------------------


def test_every_state_has_words_and_every_step_leads_to_one() -> None:
    states = {before for before, _action in life.LIFE} | set(life.LIFE.values())
    assert states == life.WORDS.keys()
    with pytest.raises(life.WrongOrderError):
        life.after("filled", "receive")


def test_no_step_leads_back_before_water_was_taken() -> None:
    wet = life.HELD | {life.ANALYSED, life.DISPOSED, life.DISCARDED}
    assert all(life.LIFE[step] in wet for step in life.LIFE if step[0] in wet)


# -- the evidence clock ------------------------------------------------------------------------


def test_clocks_count_from_sampling_and_stand_in_the_order_of_their_ends() -> None:
    found = holding.clocks(NOW, ["w01018", "w21003", "w21001", "w99999"], NOW + 20 * HOUR)
    assert [(one.factor, one.until - NOW, one.light) for one in found] == [
        ("w21003", 24 * HOUR, "near"),
        ("w01018", 48 * HOUR, "met"),
        ("w21001", 168 * HOUR, "met"),
    ]


@pytest.mark.parametrize(
    ("hours", "light"),
    [(0, "met"), (17.9, "met"), (18, "near"), (24, "near"), (24.01, "over")],
)
def test_a_clock_of_a_day_is_near_for_its_last_six_hours(hours: float, light: str) -> None:
    (clock,) = holding.clocks(NOW, ["w21003"], NOW + hours * HOUR)
    assert (clock.light, clock.expired) == (light, light == "over")


def test_a_clock_stops_when_the_factor_was_analysed() -> None:
    later = NOW + 300 * HOUR
    in_time = holding.clocks(NOW, ["w21003"], later, analysed={"w21003": NOW + 24 * HOUR})
    too_late = holding.clocks(NOW, ["w21003"], later, analysed={"w21003": NOW + 25 * HOUR})
    assert [(one.light, one.stopped) for one in in_time + too_late] == [
        ("met", True), ("over", True),
    ]  # fmt: skip
    assert holding.running(in_time + too_late) == []


def test_a_site_may_have_other_hours() -> None:
    table = holding.holds({"w20117": holding.Hold(336, "HJ 908-2017")})
    (clock,) = holding.clocks(NOW, ["w20117"], NOW, table=table)
    assert (clock.until, clock.source) == (NOW + 336 * HOUR, "HJ 908-2017")
    assert holding.first_end(NOW, ["w01018", "w01001"], table) == NOW + 12 * HOUR
    assert holding.first_end(NOW, ["w00000"], table) is None


# -- draws -------------------------------------------------------------------------------------

CODES = ["P3", "P1", "P2", "P4"]


def test_a_draw_is_what_anybody_gets_with_sha256() -> None:
    ranks = {code: sha256(f"seed\n{code}".encode()).hexdigest() for code in CODES}
    assert drawing.draw("seed", CODES, 2) == sorted(CODES, key=ranks.__getitem__)[:2]
    assert drawing.draw("seed", reversed(CODES), 2) == drawing.draw("seed", CODES, 2)
    assert sorted(drawing.draw("seed", CODES, 9)) == sorted(CODES)


def test_every_point_is_drawn_about_equally_often() -> None:
    first = [drawing.draw(str(seed), CODES, 1)[0] for seed in range(2000)]
    assert all(430 < first.count(code) < 570 for code in CODES)


def test_a_recount_tells_what_was_changed() -> None:
    published = {
        "seed": "seed",
        "seed_sha256": drawing.digest("seed"),
        "candidates": sorted(CODES),
        "candidates_sha256": drawing.digest("P1\nP2\nP3\nP4"),
        "count": 1,
        "drawn": drawing.draw("seed", CODES, 1),
    }
    assert drawing.recount(**published).right  # type: ignore[arg-type]
    for changed, flag in (
        ({"seed": "other"}, "seed_is_promised"),
        ({"candidates": ["P1", "P2"]}, "candidates_are_promised"),
        ({"drawn": ["P9"]}, "drawn_is_right"),
    ):
        recount = drawing.recount(**{**published, **changed})  # type: ignore[arg-type]
        assert (getattr(recount, flag), recount.right) == (False, False)


def test_the_moment_lies_in_the_window_and_follows_from_the_seed() -> None:
    closes = NOW + HOUR
    found = {drawing.moment(str(seed), NOW, closes) for seed in range(50)}
    assert len(found) > 40
    assert all(NOW <= moment < closes for moment in found)
    assert drawing.moment("1", NOW, closes) == drawing.moment("1", NOW, closes)
    assert drawing.moment("1", NOW, NOW) == NOW


def test_windows_stand_on_the_same_days_for_everybody() -> None:
    opens, closes = schedule.next_window(7, "22:00-05:00", NOW)
    assert opens > NOW
    assert closes - opens == 7 * HOUR
    assert schedule.next_window(7, "22:00-05:00", opens - timedelta(seconds=1))[0] == opens
    assert schedule.next_window(7, "22:00-05:00", opens)[0] == opens + timedelta(days=7)
    assert schedule.read_window("08:00-18:30") == (time(8), time(18, 30))
    for wrong in ("", "8-18", "08:00", "08:00-08:00", "25:00-26:00"):
        with pytest.raises(ValueError, match="is no window"):
            schedule.read_window(wrong)


# -- laboratory beside instrument --------------------------------------------------------------

LIMITS = [one for one in built_in()["qc_limits"].values() if isinstance(one, QcLimitItem)]


@pytest.mark.parametrize(
    ("factor", "laboratory", "limit"),
    [
        ("w01018", "29.9", "5"),
        ("w01018", "30", "9.00"),
        ("w01018", "59.9", "17.970"),
        ("w01018", "60", "12.00"),
        ("w01018", "100", "15.00"),
        ("w21003", "1.99", "0.3"),
        ("w21003", "2", "0.30"),
        ("w21011", "0.39", "0.04"),
        ("w21011", "0.40", "0.0600"),
        ("w21001", "10", "1.50"),
        ("w01001", "7.2", "0.5"),
        ("w20116", "1", None),
    ],
)
def test_limits_of_a_comparison(factor: str, laboratory: str, limit: str | None) -> None:
    assert compare(LIMITS, factor, Decimal(laboratory), None).allowed == (limit and Decimal(limit))


def test_a_value_at_the_limit_agrees_and_one_beyond_does_not() -> None:
    reference = Decimal(100)
    assert compare(LIMITS, "w01018", reference, Decimal(115)).agrees is True
    assert compare(LIMITS, "w01018", reference, Decimal(85)).agrees is True
    beyond = compare(LIMITS, "w01018", reference, Decimal("84.9"))
    assert (beyond.agrees, beyond.difference) == (False, Decimal("-15.1"))
    assert compare(LIMITS, "w01018", reference, None).agrees is None
    assert compare(LIMITS, "w20116", Decimal(1), Decimal(2)).agrees is None


def test_a_value_under_the_detection_limit_agrees_with_any_lower_one() -> None:
    assert compare(LIMITS, "w21003", Decimal("0.025"), Decimal(0), below=True).agrees is True
    assert compare(LIMITS, "w21003", Decimal("0.025"), Decimal("0.33"), below=True).agrees is False


# -- on the way --------------------------------------------------------------------------------


def test_a_run_goes_always_to_the_nearest() -> None:
    office = Stop(0, 117.60, 24.50)
    stops = [Stop(1, 117.70, 24.50), Stop(2, 117.62, 24.50), Stop(3, 117.65, 24.50)]
    way = route(office, stops)
    assert [stop.key for stop in way] == [2, 3, 1]
    assert 10_000 < length_m(office, way) < 10_300
    assert route(office, []) == []


def test_cabinets_tell_door_and_temperature() -> None:
    told = {"i42003-Info": "1", "i43007-Info": " 4.26 "}
    assert read_cabinet(told) == {"door": "open", "temperature_c": Decimal("4.3")}
    assert read_cabinet({"i33101-Info": "5"}, "i33101") == {"temperature_c": Decimal("5.0")}
    for nothing in ({}, {"i42003-Info": "7"}, {"i43007-Info": "-"}, {"i43007-Info": "999"},
                    {"i43007-Info": "NaN"}):  # fmt: skip
        assert read_cabinet(nothing) is None
    assert [light(None), light(Decimal(2)), light(Decimal("6.1")), light(Decimal("1.9"))] == [
        "none", "met", "over", "over",
    ]  # fmt: skip


def test_no_window_is_looked_for_in_a_past() -> None:
    night = datetime(2026, 3, 9, 16, 30, tzinfo=UTC)  # 00:30 on the tenth in Zhangzhou
    opens, _closes = schedule.next_window(1, "00:00-23:59", night)
    assert opens == datetime(2026, 3, 10, 16, 0, tzinfo=UTC)
