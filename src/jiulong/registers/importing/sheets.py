"""Reading .xlsx and .csv that somebody hands in. Nothing in them is trusted, nothing is run."""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, time
from typing import Any, Final

import orjson
from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from jiulong.registers.values import plain

ROWS_MAX: Final = 20_000
FILE_MAX_MB: Final = 20
#: A sheet of 20,000 rows and 60 columns unpacks to about 100 MB of XML.
UNPACKED_MAX: Final = 200 * 1024 * 1024
#: A longer cell is no value of any field.
CELL_MAX: Final = 32_767
COLUMNS_MAX: Final = 200
#: Titles may stand above the head line.
HEAD_WITHIN: Final = 10
MERGED: Final = re.compile(rb'<mergeCell ref="([A-Z]{1,3}[0-9]{1,7}:[A-Z]{1,3}[0-9]{1,7})"')
MERGED_SHOWN: Final = 20
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"
EXAMPLE: Final = ("示例", "example")
ERRORS: Final = frozenset(
    {"错误", "Errors", "错误（导入时忽略）", "Errors (ignored by the import)"}
)


class UnreadableError(ValueError):
    """The file as a whole cannot be read; the text tells why and what to do."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and where it stands ("C17"). `formula`: there is a formula instead."""

    at: str
    value: Any
    formula: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """Heads with their column letters, then rows by number; merged ranges; row of the heads."""

    heads: list[tuple[str, str]]
    rows: list[tuple[int, dict[str, Cell]]]  # cells by column letter
    merged: list[str]
    head_row: int


def read(content: bytes, known: Iterable[str]) -> Sheet:
    """The first visible sheet of a workbook, or a .csv.

    Args:
        known: what heads may be; the line with most of them is the head line.

    Raises:
        UnreadableError: neither, too large, too many rows, or no head line.
    """
    if content.startswith(PACKED):
        return _unpacked(content)
    if len(content) > FILE_MAX_MB * 1024 * 1024:
        raise UnreadableError(_("The file is larger than %(most)d MB.") % {"most": FILE_MAX_MB})
    if content.startswith(OLD_EXCEL):
        told = _("This is an old .xls or a protected workbook. Save it as .xlsx without password.")
        raise UnreadableError(told)
    if content.startswith(b"PK"):
        lines, merged = _workbook(content)
    else:
        lines, merged = _text(content), []
    return _sheet(lines, merged, set(known))


#: Stands before a sheet that was read once and kept so.
PACKED: Final = b"jiulong-sheet\x00"


def pack(sheet: Sheet) -> bytes:
    """The sheet for `read` to take again, many times faster than from the workbook."""
    rows = [(number, [(letter, cell.value, cell.formula) for letter, cell in cells.items()])
            for number, cells in sheet.rows]  # fmt: skip
    told = {**asdict(replace(sheet, rows=[])), "rows": rows}
    return PACKED + zlib.compress(orjson.dumps(told), 1)


def _unpacked(content: bytes) -> Sheet:
    told = orjson.loads(zlib.decompress(content.removeprefix(PACKED)))
    rows = [
        (
            number,
            {letter: Cell(f"{letter}{number}", value, formula) for letter, value, formula in cells},
        )
        for number, cells in told["rows"]
    ]
    heads = [(letter, head) for letter, head in told["heads"]]
    return Sheet(heads, rows, told["merged"], told["head_row"])


def _sheet(lines: Iterable[tuple[int, list[Cell]]], merged: list[str], known: set[str]) -> Sheet:
    held: list[tuple[int, list[Cell]]] = []
    rows: list[tuple[int, dict[str, Cell]]] = []
    for number, cells in lines:
        if not any(cell.value not in (None, "") for cell in cells):
            continue
        if len(held) < HEAD_WITHIN and number <= HEAD_WITHIN:
            held.append((number, cells))
        else:
            rows.append((number, _by_letter(cells)))
        if len(rows) > ROWS_MAX + HEAD_WITHIN:
            break
    head = max(held, key=lambda line: _hits(line[1], known), default=None)
    if head is None or not _hits(head[1], known):
        told = _("No line of heads was found. Use the heads of the template.")
        raise UnreadableError(told)
    rows = [(number, _by_letter(cells)) for number, cells in held if number > head[0]] + rows
    rows = [row for row in rows if not _is_example(row[1])]
    if len(rows) > ROWS_MAX:
        raise UnreadableError(_("More than %(most)d rows. Split the sheet.") % {"most": ROWS_MAX})
    heads = [(_letters(cell.at), _head(cell.value)) for cell in head[1] if _head(cell.value)]
    first = head[0] + 1
    return Sheet(heads, rows, [ref for ref in merged if _row_of(ref) >= first], head[0])


