"""A sheet's values looked through before they are submitted. Pure: every fault has its cell."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Final

from django.utils.translation import gettext as _

from jiulong.rounding import rounded
from jiulong.rounding import text as plain
from jiulong.scorecards.models import Indicator
from jiulong.scorecards.sections.items import SheetItem
from jiulong.scorecards.sheeting import Column

#: (subject's code, column's key) of a cell.
At = tuple[str, str]
#: Digits before the point that a value may have: the column's 24 less its 6 decimals.
MOST_WHOLE: Final = 18
_THOUSANDS: Final = str.maketrans("", "", ", \u00a0'")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a cell; with `note` it may stand if somebody writes why."""

    at: At
    text: str
    note: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell as it was typed."""

    value: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known around a cell."""

    before: Decimal | None = None  # the period before, within the year for cumulative ones
    last_year: Decimal | None = None


def number(text: str) -> Decimal | None:
    """The number that was typed: full-width signs and thousands' commas are understood.

    Raises:
        ValueError: it is none.
    """
    words = unicodedata.normalize("NFKC", text).strip().translate(_THOUSANDS)
    if not words:
        return None
    try:
        value = Decimal(words.removesuffix("%"))
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or value.adjusted() >= MOST_WHOLE:
        raise ValueError(text)
    return value


def check(
    spec: SheetItem,
    columns: Sequence[Column],
    typed: Mapping[At, Typed],
    known: Mapping[At, Known],
    parts: Mapping[str, Sequence[str]],
) -> list[Fault]:
    """Everything wrong with a sheet.

    Args:
        typed: every cell of the sheet, empty ones too.
        parts: subject → codes of its parts within this sheet.
    """
    found: list[Fault] = []
    read: dict[At, Decimal] = {}
    by_key = {column.key: column for column in columns}
    for at, cell in typed.items():
        column = by_key[at[1]]
        try:
            value = number(cell.value)
        except ValueError:
            told = _("“%(text)s” is no number.") % {"text": cell.value[:40]}
            found.append(Fault(at, told))
            continue
        if value is None:
            if not column.companion:
                found.append(Fault(at, _("There is no value.")))
            continue
        read[at] = value
        found += _one(at, value, column, known.get(at, Known()), spec)
    found += _totals(spec, by_key, read, parts)
    return [fault for fault in found if not (fault.note and typed[fault.at].note.strip())]


def _one(at: At, value: Decimal, column: Column, known: Known, spec: SheetItem) -> list[Fault]:
    row = column.indicator
    if hard := _bounds(row, value):
        return [Fault(at, hard)]
    if (
        known.before is not None and row.cumulative and not row.may_fall
        and row.kind == Indicator.Kind.LEVEL and not column.companion and value < known.before
    ):  # fmt: skip
        told = _("It counts from January and cannot be below the period before, %(before)s.")
        return [Fault(at, told % {"before": shown(known.before)})]
    if column.companion:
        return _base(at, value, known, spec)
    jump = _jump(row, value, known, spec)
    return [Fault(at, jump, note=True)] if jump else []


def _base(at: At, value: Decimal, known: Known, spec: SheetItem) -> list[Fault]:
    """Last year on a comparable basis: far from what was reported then it makes any growth."""
    base = known.last_year
    if base is None or base == 0:
        return []
    away = rounded((value - base) / abs(base) * 100, 1)
    if abs(away) <= spec.base_jump:
        return []
    told = _("%(percent)s %% away from %(base)s, as it was reported last year: write a note why.")
    return [Fault(at, told % {"percent": shown(away), "base": shown(base)}, note=True)]


def _bounds(row: Indicator, value: Decimal) -> str:
    if row.least is not None and value < row.least:
        return _("At least %(n)s.") % {"n": shown(row.least)}
    if row.most is not None and value > row.most:
        return _("At most %(n)s.") % {"n": shown(row.most)}
    if rounded(value, row.decimals) != value:
        return _("At most %(n)d decimal places.") % {"n": row.decimals}
    return ""


def _jump(row: Indicator, value: Decimal, known: Known, spec: SheetItem) -> str:
    if row.kind == Indicator.Kind.GROWTH:
        if known.before is not None and abs(value - known.before) > spec.jump_points:
            told = _(
                "%(points)s points away from the period before (%(before)s): write a note why."
            )
            points = shown(abs(value - known.before))
            return told % {"points": points, "before": shown(known.before)}
        return ""
    base = known.last_year if row.cumulative else known.before
    if base is None or base == 0:
        return ""
    away = rounded((value - base) / abs(base) * 100, 1)
    if abs(away) <= spec.jump:
        return ""
    told = _(
        "%(percent)s %% away from %(base)s, last year's or the period before: write a note why."
    )
    return told % {"percent": shown(away), "base": shown(base)}


def _totals(
    spec: SheetItem, by_key: Mapping[str, Column], read: Mapping[At, Decimal],
    parts: Mapping[str, Sequence[str]],
) -> list[Fault]:  # fmt: skip
    if not spec.totals:
        return []
    found = []
    for whole, codes in parts.items():
        for key, column in by_key.items():
            values = [read[code, key] for code in codes if (code, key) in read]
            if column.indicator.kind != Indicator.Kind.LEVEL or len(values) < len(codes):
                continue
            total, at = sum(values, Decimal(0)), (whole, key)
            if at in read and read[at] != total:
                told = _("The parts add up to %(total)s.") % {"total": shown(total)}
                found.append(Fault(at, told, note=spec.totals == "note"))
    return found


def shown(value: Decimal) -> str:
    """Plain digits without zeros at the end."""
    words = plain(value)
    return words.rstrip("0").rstrip(".") if "." in words else words
