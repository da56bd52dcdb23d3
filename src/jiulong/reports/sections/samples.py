"""Samples taken as evidence, and what the laboratory found."""

from __future__ import annotations

from collections import Counter

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jiulong.documents import Block, Facts, Table
from jiulong.reports.figures import percent, share
from jiulong.reports.sections.base import Counting, Data, Row, Section, Shown, aligned
from jiulong.sampling.models import Result, Sample


def count(of: Counting) -> Data:
    """Samples ordered in the span by cause and fate; results by factor."""
    span = of.scope.span
    found = Sample.objects.filter(
        point__in=of.scope.ids, ordered_at__gte=span.start, ordered_at__lt=span.end
    )
    rows = list(
        found.values("trigger")
        .annotate(
            n=Count("id"),
            taken=Count("sampled_at"),
            sealed=Count("sealed_at"),
            received=Count("received_at"),
            analysed=Count("reported_at"),
        )
        .order_by("trigger")
    )
    results = list(
        Result.objects.filter(sample__in=found, duplicate=False)
        .values("factor__code", "factor__name", "factor__name_en")
        .annotate(
            n=Count("id"),
            in_time=Count("id", filter=Q(in_time=True)),
            compared=Count("agrees"),
            agrees=Count("id", filter=Q(agrees=True)),
        )
        .order_by("factor__code")
    )
    sums = Counter(
        {
            name: sum(row[name] for row in rows)
            for name in ("n", "taken", "sealed", "received", "analysed")
        }
    )
    of.scope.note(
        "samples", "samples", sums["n"], table="sampling.sample", first=span.first, last=span.last
    )
    named = [
        {
            "code": r["factor__code"],
            "name": r["factor__name"],
            "name_en": r["factor__name_en"],
            "n": r["n"],
            "in_time": r["in_time"],
            "compared": r["compared"],
            "agrees": r["agrees"],
            "share": share(r["agrees"], r["compared"]),
        }
        for r in results
    ]
    return {**sums, "triggers": rows, "results": named}


def blocks(data: Data, shown: Shown) -> list[Block]:
    """Facts, causes, results."""
    words = {value: str(label) for value, label in Sample.Trigger.choices}
    steps = ("n", "taken", "sealed", "received", "analysed")
    causes: list[Row] = [
        [
            words.get(row["trigger"], row["trigger"]),
            shown.cell(row["n"], "samples", trigger=row["trigger"]),
            *(str(row[step]) for step in steps[1:]),
        ]
        for row in data["triggers"]
    ]
    results: list[Row] = [
        [
            shown.named(row),
            str(row["n"]),
            str(row["in_time"]),
            str(row["compared"]),
            str(row["agrees"]),
            percent(row["share"]),
        ]
        for row in data["results"]
    ]
    return [
        Facts(
            [
                (_("Samples ordered"), shown.cell(data.get("n", 0), "samples")),
                (_("Bottles filled"), shown.cell(data.get("taken", 0), "samples", taken="yes")),
                (_("Sealed by two officers"), str(data.get("sealed", 0))),
                (
                    pgettext("account", "Analysed"),
                    shown.cell(data.get("analysed", 0), "samples", analysed="yes"),
                ),
            ]
        ),
        Table(
            caption=_("Samples by cause"),
            head=[
                pgettext("account", "Cause"),
                pgettext("account", "Ordered"),
                pgettext("account", "Filled"),
                _("Sealed"),
                pgettext("account", "Received"),
                pgettext("account", "Analysed"),
            ],
            rows=causes or [[pgettext("account", "None"), *["–"] * 5]],
            widths=(3, 1, 1, 1, 1, 1),
            align=aligned(1, 5),
        ),
        Table(
            caption=_("Results of the laboratory beside the online values"),
            head=[
                _("Factor"),
                pgettext("account", "Results"),
                _("Within the hold time"),
                pgettext("account", "Compared"),
                pgettext("account", "Agree"),
                pgettext("account", "Share"),
            ],
            rows=results or [[pgettext("account", "None"), *["–"] * 5]],
            widths=(3, 1, 1.6, 1, 1, 1.2),
            align=aligned(1, 5),
        ),
    ]


SECTION = Section("samples", gettext_lazy("Samples and laboratory"), count, blocks)
