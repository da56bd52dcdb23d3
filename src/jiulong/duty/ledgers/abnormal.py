"""The day's ledger of abnormal data: a line for each finding that held on that day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone

from jiulong.cases import specs
from jiulong.cases import words as case_words
from jiulong.cases.models import Case, Task
from jiulong.duty.ledgers.layout import Layout
from jiulong.duty.queries.queue import cases_of
from jiulong.monitoring.judgements import rules
from jiulong.monitoring.models import Finding
from jiulong.monitoring.queries import visible_findings
from jiulong.monitoring.views.spans import midnight
from jiulong.monitoring.words import factor_name, place_name
from jiulong.organisation.rules import Viewer
from jiulong.registers import showing

#: What a ledger of one day holds at most; beyond it something is wrong with the judge.
MOST: Final = 5000
JOIN: Final = "；"


@dataclass(frozen=True, slots=True)
class _Known:
    """One finding with its case and the case's finished tasks."""

    serial: int
    finding: Finding
    case: Case | None
    tasks: Mapping[str, Task]
    on: date


def findings_of(viewer: Viewer, on: date) -> QuerySet[Finding]:
    """What held at any time of the local day, and stands."""
    start, end = midnight(on), midnight(on, end_of_day=True)
    held = Q(ended_at=None, last_at__gte=start) | Q(ended_at__gt=start)
    began = Q(started_at__gte=start, started_at__lt=end)
    rows = visible_findings(viewer).filter(held | began, started_at__lt=end, withdrawn_at=None)
    return rows.exclude(alarm=None).select_related(
        "factor", "point__outfall__enterprise", "alarm", "acknowledged_by"
    )


def rows(viewer: Viewer, on: date, layout: Layout) -> list[list[Any]]:
    """The lines of the day in the layout's columns: text, and Decimal where it is a number."""
    found = list(findings_of(viewer, on).order_by(
        "point__outfall__enterprise__name", "point__code", "started_at", "id"
    )[:MOST])  # fmt: skip
    cases = cases_of(viewer, list({one.alarm_id for one in found if one.alarm_id}))
    tasks: dict[int, dict[str, Task]] = {}
    for task in Task.objects.filter(
        case__in=[case.pk for case in cases.values()], state=Task.State.DONE
    ).select_related("done_by"):
        tasks.setdefault(task.case_id, {})[task.key] = task
    lines = []
    for serial, one in enumerate(found, start=1):
        case = cases.get(one.alarm_id or 0)
        known = _Known(serial, one, case, tasks.get(case.pk, {}) if case else {}, on)
        lines.append([_cell(known, column.of) for column in layout.columns])
    return lines


def _cell(known: _Known, sources: Sequence[str]) -> Any:
    """One source as it is; several as words, each once."""
    values = [_value(known, source) for source in sources]
    if len(values) == 1:
        return values[0]
    return JOIN.join(dict.fromkeys(str(value) for value in values if value not in (None, "")))


def _value(known: _Known, source: str) -> Any:
    if source.startswith("task."):
        return _of_task(known, source.removeprefix("task."))
    if source.startswith("reply."):
        return _of_reply(known, source.removeprefix("reply."))
    return _SIMPLE[source](known)


def _of_task(known: _Known, name: str) -> str:
    """`KEY.FIELD`: what the finished task says there; `KEY`: its words, else all that it says."""
    key, dot, field = name.partition(".")
    task, case = known.tasks.get(key), known.case
    if task is None or case is None:
        return ""
    plan = next((one for one in specs.matter(case.matter).tasks if one.key == key), None)
    fields = [one for one in plan.fields if one.key in task.data] if plan else []
    if dot:
        fields = [one for one in fields if one.key == field]
    elif task.answer:
        return task.answer
    return JOIN.join(showing.text(one, task.data[one.key], _names(fields, task)) for one in fields)


def _of_reply(known: _Known, name: str) -> str:
    if known.case is None or name not in known.case.reply:
        return ""
    fields = [one for one in specs.matter(known.case.matter).reply if one.key == name]
    names = showing.names_of(fields, [known.case.reply])
    return "".join(showing.text(one, known.case.reply[name], names) for one in fields)


def _names(fields: Sequence[Any], task: Task) -> Any:
    return showing.names_of(fields, [task.data])


def _period(known: _Known) -> str:
    """From when to when within the day; an hour's value holds until the end of its hour."""
    one = known.finding
    ends: datetime | None = one.ended_at
    return f"{_clock(one.started_at, known.on)}–{_clock(ends, known.on) if ends else ''}"


def _clock(at: datetime, on: date) -> str:
    local = timezone.localtime(at)
    return f"{local:%H:%M}" if local.date() == on else f"{local:%m-%d %H:%M}"


def _outcome(known: _Known) -> str:
    """What the case was closed with, or what its answer says."""
    case = known.case
    if case is None or not case.result:
        return ""
    results = {one.key: one for one in specs.matter(case.matter).closing.results}
    chosen = results.get(case.result)
    return chosen.name.show() if chosen else case.result


def _handler(known: _Known) -> str:
    case = known.case
    if case is not None and case.handler is not None:
        return str(case.handler)
    return str(known.finding.acknowledged_by or "")


def _plain(value: Decimal | None) -> Decimal | str:
    return "" if value is None else Decimal(format(value.normalize(), "f"))


def _rule(code: str) -> str:
    rule = rules().get(code)
    return str(rule.name) if rule else code


_SIMPLE: Final[dict[str, Any]] = {
    "serial": lambda known: known.serial,
    "date": lambda known: known.on.isoformat(),
    "enterprise": lambda known: known.finding.point.outfall.enterprise.name,
    "outfall": lambda known: place_name(known.finding.point.outfall),
    "outfall_code": lambda known: known.finding.point.outfall.code,
    "point": lambda known: known.finding.point.code,
    "factor": lambda known: factor_name(known.finding.factor) if known.finding.factor else "",
    "period": _period,
    "value": lambda known: _plain(known.finding.value),
    "limit": lambda known: _plain(known.finding.limit_value),
    "multiple": lambda known: _plain(known.finding.multiple),
    "unit": lambda known: known.finding.factor.unit if known.finding.factor else "",
    "rule": lambda known: _rule(known.finding.rule),
    "kind": lambda known: known.finding.alarm.kind,
    "severity": lambda known: known.finding.get_severity_display(),
    "case": lambda known: known.case.number if known.case else "",
    "stage": lambda known: case_words.stage(known.case.stage) if known.case else "",
    "outcome": _outcome,
    "handler": _handler,
}
