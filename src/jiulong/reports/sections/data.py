"""Which data count: hours and days due and valid, substituted loads, why days have no mean."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jiulong.documents import Block, Facts, Table
from jiulong.reports import days
from jiulong.reports.figures import percent, share
from jiulong.reports.sections.base import Counting, Data, Pair, Row, Section, Shown, aligned

#: Reason of the engine → words; others are shown as they are.
REASONS = {
    "missing": gettext_lazy("No value came"),
    "flow_zero": gettext_lazy("No flow"),
    "flag": gettext_lazy("Marked by the instrument"),
    "mark": gettext_lazy("Marked by the enterprise"),
    "qc": gettext_lazy("A check of the instrument failed"),
    "disagreement": gettext_lazy("Instrument, logger and platform disagree"),
    "too_few": gettext_lazy("Less than 75 % of the hours count"),
    "no_discharge": gettext_lazy("No discharge"),
    "substituted": gettext_lazy("Load substituted"),
    "manual": gettext_lazy("Manual data used"),
    "flow_unknown": gettext_lazy("Flow not known"),
    "flow_incomplete": gettext_lazy("Flow known in part"),
}


def count(of: Counting) -> Data:
    """Sums over all factors of all outfalls."""
    found = of.series
    names = (
        "days",
        "valid_days",
        "hours",
        "valid_hours",
        "missing_hours",
        "marked_hours",
        "substituted_days",
        "revised_days",
        "deviating_days",
    )
    data: Data = {name: days.summed(found, name) for name in names}
    data["valid_share"] = share(data["valid_days"], data["days"])
    data["hour_share"] = share(data["valid_hours"], data["hours"])
    data["reasons"] = days.reasons(of.scope)
    of.scope.note("data", "reasons", sum(data["reasons"].values()), table="validity.daystatistic")
    return data


def blocks(data: Data, shown: Shown) -> list[Block]:
    """Facts, and the reasons."""
    facts: list[Pair] = [
        (_("Factor-days due"), shown.cell(data["days"], "days")),
        (_("Effective daily means"), shown.cell(data["valid_days"], "days", valid="yes")),
        (_("Share of effective days"), percent(data["valid_share"])),
        (_("Hourly values due"), shown.cell(data["hours"], "days")),
        (_("Hourly values that count"), shown.cell(data["valid_hours"], "days")),
        (_("Share of effective hours"), percent(data["hour_share"])),
        (
            _("Loads substituted (days)"),
            shown.cell(data["substituted_days"], "days", special="substituted"),
        ),
        (_("Days revised later"), shown.cell(data["revised_days"], "days", special="revised")),
        (
            _("Sent means that deviate"),
            shown.cell(data["deviating_days"], "days", special="deviates"),
        ),
    ]
    rows: list[Row] = [
        [str(REASONS.get(reason, reason)), shown.cell(n, "days", reason=reason)]
        for reason, n in data["reasons"].items()
    ]
    return [
        Facts(facts),
        Table(
            caption=_("Why factor-days have no effective mean"),
            head=[_("Reason"), _("Factor-days")],
            rows=rows,
            widths=(4, 1),
            align=aligned(1, 1),
            note=_("A day may have several reasons."),
        ),
    ]


SECTION = Section("data", gettext_lazy("Which data count"), count, blocks)
