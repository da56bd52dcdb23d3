"""Hours of anybody from a CSV file: `time,factor,value,flow,flag`; `unit`, `reasons` if one likes.

Read twice: once to see where each day ends, once to check every line and give the days one by one.
So a sorted file of any length needs the memory of one day. Nothing is guessed: a line that cannot
be understood is told by its number, and no result is given.
"""

from __future__ import annotations

import codecs
import contextlib
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

import hj212
from jiulong.validity.engine.means import LOCAL
from jiulong.validity.engine.model import Hour
from jiulong.validity.engine.numbers import quotient
from jiulong.validity.engine.rules import FLOW, REASONS, in_order

COLUMNS: Final = ("time", "factor", "value", "flow", "flag")
UNIT: Final = "unit"
#: What speaks against the hour beside its flag, codes of `rules.REASONS` with spaces between.
SAID: Final = "reasons"
OPTIONAL: Final = (UNIT, SAID)
OF_REASONS: Final = frozenset(REASONS) - {"flow_zero", "missing"}  # those follow from the numbers
#: So many faults are told with their lines; the others are counted.
MOST_FAULTS: Final = 50
#: Online monitoring is younger, and Shanghai has had no daylight saving since.
FIRST_YEAR: Final = 1992
LAST_YEAR: Final = 2199
#: A wrong year must not fill the result with a century of missing days.
MOST_DAYS: Final = 366 * 40
#: Before and after the point. Products of two such numbers are exact.
MOST_DIGITS: Final = 12
NUMBER: Final = re.compile(r"[+-]?(\d{1,25}(\.\d{0,25})?|\.\d{1,25})([eE][+-]?\d{1,2})?", re.ASCII)
#: `2026-08-01T02:00`, seconds and offset if one likes.
TIME: Final = re.compile(
    r"\d{4}-?\d\d-?\d\d[T ]\d\d(:?\d\d(:?\d\d(\.\d+)?)?)?(Z|[+-]\d\d(:?\d\d)?)?", re.ASCII
)
FLAGS: Final = frozenset({"", ".", *hj212.FLAGS, "P"})
SECONDS_A_DAY: Final = 86400
HOURS_A_DAY: Final = 24
LITRES: Final = 1000
ONE: Final = Decimal(1)
CHUNK: Final = 1 << 20
#: Key of a record that has too few or too many fields: what is wrong with it.
WRONG: Final = ""

#: What people write for a code of HJ 212.
NAMES: Final = {
    "cod": "w01018", "codcr": "w01018", "nh3-n": "w21003", "nh3n": "w21003", "tp": "w21011",
    "tn": "w21001", "ph": "w01001", "ss": "w01012", "flow": "w00000", "temperature": "w01010",
    **{one.zh.casefold(): one.code for one in hj212.FACTORS.values()},
    **{one.en.casefold(): one.code for one in hj212.FACTORS.values()},
}  # fmt: skip
#: The rules speak of the codes of 2017.
BY_OLD_CODE: Final = {one.old_code: one.code for one in hj212.FACTORS.values() if one.old_code}
#: What a value is multiplied by to get mg/L.
UNITS: Final = {
    "mg/l": Decimal(1),
    **dict.fromkeys(("µg/l", "μg/l", "ug/l"), Decimal("0.001")),
    "ng/l": Decimal("0.000001"),
}
MASS: Final = tuple(hj212.factors.TO_MG_PER_L)


class Fault(NamedTuple):
    """What is wrong with a line."""

    line: int
    message: str


class UnreadableError(Exception):
    """The file or some of its lines cannot be understood; `faults` in order of lines."""

    def __init__(self, name: str, faults: Sequence[Fault], more: int = 0) -> None:
        self.faults = faults
        told = [f"{name}:{fault.line}: {_printable(fault.message)}" for fault in faults]
        if more:
            told.append(_("… and %(count)d more lines are wrong") % {"count": more})
        super().__init__("\n".join(told))


