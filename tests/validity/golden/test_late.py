"""What comes late – a failed check, a mark – and what stands in for a load. Worked by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from jiulong.validity.engine import means, qc
from jiulong.validity.engine.model import Day, Hour
from jiulong.validity.engine.substitution import Manual, load_of, stand_in
from tests.validity.golden.sheet import COD, HJ356, PH, SHANGHAI, day, hours, told

HOUR = timedelta(hours=1)
FIRST = date(2026, 8, 1)


def at(day_of_august: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 8, day_of_august, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def checked(given: list[Hour], checks: list[tuple[datetime, bool]]) -> list[Hour]:
    """The hours, with what the checks say about them."""
    spans = qc.windows(checks)
    return [
        replace(one, reasons=("qc",)) if qc.touched(spans, one.at, HOUR) else one for one in given
    ]


def judged(given: list[Hour], on: date) -> Day:
    return means.day(given, on=on, factor=COD, rules=HJ356)


def test_30_a_failed_check_reaches_back_over_midnight() -> None:
    # Passed 1 Aug 10:00, failed 2 Aug 10:00, passed 2 Aug 16:00: invalid 1st 10:00 – 2nd 16:00.
    # 1 Aug: hours 0-9 = 10/24; 2 Aug: hours 16-23 = 8/24; 3 Aug untouched, 24/24.
    checks = [(at(1, 10), True), (at(2, 10), False), (at(2, 16), True)]
    days = [FIRST, date(2026, 8, 2), date(2026, 8, 3)]
    found = [judged(checked(hours("24x40/10", on), checks), on) for on in days]
    assert [told(one) for one in found] == [
        (False, None, "10/24", None),
        (False, None, "8/24", None),
        (True, "40.000", "24/24", "9.600000"),
    ]
    assert found[0].invalid == {"qc": 0xFFFFFF ^ 0x3FF}
    assert found[1].invalid == {"qc": 0xFFFF}


def test_31_before_the_check_failed_the_first_day_was_fine() -> None:
    # What was known on 2 Aug at 9:00: one passed check. The failure re-opens a settled day.
    before = judged(checked(hours("24x40/10", FIRST), [(at(1, 10), True)]), FIRST)
    assert told(before) == (True, "40.000", "24/24", "9.600000")


def test_32_an_hour_in_which_the_check_was_passed_midway_does_not_count() -> None:
    # Failed at 3:00 of the 2nd with the pass at midnight before, passed at 5:20:
    # hours 0-5 are touched, 18/24 = 0.75 are left.
    checks = [(at(2, 0), True), (at(2, 3), False), (at(2, 5, 20), True)]
    on = date(2026, 8, 2)
    found = judged(checked(hours("6x400/10 18x40/10", on), checks), on)
    assert told(found) == (True, "40.000", "18/24", "9.600000")
    assert found.invalid == {"qc": 0b111111}


def test_33_a_check_never_passed_again_leaves_all_open() -> None:
    checks = [(at(1, 10), True), (at(1, 20), False)]
    on = date(2026, 8, 9)
    assert told(judged(checked(hours("24x40/10", on), checks), on))[:3] == (False, None, "0/24")


def test_34_a_late_mark_makes_another_mean() -> None:
    # Before: 5 hours of calibration at 200, 19 at 40: (5·200 + 19·40)/24 = 1,760/24 = 73.333…
    # M = 73.333…·240/1000 = 1,760·10/1000 = 17.6 kg. Over a limit of 50.
    # After the mark: 19/24 = 0.7917, C = 40, M = 40·240/1000 = 9.6 kg. Not over it.
    before = day("5x200/10 19x40/10")
    after = day("5x200/10+mark 19x40/10")
    assert told(before) == (True, "73.333", "24/24", "17.600000")
    assert told(after) == (True, "40.000", "19/24", "9.600000")
    assert after.invalid == {"mark": 0b11111}


def test_35_a_mark_of_seven_hours_takes_the_mean_away() -> None:
    # 17/24: a mark excuses the day, and its load is stood in for: no gain for the discharger.
    found = day("7x200/10+mark 17x40/10", substitute="26.4")
    assert told(found) == (False, None, "17/24", "26.400000")
    assert found.reasons == ("mark", "too_few", "substituted")


def loads(*kilograms: str, last: date) -> list[tuple[date, Decimal]]:
    """Daily loads, the last of them on that day."""
    return [
        (last - timedelta(days=len(kilograms) - 1 - index), Decimal(load))
        for index, load in enumerate(kilograms)
    ]


def test_36_the_greatest_of_the_last_thirty_loads_stands_in() -> None:
    # 31 loads: 99 kg lies 31 days back and no longer counts; of the 30 after it 31 is the greatest.
    known = loads("99", "31", *["20"] * 29, last=date(2026, 8, 2))
    assert stand_in(known, before=date(2026, 8, 3), rules=HJ356) == 31
    # One valid day less in between (30 in all): 99 is among them again.
    assert stand_in(known[:10] + known[11:], before=date(2026, 8, 3), rules=HJ356) == 99


def test_37_fewer_than_thirty_stand_in_as_well() -> None:
    # 3 loads: the greatest is 22.5. None: nothing is invented.
    found = load_of(
        day("10x40/10 14x-/10"),
        loads=loads("20", "22.5", "21", last=date(2026, 8, 2)),
        last_pass=None,
        rules=HJ356,
    )
    assert told(found) == (False, None, "10/24", "22.500000")
    assert (found.substituted, found.reasons) == (True, ("missing", "too_few", "substituted"))
    alone = load_of(day("10x40/10 14x-/10"), loads=[], last_pass=None, rules=HJ356)
    assert (alone.load_kg, alone.substituted) == (None, False)


def test_38_only_loads_before_the_last_passed_check_count() -> None:
    # The check was passed on 1 Aug; 50 kg of 1 and 2 Aug were measured by an instrument that then
    # failed. Greatest before 1 Aug: 21.
    known = loads("20", "21", "50", "50", last=date(2026, 8, 2))
    found = load_of(day("24x40/10+qc"), loads=known, last_pass=FIRST, rules=HJ356)
    assert (found.load_kg, found.reasons) == (21, ("qc", "too_few", "substituted"))


def test_39_manual_data_go_first_where_the_instrument_failed() -> None:
    # Fault all day (flag D); four samples by hand: (38 + 42 + 44 + 36)/4 = 160/4 = 40 mg/L,
    # 240 m³: 40·240/1000 = 9.6 kg. The greatest of thirty, 22.5, stays out.
    known = loads("20", "22.5", last=date(2026, 8, 2))
    by_hand = Manual(mean=Decimal(40), load=Decimal("9.6"), n=4)
    faulty = day("24x0/10:D")
    found = load_of(faulty, loads=known, last_pass=None, manual=by_hand, rules=HJ356)
    assert told(found) == (False, "40.000", "0/24", "9.600000")
    assert (found.method, found.substituted) == ("manual", True)
    assert found.reasons == ("flag", "too_few", "manual")


def test_40_three_manual_values_are_no_day() -> None:
    # 3 < 4: the greatest of thirty stands in, the concentration stays unknown.
    known = loads("20", "22.5", last=date(2026, 8, 2))
    by_hand = Manual(mean=Decimal(40), load=Decimal("9.6"), n=3)
    found = load_of(day("24x0/10:D"), loads=known, last_pass=None, manual=by_hand, rules=HJ356)
    assert told(found) == (False, None, "0/24", "22.500000")


def test_41_in_a_normal_period_manual_data_do_not_replace_the_greatest() -> None:
    # Nothing was flagged, marked or failed: values merely did not come.
    known = loads("20", "22.5", last=date(2026, 8, 2))
    by_hand = Manual(mean=Decimal(40), load=Decimal("9.6"), n=4)
    found = load_of(day("10x40/10 14x-/10"), loads=known, last_pass=None, manual=by_hand,
                    rules=HJ356)  # fmt: skip
    assert told(found) == (False, None, "10/24", "22.500000")


def test_42_nothing_stands_in_for_a_day_without_discharge_or_of_ph() -> None:
    known = loads("20", "22.5", last=date(2026, 8, 2))
    for one in (day("24x40/0"), day("10x7/10 14x-/10", PH), day("24x40/10")):
        assert load_of(one, loads=known, last_pass=None, rules=HJ356) is one
