"""How the network ran: what is monitored, and the rates by zone and by operating firm."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jiulong.documents import Block, Facts, Figure, Lines, Paragraph, Series, Table
from jiulong.monitoring.models import Point
from jiulong.reports import rates
from jiulong.reports.figures import percent, share
from jiulong.reports.sections.base import Counting, Data, Pair, Section, Shown, aligned


def count(of: Counting) -> Data:
    """Points, rates in all, by street and by operator, and their course."""
    places = of.scope.places.values()
    positions = Counter(place.position for place in places)
    whole = rates.total(of.counts.values())
    of.scope.note("network", "points", len(places), table="monitoring.point")
    return {
        "points": len(places),
        "positions": dict(positions),
        "enterprises": len({place.enterprise_id for place in places}),
        "outfalls": len({place.outfall_id for place in places}),
        "operators": len({place.operator_id for place in places if place.operator_id}),
        "hours": [whole.due, whole.received, whole.valid],
        "drops": rates.interruptions(of.scope),
        "offline_hours": (whole.service_s - whole.online_s) // 3600,
        **rates.told(whole),
        "streets": _groups(of, "street"),
        "firms": _groups(of, "operator"),
        "course": [
            [piece.first.isoformat(), share(piece.valid_hours, piece.hours)] for piece in of.pieces
        ],
    }


def _groups(of: Counting, by: str) -> list[dict[str, Any]]:
    groups: dict[str, rates.Counts] = {}
    sizes: Counter[str] = Counter()
    for pk, place in of.scope.places.items():
        name = getattr(place, by) or ""
        groups[name] = groups.get(name, rates.Counts()) + of.counts[pk]
        sizes[name] += 1
    rows = [{"name": name, "points": sizes[name], **rates.told(groups[name])} for name in groups]
    return sorted(rows, key=lambda row: (row["name"] == "", row["name"]))


def blocks(data: Data, shown: Shown) -> list[Block]:
    """Facts, definitions, two tables, the course."""
    words = {value: str(label) for value, label in Point.Position.choices}
    positions = ", ".join(f"{words.get(k, k)} {n}" for k, n in sorted(data["positions"].items()))
    due, received, valid = data["hours"]
    facts: list[Pair] = [
        (_("Enterprises"), shown.cell(data["enterprises"], "points")),
        (_("Outfalls"), shown.cell(data["outfalls"], "points")),
        (_("Points"), shown.cell(f"{data['points']} ({positions})", "points")),
        (_("Operating firms"), str(data["operators"])),
        (_("Hourly values due"), shown.cell(due, "days")),
        (_("Hourly values received"), shown.cell(received, "days")),
        (_("Hourly values that count"), shown.cell(valid, "days")),
        (_("Interruptions"), shown.cell(data["drops"], "offline")),
    ]
    facts += [(str(one.label), percent(data[one.code])) for one in rates.DEFINITIONS.values()]
    labels = [_label(first, shown) for first, _share in data["course"]]
    values = [None if v is None else round(float(v) * 100, 2) for _first, v in data["course"]]
    course = Lines(labels, [Series("", values)], "%", 90, "90 %", zero=False)
    return [
        Facts(facts),
        Paragraph(definitions(), indent=False, small=True),
        Figure(course, _("Share of hourly values that count")),
        _table(_("Rates by street"), _("Street or town"), data["streets"]),
        _table(_("Rates by operating firm"), _("Operating firm"), data["firms"]),
    ]


def definitions() -> str:
    """Every rate with what it is."""
    told = [f"{one.label}: {one.text}" for one in rates.DEFINITIONS.values()]
    return "\n".join(told)


def _label(first: str, shown: Shown) -> str:
    return first[5:7] if shown.span.kind == "year" else first[8:]


def _table(caption: str, head: str, rows: list[dict[str, Any]]) -> Table:
    names = [str(one.label) for one in rates.DEFINITIONS.values()]
    return Table(
        caption=caption,
        head=[head, _("Points"), *names],
        rows=[
            [
                row["name"] or pgettext("account", "None"),
                str(row["points"]),
                *(percent(row[k]) for k in rates.DEFINITIONS),
            ]
            for row in rows
        ],
        widths=(3, 1, 1.6, 1.6, 1.6, 1.6, 1.6, 1.6),
        align=aligned(1, 7),
    )


SECTION = Section("network", gettext_lazy("How the network ran"), count, blocks)
