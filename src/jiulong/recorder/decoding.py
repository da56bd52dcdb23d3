"""From journal entries to what is to be written: readings, messages, refusals, signs of life.

Nothing is dropped. An accepted frame becomes a reading or a message; if it cannot, it becomes a
quarantine row with the reason. Only pure interaction frames (9011 to 9015, 9021, 9022) leave no
row beside the sign of life: they say nothing but "yes", the dialogue of a command keeps them with
their command, and the journal keeps them for good.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Final, NamedTuple

from hj212 import Columns, Damage, Frame, parse
from jiulong.gateway.journal import Entry, Verdict
from jiulong.monitoring.factors import WATER_SYSTEMS
from jiulong.monitoring.models import Period
from jiulong.recorder.copying import Row, Values
from jiulong.recorder.factors import FactorTable, Plan, TooManyFactorsError
from jiulong.recorder.flags import Flags
from jiulong.recorder.registry import Registered, Registry

PERIODS: Final[Mapping[str, Period]] = {
    "2011": Period.REALTIME,
    "2021": Period.STATE,
    "2031": Period.DAY,
    "2041": Period.RUNTIME,
    "2051": Period.MINUTE,
    "2061": Period.HOUR,
}
#: An instant may be dated by its arrival if it says no time; an interval may not, that is a guess.
INSTANTS: Final = frozenset({Period.REALTIME, Period.STATE})
INTERACTION: Final = frozenset({"9011", "9012", "9013", "9014", "9015", "9021", "9022"})

#: A clock outside of these years is not a clock; those that are merely wrong start in 1980 or 2000.
EARLIEST_US: Final = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000
LATEST_US: Final = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000

#: Times remembered: a day of seconds and some.
TIMES_MAX: Final = 100_000

_SECOND_US: Final = 1_000_000
_DATETIME_FIRST = re.compile(rb"DataTime=\d{14}[;,]")
_MN_MAX: Final = 40  # columns of gateway_quarantinedframe
_PEER_MAX: Final = 60
_CN = re.compile(r"\d{4}", re.ASCII)


class Message(NamedTuple):
    """A frame that is not a reading, or a note about one. Times in µs since 1970 UTC."""

    point: int
    cn: str
    at: int
    received_at: int
    batch: int
    ordinal: int
    content: dict[str, str]


class Refused(NamedTuple):
    """A frame for the quarantine."""

    batch: int
    ordinal: int
    received_at: int
    peer: str
    reason: str
    mn: str
    raw: bytes


@dataclass(slots=True)
class Chunk:
    """What a few batches of the journal turned into."""

    rows: list[Row] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    heard: dict[int, list[int]] = field(default_factory=dict)  # point: [newest µs, frames]
    strangers: bool = False  # an accepted frame named a logger that is not in the registry


class Decoder:
    """Reads frames against the registry and the table of factors."""

    def __init__(self, registry: Registry, factors: FactorTable) -> None:
        self._registry = registry
        self._factors = factors
        self._times: dict[bytes, int] = {}
        self._flags = Flags()

    def take(self, batch: int, entries: Sequence[Entry], chunk: Chunk) -> None:
        """Add the entries of a batch to the chunk."""
        for ordinal, entry in enumerate(entries):
            verdict = entry.verdict or self._accepted(batch, ordinal, entry, chunk)
            if verdict:
                chunk.refused.append(refused(batch, ordinal, entry, verdict))

    def _accepted(self, batch: int, ordinal: int, entry: Entry, chunk: Chunk) -> int:
        """Add one accepted frame; the verdict if that is impossible, else 0."""
        received_at, _, _, raw = entry
        found = parse(raw)
        frame = found if isinstance(found, Frame) else None
        logger = self._registry.loggers.get(frame.mn) if frame else None
        if frame is None or logger is None or logger.keys:
            frame = self._read_patiently(raw)
            if frame is None:
                return Verdict.UNREADABLE
            logger = self._registry.loggers.get(frame.mn)
            if logger is None:
                if not frame.mn and frame.cn in INTERACTION:
                    return 0  # in 2005 an answer names nobody; the gateway knew whose line it was
                chunk.strangers = True
                return Verdict.UNKNOWN_MN
        heard = chunk.heard.get(logger.point)
        if heard is None:
            heard = chunk.heard[logger.point] = [received_at, 0]
        heard[0] = max(heard[0], received_at)
        heard[1] += 1
        place = (received_at, batch, logger.point, ordinal)
        period = PERIODS.get(frame.cn)
        if period is None:
            return self._message(frame, place, chunk)
        return self._reading(frame, period, logger, place, chunk)

    def _read_patiently(self, raw: bytes) -> Frame | None:
        """The frame, with the keys of its logger, or without a checksum if the logger has none."""
        found = parse(raw, keys=self._registry.keys)
        if isinstance(found, Damage) and found.frame is not None:
            logger = self._registry.loggers.get(found.frame.mn)
            if logger is not None and logger.ignores_crc:
                return found.frame
        return found if isinstance(found, Frame) else None

    def _reading(
        self,
        frame: Frame,
        period: Period,
        logger: Registered,
        place: tuple[int, int, int, int],
        chunk: Chunk,
    ) -> int:
        columns = frame.columns()
        if not columns.factors:
            return Verdict.NO_VALUES
        received_at, batch, point, ordinal = place
        at = self._moment(frame)
        if at is None:
            if period not in INSTANTS or frame.params.get("DataTime"):
                return Verdict.BAD_TIME
            at = received_at - received_at % _SECOND_US
            note = {"DataTime": "", "note": "dated by its arrival"}
            chunk.messages.append(Message(point, frame.cn, at, received_at, batch, ordinal, note))
        try:
            plan = self._factors.plan(columns.factors, water=frame.st in WATER_SYSTEMS)
        except TooManyFactorsError:
            return Verdict.TOO_MANY_FACTORS
        except ValueError:
            return Verdict.UNREADABLE
        if plan.scales:
            columns = scaled(plan, columns)
        _, values, minima, maxima, totals, marks, _ = columns
        at -= logger.shifts[period]
        flags = self._flags.of(marks)
        chunk.rows.append(
            Row(at, received_at, batch, point, ordinal, period, plan,
                values, minima, maxima, totals, flags)
        )  # fmt: skip
        return 0

    def _moment(self, frame: Frame) -> int | None:
        """DataTime in µs since 1970 UTC; None if there is none or it is none."""
        start = frame.cp[:24]  # in all but strange frames `DataTime=YYYYMMDDhhmmss;`
        at = self._times.get(start)
        if at is None:
            moment = frame.time
            at = int(moment.timestamp()) * _SECOND_US if moment else 0
            if not EARLIEST_US <= at < LATEST_US:
                return None
            if _DATETIME_FIRST.fullmatch(start):
                if len(self._times) >= TIMES_MAX:
                    self._times.clear()
                self._times[start] = at
        return at

    def _message(self, frame: Frame, place: tuple[int, int, int, int], chunk: Chunk) -> int:
        if frame.cn in INTERACTION:
            return 0
        if not _CN.fullmatch(frame.cn):
            return Verdict.UNREADABLE
        received_at, batch, point, ordinal = place
        at = self._moment(frame)
        chunk.messages.append(
            Message(point, frame.cn, received_at if at is None else at, received_at, batch,
                    ordinal, dict(content(frame)))
        )  # fmt: skip
        return 0


def content(frame: Frame) -> Iterator[tuple[str, str]]:
    """Keys and values of a frame as they were sent; NUL, which no text column holds, as U+FFFD."""
    yield from ((clean(key), clean(value)) for key, value in frame.params.items())
    for factor, attributes in frame.data.items():
        yield from ((clean(f"{factor}-{key}"), clean(text)) for key, text in attributes.items())


def clean(text: str) -> str:
    return text.replace("\0", "\ufffd")


def scaled(plan: Plan, columns: Columns) -> Columns:
    """The columns of numbers in the units in which they are stored.

    Multiplied as decimals: 12.3 µg/L are stored as 0.0123 mg/L, not as 0.012300000000000002.
    """

    def in_units(column: Values) -> Values:
        numbers = list(column)
        for place, scale in plan.scales:
            number = numbers[place]
            if number is not None:
                numbers[place] = float(Decimal(repr(number)) * scale)
        return numbers

    _, values, minima, maxima, totals, *_ = columns
    return columns._replace(
        values=in_units(values),
        minima=minima and in_units(minima),
        maxima=maxima and in_units(maxima),
        totals=totals and in_units(totals),
    )


def refused(batch: int, ordinal: int, entry: Entry, verdict: int) -> Refused:
    """The quarantine row of an entry. Whose it claims to be is told if that can be read."""
    found = parse(entry.raw)
    frame = found if isinstance(found, Frame) else found.frame
    known = verdict in Verdict.values
    return Refused(
        batch, ordinal, entry.received_at_us, clean(entry.peer)[:_PEER_MAX],
        Verdict(verdict).reason if known else f"verdict_{verdict}",
        clean(frame.mn)[:_MN_MAX] if frame else "", entry.raw,
    )  # fmt: skip