def _printable(text: str) -> str:
    """The text without what would play with a terminal."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text[:400])


class _WrongLineError(Exception):
    pass


class Named(NamedTuple):
    """What stands in the column `factor`."""

    label: str  # as it is told in results: the code of HJ 212 in its own letters, else as written
    code: str  # by which the rules know it
    unit: str  # of its values where no column says otherwise


class Row(NamedTuple):
    """One line of the file. Numbers in mg/L (flow itself and `flow`: m³)."""

    at: datetime  # UTC
    factor: Named
    value: Decimal | None
    flow: Decimal | None
    flag: str
    reasons: tuple[str, ...]
    line: int


@dataclass
class Batch:
    """The hours of one factor in one local day, by time."""

    on: date
    label: str
    code: str
    hours: list[Hour]


Key = tuple[str, date]


@dataclass
class HoursFile:
    """A file of hours.

    Args:
        path: where it lies; it is read twice.
        name: what it is called in messages.
        per_day: how many values a day has; with 24 or fewer they must begin at full hours.
    """

    path: Path
    name: str
    per_day: int = 24
    #: Labels whose values were not in mg/L by their code alone: label → unit.
    converted: dict[str, str] = field(default_factory=dict)
    #: Names that are no factor of HJ 212: read as mg/L.
    unknown: set[str] = field(default_factory=set)
    _factors: dict[str, Named] = field(default_factory=dict)

    def batches(self) -> Iterator[Batch]:
        """Each factor's days, in the order in which they end in the file.

        Raises:
            UnreadableError: at the end, for every line that is wrong.
        """
        encoding = _encoding(self.path, self.name)
        ends = self._ends(encoding)
        open_days: dict[Key, dict[datetime, Row]] = {}
        faults: list[Fault] = []
        wrong = 0
        for line, record in self._records(encoding):
            try:
                row = self._row(record, line)
                key = (row.factor.label, row.at.astimezone(LOCAL).date())
                _enter(open_days.setdefault(key, {}), row)
            except _WrongLineError as error:
                wrong += 1
                if wrong <= MOST_FAULTS:
                    faults.append(Fault(line, str(error)))
                continue
            if ends.get(key) == line and not faults:
                yield _batch(key, open_days.pop(key))
        if faults:
            raise UnreadableError(self.name, faults, wrong - len(faults))

    def _ends(self, encoding: str) -> dict[Key, int]:
        """The last line of each factor's day; lines that are wrong are told later."""
        ends: dict[Key, int] = {}
        for line, record in self._records(encoding):
            with contextlib.suppress(_WrongLineError):
                factor = self._factor(record["factor"])
                ends[factor.label, _time(record["time"]).astimezone(LOCAL).date()] = line
        _not_too_long(self.name, ends)
        return ends

    def _records(self, encoding: str) -> Iterator[tuple[int, dict[str, str]]]:
        """Line number and fields of each record that has as many fields as the head."""
        with self.path.open(encoding=encoding, newline="") as file:
            reader = csv.reader(file, strict=True)
            line, head = 1, None
            while True:
                try:
                    record = next(reader, None)
                except csv.Error as error:
                    told = _("this is no CSV: %(error)s") % {"error": error}
                    raise UnreadableError(self.name, [Fault(line, told)]) from error
                if record is None:
                    break
                if head is None:
                    head = _head(record, self.name)
                elif record:
                    yield line, _fields(head, record)
                line = reader.line_num + 1
        if head is None:
            raise UnreadableError(self.name, [Fault(1, _("the file is empty"))])

    def _factor(self, text: str) -> Named:
        found = self._factors.get(text)
        if found is None:
            found = self._factors[text] = _named(text)
            if not hj212.factor(found.code):
                self.unknown.add(found.label)
        return found

    def _row(self, record: dict[str, str], line: int) -> Row:
        if WRONG in record:
            raise _WrongLineError(record[WRONG])
        factor = self._factor(record["factor"])
        flow = _number(record["flow"], "flow")
        if flow is not None and flow < 0:
            told = _("flow %(flow)s is less than 0; it is the m³ discharged in that hour")
            raise _WrongLineError(told % {"flow": record["flow"]})
        return Row(
            at=_full(_time(record["time"]), record["time"], self.per_day),
            factor=factor,
            value=self._value(record, factor, flow),
            flow=flow,
            flag=_flag(record["flag"]),
            reasons=_reasons(record.get(SAID, "")),
            line=line,
        )

    def _value(self, record: dict[str, str], factor: Named, flow: Decimal | None) -> Decimal | None:
        """The value in mg/L, flow itself in m³ of its interval."""
        value = _number(record["value"], "value")
        if value is None:
            return None
        if factor.code in FLOW:
            return flow if flow is not None else _volume(value, self.per_day)
        unit = record.get(UNIT) or factor.unit
        scale = UNITS.get(unit.casefold()) if unit != factor.unit or unit in MASS else ONE
        if scale is None:
            told = _("unit “%(unit)s” is unknown; known are %(known)s")
            known = ", ".join(dict.fromkeys([factor.unit, *MASS]))
            raise _WrongLineError(told % {"unit": unit, "known": known})
        if unit != hj212.factors.MG and unit in MASS:
            self.converted[factor.label] = unit
        return value * scale


