"""Wastewater of one monitored place as a function of time alone.

Flow follows the day, the week and the plant; COD, ammonia, nitrogen and phosphorus share one
load and so rise and fall together; upsets push them over now and then. Wet-chemical analysers
have a new value once per analysis and hold it in between (HJ 353-2019: the value of the mixed
sample IS the hour's value); flow, pH and temperature move all the time. Values are rounded to what
the instrument can tell and stand in the unit in which HJ 212-2017 sends them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from jiulong.simulator.noise import Floats, Ints, normal, seed_of, uniform, wander
from jiulong.simulator.trades import INSTRUMENTS, WATERS, Instrument

Marks = NDArray[np.uint8]

NORMAL: Final = ord("N")
HOUR_S: Final = 3600
DAY_S: Final = 86_400
#: The district lives on UTC+8; the plants' day begins at its midnight.
LOCAL_S: Final = 8 * HOUR_S
#: Batch dischargers work from 06:00 to 22:00.
WORK_FROM_S: Final = 6 * HOUR_S
WORK_TO_S: Final = 22 * HOUR_S
#: Share of ln(concentration) that all factors of a plant have in common.
COMMON: Final = 0.62
#: Analysers are set to about 2.5 times the limit, and plants run at about half the limit.
RANGE: Final = 5.0
#: How many plants run how badly: share of plants, chance of an upset a day.
CARE: Final = ((0.68, 0.012), (0.92, 0.075), (1.01, 0.3))
FAULT_CHANCE: Final = 0.008  # a day, per analyser: it hangs for one to five hours, flag D
LINE_CHANCE: Final = 0.012  # a day, per station: twenty minutes without analysers, flag B
LINE_S: Final = 1200


class Sample(NamedTuple):
    """What the instruments of a station show: a row a factor, a column a moment."""

    values: Floats
    marks: Marks  # data flags of HJ 212-2017 table 8, as character codes


class Overlay(Protocol):
    """Something a scenario does to what instruments show; a function of time, too."""

    def apply(self, model: WaterModel, times: Ints, sample: Sample) -> None: ...


@dataclass(frozen=True, slots=True)
class Upset:
    """The plant fails for a few hours: how often, and which family suffers."""

    chance: float
    family: str


class WaterModel:
    """The instruments of one station. `seed` makes the plant, its luck and its noise."""

    def __init__(
        self, trade: str, position: str, seed: int, overlays: Sequence[Overlay] = ()
    ) -> None:
        self.trade, self.position = trade, position
        self.water = WATERS[trade, position]
        self.seed = seed
        self.overlays = tuple(overlays)
        self._seeds: dict[tuple[object, ...], int] = {}
        factors = ("w00000", "w01001", "w01010", *self.water.typical)
        self.instruments: tuple[Instrument, ...] = tuple(INSTRUMENTS[code] for code in factors)
        self._size = 0.6 + 0.9 * self._luck("size")
        self._level = {code: 0.86 + 0.28 * self._luck("level", code) for code in factors}
        families = sorted({INSTRUMENTS[code].family for code in self.water.typical})
        care = self._luck("care")
        chance = next(chance for share, chance in CARE if care < share)
        self.upset = Upset(
            0.0 if position == "influent" else chance,
            families[int(self._luck("family") * len(families))],
        )

    def _luck(self, *what: object) -> float:
        return float(uniform(seed_of(self.seed, *what), np.zeros(1, dtype=np.int64))[0])

    def _seed(self, *what: object) -> int:
        found = self._seeds.get(what)
        if found is None:
            found = self._seeds[what] = seed_of(self.seed, *what)
        return found

    @property
    def codes(self) -> list[str]:
        return [instrument.code for instrument in self.instruments]

    def sample(self, times: Ints) -> Sample:
        """What the instruments show at these moments (seconds since 1970, ascending)."""
        values = np.empty((len(self.instruments), times.size))
        marks = np.full(values.shape, NORMAL, dtype=np.uint8)
        values[0] = self._flow(times)
        values[1] = self._ph(times)
        values[2] = self._temperature(times)
        self._analyses(times, values, marks)
        result = Sample(values, marks)
        for overlay in self.overlays:
            overlay.apply(self, times, result)
        for row, instrument in enumerate(self.instruments):
            values[row] = np.round(values[row], instrument.decimals)
        return result

    def without_overlays(self) -> WaterModel:
        """The same station on a day on which nothing is done to it."""
        return WaterModel(self.trade, self.position, self.seed)

    def typical(self, row: int) -> float:
        """What an analyser usually shows, in the unit of the wire."""
        instrument = self.instruments[row]
        value = self.water.typical[instrument.code] * instrument.wire_scale
        return value * self._level[instrument.code]

    def _flow(self, times: Ints) -> Floats:
        water = self.water
        hour = (times + LOCAL_S) % DAY_S / HOUR_S
        day = 2 * np.pi * (hour - water.peak_hour) / 24
        shape = 1 + water.day_swing * (0.8 * np.cos(day) + 0.25 * np.cos(2 * day))
        noise = 0.06 * wander(self._seed("flow"), times, 5400)
        noise += 0.03 * wander(self._seed("flow", 2), times, 180)
        flow = water.flow_l_per_s * self._size * shape * _week(times, water.weekend)
        flow *= np.exp(noise)
        if water.night_stop:
            flow[~_working(times)] = 0.0
        result: Floats = flow
        return result

    def _ph(self, times: Ints) -> Floats:
        slow = 0.12 * wander(self._seed("ph"), times, 4 * HOUR_S)
        fast = 0.03 * wander(self._seed("ph", 2), times, 240)
        shift = (self._level["w01001"] - 1) * 1.2
        return np.clip(self.water.ph + shift + slow + fast, 0.0, 14.0)

    def _temperature(self, times: Ints) -> Floats:
        year = np.cos(2 * np.pi * ((times + LOCAL_S) / DAY_S - 205) / 365.25)  # warmest in July
        day = np.cos(2 * np.pi * ((times + LOCAL_S) % DAY_S / HOUR_S - 15) / 24)
        noise = wander(self._seed("temperature"), times, 6 * HOUR_S)
        return self.water.temperature_c + 4.0 * year + 0.5 * day + 0.3 * noise

    def _analyses(self, times: Ints, values: Floats, marks: Marks) -> None:
        """Wet-chemical values: worked out once per analysis, held until the next."""
        if times.size == 0:
            return
        step = self.water.analysis_s
        first = int(times[0]) // step
        which = times // step - first
        begun: Ints = (np.arange(int(which[-1]) + 1, dtype=np.int64) + first) * step
        stopped = ~_working(begun) if self.water.night_stop else np.zeros(begun.shape, dtype=bool)
        taken = _last_work(begun) if self.water.night_stop else begun
        common = wander(self._seed("load"), taken, 9 * HOUR_S)
        swing = 1 + 0.35 * self.water.day_swing * _day_curve(taken, self.water.peak_hour + 2)
        for row, instrument in enumerate(self.instruments[3:], start=3):
            shown, flags = self._analyser(row, instrument, taken, common, swing)
            flags[stopped] = ord("F")
            values[row] = shown[which]
            marks[row] = flags[which]
        self._keep_nitrogen_in_order(values)
        lost = self._line_lost(times)
        marks[3:, lost] = ord("B")

    def _analyser(
        self, row: int, instrument: Instrument, begun: Ints, common: Floats, swing: Floats
    ) -> tuple[Floats, Marks]:
        begun, hung = self._hangs(instrument.code, begun)
        if hung.any():
            common = wander(self._seed("load"), begun, 9 * HOUR_S)
        own = 0.8 * wander(self._seed("own", instrument.code), begun, 5 * HOUR_S)
        own += 0.6 * normal(self._seed("analysis", instrument.code), begun)
        noise = COMMON * common + float(np.sqrt(1 - COMMON**2)) * own
        usual = self.typical(row)
        shown = usual * swing * np.exp(instrument.spread * noise)
        shown *= self._upset(instrument.family, begun)
        flags = np.full(begun.shape, NORMAL, dtype=np.uint8)
        over = shown > usual * RANGE
        shown[over], flags[over] = usual * RANGE, ord("T")
        flags[hung] = ord("D")
        self._maintenance(usual, begun, shown, flags)
        return shown, flags

    def _upset(self, family: str, times: Ints) -> Floats:
        """By how much an upset lifts a family: a hump of two to ten hours within one day."""
        day = (times + LOCAL_S) // DAY_S
        seed = self._seed("upset")
        happens = uniform(seed, day) < self.upset.chance
        length = (2 + 8 * uniform(seed + 1, day)) * HOUR_S
        start = uniform(seed + 2, day) * (DAY_S - length)
        height = 1.3 + 1.5 * uniform(seed + 3, day) ** 2
        place = ((times + LOCAL_S) % DAY_S - start) / length
        inside = happens & (place >= 0) & (place < 1)
        hump = np.where(inside, np.sin(np.pi * np.clip(place, 0, 1)) ** 0.4, 0.0)
        share = 1.0 if family == self.upset.family else 0.3
        lift: Floats = 1.0 + share * height * hump
        return lift

    def _hangs(self, code: str, begun: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """A hanging analyser goes on showing the value it had."""
        day = (begun + LOCAL_S) // DAY_S
        seed = self._seed("hang", code)
        start = day * DAY_S - LOCAL_S + (uniform(seed + 1, day) * 18).astype(np.int64) * HOUR_S
        length = (1 + (uniform(seed + 2, day) * 5).astype(np.int64)) * HOUR_S
        hung = (uniform(seed, day) < FAULT_CHANCE) & (begun >= start) & (begun < start + length)
        return np.where(hung, start - self.water.analysis_s, begun), hung

    def _maintenance(self, usual: float, begun: Ints, shown: Floats, flags: Marks) -> None:
        """At least every seven days somebody comes (HJ 355-2019): an hour M, then an hour C."""
        week, weekday = np.divmod((begun + LOCAL_S) // DAY_S, 7)
        seed = self._seed("visit")
        visit = (uniform(seed, week) * 5).astype(np.int64)
        hour = 9 + (uniform(seed + 1, week) * 6).astype(np.int64)
        now = (begun + LOCAL_S) % DAY_S // HOUR_S
        at_work = (weekday == visit) & (now == hour)
        checking = (weekday == visit) & (now == hour + 1)
        shown[at_work], flags[at_work] = usual * 0.05, ord("M")
        standard = usual * RANGE / 2 * (1 + 0.01 * normal(seed, begun))
        shown[checking], flags[checking] = standard[checking], ord("C")

    def _line_lost(self, times: Ints) -> NDArray[np.bool_]:
        day = (times + LOCAL_S) // DAY_S
        seed = self._seed("line")
        start = day * DAY_S - LOCAL_S + (uniform(seed + 1, day) * (DAY_S - LINE_S)).astype(np.int64)
        lost = (uniform(seed, day) < LINE_CHANCE) & (times >= start) & (times < start + LINE_S)
        result: NDArray[np.bool_] = lost
        return result

    def _keep_nitrogen_in_order(self, values: Floats) -> None:
        """Ammonia is a part of total nitrogen."""
        codes = self.codes
        if "w21003" in codes and "w21001" in codes:
            total, ammonia = codes.index("w21001"), codes.index("w21003")
            values[total] = np.maximum(values[total], 1.08 * values[ammonia] + 0.3)


def _week(times: Ints, weekend: float) -> Floats:
    weekday = ((times + LOCAL_S) // DAY_S + 3) % 7  # 1970-01-01 was a Thursday
    return np.where(weekday >= 5, weekend, 1.0)


def _working(times: Ints) -> NDArray[np.bool_]:
    second = (times + LOCAL_S) % DAY_S
    result: NDArray[np.bool_] = (second >= WORK_FROM_S) & (second < WORK_TO_S)
    return result


def _last_work(begun: Ints) -> Ints:
    """The analysis before the batch discharger stopped, for those of the night."""
    second = (begun + LOCAL_S) % DAY_S
    last = WORK_TO_S - HOUR_S
    back = np.where(second >= WORK_TO_S, second - last, 0)
    return begun - np.where(second < WORK_FROM_S, second + DAY_S - last, back)


def _day_curve(times: Ints, peak_hour: float) -> Floats:
    hour = (times + LOCAL_S) % DAY_S / HOUR_S
    return np.cos(2 * np.pi * (hour - peak_hour) / 24)
