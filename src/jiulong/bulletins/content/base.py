"""The text of a bulletin as data; figures are marks `[[q1]]` that name their quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from jiulong.bulletins import sources
from jiulong.bulletins.content.figures import figures

MARK: Final = re.compile(r"\[\[(q[0-9]{1,4})\]\]")
#: Stands for a quoted figure, so that what is before and after it does not become one number.
QUOTED: Final = "\ufffc"


@dataclass(frozen=True, slots=True)
class Quoted:
    """One figure: as printed, whose it is in words, where it was read, and the digest of that."""

    key: str
    text: str
    what: str
    label: str
    pk: str
    field: str
    value: str
    digest: str


@dataclass(slots=True)
class Pen:
    """Writes figures: each gets a mark, and stands in `quotes`. The same figure has one mark."""

    at: datetime
    quotes: list[Quoted] = field(default_factory=list)
    _known: dict[tuple[str, str, str, str], str] = field(default_factory=dict)

    def quote(self, row: Any, path: str, text: str, what: str) -> str:
        """Quote what stands in a row; `text` is how it is printed. Returns the mark."""
        label = str(row._meta.label_lower)  # noqa: SLF001 - documented by Django
        return self._mark(label, str(row.pk), path, sources.value_of(row, path), text, what)

    def read(self, place: tuple[str, int, str], value: Any, text: str, what: str) -> str:
        """Quote what was read at (label, primary key, path) without the row at hand."""
        label, pk, path = place
        return self._mark(label, str(pk), path, sources.canonical(value), text, what)

    def count(self, key: str, argument: str, number: int, what: str) -> str:
        """Quote how many there were at this moment."""
        return self.moment(key, argument, str(number), what)

    def moment(self, key: str, argument: str, text: str, what: str) -> str:
        """Quote what was reckoned at this moment, and stands nowhere as such."""
        return self._mark(sources.COUNT, argument, key, text, text, what)

    def _mark(  # noqa: PLR0917 - the fields of a quote, in their order
        self, label: str, pk: str, path: str, value: str, text: str, what: str
    ) -> str:
        place = (label, pk, path, text)
        if place not in self._known:
            key = f"q{len(self.quotes) + 1}"
            told = sources.digest(label, pk, path, value)
            self.quotes.append(Quoted(key, text, what[:160], label, pk, path, value, told))
            self._known[place] = key
        return f"[[{self._known[place]}]]"


@dataclass(slots=True)
class Table:
    """A table; cells hold text with marks. `align`: left, center or right for each column."""

    head: list[str]
    rows: list[list[str]]
    caption: str = ""
    align: list[str] = field(default_factory=list)
    widths: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Section:
    """A part under a heading; `key` is its name among the pack's sections."""

    heading: str = ""
    paragraphs: list[str] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    key: str = ""


@dataclass(slots=True)
class Content:
    """A whole bulletin. `to` is 主送, `copies` 抄送; `signed` the office under the text."""

    title: str
    sections: list[Section]
    to: str = ""
    signed: str = ""
    copies: str = ""
    period: str = ""
    to_units: list[int] = field(default_factory=list)
    quotes: list[Quoted] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """What `Bulletin.content` holds."""
        told = asdict(self)
        for name in ("quotes", "to_units", "period", "title"):
            del told[name]
        return told


@dataclass(frozen=True, slots=True)
class Sitting:
    """What a section of a meeting pack is about: the period it looks at, and the moment."""

    period: str
    now: datetime
    meeting: Any = None


def texts(content: Mapping[str, Any]) -> Iterator[str]:
    """Every text of a stored content, in order."""
    yield content.get("to", "")
    for section in content.get("sections", ()):
        yield section["heading"]
        yield from section["paragraphs"]
        for table in section["tables"]:
            yield table["caption"]
            yield from table["head"]
            for row in table["rows"]:
                yield from row


def marks(content: Mapping[str, Any]) -> list[str]:
    """Keys of the quotes that the text names, once each, in order."""
    return list(dict.fromkeys(key for text in texts(content) for key in MARK.findall(text)))


def numbers_by_hand(content: Mapping[str, Any], title: str = "") -> list[str]:
    """Figures in title, headings and sentences that quote nothing, in the order of the text."""
    told = [title]
    for section in content.get("sections", ()):
        told += [section["heading"], *section["paragraphs"]]
    found = [one for text in told for one in figures(MARK.sub(QUOTED, text))]
    return list(dict.fromkeys(found))


def printed(text: str, quotes: Mapping[str, str]) -> str:
    """The text with its figures in it; an unknown mark stays as it is."""
    return MARK.sub(lambda found: quotes.get(found[1], found[0]), text)


def filled(content: Mapping[str, Any], quotes: Mapping[str, str]) -> dict[str, Any]:
    """The stored content with figures in place of marks."""

    def fill(value: Any) -> Any:
        if isinstance(value, str):
            return printed(value, quotes)
        if isinstance(value, Mapping):
            return {key: fill(one) for key, one in value.items()}
        if isinstance(value, Sequence):
            return [fill(one) for one in value]
        return value

    result: dict[str, Any] = fill(content)
    return result
