"""What a section of an account is: it counts into plain data, and tells that data as blocks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language

from jiulong.documents import Block, Cell
from jiulong.documents.blocks import Align
from jiulong.reports import days, rates
from jiulong.reports.scope import Scope
from jiulong.reports.spans import Span

#: Counted figures: JSON, numbers as text, names as they were.
Data = dict[str, Any]
#: What stands in a table or a list of facts: words, or a number with the way to its rows.
Words = str | Cell
Row = list[Words]
Pair = tuple[str, Words]


def aligned(words: int, numbers: int) -> list[Align]:
    """Columns of words to the left, columns of numbers to the right."""
    left: Align = "left"
    right: Align = "right"
    return [left] * words + [right] * numbers


class Counting:
    """One account being counted: what several sections need is asked once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    @cached_property
    def series(self) -> list[days.Series]:
        """Factors of the outfalls' points."""
        found = days.series(self.scope)
        span = self.scope.span
        self.scope.note(
            "data",
            "days",
            days.size(found),
            table="validity.daystatistic",
            points=len(self.scope.effluents),
            first=span.first,
            last=span.last,
        )
        return found

    @cached_property
    def pieces(self) -> list[days.Piece]:
        return days.pieces(self.scope)

    @cached_property
    def outfalls(self) -> dict[int, tuple[int, int]]:
        return days.outfalls(self.scope)

    @cached_property
    def counts(self) -> dict[int, rates.Counts]:
        return rates.by_point(self.scope)


@dataclass(frozen=True)
class Shown:
    """How data are told: of which time, and where the rows of a number are."""

    span: Span
    #: kind of rows and filters → address; "" where nothing is to be linked, as on paper.
    link: Callable[..., str] = lambda _kind, **_filters: ""

    @property
    def english(self) -> bool:
        return (get_language() or "").startswith("en")

    def named(self, row: Mapping[str, Any], key: str = "name") -> str:
        """A name that content keeps in both languages."""
        return str((self.english and row.get(f"{key}_en")) or row.get(key) or "–")

    def cell(self, text: object, kind: str = "", /, **filters: Any) -> Cell:
        """A number with the way to its rows."""
        return Cell(str(text), link=self.link(kind, **filters) if kind else "")


@dataclass(frozen=True)
class Section:
    """A chapter. `key` names it in content, texts and sources."""

    key: str
    title: str | Promise
    count: Callable[[Counting], Data]
    blocks: Callable[[Data, Shown], Sequence[Block]]
