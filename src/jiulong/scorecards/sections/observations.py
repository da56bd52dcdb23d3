"""The sections `observations` and `demo_observations`: values as rows or a .csv file."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.packs.sections import Change, Context, Fault, RefusedError, Section, no_such, register
from jiulong.scorecards.actions.computing import compute_values
from jiulong.scorecards.actions.observing import Seen, observe
from jiulong.scorecards.dating import absolute, is_written, last_day, over
from jiulong.scorecards.engine.periods import is_period
from jiulong.scorecards.models import Indicator, Observation, Subject
from jiulong.scorecards.sections.indicators import INDICATORS
from jiulong.scorecards.sections.items import KindOfChange, ObservationItem

OBSERVATIONS: Final = "observations"
DEMO_OBSERVATIONS: Final = "demo_observations"
MOST_BYTES: Final = 8 * 1024 * 1024
_NAMES: Final = frozenset({"subject", "indicator", "companion", "period", "value"})


@dataclass(frozen=True, slots=True)
class Line:
    """One value as a pack has it; `at` is the line in the file."""

    subject: str
    indicator: str
    companion: str
    period: str
    value: Decimal
    at: int = 0


class UnreadableTableError(ValueError):
    """A .csv file that is none of ours; says where."""


def lines(item: ObservationItem, directory: Path | None) -> list[Line]:
    """All values of an item.

    Raises:
        UnreadableTableError: with the file's line.
    """
    if item.rows:
        return [_from_row(row, n) for n, row in enumerate(item.rows)]
    path = (directory or Path()) / str(item.file)
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UnreadableTableError(_("%(file)s is too large") % {"file": item.file})
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        told = _("there is no readable file “%(file)s” beside this one")
        raise UnreadableTableError(told % {"file": item.file}) from error
    except UnicodeDecodeError as error:
        raise UnreadableTableError(_("%(file)s is not UTF-8") % {"file": item.file}) from error
    return list(_table(text, str(item.file)))


def _from_row(row: tuple[str, str, str, Decimal], n: int) -> Line:
    subject, indicator, period, value = row
    code, _at, companion = indicator.partition("@")
    return Line(subject, code, companion, period, value, n)


def _table(text: str, name: str) -> Iterator[Line]:
    reader = csv.DictReader(text.splitlines())
    head = [column.strip() for column in reader.fieldnames or []]
    periods = [column for column in head if is_written(column)]
    odd = [column for column in head if column not in _NAMES and column not in periods]
    if odd or not {"subject", "indicator"} <= set(head) or not (
        periods or {"period", "value"} <= set(head)
    ):  # fmt: skip
        told = _("%(file)s:1: expected subject,indicator and either period,value or a column per "
                 "period; “%(odd)s” is neither")  # fmt: skip
        raise UnreadableTableError(told % {"file": name, "odd": ", ".join(odd) or head})
    for row in reader:
        cells = {key: row[key] for key in periods} or {row["period"]: row["value"]}
        for period, cell in cells.items():
            if cell is None or not cell.strip():
                continue
            value = _number(cell)
            if value is None or not is_written(period):
                told = _("%(file)s:%(line)d: “%(cell)s” in “%(column)s” is no number of a period")
                data = {"file": name, "line": reader.line_num, "cell": cell, "column": period}
                raise UnreadableTableError(told % data)
            yield Line(row["subject"], row["indicator"], row.get("companion") or "", period,
                       value, reader.line_num)  # fmt: skip


def _number(cell: str) -> Decimal | None:
    try:
        value = Decimal(cell.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _check(items: Sequence[ObservationItem], context: Context) -> Iterator[Fault]:
    for n, item in enumerate(items):
        yield from _faults(n, item, context)
        for m, row in enumerate(item.rows):
            if not is_period(row[2]):
                told = _("a value that holds has a period of its own; relative ones are for a demo")
                yield Fault((n, "rows", m), told)


def _check_demo(items: Sequence[ObservationItem], context: Context) -> Iterator[Fault]:
    for n, item in enumerate(items):
        yield from _faults(n, item, context)


def _faults(n: int, item: ObservationItem, context: Context) -> Iterator[Fault]:
    try:
        found = lines(item, context.directory)
    except UnreadableTableError as error:
        yield Fault((n, "file"), str(error))
        return
    told: set[str] = set()
    companions = Observation.Companion.values
    for line in found:
        path = (n, "file") if item.file else (n, "rows", line.at)
        where = f"{item.file}:{line.at}: " if item.file else ""
        if not context.known.has(INDICATORS, line.indicator) and line.indicator not in told:
            told.add(line.indicator)
            known = context.known.codes(INDICATORS)
            yield Fault(path, where + no_such(_("the indicators"), line.indicator, known))
        if line.companion not in companions:
            yield Fault(path, where + no_such(_("companions"), line.companion, companions))


def _seen(item: ObservationItem, context: Context) -> list[Seen]:
    today = timezone.localtime(context.now).date()
    try:
        found = lines(item, context.directory)
    except UnreadableTableError as error:
        raise RefusedError([str(error)]) from error
    return _resolved(item, found, today)


def _resolved(item: ObservationItem, found: Sequence[Line], today: date) -> list[Seen]:
    subjects = dict(Subject.objects.values_list("code", "pk"))
    indicators = dict(Indicator.objects.values_list("code", "pk"))
    seen = []
    until = last_day(absolute(item.until, today)) if item.until else today
    for line in found:
        period = absolute(line.period, today)
        if not over(period, today) or last_day(period) > until:
            continue
        for code, known in ((line.subject, subjects), (line.indicator, indicators)):
            if code not in known:
                raise RefusedError([f"{item.key}: {no_such(_('the subjects'), code, known)}"])
        seen.append(Seen(
            indicators[line.indicator], subjects[line.subject], period, line.value,
            companion=line.companion, status=item.status, note=item.source,
        ))  # fmt: skip
    return seen


def _plan(items: Sequence[ObservationItem], context: Context) -> Sequence[Change]:
    changes = []
    for item in items:
        try:
            new, other = _differing(item, context)
        except RefusedError:  # subjects of this very pack are not there yet
            new, other = 1, 0
        kind: KindOfChange = "add" if new else "change" if other else "same"
        counts = {"new": new, "changed": other}
        changes.append(Change(kind, item.key, {}, counts if new or other else {}, item))
    return changes


def _differing(item: ObservationItem, context: Context) -> tuple[int, int]:
    """How many values are new, and how many other than what stands."""
    seen = _seen(item, context)
    rows = Observation.objects.filter(
        current=True, indicator__in={one.indicator for one in seen},
        period__in={one.period for one in seen},
    ).values_list("indicator", "subject", "period", "companion", "value")  # fmt: skip
    known = {row[:4]: row[4] for row in rows}
    keys = [(one.indicator, one.subject, one.period, one.companion) for one in seen]
    new = sum(key not in known for key in keys)
    other = sum(
        key in known and known[key] != one.value for key, one in zip(keys, seen, strict=True)
    )
    return new, other


def _apply(changes: Sequence[Change], context: Context) -> None:
    reason = _("Pack “%(pack)s”") % {"pack": context.pack}
    wanted: set[str] = set()
    for change in changes:
        if change.kind in {"add", "change"}:
            seen = _seen(change.item, context)
            observe(actor=None, seen=seen, reason=reason, now=context.now)
            wanted |= {one.period for one in seen}
    if wanted:  # what is reckoned from them has values for the same periods
        compute_values(
            actor=None, wanted=sorted(wanted), now=context.now, again=reason, metrics_too=False
        )


def register_sections() -> None:
    register(
        Section(
            key=OBSERVATIONS, label=gettext_lazy("Values"), model=ObservationItem, order=77,
            check=_check, plan=_plan, apply=_apply,
        )
    )  # fmt: skip
    register(
        Section(
            key=DEMO_OBSERVATIONS, label=gettext_lazy("Invented values"), model=ObservationItem,
            order=92, check=_check_demo, plan=_plan, apply=_apply, demo=True,
        )
    )  # fmt: skip
