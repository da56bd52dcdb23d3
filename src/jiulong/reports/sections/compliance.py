"""Who met the limits: effective days, days over, worst multiples, loads against the permit."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jiulong.documents import Bars, Block, Facts, Figure, Paragraph, Strip, Table
from jiulong.monitoring.models import PermittedLoad
from jiulong.reports import days
from jiulong.reports.figures import percent, rounded, share, significant, text
from jiulong.reports.sections.base import Counting, Data, Row, Section, Shown, aligned

#: So many enterprises stand in the figure; the table has all.
SHOWN_WORST = 15


def count(of: Counting) -> Data:
    """Outfall-days in all, by enterprise and by factor."""
    judged = sum(n for n, _over in of.outfalls.values())
    over = sum(n for _judged, n in of.outfalls.values())
    with_over = {pk for pk, (_judged, n) in of.outfalls.items() if n}
    rows = [_row(of, one) for one in of.series]
    loads = _loads(of)
    of.scope.note(
        "compliance",
        "loads",
        len(loads),
        table="monitoring.permittedload",
        year=of.scope.span.first.year,
    )
    return {
        "judged": judged,
        "over": over,
        "share": share(judged - over, judged),
        "outfalls": len(of.outfalls),
        "outfalls_over": len(with_over),
        "enterprises": _enterprises(of),
        "strips": _strips(of),
        "factors": _factors(of),
        "loads": loads,
        "rows": rows,
        "course": [[piece.first.isoformat(), piece.judged, piece.over] for piece in of.pieces],
    }


def _row(of: Counting, one: days.Series) -> dict[str, Any]:
    place, factor = of.scope.places[one.point], of.scope.factors[one.factor]
    return {
        "enterprise": place.enterprise,
        "enterprise_id": place.enterprise_id,
        "outfall": place.outfall_code,
        "point": place.code,
        "factor": factor.code,
        "name": factor.name or factor.code,
        "name_en": factor.name_en,
        "unit": factor.unit,
        "days": one.days,
        "valid": one.valid_days,
        "judged": one.judged_days,
        "over": one.over_days,
        "share": share(one.judged_days - one.over_days, one.judged_days),
        "mean": text(one.mean and round(one.mean, 9)),
        "limit": text(one.limit),
        "worst": text(one.worst and round(one.worst, 9)),
        "multiple": text(one.worst_multiple and round(one.worst_multiple, 9)),
        "worst_on": one.worst_on and one.worst_on.isoformat(),
        "load": text(one.load_kg),
        "substituted": one.substituted_days,
    }


def _enterprises(of: Counting) -> list[dict[str, Any]]:
    groups: dict[int, dict[str, Any]] = {}
    owners = {place.outfall_id: place for place in of.scope.places.values()}
    for outfall, (judged, over) in of.outfalls.items():
        place = owners[outfall]
        row = groups.setdefault(
            place.enterprise_id,
            {"id": place.enterprise_id, "name": place.enterprise, "judged": 0, "over": 0},
        )
        row["judged"] += judged
        row["over"] += over
    for row in groups.values():
        row["share"] = share(row["judged"] - row["over"], row["judged"])
    return sorted(groups.values(), key=lambda row: (-row["over"], row["name"]))


def _strips(of: Counting) -> list[dict[str, Any]]:
    """The course of the outfalls with most days over."""
    worst = sorted(of.outfalls, key=lambda pk: (-of.outfalls[pk][1], pk))[:SHOWN_WORST]
    owners = {place.outfall_id: place for place in of.scope.places.values()}
    tones = days.courses(of.scope)
    return [
        {"name": f"{owners[pk].enterprise} {owners[pk].outfall_code}", "tones": tones[pk]}
        for pk in worst
        if of.outfalls[pk][1]
    ]


def _factors(of: Counting) -> list[dict[str, Any]]:
    sums: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in of.series:
        for place, name in enumerate(("valid_days", "judged_days", "over_days")):
            sums[one.factor][place] += getattr(one, name)
    rows = []
    for pk, (valid, judged, over) in sums.items():
        factor = of.scope.factors[pk]
        names = {"code": factor.code, "name": factor.name or factor.code, "name_en": factor.name_en}
        counts = {"valid": valid, "judged": judged, "over": over}
        rows.append({**names, **counts, "share": share(judged - over, judged)})
    return sorted(rows, key=lambda row: (-row["over"], row["code"]))


def _loads(of: Counting) -> list[dict[str, Any]]:
    """Discharged against permitted, where a permit says how much; in tonnes."""
    sent: defaultdict[tuple[int, int], Decimal] = defaultdict(Decimal)
    for one in of.series:
        if one.load_kg is not None:
            sent[of.scope.places[one.point].outfall_id, one.factor] += one.load_kg
    owners = {place.outfall_id: place for place in of.scope.places.values()}
    allowed = PermittedLoad.objects.filter(outfall__in=owners, year=of.scope.span.first.year)
    rows = []
    for permit in allowed.order_by("outfall__code", "factor__code"):
        place, factor = owners[permit.outfall_id], of.scope.factors[permit.factor_id]
        tonnes = sent[permit.outfall_id, permit.factor_id] / 1000
        rows.append(
            {
                "enterprise": place.enterprise,
                "enterprise_id": place.enterprise_id,
                "outfall": place.outfall_code,
                "factor": factor.code,
                "name": factor.name or factor.code,
                "name_en": factor.name_en,
                "tonnes": text(round(tonnes, 6)),
                "permitted": text(permit.tonnes),
                "share": share(tonnes, permit.tonnes),
            }
        )
    return rows


def blocks(data: Data, shown: Shown) -> list[Block]:
    """The rule, the sums, enterprises and factors with something over, loads."""
    told: list[Block] = [
        Paragraph(
            _(
                "An outfall is over the limit on a day when the effective daily mean of at least "
                "one factor, pH excepted, is beyond the limit in force (Fujian government order "
                "230 of 2023, art. 26). Means are compared without rounding (GB/T 8170-2008)."
            )
        ),
        Facts(
            [
                (_("Outfall-days judged"), shown.cell(data["judged"], "days", valid="yes")),
                (_("Outfall-days over the limit"), shown.cell(data["over"], "days", over="yes")),
                (_("Share of days within the limits"), percent(data["share"])),
                (_("Outfalls with days over"), f"{data['outfalls_over']} / {data['outfalls']}"),
            ]
        ),
    ]
    worst = [row for row in data["enterprises"] if row["over"]]
    out: list[Block] = [*told]
    if worst:
        few = worst[:SHOWN_WORST]
        bars = Bars([row["name"] for row in few], [row["over"] for row in few])
        out.append(Figure(bars, _("Outfall-days over the limit by enterprise")))
        out.append(_course(data, shown))
    return [
        *out,
        _enterprise_table(worst, shown),
        _factor_table(data, shown),
        _load_table(data, shown, SHOWN_WORST),
    ]


def _course(data: Data, shown: Shown) -> Figure:
    """When the worst outfalls were over."""
    pieces = [
        f"{one:%m}" if shown.span.kind == "year" else f"{one:%d}" for one in shown.span.pieces()
    ]
    strip = Strip(
        pieces,
        [(row["name"], row["tones"]) for row in data["strips"]],
        (
            ("good", pgettext("account", "Within the limits")),
            ("over", pgettext("account", "Over the limits")),
            ("invalid", pgettext("account", "Nothing effective")),
            ("none", pgettext("account", "No data")),
        ),
    )
    return Figure(strip, _("Outfalls with most days over the limit, in their course"))


def _enterprise_table(worst: list[dict[str, Any]], shown: Shown) -> Table:
    rows: list[Row] = [
        [
            row["name"],
            str(row["judged"]),
            shown.cell(row["over"], "days", over="yes", enterprise=row["id"]),
            percent(row["share"]),
        ]
        for row in worst
    ]
    return Table(
        caption=_("Enterprises with days over the limit"),
        head=[_("Enterprise"), _("Days judged"), _("Days over"), _("Within the limits")],
        rows=rows or [[pgettext("account", "None"), "–", "–", "–"]],
        widths=(5, 2, 2, 2),
        align=aligned(1, 3),
    )


def _factor_table(data: Data, shown: Shown) -> Table:
    rows: list[Row] = [
        [
            shown.named(row),
            str(row["valid"]),
            str(row["judged"]),
            shown.cell(row["over"], "days", over="yes", factor=row["code"]),
            percent(row["share"]),
        ]
        for row in data["factors"]
    ]
    return Table(
        caption=_("By factor"),
        head=[
            _("Factor"),
            _("Effective days"),
            _("Days judged"),
            _("Days over"),
            _("Within the limits"),
        ],
        rows=rows,
        widths=(3, 2, 2, 2, 2),
        align=aligned(1, 4),
    )


def _load_table(data: Data, shown: Shown, most: int | None = None) -> Table:
    """Loads by how much of the permit is used; the `most` used ones where told."""
    loads = sorted(data["loads"], key=lambda row: -Decimal(row["share"] or 0))
    rows: list[Row] = [
        [
            row["enterprise"],
            row["outfall"],
            shown.named(row),
            rounded(row["tonnes"], 3),
            rounded(row["permitted"], 3),
            percent(row["share"]),
        ]
        for row in loads[:most]
    ]
    return Table(
        caption=_("Loads against the permitted yearly quantity"),
        head=[
            _("Enterprise"),
            _("Outfall"),
            _("Factor"),
            _("Discharged (t)"),
            _("Permitted (t)"),
            pgettext("account", "Used"),
        ],
        rows=rows or [[pgettext("account", "None"), *["–"] * 5]],
        widths=(4, 2.4, 2, 2, 2, 1.6),
        align=aligned(3, 3),
        note=_("Effective and substituted loads of the time of this account."),
    )


def annex(data: Data, shown: Shown) -> list[Block]:
    """Every factor of every outfall, every load."""
    return [_every_factor(data, shown), _load_table(data, shown)]


def _every_factor(data: Data, shown: Shown) -> Table:
    rows: list[Row] = [
        [
            row["enterprise"],
            row["outfall"],
            shown.named(row),
            shown.cell(
                f"{row['valid']} / {row['days']}", "days", point=row["point"], factor=row["factor"]
            ),
            rounded(row["limit"], 3).rstrip("0").rstrip("."),
            _short(row["mean"]),
            shown.cell(row["over"], "days", over="yes", point=row["point"], factor=row["factor"]),
            rounded(row["multiple"], 2),
            percent(row["share"]),
            rounded(row["load"], 1),
        ]
        for row in data["rows"]
    ]
    return Table(
        caption=_("Every factor of every outfall"),
        head=[
            _("Enterprise"),
            _("Outfall"),
            _("Factor"),
            _("Effective days"),
            _("Limit"),
            pgettext("account", "Mean"),
            _("Days over"),
            _("Worst multiple"),
            _("Within the limits"),
            _("Load (kg)"),
        ],
        rows=rows,
        widths=(3.4, 2.2, 1.8, 1.6, 1.2, 1.6, 1.1, 1.3, 1.7, 1.8),
        align=aligned(3, 7),
        note=_("Mean: of effective daily means. Worst multiple: highest daily mean ÷ limit − 1."),
    )


def _short(mean: str | None) -> str:
    return "–" if mean is None else significant(Decimal(mean))


SECTION = Section("compliance", gettext_lazy("Who met the limits"), count, blocks)
