"""What a document is made of. Plain data: texts as they are to be read, measures in millimetres."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from jiulong.documents.charts import Drawing

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Heading:
    """Level 1 to 3; numbering (一、（一）1.) is part of the text, as official papers write it."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Text; line breaks are kept. `indent`: two characters, the way of official papers."""

    text: str
    align: Literal["left", "center", "right", "justify"] = "justify"
    indent: bool = True
    bold: bool = False
    small: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, ruled; `columns` pairs beside each other."""

    pairs: Sequence[tuple[str, str | Cell]]
    columns: int = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is more than its text; `span` columns wide.

    `link`: where its rows are, for a page that shows the same blocks; paper has no use for it.
    """

    text: str
    bold: bool = False
    align: Align | None = None
    span: int = 1
    shaded: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table; its head stands on every page. `widths`: shares of the line, not millimetres.

    `over`: a row above the head that names groups of columns; its spans add up to the columns.
    """

    head: Sequence[str | Cell]
    rows: Sequence[Sequence[str | Cell]]
    widths: Sequence[float] = ()
    align: Sequence[Align] = ()
    caption: str = ""
    note: str = ""
    over: Sequence[Cell] = ()

    def __post_init__(self) -> None:
        """A row that is too short or too long would shift all that follows.

        Raises:
            ValueError: widths or a row do not fit the head.
        """
        count = len(self.head)
        if self.widths and len(self.widths) != count:
            raise ValueError(f"{len(self.widths)} widths for {count} columns")
        for row in (*([self.over] if self.over else []), *self.rows):
            wide = sum(cell.span if isinstance(cell, Cell) else 1 for cell in row)
            if wide != count:
                raise ValueError(f"a row of {wide} in a table of {count} columns: {row!r}")


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing made from numbers, see `jiulong.documents.charts`."""

    drawing: Drawing
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG: a code, a photograph, a signature."""

    png: bytes = field(repr=False)
    width_mm: float = 40
    caption: str = ""
    align: Align = "center"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a page; `landscape` turns the pages up to the next such break."""

    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Signatures:
    """Lines to sign on: what is signed as, and the name where somebody has signed in the system."""

    lines: Sequence[tuple[str, str]]
    per_row: int = 2


@dataclass(frozen=True, slots=True)
class Columns:
    """Two sides by side; `share` is the left one's part of the line."""

    left: Sequence[Block]
    right: Sequence[Block]
    share: float = 0.5


Block = Heading | Paragraph | Facts | Table | Figure | Picture | PageBreak | Signatures | Columns


@dataclass(frozen=True, slots=True)
class Document:
    """One paper. `form` sets it small for forms, run sheets and ledgers; else GB/T 9704-2012.

    `number` stands under the title (漳环监〔2026〕3号), `mark` across every page (a draft's),
    `footer` beside the page number (the seal's short hash). `made_at` is told by the file itself.
    """

    title: str
    blocks: Sequence[Block]
    subtitle: str = ""
    number: str = ""
    footer: str = ""
    mark: str = ""
    form: bool = False
    landscape: bool = False
    language: Literal["zh", "en"] = "zh"
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Official(Document):
    """An official paper with a red head: 发文机关标志, number, red line, and the 版记 at its end.

    Where each stands says GB/T 9704-2012, 7.2 to 7.4. `copies` (抄送) may be empty; who printed it
    (`printed_by`) and when (`printed_on`) stand in the last line.
    """

    head: str = ""
    copies: str = ""
    printed_by: str = ""
    printed_on: str = ""
