"""Missing data: what was owed, what came in time and later, what was asked for."""

from __future__ import annotations

from django.db.models import Count, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from jiulong.documents import Block, Facts, Table
from jiulong.gaps.models import Gap, HistoryRequest, MonthTally
from jiulong.monitoring.models import Period
from jiulong.reports.figures import percent, share
from jiulong.reports.sections.base import Counting, Data, Pair, Row, Section, Shown, aligned


def count(of: Counting) -> Data:
    """Tallies by period, gaps by state, requests by outcome."""
    span, ids = of.scope.span, of.scope.ids
    tallies = MonthTally.objects.filter(point__in=ids, month__range=(span.first, span.last))
    sums = list(
        tallies.order_by("period")
        .values("period")
        .annotate(due=Sum("expected"), in_time=Sum("live"), later=Sum("late"))
    )
    periods = [{**row, "share": share(row["in_time"] + row["later"], row["due"])} for row in sums]
    gaps = Gap.objects.filter(point__in=ids, start__gte=span.start, start__lt=span.end)
    states = {
        row["state"]: [row["n"], row["left"] or 0]
        for row in gaps.order_by().values("state").annotate(n=Count("id"), left=Sum("left"))
    }
    requests = dict(
        HistoryRequest.objects.filter(gap__in=gaps)
        .order_by()
        .values_list("outcome")
        .annotate(n=Count("id"))
    )
    of.scope.note("gaps", "tallies", tallies.count(), table="gaps.monthtally", first=span.first)
    of.scope.note(
        "gaps",
        "gaps",
        sum(n for n, _left in states.values()),
        table="gaps.gap",
        first=span.first,
        last=span.last,
    )
    return {"periods": periods, "states": states, "requests": requests}


def blocks(data: Data, shown: Shown) -> list[Block]:
    """Completeness by kind of data; gaps and requests."""
    periods = {value: str(label) for value, label in Period.choices}
    states = {value: str(label) for value, label in Gap.State.choices}
    outcomes = {value: str(label) for value, label in HistoryRequest.Outcome.choices}
    rows: list[Row] = [
        [
            periods.get(row["period"], str(row["period"])),
            str(row["due"]),
            str(row["in_time"]),
            str(row["later"]),
            percent(row["share"]),
        ]
        for row in data["periods"]
    ]
    facts: list[Pair] = [
        (
            f"{_('Gaps')}: {states.get(state, state)}",
            shown.cell(
                _("%(n)d, %(left)d readings missing") % {"n": n, "left": left}, "gaps", state=state
            ),
        )
        for state, (n, left) in data["states"].items()
    ]
    facts += [
        (f"{_('Requests')}: {outcomes.get(outcome, outcome)}", shown.cell(n))
        for outcome, n in data["requests"].items()
    ]
    return [
        Table(
            caption=_("Readings owed and received"),
            head=[
                pgettext("account", "Data"),
                pgettext("account", "Owed"),
                pgettext("account", "In time"),
                pgettext("account", "Later"),
                pgettext("account", "Complete"),
            ],
            rows=rows or [[pgettext("account", "None"), *["–"] * 4]],
            widths=(3, 2, 2, 2, 2),
            align=aligned(1, 4),
        ),
        *([Facts(facts)] if facts else []),
    ]


SECTION = Section("gaps", gettext_lazy("Missing data"), count, blocks)
