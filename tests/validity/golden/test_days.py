"""Days worked by hand from HJ 356-2019 §5-§8 (DOMAIN formulas), the working beside each.

C_day = Σ(C·Q)/ΣQ over the valid hours; M_day = C_day · Q_day / 1000, Q_day all the day's flow.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jiulong.validity.engine import means
from jiulong.validity.engine.rules import RULE_SETS
from tests.validity.golden.sheet import COD, FLOW, HJ356, ON, PH, TEMPERATURE, day, hours, told


def test_01_all_hours_count() -> None:
    # ΣCQ = 12·40·10 + 12·60·30 = 4,800 + 21,600 = 26,400; ΣQ = 120 + 360 = 480 m³
    # C = 26,400/480 = 55 (not (40+60)/2 = 50); M = 55·480/1000 = 26.4 kg
    found = day("12x40/10 12x60/30")
    assert told(found) == (True, "55.000", "24/24", "26.400000")
    assert (found.method, found.flow_m3, found.reasons) == ("weighted", Decimal(480), ())


def test_02_seventeen_hours_are_too_few() -> None:
    # 17/24 = 0.70833… < 0.75: no mean. 7 hours gave no value though water ran.
    found = day("17x40/10 7x-/10")
    assert told(found) == (False, None, "17/24", None)
    assert (found.ratio, found.reasons) == (Decimal("0.7083"), ("missing", "too_few"))


def test_03_eighteen_hours_are_enough() -> None:
    # 18/24 = 0.75. ΣCQ = 18·400 = 7,200; ΣQ valid = 180; C = 40.
    # Q_day = 24·10 = 240, also the hours without a value: M = 40·240/1000 = 9.6 kg, not 7.2.
    found = day("18x40/10 6x-/10")
    assert told(found) == (True, "40.000", "18/24", "9.600000")
    assert (found.ratio, found.reasons) == (Decimal("0.7500"), ())


def _of_a_thousand(n_valid: int) -> means.Day:
    """A value every 86.4 s; the first 500 at 30, the others at 60 mg/L, 0.1 m³ each."""
    rest = 1000 - n_valid
    given = hours(f"500x30/0.1 {n_valid - 500}x60/0.1 {rest}x-/0.1", ON, timedelta(seconds=86.4))
    return means.day(given, on=ON, factor=COD, rules=HJ356, expected=1000)


def test_04_749_of_a_thousand_are_too_few() -> None:
    # 749/1000 = 0.749 < 0.75
    found = _of_a_thousand(749)
    assert told(found) == (False, None, "749/1000", None)
    assert (found.ratio, found.reasons) == (Decimal("0.749"), ("missing", "too_few"))


def test_05_750_of_a_thousand_are_enough() -> None:
    # 750/1000 = 0.75. ΣCQ = 500·30·0.1 + 250·60·0.1 = 1,500 + 1,500 = 3,000; ΣQ = 75; C = 40
    # Q_day = 100 m³; M = 40·100/1000 = 4 kg
    assert told(_of_a_thousand(750)) == (True, "40.000", "750/1000", "4.000000")


def test_06_a_ratio_is_not_rounded_before_it_is_compared() -> None:
    # 74,999/100,000 = 0.74999, which four places would make 0.7500: still too few.
    # 7,499/10,000 and 7,500/10,000 lie on either side.
    assert [HJ356.enough(*pair) for pair in (
        (74_999, 100_000), (7_499, 10_000), (7_500, 10_000), (17, 24), (18, 24), (3, 4), (0, 0),
    )] == [False, False, True, False, True, True, False]  # fmt: skip


def test_07_values_of_standing_water_do_not_count() -> None:
    # 6 hours at flow 0 measured 300: invalid. 18 left: ΣCQ = 18·50·20 = 18,000; ΣQ = 360; C = 50
    # M = 50·360/1000 = 18 kg
    found = day("6x300/0 18x50/20")
    assert told(found) == (True, "50.000", "18/24", "18.000000")
    assert found.invalid == {"flow_zero": 0b111111}
    assert found.valid_hours == 0xFFFFFF ^ 0b111111


def test_08_seven_hours_without_flow_leave_too_few() -> None:
    # Discharge all day is expected: 17/24 = 0.708… No load of its own; one stands in: 12.5 kg
    found = day("7x300/0 17x50/20", substitute="12.5")
    assert told(found) == (False, None, "17/24", "12.500000")
    assert (found.substituted, found.reasons) == (True, ("flow_zero", "too_few", "substituted"))


def test_09_without_flow_all_day_the_load_is_nothing_and_nothing_stands_in() -> None:
    # Σ Q = 0: no discharge, M = 0 of its own, although a substitute is at hand.
    found = day("24x300/0", substitute="12.5")
    assert told(found) == (False, None, "0/24", "0.000000")
    assert (found.substituted, found.reasons) == (False, ("flow_zero", "no_discharge"))
    assert found.flow_m3 == 0


def test_10_ph_is_never_weighted_and_has_no_load() -> None:
    # (12·6 + 12·8)/24 = 168/24 = 7. Weighted it would be (12·6·90 + 12·8·10)/1,200 = 6.2.
    found = day("12x6/90 12x8/10", PH)
    assert told(found) == (True, "7.000", "24/24", None)
    assert (found.method, found.reasons) == ("arithmetic", ())


def test_11_temperature_likewise() -> None:
    # (12·18.5 + 12·21.5)/24 = 480/24 = 20
    assert told(day("12x18.5/90 12x21.5/10", TEMPERATURE)) == (True, "20.000", "24/24", None)


def test_12_flow_itself_is_a_sum() -> None:
    # 6·0 + 18·12.5 = 225 m³; an hour without water is a true value of flow
    found = day("6x0/0 18x12.5/12.5", FLOW)
    assert told(found) == (True, "225.000", "24/24", None)
    assert found.method == "sum"


def test_13_a_batch_is_judged_by_its_own_hours() -> None:
    # Discharge in 8 hours, values in 6 of them: 6/8 = 0.75. ΣCQ = 6·80·25 = 12,000; ΣQ = 150
    # C = 80; Q_day = 8·25 = 200; M = 80·200/1000 = 16 kg
    found = day("8x5/0 6x80/25 2x-/25 8x5/0", intermittent=True)
    assert told(found) == (True, "80.000", "6/8", "16.000000")


def test_14_five_of_eight_hours_of_a_batch_are_too_few() -> None:
    # 5/8 = 0.625
    found = day("8x5/0 5x80/25 3x-/25 8x5/0", intermittent=True)
    assert told(found) == (False, None, "5/8", None)
    assert found.reasons == ("flow_zero", "missing", "too_few")


def test_15_the_same_hours_discharged_all_day_would_be_too_few() -> None:
    # 6/24 = 0.25: whether 16 hours without flow matter is a matter of how a point discharges.
    assert told(day("8x5/0 6x80/25 2x-/25 8x5/0"))[:3] == (False, None, "6/24")


def test_16_a_batch_day_without_discharge_expects_nothing() -> None:
    # expected 0; M = 0; there is nothing to stand in for
    found = day("24x5/0", intermittent=True, substitute="12.5")
    assert told(found) == (False, None, "0/0", "0.000000")
    assert (found.ratio, found.substituted) == (0, False)


def test_17_one_per_cent_agrees_and_more_does_not() -> None:
    # |50.5 − 50.0|/50.0 = 0.5/50 = 0.0100: allowed. |50.51 − 50.0|/50 = 0.0102: not.
    # |99 − 100|/100 = 0.01: allowed. 0 against 0.001: more than 1 % of nothing.
    pairs = [("50.0", "50.5"), ("50.0", "50.51"), ("100", "99"), ("100", "98.99"), ("0", "0.001")]
    found = [means.disagrees(map(Decimal, pair), HJ356) for pair in pairs]
    assert found == [False, True, False, True, True]
    # Analyser, logger, platform: the logger agrees, the platform does not.
    assert means.disagrees([Decimal(50), Decimal("50.5"), Decimal("50.6")], HJ356)
    assert not means.disagrees([None, Decimal(50), None], HJ356)


def test_18_hours_that_disagree_do_not_count() -> None:
    # 6 hours disagree: 18 left at 40 → C = 40. 7 disagree: 17/24.
    assert told(day("6x90/10+disagreement 18x40/10")) == (True, "40.000", "18/24", "9.600000")
    found = day("7x90/10+disagreement 17x40/10")
    assert told(found) == (False, None, "17/24", None)
    assert found.reasons == ("disagreement", "too_few")


def test_19_negative_and_zero_values_count() -> None:
    # ΣCQ = 20·1·10 + 2·0·10 + 2·(−0.1)·10 = 200 − 2 = 198; ΣQ = 240; C = 198/240 = 0.825
    # M = 0.825·240/1000 = 0.198 kg
    assert told(day("20x1/10 2x0/10 2x-0.1/10")) == (True, "0.825", "24/24", "0.198000")


@pytest.mark.parametrize("flag", "FMCDBTSP")
def test_20_flagged_hours_do_not_count(flag: str) -> None:
    # 6 flagged at 500 → 18 at 40: C = 40, M = 40·240/1000 = 9.6
    assert told(day(f"6x500/10:{flag} 18x40/10")) == (True, "40.000", "18/24", "9.600000")


def test_21_unmarked_hours_are_true() -> None:
    # '.' is none sent: 6 at 80 and 18 at 40: C = (480 + 720)/24 = 50; M = 50·240/1000 = 12
    assert told(day("6x80/10:. 18x40/10")) == (True, "50.000", "24/24", "12.000000")


def test_22_a_faulty_day_tells_reasons_in_their_order() -> None:
    # 4 dry, 4 flagged D, 4 in a failed check of which 2 are marked too, 1 missing: 11 of 24 count
    found = day("4x40/0 -/10 2x40/10+mark+qc 2x40/10+qc 4x40/10:D 11x40/10")
    assert told(found) == (False, None, "11/24", None)
    assert found.reasons == ("flow_zero", "flag", "qc", "mark", "missing", "too_few")
    assert found.invalid == {
        "flow_zero": 0b1111,
        "flag": 0b1111 << 9,
        "qc": 0b1111 << 5,
        "mark": 0b11 << 5,  # an hour stands under each reason that applies
        "missing": 0b1 << 4,
    }


def test_23_a_tie_is_rounded_to_the_even_neighbour() -> None:
    # (10.000 + 10.001)/2 = 10.0005 → 10.000; (10.001 + 10.002)/2 = 10.0015 → 10.002
    # M = 10.0005·240/1000 = 2.40012; M = 10.0015·0.24 = 2.40036
    assert told(day("12x10.000/10 12x10.001/10")) == (True, "10.000", "24/24", "2.400120")
    assert told(day("12x10.001/10 12x10.002/10")) == (True, "10.002", "24/24", "2.400360")


def test_24_a_load_is_rounded_once() -> None:
    # 8 at 1 and 16 at 0: C = 80/240 = 1/3 → 0.333333333333 (12 places)
    # M = (80/240)·240/1000 = 0.08 exactly, not 0.333333333333·0.24 = 0.07999999999992
    found = day("8x1/10 16x0/10")
    assert found.mean == Decimal("0.333333333333")
    assert found.load_kg == Decimal("0.08")


def test_25_without_flow_the_mean_is_arithmetic_and_there_is_no_load() -> None:
    # (12·40 + 12·60)/24 = 50
    found = day("12x40/? 12x60/?")
    assert told(found) == (True, "50.000", "24/24", None)
    assert (found.method, found.flow_m3, found.reasons) == ("arithmetic", None, ("flow_unknown",))


def test_26_one_hour_of_unknown_flow_forbids_weighting() -> None:
    # 23 at 40 with 10 m³, one at 64 whose flow nobody knows: (23·40 + 64)/24 = 984/24 = 41
    # Known flow 230 m³: M = 41·230/1000 = 9.43 kg, told to be incomplete
    found = day("23x40/10 64/?")
    assert told(found) == (True, "41.000", "24/24", "9.430000")
    assert (found.method, found.reasons) == ("arithmetic", ("flow_incomplete",))


def test_27_a_logger_may_rest_its_mean_on_one_hour_the_platform_may_not() -> None:
    # Annex D.1: C = G/D = 90·10/10 = 90, G = 0.9 kg. HJ 356: 1/24 is no day.
    logger = RULE_SETS["hj212-annex-d"]
    found = day("90/10 23x-/10", rules=logger)
    assert told(found) == (True, "90.000", "1/24", "0.900000")
    assert told(day("90/10 23x-/10")) == (False, None, "1/24", None)


def test_28_a_logger_sums_slices_the_platform_multiplies_with_all_flow() -> None:
    # 18 at 40 with 10 m³: annex D.1 G = 18·0.4 = 7.2 kg; HJ 356: 40·240/1000 = 9.6 kg (day 03).
    # Annex D.1 takes flagged values too: 6 at 100 flagged C: G = 7.2 + 6·1 = 13.2 kg,
    # C = 13,200/240 = 55
    logger = RULE_SETS["hj212-annex-d"]
    assert told(day("18x40/10 6x-/10", rules=logger)) == (True, "40.000", "18/24", "7.200000")
    found = day("18x40/10 6x100/10:C", rules=logger)
    assert told(found) == (True, "55.000", "24/24", "13.200000")


def test_29_a_day_is_a_local_day() -> None:
    # 2026-08-03 begins at 2026-08-02T16:00Z in Shanghai, in summer as in winter.
    for on in (date(2026, 8, 3), date(2026, 1, 3)):
        first, last = hours("24x40/10", on)[0], hours("24x40/10", on)[-1]
        assert (first.at.hour, first.at.day) == (16, 2)
        found = means.day([first, last], on=on, factor=COD, rules=HJ356)
        assert found.valid_hours == 1 | 1 << 23
        with pytest.raises(ValueError, match="does not lie in the local day"):
            means.day([first], on=first.at.date(), factor=COD, rules=HJ356)
