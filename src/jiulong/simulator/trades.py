"""What the water of each trade is like, and what its instruments can tell.

Typical values are ours, chosen so that a plant that runs well stays at about half its limit; the
limits themselves are policy and stand with the demo district. Codes and resolution follow
HJ 212-2017 table B.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["flow", "ph", "temperature", "pollutant"]

FLOW: Final = "w00000"


@dataclass(frozen=True, slots=True)
class Instrument:
    """One factor as loggers know it. Concentrations are mg/L in the model."""

    code: str
    code_2005: str  # empty: 2005 has none
    kind: Kind
    decimals: int  # of the value as sent by HJ 212-2017 loggers
    wire_scale: float = 1.0  # 2017 sends these in µg/L: what mg/L is multiplied with
    spread: float = 0.16  # standard deviation of ln(concentration)
    family: str = ""  # factors of one family rise and fall together


INSTRUMENTS: Final[dict[str, Instrument]] = {
    row.code: row
    for row in (
        Instrument("w00000", "B01", "flow", 2),
        Instrument("w01001", "001", "ph", 2),
        Instrument("w01010", "", "temperature", 1),
        Instrument("w01012", "003", "pollutant", 0, family="carbon", spread=0.2),
        Instrument("w01018", "011", "pollutant", 1, family="carbon"),
        Instrument("w21003", "060", "pollutant", 3, family="nutrient", spread=0.24),
        Instrument("w21011", "101", "pollutant", 3, family="nutrient", spread=0.18),
        Instrument("w21001", "065", "pollutant", 2, family="nutrient", spread=0.12),
        Instrument("w20116", "023", "pollutant", 3, family="metal", spread=0.2),
        Instrument("w20117", "024", "pollutant", 1, wire_scale=1000.0, family="metal", spread=0.22),
        Instrument("w20121", "028", "pollutant", 3, family="metal", spread=0.2),
        Instrument("w20122", "029", "pollutant", 3, family="metal", spread=0.2),
        Instrument("w20123", "030", "pollutant", 3, family="metal", spread=0.2),
    )
}


@dataclass(frozen=True, slots=True)
class Water:
    """Typical effluent of a trade."""

    flow_l_per_s: float
    day_swing: float  # how far the day's curve goes up and down, as a share
    peak_hour: float  # local time of the day's highest flow
    weekend: float  # flow on Saturdays and Sundays, as a share
    temperature_c: float
    ph: float
    typical: dict[str, float]  # factor → mg/L, in the order in which the logger sends them
    analysis_s: int = 3600  # how often a wet-chemical analyser has a new value
    night_stop: bool = False  # discharges by batch, between 06:00 and 22:00 only


#: Keyed by trade and position. Influent only where the district measures it.
WATERS: Final[dict[tuple[str, str], Water]] = {
    ("municipal", "effluent"): Water(
        420, 0.28, 11.0, 1.04, 23.5, 7.05,
        {"w01018": 24.0, "w21003": 1.3, "w21011": 0.25, "w21001": 8.8}, analysis_s=600,
    ),
    ("municipal", "influent"): Water(
        430, 0.32, 10.0, 1.04, 23.0, 7.25,
        {"w01018": 248.0, "w21003": 27.0, "w21011": 4.1, "w21001": 37.0}, analysis_s=600,
    ),
    ("food", "effluent"): Water(
        9.5, 0.45, 14.0, 0.55, 27.0, 7.3,
        {"w01018": 46.0, "w21003": 6.2, "w21011": 0.23, "w21001": 15.5},
    ),
    ("food", "influent"): Water(
        9.8, 0.5, 13.0, 0.55, 29.0, 6.6,
        {"w01018": 1450.0, "w21003": 34.0, "w21011": 9.5, "w21001": 62.0},
    ),
    ("steel", "effluent"): Water(
        38, 0.12, 15.0, 0.96, 30.0, 7.7,
        {"w01018": 23.0, "w21003": 1.7, "w21011": 0.2, "w21001": 6.9, "w01012": 13.0},
    ),
    ("plating", "effluent"): Water(
        4.2, 0.35, 14.5, 0.6, 26.0, 7.9,
        {"w01018": 36.0, "w21003": 5.4, "w21011": 0.42, "w21001": 9.0,
         "w20122": 0.2, "w20123": 0.6}, night_stop=True,
    ),
    ("plating", "process"): Water(
        2.4, 0.35, 14.0, 0.6, 27.0, 7.6,
        {"w20116": 0.4, "w20117": 0.07, "w20121": 0.19}, night_stop=True,
    ),
    ("dyeing", "effluent"): Water(
        17, 0.3, 15.0, 0.8, 33.0, 7.6,
        {"w01018": 38.0, "w21003": 3.4, "w21011": 0.21, "w21001": 7.2},
    ),
    ("dyeing", "influent"): Water(
        17.4, 0.34, 14.0, 0.8, 37.0, 9.6,
        {"w01018": 940.0, "w21003": 17.0, "w21011": 3.8, "w21001": 34.0},
    ),
    ("paper", "effluent"): Water(
        52, 0.1, 16.0, 0.97, 31.0, 7.4,
        {"w01018": 39.0, "w21003": 2.9, "w21011": 0.33, "w21001": 5.6, "w01012": 13.0},
    ),
    ("paper", "influent"): Water(
        53, 0.12, 15.0, 0.97, 34.0, 7.0,
        {"w01018": 1180.0, "w21003": 9.5, "w21011": 1.9, "w21001": 24.0},
    ),
    ("other", "effluent"): Water(
        6, 0.3, 13.0, 0.8, 25.0, 7.3,
        {"w01018": 42.0, "w21003": 5.0, "w21011": 0.22, "w21001": 13.0},
    ),
}  # fmt: skip
