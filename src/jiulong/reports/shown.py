"""The blocks of a document as a page shows them: the same words, numbers with their links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from jiulong.documents import Block, Cell, Facts, Figure, Paragraph, Table, drawn


@dataclass(frozen=True, slots=True)
class PageCell:
    """A cell for a template: its column's name for phones, whether it is a number."""

    text: str
    link: str
    numeric: bool
    label: str


@dataclass(frozen=True, slots=True)
class PageBlock:
    """What a template needs of a block; `kind` says which."""

    kind: str
    of: Any = None
    rows: Sequence[Sequence[PageCell]] = ()
    heads: Sequence[PageCell] = ()
    svg: SafeString | str = ""


def page_blocks(blocks: Sequence[Block]) -> list[PageBlock]:
    """Paragraphs, facts, figures and tables; an account has no others between its headings."""
    return [found for one in blocks if (found := _block(one)) is not None]


def _block(block: Block) -> PageBlock | None:
    match block:
        case Paragraph():
            return PageBlock("paragraph", block)
        case Facts():
            pairs = [[_cell(label, False, ""), _cell(v, False, "")] for label, v in block.pairs]
            return PageBlock("facts", block, pairs)
        case Figure():
            # Our own drawing: every word in it went through its escaping.
            return PageBlock("figure", block, svg=mark_safe(drawn(block.drawing)))  # noqa: S308
        case Table():
            return _table(block)
        case _:
            return None


def _table(block: Table) -> PageBlock:
    sides = [*block.align, *["left"] * (len(block.head) - len(block.align))]
    numeric = [side == "right" for side in sides]
    heads = [_cell(head, n, "") for head, n in zip(block.head, numeric, strict=True)]
    labels = [head.text for head in heads]
    rows = [
        [_cell(cell, n, label) for cell, n, label in zip(row, numeric, labels, strict=True)]
        for row in block.rows
    ]
    return PageBlock("table", block, rows, heads)


def _cell(cell: str | Cell, numeric: bool, label: str) -> PageCell:
    if isinstance(cell, Cell):
        return PageCell(cell.text, cell.link, numeric, label)
    return PageCell(cell, "", numeric, label)
