"""Maintenance and quality control, by operating firm."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jiulong.documents import Block, Facts, Table
from jiulong.reports.figures import percent, share
from jiulong.reports.sections.base import Counting, Data, Row, Section, Shown, aligned
from jiulong.upkeep.models import FaultReport, MaintenanceRecord, Mark, QcTest

NAMES = ("checks", "passed", "records", "faults", "late_faults", "marks", "late_marks", "rejected")


def count(of: Counting) -> Data:
    """What was handed in in the span and not withdrawn, by the firm that operates the point."""
    span, ids = of.scope.span, of.scope.ids
    here = Q(point__in=ids, withdrawn_at=None)
    when = {"__gte": span.start, "__lt": span.end}
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    asked: tuple[tuple[Any, str, dict[str, Count]], ...] = (
        (QcTest, "at", {"checks": Count("id"), "passed": Count("id", filter=Q(passed=True))}),
        (MaintenanceRecord, "at", {"records": Count("id")}),
        (
            FaultReport,
            "began_at",
            {"faults": Count("id"), "late_faults": Count("id", filter=Q(late=True))},
        ),
        (
            Mark,
            "started_at",
            {
                "marks": Count("id"),
                "late_marks": Count("id", filter=Q(late=True)),
                "rejected": Count("id", filter=Q(accepted=False)),
            },
        ),
    )
    for model, moment, sums in asked:
        within = Q(**{f"{moment}{way}": at for way, at in when.items()})
        rows = list(model.objects.filter(here, within).order_by().values("point").annotate(**sums))
        for row in rows:
            counted[row.pop("point")].update(row)
        total, meta = sum(row[next(iter(sums))] for row in rows), model._meta  # noqa: SLF001
        of.scope.note(
            "upkeep",
            str(meta.model_name),
            total,
            table=meta.label_lower,
            first=span.first,
            last=span.last,
        )
    return {"firms": _firms(of, counted), **_told(sum(counted.values(), Counter()))}


def _firms(of: Counting, counted: dict[int, Counter[str]]) -> list[dict[str, Any]]:
    firms: dict[str, Counter[str]] = defaultdict(Counter)
    sizes: Counter[str] = Counter()
    for pk, place in of.scope.places.items():
        firms[place.operator or ""].update(counted.get(pk, {}))
        sizes[place.operator or ""] += 1
    rows = [{"name": name, "points": sizes[name], **_told(sums)} for name, sums in firms.items()]
    return sorted(rows, key=lambda row: (row["name"] == "", row["name"]))


def _told(sums: Counter[str]) -> dict[str, Any]:
    numbers = {name: sums.get(name, 0) for name in NAMES}
    return {**numbers, "passed_share": share(numbers["passed"], numbers["checks"])}


def blocks(data: Data, shown: Shown) -> list[Block]:
    """Sums, and a row a firm."""
    rows: list[Row] = [
        [
            row["name"] or pgettext("account", "None"),
            str(row["points"]),
            str(row["checks"]),
            percent(row["passed_share"]),
            str(row["records"]),
            f"{row['faults']} ({row['late_faults']})",
            f"{row['marks']} ({row['late_marks']})",
            str(row["rejected"]),
        ]
        for row in data["firms"]
    ]
    return [
        Facts(
            [
                (_("Checks of instruments"), shown.cell(data["checks"], "checks")),
                (pgettext("account", "Passed"), percent(data["passed_share"])),
                (_("Maintenance records"), shown.cell(data["records"], "records")),
                (
                    _("Faults reported (late)"),
                    shown.cell(f"{data['faults']} ({data['late_faults']})", "faults"),
                ),
                (_("Marks (late)"), shown.cell(f"{data['marks']} ({data['late_marks']})", "marks")),
                (_("Marks rejected"), shown.cell(data["rejected"], "marks", accepted="no")),
            ]
        ),
        Table(
            caption=_("By operating firm"),
            head=[
                _("Operating firm"),
                _("Points"),
                pgettext("account", "Checks"),
                pgettext("account", "Passed"),
                pgettext("account", "Maintenance"),
                _("Faults (late)"),
                _("Marks (late)"),
                pgettext("account", "Rejected"),
            ],
            rows=rows,
            widths=(4, 1, 1.2, 1.6, 1.4, 1.7, 1.7, 1.2),
            align=aligned(1, 7),
        ),
    ]


SECTION = Section("upkeep", gettext_lazy("Maintenance and quality control"), count, blocks)
