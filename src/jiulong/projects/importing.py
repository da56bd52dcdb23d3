"""Projects in a spreadsheet: the list as .xlsx, and read back with every fault at its cell."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any, Final

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

from jiulong.organisation.models import Unit
from jiulong.pages import export
from jiulong.pages.columns import Column
from jiulong.projects import stages
from jiulong.projects.actions.filing import ENTERED
from jiulong.projects.labels import LABELS
from jiulong.projects.models import Project
from jiulong.registers.importing.sheets import Cell, Sheet, clean_head, read

#: An account is no text of a sheet: leaders are named by their post.
COLUMNS: Final = tuple(name for name in (*ENTERED[:7], "stage", *ENTERED[7:]) if name != "leader")
LANGUAGES: Final = ("zh-hans", "en")
#: More faults than this are not listed: the first ones say what kind they are.
FAULTS_MAX: Final = 200
#: A decimal in a cell, not a story.
NUMBER_MAX: Final = 30


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong, and in which cell ("C17"); an empty cell: with the row or file as a whole."""

    at: str
    told: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row as values by field; `cells` says where each stands."""

    number: int
    values: Mapping[str, Any]
    stage: str
    cells: Mapping[str, str]

    def at(self, name: str) -> str:
        """The cell of a field, or the row."""
        return self.cells.get(name, f"A{self.number}")


def workbook(projects: Iterable[Project]) -> bytes:
    """The projects in the columns that `parse` reads; none: an empty sheet to fill in."""
    columns = [
        Column(name=name, label=LABELS[name], value=_Value(name), export=_shown) for name in COLUMNS
    ]
    return export.xlsx(columns, projects, title=_("Key projects"))


class _Value:
    """The field of a project as a sheet holds it; personal data stay out."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, project: Project) -> Any:
        if self.name in {"contact_name", "contact_phone"}:
            return ""
        display = getattr(project, f"get_{self.name}_display", None)
        return display() if display else getattr(project, self.name)


def _shown(value: Any) -> Any:
    return str(value) if isinstance(value, models.Model) else value


def parse(content: bytes) -> tuple[list[Line], list[Fault]]:
    """Rows of a workbook or .csv, and what is wrong with cells.

    Raises:
        UnreadableError: the file as a whole cannot be read.
    """
    heads = _heads()
    sheet = read(content, heads)
    fields = {letter: heads[head] for letter, head in sheet.heads if head in heads}
    faults = [
        Fault(f"{letter}{sheet.head_row}", _("No such column: %(head)s") % {"head": head})
        for letter, head in sheet.heads
        if head not in heads
    ]
    faults += _missing(sheet, fields)
    reader = _Reader(fields)
    lines = [reader.line(number, cells) for number, cells in sheet.rows]
    faults += reader.faults
    faults += _twice(lines)
    return lines, faults[:FAULTS_MAX]


def _missing(sheet: Sheet, fields: Mapping[str, str]) -> list[Fault]:
    if "code" in fields.values():
        return []
    told = _("There is no column “%(head)s”: rows are told apart by it.")
    return [Fault(f"A{sheet.head_row}", told % {"head": LABELS["code"]})]


def _twice(lines: Iterable[Line]) -> list[Fault]:
    seen: dict[str, int] = {}
    faults = []
    for line in lines:
        code = str(line.values.get("code", ""))
        if code and code in seen:
            told = _("The same number stands in row %(row)s.") % {"row": seen[code]}
            faults.append(Fault(line.at("code"), told))
        seen.setdefault(code, line.number)
    return faults


def _heads() -> dict[str, str]:
    """Head as somebody may write it → field: its key, and its label in each language."""
    found = {name: name for name in COLUMNS}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {clean_head(str(LABELS[name])): name for name in COLUMNS}
    return found


class _Reader:
    """Cells into values; what cannot be read is a fault, and the value is left out."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self.fields = fields
        self.faults: list[Fault] = []

    @cached_property
    def units(self) -> dict[str, Unit]:
        """By code and, where it is the only one, by name."""
        rows = list(
            Unit.objects.filter(closed_on=None).exclude(
                kind__in=[Unit.Kind.GRID, Unit.Kind.COMMUNITY, Unit.Kind.ENTERPRISE]
            )
        )
        return {unit.name: unit for unit in rows} | {unit.code: unit for unit in rows}

    def line(self, number: int, cells: Mapping[str, Cell]) -> Line:
        values: dict[str, Any] = {}
        places = {name: f"{letter}{number}" for letter, name in self.fields.items()}
        for letter, name in self.fields.items():
            cell = cells.get(letter)
            if cell is None or cell.value in (None, ""):
                continue
            if cell.formula:
                self.faults.append(Fault(places[name], _("A formula stands here, not a value.")))
                continue
            try:
                values[name] = self.value(name, cell.value)
            except ValueError as error:
                self.faults.append(Fault(places[name], str(error)))
        return Line(number, values, str(values.pop("stage", stages.PLANNED)), places)

    def value(self, name: str, raw: Any) -> Any:
        """Raises: ValueError, in words for whoever fills the sheet in."""
        if name == "stage":
            return _choice(raw, _in_languages(stages.STAGES))
        field: Any = Project._meta.get_field(name)  # noqa: SLF001 - documented by Django
        if field.choices:
            return _choice(raw, _in_languages(dict(field.choices)))
        for kind, take in (
            (models.ForeignKey, self._unit),
            (models.DateField, _day),
            (models.DecimalField, _number),
            (models.FloatField, lambda value: float(_number(value))),
        ):
            if isinstance(field, kind):
                return take(raw)
        return str(raw).strip()

    def _unit(self, raw: Any) -> Unit:
        text = str(raw).strip()
        if text not in self.units:
            raise ValueError(_("There is no unit “%(text)s”.") % {"text": text[:60]})
        return self.units[text]


def _in_languages(labels: Mapping[str, Any]) -> dict[str, str]:
    """Label in each language, and the key → key."""
    found = {key: key for key in labels}
    for language in LANGUAGES:
        with translation.override(language):
            found |= {str(label): key for key, label in labels.items()}
    return found


def _choice(raw: Any, known: Mapping[str, str]) -> str:
    text = str(raw).strip()
    if text not in known:
        told = _("“%(text)s” is none of: %(choices)s")
        names = "、".join(word for word in known if word not in known.values())
        raise ValueError(told % {"text": text[:60], "choices": names})
    return known[text]


def _day(raw: Any) -> date:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    try:
        return date.fromisoformat(str(raw).strip().replace("/", "-").replace(".", "-"))
    except ValueError as error:
        raise ValueError(_("“%(text)s” is no day; write 2026-03-31.") % {
            "text": str(raw)[:60]}) from error  # fmt: skip


def _number(raw: Any) -> Decimal:
    text = str(raw).strip().replace(",", "").replace("，", "")
    try:
        found = Decimal(text[:NUMBER_MAX])
    except InvalidOperation as error:
        raise ValueError(_("“%(text)s” is no number.") % {"text": text[:60]}) from error
    if not found.is_finite():
        raise ValueError(_("“%(text)s” is no number.") % {"text": text[:60]})
    return found
