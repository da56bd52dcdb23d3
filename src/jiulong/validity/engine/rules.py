"""Rule sets: every number by which data count or do not count, with its source.

A rule set is data with effective dates and references. Those in the box stand below; packs bring
others (section `rule_sets`). Uncertain numbers are fields with the default that the cited norm, or
in its absence the practice of platforms, gives.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Final, Literal

from jiulong.rounding import rounded, text

#: Why an hour does not count, in the order in which it is told. All that apply are kept.
REASONS: Final = (
    "flow_zero",  # HJ 356-2019 §6: at flow 0 what the analyser gives is no discharge
    "flag",  # HJ 212 data flag: stopped, under maintenance, faulty, calibrating, over range …
    "qc",  # a check failed: from the last passed one to the next passed one
    "mark",  # marked by the enterprise (MEE announcement 21 of 2022), not rejected
    "disagreement",  # analyser, logger and platform differ
    "missing",  # nothing came
)
#: Reasons that make a day one of no normal sampling: manual data are preferred then.
NOT_NORMAL: Final = frozenset({"flag", "qc", "mark"})

#: HJ 212-2017 table B.1 and its codes of 2005: what is a sum, and what is no concentration by mass.
FLOW: Final = frozenset({"w00000", "B01"})
PH: Final = frozenset({"w01001", "001"})
TEMPERATURE: Final = frozenset({"w01010"})
#: Colour, conductivity, dissolved oxygen, coliforms, bacteria, radioactivity: no load in kg.
OTHERS_WITHOUT_LOAD: Final = frozenset({
    "w01002", "002", "w01014", "w01009", "w02003", "550", "w02006", "w03001", "570", "w03002",
    "571", "w01003",
})  # fmt: skip

#: Decimals of a mean in mg/L where they are more than `PLACES`: one more than HJ 212-2017 table B.1
#: lets a logger send, so that a mean just over its limit never reads like the limit.
PLACES: Final = 3
MORE_PLACES: Final[Mapping[str, int]] = MappingProxyType({
    "w20012": 4, "w20023": 4, "w20038": 5, "w20061": 5, "w20089": 7, "w20111": 6, "w20113": 7,
    "w20115": 5, "w20116": 4, "w20117": 7, "w20119": 7, "w20120": 4, "w20123": 4, "w20124": 4,
    "w20125": 4, "w20126": 4, "w20127": 7, "w20128": 6, "w20138": 4, "w20139": 4, "w20140": 4,
    "w20141": 4, "w20142": 7, "w20143": 7, "w20144": 4, "w21006": 4, "w21007": 4, "w21016": 4,
    "w21019": 4, "w23002": 5, "w25043": 5, "w33001": 7, "w33007": 7,
})  # fmt: skip
#: A load in kg has three decimals more: 1 m³ at 1 mg/L carries 0.001 kg.
LOAD_PLACES_MORE: Final = 3


@dataclass(frozen=True, slots=True)
class Law:
    """Where a rule stands."""

    law: str
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What exceedance is judged on.

    Args:
        statistic: the mean that is held against the limit where nothing else is said.
        excepted: codes that are not judged by it.
    """

    statistic: Literal["hour", "day"] = "day"
    excepted: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RuleSet:
    """One rule set.

    Args:
        default: whether it is taken by date where none is named (`rule_set_on`).
        usable_flags: HJ 212 data flags that leave a value usable; all others make it invalid.
            Unmarked data count as true (MEE announcement 21 of 2022).
        zero_flow_invalid: whether values at flow 0 are invalid (HJ 356-2019 §6).
        min_ratio: share of a day's expected values that must be valid; compared exactly.
        month_min_ratio: share of a month's days that must have a mean.
        disagreement: greatest relative difference between analyser, logger and platform that is
            allowed; None: not looked at.
        arithmetic_factors: codes whose means are never weighted by flow. A logarithm (pH) has no
            flow-weighted mean, a temperature is judged as measured.
        summed_factors: codes of which a day has a sum and no mean.
        unloaded_factors: codes without a load.
        load: `mean_times_flow`: C_day · Q_day ÷ 1000 with all the day's flow (HJ 356-2019 §7);
            `slices`: Σ C_i · Q_i ÷ 1000 over the values (HJ 212-2017 annex D.1).
        substitutes: whether loads are stood in for (HJ 356-2019 §8).
        substitute_of: the greatest of so many valid daily loads stands in.
        substitute_from: fewer valid daily loads than this stand in for nothing.
        manual_per_day: so many manual values make a day of them (HJ 356-2019 §8).
        places: decimals of a mean in the unit of its limit, by code; `PLACES` for all others.
    """

    code: str
    name: str
    name_en: str
    effective_from: date
    effective_to: date | None
    laws: tuple[Law, ...]
    default: bool = False
    usable_flags: frozenset[str] = frozenset({"", ".", "N", "n"})
    zero_flow_invalid: bool = True
    min_ratio: Decimal = Decimal("0.75")
    month_min_ratio: Decimal = Decimal("0.75")
    disagreement: Decimal | None = Decimal("0.01")
    arithmetic_factors: frozenset[str] = PH | TEMPERATURE
    summed_factors: frozenset[str] = FLOW
    unloaded_factors: frozenset[str] = PH | TEMPERATURE | FLOW | OTHERS_WITHOUT_LOAD
    load: Literal["mean_times_flow", "slices"] = "mean_times_flow"
    substitutes: bool = True
    substitute_of: int = 30
    substitute_from: int = 1
    manual_per_day: int = 4
    places: Mapping[str, int] = field(default_factory=lambda: MORE_PLACES, hash=False)
    judgement: Judgement = Judgement()

    def in_force(self, day: date) -> bool:
        """Whether it holds on the day."""
        return self.effective_from <= day and (
            self.effective_to is None or day <= self.effective_to
        )

    def enough(self, n_valid: int, n_expected: int) -> bool:
        """Whether so many values make a day's mean: counts are compared, never a rounded ratio."""
        return n_expected > 0 and 0 < n_valid >= self.min_ratio * n_expected

    def enough_days(self, n_valid: int, n_expected: int) -> bool:
        """The same of a month's days."""
        return n_expected > 0 and 0 < n_valid >= self.month_min_ratio * n_expected

    def has_load(self, factor: str) -> bool:
        """Whether the factor is a concentration that makes a load with flow."""
        return plain(factor) not in self.unloaded_factors

    def shown_mean(self, factor: str, mean: Decimal) -> str:
        """A mean in mg/L (pH and such: as measured) as text, half to even."""
        return text(rounded(mean, self.places.get(plain(factor), PLACES)))

    def shown_load(self, factor: str, load: Decimal) -> str:
        """A load in kg as text, half to even."""
        places = self.places.get(plain(factor), PLACES) + LOAD_PLACES_MORE
        return text(rounded(load, places))


