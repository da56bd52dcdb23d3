"""What alarms came, and what became of them: explained, checked, on the spot, penalised."""

from __future__ import annotations

from collections import Counter
from typing import Any, Final

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jiulong.cases import specs
from jiulong.cases.models import Case, MatterType, Task
from jiulong.documents import Bars, Block, Facts, Figure, Table
from jiulong.monitoring.judgements import rules
from jiulong.monitoring.models import Alarm
from jiulong.packs.text import Text
from jiulong.reports.sections.base import Counting, Data, Row, Section, Shown, aligned

#: Step of the electronic supervision → keys of the tasks that are this step, whatever the matter.
STEPS: Final = {
    "explained": ("statement", "report"),
    "checked": ("remote",),
    "on_site": ("visit", "check"),
}
#: A case that follows from another by one of these words in its matter's key is a penalty case.
PENALTY: Final = "penalty"
SOURCE: Final = "monitoring"


def count(of: Counting) -> Data:
    """Alarms that began in the span, by class; cases that findings opened in it, by step."""
    span = of.scope.span
    outfalls = {place.outfall_id for place in of.scope.places.values()}
    alarms = Alarm.objects.filter(
        outfall__in=outfalls,
        started_at__gte=span.start,
        started_at__lt=span.end,
        state__in=Alarm.STANDING,
    )
    rows = list(
        alarms.values("family", "kind")
        .annotate(
            n=Count("id"),
            open=Count("id", filter=Q(ended_at=None)),
            late=Count("id", filter=Q(respond_by__lt=of.scope.now, acknowledged_at=None)),
        )
        .order_by("family", "kind")
    )
    total = sum(row["n"] for row in rows)
    of.scope.note(
        "alarms", "alarms", total, table="monitoring.alarm", first=span.first, last=span.last
    )
    return {"total": total, "classes": rows, **_cases(of)}


def _cases(of: Counting) -> Data:
    span = of.scope.span
    enterprises = {place.enterprise_id for place in of.scope.places.values()}
    found = Case.objects.filter(
        source=SOURCE, filed_at__gte=span.start, filed_at__lt=span.end, enterprise__in=enterprises
    )
    ids = set(found.values_list("pk", flat=True))
    tasks = Task.objects.filter(case__in=ids).exclude(state=Task.State.DROPPED)
    steps: Counter[str] = Counter()
    reached: dict[str, set[int]] = {step: set() for step in STEPS}
    for case, key, state in tasks.values_list("case_id", "key", "state"):
        step = next((step for step, keys in STEPS.items() if key in keys), None)
        if step and state == Task.State.DONE:
            reached[step].add(case)
    steps.update({step: len(cases) for step, cases in reached.items()})
    penalties = Case.objects.filter(parent__in=ids, matter__code__contains=PENALTY).count()
    results = Counter(found.exclude(result="").values_list("matter", "result"))
    of.scope.note(
        "alarms",
        "cases",
        len(ids),
        table="cases.case",
        source=SOURCE,
        first=span.first,
        last=span.last,
    )
    return {
        "cases": len(ids),
        "closed": found.exclude(closed_at=None).count(),
        "steps": dict(steps),
        "penalties": penalties,
        "results": _results(results),
    }


def _results(found: Counter[tuple[int, str]]) -> list[dict[str, Any]]:
    """How closed cases ended, in the words of their matters."""
    matters = {row.pk: row for row in MatterType.objects.filter(pk__in={pk for pk, _r in found})}
    rows = []
    for (pk, result), n in sorted(found.items()):
        spec = specs.matter(matters[pk])
        words = {one.key: one.name for one in spec.closing.results}
        ended = words.get(result, Text(result))
        rows.append(
            {
                "name": spec.name.show("zh"),
                "name_en": spec.name.show("en"),
                "result": ended.show("zh"),
                "result_en": ended.show("en"),
                "n": n,
            }
        )
    return rows


def blocks(data: Data, shown: Shown) -> list[Block]:
    """The classes, and the narrowing from alarm to penalty."""
    words = {rule.kind: f"{rule.kind} {rule.name}" for rule in rules().values() if rule.kind}
    families = {value: str(label) for value, label in Alarm.Family.choices}
    rows: list[Row] = [
        [
            families.get(row["family"], row["family"]),
            words.get(row["kind"], row["kind"]),
            shown.cell(row["n"], "alarms", kind=row["kind"]),
            str(row["open"]),
            str(row["late"]),
        ]
        for row in data["classes"]
    ]
    steps = data["steps"]
    way = [
        (_("Alarms"), data["total"]),
        (_("Cases opened"), data["cases"]),
        (_("Explained by the enterprise"), steps.get("explained", 0)),
        (_("Checked from the desk"), steps.get("checked", 0)),
        (_("Checked on the spot"), steps.get("on_site", 0)),
        (pgettext("step", "Penalty cases"), data["penalties"]),
    ]
    return [
        Facts(
            [
                (_("Alarms"), shown.cell(data["total"], "alarms")),
                (_("Cases opened"), shown.cell(data["cases"], "cases")),
                (_("Cases closed"), shown.cell(data["closed"], "cases", closed="yes")),
            ]
        ),
        Figure(
            Bars([str(name) for name, _n in way], [n for _name, n in way]),
            _("From alarm to penalty"),
        ),
        Table(
            caption=_("Alarms by class"),
            head=[
                pgettext("account", "Family"),
                pgettext("account", "Class"),
                _("Alarms"),
                _("Still open"),
                _("Answered late or not"),
            ],
            rows=rows or [[pgettext("account", "None"), *["–"] * 4]],
            widths=(3, 4, 2, 2, 3),
            align=aligned(2, 3),
        ),
        Table(
            caption=_("How cases ended"),
            head=[_("Matter"), _("Result"), _("Cases")],
            rows=[
                [shown.named(row), shown.named(row, "result"), str(row["n"])]
                for row in data["results"]
            ]
            or [[pgettext("account", "None"), "–", "–"]],
            widths=(4, 4, 1),
            align=aligned(2, 1),
        ),
    ]


SECTION = Section("alarms", gettext_lazy("Alarms and what became of them"), count, blocks)
