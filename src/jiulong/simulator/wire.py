"""What a logger's values look like on the wire, in each version of the protocol."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import Final, Literal, NamedTuple

from hj212 import PROFILES, Profile, crc_text, time_text
from hj212.cipher import encrypt_body
from jiulong.simulator.arithmetic import Statistics
from jiulong.simulator.noise import seed_of
from jiulong.simulator.trades import INSTRUMENTS, WATERS, Instrument
from jiulong.simulator.water import NORMAL, Overlay, Sample, WaterModel

Rows = dict[str, dict[str, str]]
Cn = Literal["2051", "2061", "2031"]

#: Lengths of the periods of interval frames, seconds; 2051 by the logger's own setting.
LENGTHS: Final[dict[str, int]] = {"2061": 3600, "2031": 86_400}
#: Loads have three places: a kilogram from a small plant in ten minutes is 0.00x.
TOTAL_DECIMALS: Final = 3


@dataclass(frozen=True, slots=True)
class LoggerSpec:
    """One simulated data logger. Everything it will ever say follows from this and the time."""

    mn: str
    password: str
    trade: str
    position: str
    seed: int
    profile: str = "2017"
    key: bytes = b""  # SM4, 2025 only
    realtime_s: int = 60
    minute_min: int = 10
    st: str = "32"

    def model(self, overlays: Sequence[Overlay] = ()) -> WaterModel:
        return WaterModel(self.trade, self.position, self.seed, overlays)

    @property
    def talk(self) -> Profile:
        return talk(self.profile, self.key)

    @property
    def delay_s(self) -> float:
        """How long after a period this logger sends it: two to twenty seconds."""
        return 2 + seed_of(self.seed, "delay") % 18_000 / 1000


@cache
def talk(profile: str, key: bytes) -> Profile:
    """The profile with the logger's key in it; the same object for the same arguments."""
    found = PROFILES[profile]
    return replace(found, keys=(key,)) if key else found


class Column(NamedTuple):
    """How one factor is written."""

    row: int  # in the model's samples
    code: str
    decimals: int
    divisor: float  # from the model's unit to the wire's
    has_total: bool


@cache
def columns(trade: str, position: str, profile: str) -> tuple[Column, ...]:
    """The factors of a logger; 2005 has codes of its own and mg/L throughout."""
    names = ("w00000", "w01001", "w01010", *WATERS[trade, position].typical)
    rows = enumerate(INSTRUMENTS[name] for name in names)
    if profile != "2005":
        return tuple(_column(row, instrument) for row, instrument in rows)
    return tuple(_old_column(row, instrument) for row, instrument in rows if instrument.code_2005)


def _column(row: int, instrument: Instrument) -> Column:
    total = instrument.kind in {"flow", "pollutant"}
    return Column(row, instrument.code, instrument.decimals, 1.0, total)


def _old_column(row: int, instrument: Instrument) -> Column:
    places = instrument.decimals + len(str(int(instrument.wire_scale))) - 1
    total = instrument.kind in {"flow", "pollutant"}
    return Column(row, instrument.code_2005, places, instrument.wire_scale, total)


def columns_of(spec: LoggerSpec) -> tuple[Column, ...]:
    return columns(spec.trade, spec.position, spec.profile)


def realtime_rows(spec: LoggerSpec, model: WaterModel, sample: Sample, at: int, index: int) -> Rows:
    """The factors of a 2011: wet-chemical values say when their sample was taken."""
    rows: Rows = {}
    taken = clock_text(at // model.water.analysis_s * model.water.analysis_s)
    for column in columns_of(spec):
        row = column.row
        value = sample.values[row, index] / column.divisor
        fields = {"Rtd": f"{value:.{column.decimals}f}", "Flag": chr(sample.marks[row, index])}
        if model.instruments[row].kind == "pollutant" and spec.profile != "2005":
            fields = {"SampleTime": taken, **fields}
        rows[column.code] = fields
    return rows


def interval_rows(spec: LoggerSpec, found: Statistics, index: int) -> Rows:
    """The factors of a 2051, 2061 or 2031."""
    rows: Rows = {}
    for column in columns_of(spec):
        row, divisor, places = column.row, column.divisor, column.decimals
        fields = {}
        if column.has_total:
            fields["Cou"] = f"{found.totals[row, index] / divisor:.{TOTAL_DECIMALS}f}"
        fields["Min"] = f"{found.minima[row, index] / divisor:.{places}f}"
        fields["Avg"] = f"{found.means[row, index] / divisor:.{places}f}"
        fields["Max"] = f"{found.maxima[row, index] / divisor:.{places}f}"
        fields["Flag"] = chr(found.marks[row, index])
        rows[column.code] = fields
    return rows


@lru_cache(maxsize=4096)
def clock_text(at: float) -> str:
    """Seconds since 1970 as DataTime."""
    return time_text(datetime.fromtimestamp(at, UTC))


class FastWriter:
    """Interval frames of one logger by the thousand: what `hj212.upload` gives, made once.

    Only numbers and times change from frame to frame, so all else is a template. Tests hold its
    frames equal to those of the codec.
    """

    def __init__(self, spec: LoggerSpec) -> None:
        self._spec = spec
        self._columns = columns_of(spec)
        flag = spec.talk.version_bits | 1
        tail = f"PW={spec.password};MN={spec.mn};Flag={flag};CP=&&"
        self._head = {
            cn: f"QN=%b;ST={spec.st};CN={cn};{tail}".encode() for cn in ("2051", "2061", "2031")
        }
        self._normal = self._template(marks=False)
        self._marked = self._template(marks=True)

    def _template(self, *, marks: bool) -> bytes:
        pieces = ["DataTime=%b"]
        for column in self._columns:
            names = ["Cou"] if column.has_total else []
            places = [TOTAL_DECIMALS] if column.has_total else []
            names += ["Min", "Avg", "Max"]
            places += [column.decimals] * 3
            numbers = [
                f"{column.code}-{name}=%.{place}f"
                for name, place in zip(names, places, strict=True)
            ]
            flag = f"{column.code}-Flag={'%c' if marks else 'N'}"
            pieces.append(",".join((*numbers, flag)))
        return ";".join(pieces).encode()

    def frames(
        self, cn: Cn, found: Statistics, times: list[bytes], qns: list[bytes]
    ) -> list[bytes]:
        """One frame for each period of `found`."""
        head, key = self._head[cn], self._spec.key
        frames = []
        for qn, body in zip(qns, self._bodies(found, times), strict=True):
            segment = b"%b%b&&" % (head % qn, body)
            check = crc_text(segment)
            if key:
                segment = b"%b%b&&" % (head % qn, encrypt_body(body, key))
            frames.append(b"##%04d%b%b\r\n" % (len(segment), segment, check))
        return frames

    def _bodies(self, found: Statistics, times: list[bytes]) -> list[bytes]:
        series, flags = [], []
        for column in self._columns:
            row = column.row
            parts = [found.minima, found.means, found.maxima]
            if column.has_total:
                parts.insert(0, found.totals)
            series += [(part[row] / column.divisor).tolist() for part in parts]
            flags.append(len(series))
            series.append(found.marks[row].tolist())
        normal = (found.marks == NORMAL).all(axis=0).tolist()
        numbers = [line for place, line in enumerate(series) if place not in set(flags)]
        plain = [self._normal % row for row in zip(times, *numbers, strict=True)]
        if all(normal):
            return plain
        marked = list(zip(times, *series, strict=True))
        return [
            body if fine else self._marked % marked[place]
            for place, (body, fine) in enumerate(zip(plain, normal, strict=True))
        ]
