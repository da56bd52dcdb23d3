"""Water classes by GB 3838-2002, single-factor method.

The class of each factor is the best whose limit it keeps; the class of the section is that of its
worst factor (环办〔2011〕22 号, 地表水环境质量评价办法（试行）§3.1). Evaluated are the 21 items of
table 1 without water temperature, total nitrogen and faecal coliforms: for rivers TN says nothing
about the class. Pure: plain decimals in, classes out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

#: Worse than class V.
BELOW: Final = 6
SOURCE: Final = "GB 3838-2002, table 1; 环办〔2011〕22 号"

#: mg/L; the limits of classes I to V (GB 3838-2002 table 1, rivers for TP).
UPPER: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "w01019": ("2", "4", "6", "10", "15"),  # permanganate index
    "w01018": ("15", "15", "20", "30", "40"),  # COD
    "w01017": ("3", "3", "4", "6", "10"),  # BOD5
    "w21003": ("0.15", "0.5", "1.0", "1.5", "2.0"),  # NH3-N
    "w21011": ("0.02", "0.1", "0.2", "0.3", "0.4"),  # TP
    "w20122": ("0.01", "1.0", "1.0", "1.0", "1.0"),  # Cu
    "w20123": ("0.05", "1.0", "1.0", "2.0", "2.0"),  # Zn
    "w21017": ("1.0", "1.0", "1.0", "1.5", "1.5"),  # fluoride
    "w20128": ("0.01", "0.01", "0.01", "0.02", "0.02"),  # Se
    "w20119": ("0.05", "0.05", "0.05", "0.1", "0.1"),  # As
    "w20111": ("0.00005", "0.00005", "0.0001", "0.001", "0.001"),  # Hg
    "w20115": ("0.001", "0.005", "0.005", "0.005", "0.01"),  # Cd
    "w20117": ("0.01", "0.05", "0.05", "0.05", "0.1"),  # Cr(VI)
    "w20120": ("0.01", "0.01", "0.05", "0.05", "0.1"),  # Pb
    "w21016": ("0.005", "0.05", "0.2", "0.2", "0.2"),  # cyanide
    "w23002": ("0.002", "0.002", "0.005", "0.01", "0.1"),  # volatile phenol
    "w22001": ("0.05", "0.05", "0.05", "0.5", "1.0"),  # petroleum
    "w19002": ("0.2", "0.2", "0.2", "0.3", "0.3"),  # anionic surfactant
    "w21019": ("0.05", "0.1", "0.2", "0.5", "1.0"),  # sulphide
}
#: mg/L; what dissolved oxygen must reach.
LOWER: Final[Mapping[str, tuple[str, str, str, str, str]]] = {
    "w01009": ("7.5", "6", "5", "3", "2"),
}
#: pH: one range for all classes; outside of it the water is below class V.
PH: Final = "w01001"
PH_RANGE: Final = (Decimal(6), Decimal(9))
#: Measured and shown, but no part of a river's class.
NOT_JUDGED: Final = frozenset({"w01010", "w21001", "w02003"})

FACTORS: Final = (PH, *LOWER, *UPPER)


@dataclass(frozen=True, slots=True)
class Judged:
    """One factor's class; `times` is how many times over the target's limit, where it is over."""

    code: str
    value: Decimal
    grade: int
    limit: Decimal | None = None
    times: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A section's class and what made it."""

    grade: int
    factors: tuple[Judged, ...]

    @property
    def worst(self) -> tuple[str, ...]:
        """The factors that make the class, where it is worse than I."""
        return tuple(one.code for one in self.factors if one.grade == self.grade > 1)

    def over(self, target: int) -> tuple[Judged, ...]:
        """The factors that miss a target class, the worst first."""
        missed = [one for one in self.factors if one.grade > target]
        return tuple(sorted(missed, key=lambda one: (-one.grade, -(one.times or 0), one.code)))


def grade_of(code: str, value: Decimal) -> int | None:
    """The class of one factor, 1 to 6; None: it is no part of the class.

    A limit is kept by the value that equals it (GB/T 8170: compared without rounding).
    """
    if code == PH:
        return 1 if PH_RANGE[0] <= value <= PH_RANGE[1] else BELOW
    if code in LOWER:
        limits = map(Decimal, LOWER[code])
        return next((n for n, limit in enumerate(limits, 1) if value >= limit), BELOW)
    if code in UPPER:
        limits = map(Decimal, UPPER[code])
        return next((n for n, limit in enumerate(limits, 1) if value <= limit), BELOW)
    return None


def evaluate(values: Mapping[str, Decimal], target: int) -> Verdict | None:
    """The class of a section by what was measured; None: nothing that counts was measured."""
    judged = tuple(
        _judged(code, value, grade, target)
        for code, value in values.items()
        if (grade := grade_of(code, value)) is not None
    )
    if not judged:
        return None
    return Verdict(max(one.grade for one in judged), judged)


def _judged(code: str, value: Decimal, grade: int, target: int) -> Judged:
    """With the target's limit; how many times over is told for upper limits only (§3.4)."""
    if target >= BELOW or code not in UPPER:
        limit = Decimal(LOWER[code][target - 1]) if code in LOWER and target < BELOW else None
        return Judged(code, value, grade, limit)
    limit = Decimal(UPPER[code][target - 1])
    times = value / limit - 1 if value > limit else None
    return Judged(code, value, grade, limit, times)
