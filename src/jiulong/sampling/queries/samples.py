"""Samples with their evidence clocks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from jiulong.organisation.rules import Viewer
from jiulong.sampling import holding, life
from jiulong.sampling.guarding import touches, visible
from jiulong.sampling.holding import Clock, Hold
from jiulong.sampling.models import Result, Sample
from jiulong.sampling.tables import hold_table
from jiulong.sampling.words import names_of

#: Views of the list: name → states.
STATES: Final[Mapping[str, frozenset[str]]] = {
    "confirm": frozenset({life.ASKED}),
    "way": frozenset({life.ORDERED, life.UNKNOWN}),
    "cabinet": life.IN_CABINET,
    "bench": frozenset({life.COLLECTED, life.HANDED_OVER, life.RECEIVED}),
    "done": frozenset({life.ANALYSED, life.DISPOSED}),
    "none": frozenset({life.CANCELLED, life.EXPIRED, life.FAILED, life.DISCARDED}),
}
RELATED: Final = (
    "point__outfall__enterprise", "sampler", "command", "ordered_by", "confirmed_by",
    "laboratory", "finding__factor", "bottle", "draw", "rule",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """A sample with its clocks, as lists show it."""

    sample: Sample
    clocks: Sequence[Clock]
    names: Mapping[str, str]  # of its factors, by code

    @property
    def next_clock(self) -> Clock | None:
        """The first that still runs; where none runs any more, the first that was missed."""
        left = holding.running(self.clocks)
        over = [clock for clock in self.clocks if clock.expired and not clock.stopped]
        return next(iter(left or over), None)

    @property
    def missed(self) -> list[Clock]:
        """Those that were over before anybody analysed their factor."""
        return [clock for clock in self.clocks if clock.expired]

    @property
    def light(self) -> str:
        """How the clocks stand together: the worst of those that are not stopped."""
        open_ones = [clock.light for clock in self.clocks if not clock.stopped]
        return next((one for one in ("over", "near", "met") if one in open_ones), "none")


def samples(
    viewer: Viewer,
    *,
    text: str = "",
    point: str = "",
    view: str = "",
    state: str = "",
    trigger: str = "",
    purpose: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Sample]:
    """Samples that the viewer may see, newest first; `text` looks in numbers, codes and names."""
    rows = visible(viewer).select_related(*RELATED)
    if text:
        rows = rows.filter(
            Q(number__icontains=text)
            | Q(code__iexact=text)
            | Q(seal_number__iexact=text)
            | Q(point__code__icontains=text)
            | Q(point__outfall__enterprise__name__icontains=text)
        )
    if view:
        rows = rows.filter(state__in=STATES[view])
    exact = {"point__code": point, "state": state, "trigger": trigger, "purpose": purpose}
    rows = rows.filter(**{name: value for name, value in exact.items() if value})
    if since is not None:
        rows = rows.filter(ordered_at__gte=since)
    return rows if until is None else rows.filter(ordered_at__lt=until)


def sample(viewer: Viewer, pk: int) -> Sample:
    """One sample. Sample.DoesNotExist also where the viewer may not see it."""
    return samples(viewer).get(pk=pk)


def by_code(viewer: Viewer, code: str) -> Sample:
    """The sample with this code on its label, seen by number. Sample.DoesNotExist as `sample`."""
    return samples(viewer).get(code=code.upper())


def clocks_of(
    one: Sample,
    now: datetime,
    *,
    table: Mapping[str, Hold] | None = None,
    results: Iterable[Result] | None = None,
) -> list[Clock]:
    """The evidence clocks of a sample; none while there is no water."""
    if one.sampled_at is None:
        return []
    done = {
        result.factor.code: result.analysed_at
        for result in (one.results.select_related("factor") if results is None else results)
        if not result.duplicate
    }
    return holding.clocks(one.sampled_at, one.factors, now, analysed=done, table=table)


def dress(rows: Iterable[Sample], now: datetime) -> list[Row]:
    """Samples with their clocks and the names of their factors. Three queries, however many."""
    listed = list(rows)
    table = hold_table()
    names = names_of({code for one in listed for code in one.factors})
    results: dict[int, list[Result]] = {}
    for result in Result.objects.filter(sample__in=listed).select_related("factor"):
        results.setdefault(result.sample_id, []).append(result)
    return [
        Row(
            one,
            clocks_of(one, now, table=table, results=results.get(one.pk, [])),
            {code: names[code] for code in one.factors},
        )
        for one in listed
    ]


def to_collect(viewer: Viewer, now: datetime) -> list[Row]:
    """What stands in cabinets and waits for officers, the first clock to end first."""
    if not touches(viewer):
        return []
    rows = samples(viewer).filter(state__in=life.IN_CABINET, bottle__isnull=False)
    return sorted(dress(rows, now), key=_urgency)


def _urgency(row: Row) -> tuple[bool, datetime, int]:
    clock = row.next_clock
    return (clock is None, clock.until if clock else row.sample.ordered_at, row.sample.pk)