def _encoding(path: Path, name: str) -> str:
    """UTF-8 with or without BOM, UTF-16 with BOM, else GB 18030, which holds GBK."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(CHUNK):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    told = _("this is neither UTF-8 nor GBK text; save it as CSV in UTF-8")
    raise UnreadableError(name, [Fault(1, told)])


def _head(record: list[str], name: str) -> list[str]:
    head = [word.strip().casefold() for word in record]
    faults = [_("there is no column “%s”") % word for word in COLUMNS if word not in head]
    faults += [
        _("the column “%(name)s” is unknown; known are %(known)s")
        % {"name": word, "known": ", ".join((*COLUMNS, *OPTIONAL))}
        for word in head
        if word not in (*COLUMNS, *OPTIONAL)
    ]
    faults += [
        _("the column “%s” stands there twice") % word
        for word in (*COLUMNS, *OPTIONAL)
        if head.count(word) > 1
    ]
    if faults:
        raise UnreadableError(name, [Fault(1, told) for told in faults])
    return head


def _fields(head: list[str], record: list[str]) -> dict[str, str]:
    fields = dict(zip(head, (word.strip() for word in record), strict=False))
    if len(record) == len(head):
        return fields
    told = _("%(found)d fields where the head has %(expected)d")
    wrong = told % {"found": len(record), "expected": len(head)}
    return {**dict.fromkeys(head, ""), **fields, WRONG: wrong}


def _named(text: str) -> Named:
    if not text:
        raise _WrongLineError(_("no factor is given"))
    known = hj212.factor(text) or hj212.factor(NAMES.get(text.casefold(), ""))
    if known is None:
        return Named(text, text, hj212.factors.MG)
    head, mark, channel = text.partition("#")
    by_code = known.code.casefold() == head.casefold()
    unit = known.unit
    if known.to_mg_per_l and not by_code:
        unit = hj212.factors.MG  # who writes a name thinks of the limit's unit
    code = BY_OLD_CODE.get(known.code, known.code) + mark + channel
    return Named(known.code + mark + channel if by_code else text, code, unit)


def _time(text: str) -> datetime:
    """UTC. Without an offset it is the time of Asia/Shanghai."""
    try:
        at = datetime.fromisoformat(text if TIME.fullmatch(text) else "")
        at = (at if at.tzinfo else at.replace(tzinfo=LOCAL)).astimezone(UTC)
    except (ValueError, OverflowError):
        told = _("time “%s” cannot be read; expected as 2026-08-01T02:00:00") % text
        raise _WrongLineError(told) from None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise _WrongLineError(_("time “%s” lies outside of 1992 to 2199") % text)
    return at


def _full(at: datetime, text: str, per_day: int) -> datetime:
    if per_day <= HOURS_A_DAY and (at.minute or at.second or at.microsecond):
        raise _WrongLineError(_("time “%s” is no full hour, the start of the hour") % text)
    return at


def _number(text: str, column: str) -> Decimal | None:
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        told = _("%(column)s “%(text)s” is no number")
        raise _WrongLineError(told % {"column": column, "text": text})
    number = Decimal(text)
    if number.adjusted() > MOST_DIGITS or number.as_tuple().exponent < -MOST_DIGITS:  # type: ignore[operator]
        told = _("%(column)s “%(text)s” has more digits than anything that is measured")
        raise _WrongLineError(told % {"column": column, "text": text})
    return number


def _flag(text: str) -> str:
    flag = text.upper()
    if flag not in FLAGS:
        known = " ".join(sorted(FLAGS - {""}))
        told = _("flag “%(flag)s” is none of HJ 212: %(known)s")
        raise _WrongLineError(told % {"flag": text, "known": known})
    return flag


def _reasons(text: str) -> tuple[str, ...]:
    found = set(text.split())
    if unknown := sorted(found - OF_REASONS):
        told = _("reason “%(reason)s” is unknown; known are %(known)s")
        known = ", ".join(in_order(OF_REASONS))
        raise _WrongLineError(told % {"reason": unknown[0], "known": known})
    return in_order(found)


def _volume(litres_per_second: Decimal, per_day: int) -> Decimal:
    """m³ of one interval. HJ 212-2017 table B.1 gives flow in L/s."""
    return quotient(litres_per_second * SECONDS_A_DAY, LITRES * per_day)


def _enter(day: dict[datetime, Row], row: Row) -> None:
    """The same said twice counts once; two things said of one time are told."""
    before = day.setdefault(row.at, row)
    if before is not row and before[2:6] != row[2:6]:
        told = _("contradicts line %(line)d, which has the same time and factor")
        raise _WrongLineError(told % {"line": before.line})


def _batch(key: Key, rows: dict[datetime, Row]) -> Batch:
    hours = [
        Hour(at, row.value, row.flow, row.flag, row.reasons) for at, row in sorted(rows.items())
    ]
    code = next(iter(rows.values())).factor.code
    return Batch(key[1], key[0], code, hours)


def _not_too_long(name: str, ends: dict[Key, int]) -> None:
    if not ends:
        return
    first, last = min(ends, key=lambda key: key[1]), max(ends, key=lambda key: key[1])
    if (last[1] - first[1]).days > MOST_DAYS:
        told = _("more than 40 years lie between %(first)s (line %(line)d) and %(last)s")
        parts = {"first": first[1], "line": ends[first], "last": last[1]}
        raise UnreadableError(name, [Fault(ends[last], told % parts)])