def plain(factor: str) -> str:
    """The code without its channel: `w01018#2` → `w01018`."""
    return factor.partition("#")[0]


_HJ356: Final = RuleSet(
    code="hj356-2019",
    name="HJ 356-2019 有效性判别",
    name_en="HJ 356-2019 data validity",
    effective_from=date(2020, 3, 24),  # announcement of HJ 353–356-2019
    effective_to=None,
    laws=(
        Law("HJ 356-2019", "§5–§8"),
        Law("HJ 355-2019", "table 1"),
        Law("HJ 212-2017", "annex D.1"),
        Law("MEE announcement 21 of 2022"),
    ),
    default=True,
)

RULE_SETS: Final[dict[str, RuleSet]] = {
    known.code: known
    for known in (
        _HJ356,
        replace(
            _HJ356,
            code="fujian-230",
            name="福建省政府令第230号",
            name_en="Fujian government order 230",
            effective_from=date(2023, 7, 1),
            laws=(
                Law("福建省固定污染源自动监控管理办法(省政府令第230号)", "art. 26"),
                *_HJ356.laws,
            ),
            default=False,  # a pack of a district in Fujian makes it the default
            # Art. 26: any effective daily mean over the limit within one natural day, pH excepted.
            judgement=Judgement(statistic="day", excepted=PH),
        ),
        RuleSet(
            code="hj212-annex-d",
            name="HJ 212-2017 附录D 数采仪算法",
            name_en="HJ 212-2017 annex D, what a logger computes",
            effective_from=date(2017, 5, 1),
            effective_to=None,
            laws=(Law("HJ 212-2017", "annex D.1"),),
            # Annex D.1 knows neither validity nor a least number of values: all that came counts.
            usable_flags=frozenset({"", ".", *"NnFMSDCTBP"}),
            zero_flow_invalid=False,
            min_ratio=Decimal(0),
            month_min_ratio=Decimal(0),
            disagreement=None,
            load="slices",
            substitutes=False,
        ),
    )
}


class NoRuleSetError(LookupError):
    """No rule set was in force on the day."""

    def __init__(self, day: date) -> None:
        self.day = day
        super().__init__(f"no rule set was in force on {day}")


def rule_set_on(day: date, known: Iterable[RuleSet] | None = None) -> RuleSet:
    """The default rule set in force on the day; the one with the latest start if there are several.

    Raises:
        NoRuleSetError: none was in force.
    """
    found = [one for one in known or RULE_SETS.values() if one.default and one.in_force(day)]
    if not found:
        raise NoRuleSetError(day)
    return max(found, key=lambda one: one.effective_from)


def in_order(reasons: Collection[str]) -> tuple[str, ...]:
    """Reasons of hours in their fixed order; those this module does not know come last."""
    known = tuple(reason for reason in REASONS if reason in reasons)
    return known + tuple(sorted(set(reasons) - set(known)))