def _hits(cells: Sequence[Cell], known: set[str]) -> int:
    return len({_head(cell.value) for cell in cells} & known)


def _head(value: Any) -> str:
    """A head without the star of required ones and without blanks."""
    return "".join(str(value or "").split()).strip("*＊").replace("（", "(").replace("）", ")")


def clean_head(text: str) -> str:
    """A head as it is compared."""
    return _head(text)


def _by_letter(cells: Sequence[Cell]) -> dict[str, Cell]:
    return {_letters(cell.at): cell for cell in cells if cell.value not in (None, "")}


def _letters(at: str) -> str:
    return at.rstrip("0123456789")


def _row_of(ref: str) -> int:
    return int(ref.partition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _is_example(cells: dict[str, Cell]) -> bool:
    first = next(iter(cells.values()), None)
    return first is not None and str(first.value).lower().startswith(EXAMPLE)


# -- .csv --------------------------------------------------------------------------------------


def _text(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    text = _decoded(content)
    delimiter = "\t" if "\t" in text.partition("\n")[0] else ","
    try:
        for number, line in enumerate(csv.reader(io.StringIO(text), delimiter=delimiter), 1):
            yield (
                number,
                [
                    Cell(f"{get_column_letter(place)}{number}", _unquoted(value))
                    for place, value in enumerate(line[:COLUMNS_MAX], 1)
                ],
            )
    except csv.Error as error:
        raise UnreadableError(_("This is no table: %(error)s") % {"error": error}) from error


def _decoded(content: bytes) -> str:
    if b"\x00" in content[:4096]:
        raise UnreadableError(_("This is neither .xlsx nor .csv."))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError(_("The text is neither UTF-8 nor GB 18030."))


def _unquoted(value: str) -> str:
    """Our own files put a ' before what a spreadsheet would run."""
    return value[1:] if len(value) > 1 and value[0] == "'" and value[1] in "=+-@" else value


# -- .xlsx -------------------------------------------------------------------------------------


def _workbook(content: bytes) -> tuple[Iterator[tuple[int, list[Cell]]], list[str]]:
    _check_archive(content)
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False,
                             keep_links=False)  # fmt: skip
        sheet = next((one for one in book.worksheets if one.sheet_state == "visible"), None)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, TypeError, OSError,
            SyntaxError, AttributeError, IndexError) as error:  # fmt: skip
        raise UnreadableError(_("This workbook is damaged; save it again.")) from error
    if sheet is None:
        raise UnreadableError(_("Every sheet of this workbook is hidden."))
    sheet.reset_dimensions()  # what the file says of its size is not to be believed
    return _lines(sheet), _merged(content, sheet)


def _check_archive(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            infos = archive.infolist()
            names = {info.filename for info in infos}
            unpacked = sum(info.file_size for info in infos)
            for info in infos:
                if info.filename.endswith((".xml", ".rels")) and info.file_size:
                    with archive.open(info) as part:
                        if b"<!DOCTYPE" in part.read(2048):
                            raise UnreadableError(_("This workbook is damaged; save it again."))
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError) as error:
        raise UnreadableError(_("This workbook is damaged; save it again.")) from error
    if "xl/workbook.xml" not in names:
        raise UnreadableError(_("This is no .xlsx workbook."))
    if unpacked > UNPACKED_MAX:
        raise UnreadableError(_("This workbook unpacks to more than a sheet can be."))


def _lines(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    try:
        for number, line in enumerate(sheet.iter_rows(max_col=COLUMNS_MAX), 1):
            yield number, [_cell(cell) for cell in line if cell.value is not None]
            if number > 10 * ROWS_MAX:
                break
    except (zipfile.BadZipFile, ValueError, TypeError, KeyError, SyntaxError, OSError,
            EOFError) as error:  # fmt: skip
        raise UnreadableError(_("This workbook is damaged; save it again.")) from error


def _cell(cell: Any) -> Cell:
    value = cell.value
    if isinstance(value, str) and len(value) > CELL_MAX:
        value = value[: CELL_MAX + 1]
    elif isinstance(value, date | time):
        value = plain(value)
    formula = cell.data_type == "f"
    if isinstance(value, str) and not formula:
        value = _unquoted(value)
    return Cell(cell.coordinate, value, formula)


def _merged(content: bytes, sheet: Any) -> list[str]:
    """Merged ranges; openpyxl's reader of large sheets does not tell them."""
    path = sheet._worksheet_path.lstrip("/")  # noqa: SLF001 - where it reads from
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        try:
            text = archive.read(path)
        except (KeyError, zipfile.BadZipFile, OSError, EOFError):
            return []
    tail = text[text.rfind(b"</sheetData>") :]
    return [ref.decode() for ref in MERGED.findall(tail)[:MERGED_SHOWN]]
