"""This time beside the one before and beside the same of last year."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jiulong.documents import Block, Table
from jiulong.monitoring.models import Alarm
from jiulong.reports import rates
from jiulong.reports.figures import percent, rounded, share
from jiulong.reports.sections.base import Counting, Data, Section, Shown, aligned
from jiulong.reports.spans import Span

#: Headline → its words; those of `SHARES` are told as percent.
HEADLINES: Final[dict[str, str | Promise]] = {
    "within": gettext_lazy("Share of outfall-days within the limits"),
    "over": gettext_lazy("Outfall-days over the limit"),
    "valid_share": gettext_lazy("Share of effective days"),
    "transmission": gettext_lazy("Transmission rate"),
    "validity": gettext_lazy("Validity rate"),
    "transmission_validity": gettext_lazy("Transmission-validity rate"),
    "online": gettext_lazy("Online rate"),
    "alarms": gettext_lazy("Alarms"),
}
SHARES: Final = frozenset(HEADLINES) - {"over", "alarms"}


def count(of: Counting) -> Data:
    """Headlines of this span and of two others; of the same points, as they were in service."""
    span = of.scope.span
    data: Data = {"now": headlines(of), "before": None, "year_before": None}
    data["before_first"] = span.before.first.isoformat()
    data["before"] = headlines(Counting(of.scope.at(span.before)))
    if span.year_before != span.before:
        data["year_before_first"] = span.year_before.first.isoformat()
        data["year_before"] = headlines(Counting(of.scope.at(span.year_before)))
    return data


def headlines(of: Counting) -> dict[str, Any] | None:
    """The few figures by which spans are compared; None where nothing is known of it."""
    if not of.series:
        return None
    judged = sum(n for n, _over in of.outfalls.values())
    over = sum(n for _judged, n in of.outfalls.values())
    span = of.scope.span
    alarms = Alarm.objects.filter(
        outfall__in=of.outfalls,
        started_at__gte=span.start,
        started_at__lt=span.end,
        state__in=Alarm.STANDING,
    ).count()
    days, valid = sum(one.days for one in of.series), sum(one.valid_days for one in of.series)
    return {
        "within": share(judged - over, judged),
        "over": over,
        "valid_share": share(valid, days),
        "alarms": alarms,
        **rates.told(rates.total(of.counts.values())),
    }


def blocks(data: Data, shown: Shown) -> list[Block]:
    """One table; the differences of shares are percentage points."""
    columns = [("now", _label(shown.span))]
    for key in ("before", "year_before"):
        if data.get(f"{key}_first"):
            span = shown.span.before if key == "before" else shown.span.year_before
            columns.append((key, _label(span)))
    rows = []
    for headline, words in HEADLINES.items():
        row = [str(words), _told(headline, (data["now"] or {}).get(headline))]
        for key, _name in columns[1:]:
            then = (data[key] or {}).get(headline)
            row += [
                _told(headline, then),
                _change(headline, (data["now"] or {}).get(headline), then),
            ]
        rows.append(row)
    heads = [pgettext("account", "Figure"), columns[0][1]]
    for _key, name in columns[1:]:
        heads += [name, pgettext("account", "Change")]
    return [
        Table(
            head=heads,
            rows=rows,
            widths=(4, *[2.0] * (len(heads) - 1)),
            align=aligned(1, len(heads) - 1),
            note=_("Changes of shares in percentage points; of the points of this account."),
        )
    ]


def _label(span: Span) -> str:
    return f"{span.first:%Y}" if span.kind == "year" else f"{span.first:%Y-%m}"


def _told(headline: str, value: Any) -> str:
    if headline in SHARES:
        return percent(value)
    return "–" if value is None else str(value)


def _change(headline: str, now: Any, then: Any) -> str:
    if now is None or then is None:
        return "–"
    step = Decimal(now) - Decimal(then)
    told = rounded(step * 100, 2) if headline in SHARES else str(step)
    return f"+{told}" if step > 0 else told


SECTION = Section("comparison", gettext_lazy("Comparison"), count, blocks)
