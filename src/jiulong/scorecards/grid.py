"""The entry grid as HTML: hundreds of cells, so made in one go rather than tag by tag."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from jiulong.scorecards.checking import shown
from jiulong.scorecards.queries.sheets import Cell, Line
from jiulong.scorecards.sheeting import Column


def name_at(subject: int, column: Column) -> str:
    """The input's name: `v-12-7`, of a base `v-12-7b`."""
    return f"{subject}-{column.indicator.pk}{'b' if column.companion else ''}"


def body(lines: Sequence[Line], columns: Sequence[Column], *, editable: bool) -> SafeString:
    """The rows of a grid of subjects by indicators; every text is escaped."""
    rows = []
    for n, line in enumerate(lines):
        head = f'<th scope="row">{escape(line.subject.name)}</th>'
        cells = [
            f"<td{_class(cell)}>{_cell(line, column, cell, (n, m), editable)}</td>"
            for m, (column, cell) in enumerate(zip(columns, line.cells, strict=True))
        ]
        rows.append(f"<tr>{head}{''.join(cells)}</tr>")
    return mark_safe("".join(rows))  # noqa: S308 - every part is escaped above


def tall(line: Line, columns: Sequence[Column], *, editable: bool) -> SafeString:
    """One subject: a row an indicator, with what stood before beside it."""
    rows = []
    before, last = escape(_("Period before")), escape(_("Last year"))
    for n, (column, cell) in enumerate(zip(columns, line.cells, strict=True)):
        base = f" <small>{escape(_('(last year, comparable)'))}</small>" if column.companion else ""
        unit = escape(column.indicator.measure)
        rows.append(
            f'<tr><th scope="row" class="wide">{escape(column.name)}{base} '
            f'<small class="muted">{unit}</small></th>'
            f'<td class="numeric muted" data-label="{before}">{_known(cell.known.before)}</td>'
            f'<td class="numeric muted" data-label="{last}">{_known(cell.known.last_year)}</td>'
            f"<td{_class(cell)}>{_cell(line, column, cell, (n, 0), editable, note=True)}</td></tr>"
        )
    return mark_safe("".join(rows))  # noqa: S308 - every part is escaped above


def _known(value: object) -> str:
    return escape(f"{value.normalize():f}") if hasattr(value, "normalize") else "—"


def _class(cell: Cell) -> str:
    if cell.fault is None:
        return ' class="numeric entry wide"'
    return f' class="numeric entry wide {"near-cell" if cell.fault.note else "wrong-cell"}"'


def _cell(
    line: Line, column: Column, cell: Cell, at: tuple[int, int], editable: bool,
    *, note: bool = False,
) -> str:  # fmt: skip
    if not editable:
        value = cell.typed.value or (shown(cell.stands) if cell.stands is not None else "—")
        told = f'<div class="cell-note">{escape(cell.typed.note)}</div>' if cell.typed.note else ""
        return f'<span class="num">{escape(value)}</span>{told}'
    key, label = name_at(line.subject.pk, column), f"{line.subject.name} {column.name}"
    told = f"e-{key}"
    wrong = f' aria-invalid="true" aria-describedby="{told}"' if cell.fault else ""
    first = (
        f'<input class="form-control cell" id="c-{key}" name="v-{key}" inputmode="decimal" '
        f'autocomplete="off" maxlength="40" value="{escape(cell.typed.value)}" '
        f'aria-label="{escape(label)}" data-row="{at[0]}" data-column="{at[1]}"{wrong}>'
    )
    parts = [first]
    if note or cell.typed.note or (cell.fault and cell.fault.note):
        words = escape(_("Note"))
        parts.append(
            f'<input class="form-control cell-note" name="n-{key}" maxlength="300" '
            f'placeholder="{words}" aria-label="{escape(label)} {words}" '
            f'value="{escape(cell.typed.note)}">'
        )
    if cell.fault:
        parts.append(f'<div class="field-error" id="{told}">{escape(cell.fault.text)}</div>')
    return "".join(parts)
