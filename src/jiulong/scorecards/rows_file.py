"""Observations from and to a CSV file: `subject,group,indicator,period,value`, `ref` if one likes.

Nothing is guessed: a line that cannot be understood is told by its number, and no result is given.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiulong.scorecards.engine.numbers import exact_text
from jiulong.scorecards.engine.observations import (
    MOST_FAULTS,
    Observations,
    ObservationsError,
    Row,
    wrong,
)

COLUMNS: Final = ("subject", "group", "indicator", "period", "value")
REF: Final = "ref"
#: Five years of 60 indicators of 400 subjects are 1.5 million rows of some 60 bytes.
MOST_BYTES: Final = 256 * 1024 * 1024
NUMBER: Final = re.compile(r"[+-]?(\d{1,25}(\.\d{0,25})?|\.\d{1,25})([eE][+-]?\d{1,2})?", re.ASCII)
_SHOWN: Final = 60


class Fault(NamedTuple):
    """What is wrong with a line."""

    line: int
    message: str


class UnreadableError(Exception):
    """The file or some of its lines cannot be understood; `faults` in order of lines."""

    def __init__(self, name: str, faults: Sequence[Fault], more: int = 0) -> None:
        self.faults = sorted(faults)
        told = [f"{name}:{fault.line}: {printable(fault.message)}" for fault in self.faults]
        if more:
            told.append(_("… and %(count)d more lines are wrong") % {"count": more})
        super().__init__("\n".join(told))


def read(body: bytes, name: str) -> Observations:
    """The observations of a file; `name` stands before the line in what is wrong.

    Raises:
        UnreadableError: it is no UTF-8 CSV of ours, or lines of it are wrong.
    """
    rows: list[Row] = []
    faults: list[Fault] = []
    for line, record in _records(_decoded(body, name), name):
        found = _row(record, line)
        if isinstance(found, Row):
            rows.append(found)
        else:
            faults.append(Fault(line, found))
    if faults:
        raise UnreadableError(name, faults[:MOST_FAULTS], len(faults[MOST_FAULTS:]))
    if not rows:
        raise UnreadableError(name, [Fault(1, _("there is no line beneath the head"))])
    try:
        return Observations.of(rows)
    except ObservationsError as error:
        raise refused(name, error) from error


def refused(name: str, error: ObservationsError) -> UnreadableError:
    """What the engine says of rows, at the lines of the file."""
    language = language_of_engine()
    faults = [Fault(fault.line, fault.refusal.text(language)) for fault in error.faults]
    return UnreadableError(name, faults, error.more)


def language_of_engine() -> str:
    """The active language as the engine names it."""
    return "zh" if (get_language() or "zh").startswith("zh") else "en"


def written(rows: Iterable[Row]) -> str:
    """The rows as such a file, for a recount elsewhere."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*COLUMNS, REF])
    for row in rows:
        writer.writerow([*row[:4], exact_text(row.value), row.ref])
    return out.getvalue()


def printable(text: str) -> str:
    """The text without what would play with a terminal."""
    return "".join(one if one.isprintable() else ascii(one)[1:-1] for one in text[:400])


def _decoded(body: bytes, name: str) -> str:
    if len(body) > MOST_BYTES:
        told = _("%(size)d bytes; expected at most %(most)d")
        raise UnreadableError(name, [Fault(1, told % {"size": len(body), "most": MOST_BYTES})])
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        told = _("not UTF-8 (GBK, perhaps); save it as “CSV UTF-8”")
        raise UnreadableError(name, [Fault(line, told)]) from error


def _records(text: str, name: str) -> Iterator[tuple[int, dict[str, str] | str]]:
    """Line and fields of each line that is not blank; in place of fields what is wrong."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    head: list[str] | None = None
    line = 1
    while True:
        try:
            record = next(reader, None)
        except csv.Error as error:
            told = _("this is no CSV: %(error)s") % {"error": error}
            raise UnreadableError(name, [Fault(line, told)]) from error
        if record is None:
            break
        if any(word.strip() for word in record):
            if head is None:
                head = _head(record, name, line)
            else:
                yield line, _fields(head, record)
        line = reader.line_num + 1
    if head is None:
        raise UnreadableError(name, [Fault(1, _("the file is empty"))])


def _head(record: list[str], name: str, line: int) -> list[str]:
    head = [word.strip().casefold() for word in record]
    known = (*COLUMNS, REF)
    faults = [_("there is no column “%s”") % word for word in COLUMNS if word not in head]
    faults += [
        _("the column “%(name)s” is unknown; known are %(known)s")
        % {"name": word, "known": ", ".join(known)}
        for word in head
        if word not in known
    ]
    faults += [
        _("the column “%s” stands there twice") % one for one in known if head.count(one) > 1
    ]
    if faults:
        raise UnreadableError(name, [Fault(line, told) for told in faults])
    return head


def _fields(head: list[str], record: list[str]) -> dict[str, str] | str:
    if len(record) != len(head):
        told = _("%(found)d fields where the head has %(expected)d")
        return told % {"found": len(record), "expected": len(head)}
    return dict(zip(head, (word.strip() for word in record), strict=True))


def _row(record: dict[str, str] | str, line: int) -> Row | str:
    """The row, or what is wrong with it."""
    if isinstance(record, str):
        return record
    text = record["value"]
    if not text:
        return _("no value; leave the line out where nothing is known")
    if not NUMBER.fullmatch(text):
        return _("value “%s” is no number") % text[:_SHOWN]
    row = Row(
        subject=record["subject"],
        group=record["group"],
        indicator=record["indicator"],
        period=record["period"],
        value=Decimal(text),
        ref=record.get(REF, ""),
        line=line,
    )
    refusal = wrong(row)
    return row if refusal is None else refusal.text(language_of_engine())
