"""Columns of a list: what a row says, how it looks, how it sorts, how it leaves as a file."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html

from jiulong.pages import lights, words

Text = str | Promise
#: Turns a cell's value into HTML or text.
Show = Callable[[Any], Any]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column.

    Args:
        name: what `?sort=` calls it, and the default of `value`.
        value: a path like "point.outfall.enterprise.name" (attributes, keys or methods without
            arguments), or a function of the row.
        show: value → HTML; the helpers below make the usual ones.
        sort: paths to order by; empty: the column does not sort. Database fields for a QuerySet
            ("point__code"), the same paths as `value` for a list of rows.
        opens: this cell carries the link to the row's own page.
        wide: on a phone the cell takes the whole line and drops its label.
        on_phone: False hides the cell there.
        export: value → what the file holds; without it the bare value.
    """

    name: str
    label: Text
    value: str | Callable[[Any], Any] = ""
    show: Show | None = None
    sort: tuple[str, ...] = ()
    numeric: bool = False
    short: bool = False
    opens: bool = False
    wide: bool = False
    on_phone: bool = True
    export: Callable[[Any], Any] | None = None

    def of(self, row: Any) -> Any:
        """The row's value in this column."""
        return self.value(row) if callable(self.value) else follow(row, self.value or self.name)

    def html(self, row: Any) -> Any:
        value = self.of(row)
        if self.show is not None:
            return self.show(value)
        return words.MISSING if value is None or value == "" else value

    def exported(self, row: Any) -> Any:
        """The value for a file: local time without zone, the bare number, plain text."""
        value = self.of(row)
        if self.export is not None:
            return self.export(value)
        if isinstance(value, datetime):
            return timezone.localtime(value).replace(tzinfo=None)
        return value

    @property
    def classes(self) -> str:
        marks = {
            "numeric": self.numeric,
            "short": self.short,
            "wide": self.wide or self.opens,
            "not-on-phone": not self.on_phone,
        }
        return " ".join(name for name, on in marks.items() if on)


def follow(row: Any, path: str) -> Any:
    """The value at a dotted path of attributes, keys and methods without arguments.

    Raises:
        LookupError: a step of the path does not exist.
    """
    here = row
    for step in path.split("."):
        if here is None:
            return None
        if isinstance(here, dict):
            here = here[step]
        elif hasattr(here, step):
            here = getattr(here, step)
        else:
            message = f"{type(row).__name__} has no {path!r} (at {step!r})"
            raise LookupError(message)
        if callable(here):
            here = here()
    return here


def as_light(state: str | None) -> Any:
    """A light of `lights.LIGHTS`."""
    return lights.light(state or "none")


def as_clock(at: datetime | None) -> Any:
    """Local time."""
    return words.clock(at)


def as_ago(at: datetime | None) -> Any:
    """How long ago."""
    return words.ago(at)


def as_number(unit: str = "", digits: int | None = None) -> Show:
    """A number with its unit."""
    return partial(words.number, unit=unit, digits=digits)


def as_code(text: str | None) -> Any:
    """Fixed-width text: an MN, a QN, a digest."""
    return format_html('<span class="mono">{}</span>', text) if text else words.MISSING
