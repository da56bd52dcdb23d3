"""The rates of the network: what each means, and what it is of points, firms, zones and months."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.monitoring.models import Point
from jiulong.monitoring.queries import visible_points
from jiulong.monitoring.words import point_title
from jiulong.organisation.rules import Viewer
from jiulong.validity.engine.rates import Counts, total
from jiulong.validity.rates_counting import Key, Span, counts

By = Literal["point", "enterprise", "operator", "zone", "month", ""]


@dataclass(frozen=True)
class Definition:
    """What a rate means.

    Args:
        floor: share below which it falls short; None: nobody set one.
        source: where definition and floor stand.
    """

    code: str
    label: str | Promise
    text: str | Promise
    source: str | Promise
    floor: Decimal | None = None


#: In the order in which platforms show them: the first three together.
DEFINITIONS: Final[Mapping[str, Definition]] = MappingProxyType({
    one.code: one
    for one in (
        Definition(
            "transmission",
            _("Transmission rate"),
            _("Hourly values received ÷ hourly values due. Due is every hour of every factor in"
              " service, without hours whose flow is known to be 0."),
            _("Practice of platforms; HJ 355-2019"),
        ),
        Definition(
            "validity",
            _("Validity rate"),
            _("Hourly values that count by the rule set ÷ hourly values received."),
            _("HJ 356-2019"),
        ),
        Definition(
            "transmission_validity",
            _("Transmission-validity rate"),
            _("Transmission rate × validity rate, which is valid ÷ due. HJ 355-2019 asks for"
              " 90 % in a month."),
            _("HJ 355-2019; national assessment of emission reduction: 75 %"),
            Decimal("0.90"),
        ),
        Definition(
            "online",
            _("Online rate"),
            _("Time in service without an offline finding ÷ time in service. A point is offline"
              " from its last frame on, once its silence was noticed."),
            _("HJ 354-2019: at least 90 %"),
            Decimal("0.90"),
        ),
        Definition(
            "marking",
            _("Marking rate"),
            _("Hourly values that are flagged or missing and carry a mark ÷ all that are flagged"
              " or missing, without hours whose flow is known to be 0."),
            _("MEE announcement 21 of 2022"),
        ),
        Definition(
            "feedback",
            _("Feedback rate"),
            _("Answers of enterprises and operators to alarms that came in time ÷ answers that"
              " were due, by the day they were due."),
            _("Practice of electronic supervision"),
        ),
    )
})  # fmt: skip


@dataclass(frozen=True)
class Rates:
    """One line: what it is about, and what was counted.

    Args:
        key: id of the point, enterprise, operator or zone; `2026-08` of a month; "" of all.
        label: what people call it.
        sort: by what lines stand in order.
    """

    key: str
    label: str
    sort: str
    counts: Counts
    point: Point | None = None

    def share(self, rate: str) -> Decimal | None:
        """The rate; None where there was nothing to count."""
        return self.counts.share(rate)

    def falls_short(self, rate: str) -> bool:
        """Whether the rate lies below its floor. The exact quotient is compared."""
        floor = DEFINITIONS[rate].floor
        part, whole = self.counts.of(rate)
        return floor is not None and whole > 0 and part < floor * whole

    def __getattr__(self, name: str) -> Decimal | None:
        if name in DEFINITIONS:
            return self.share(name)
        raise AttributeError(name)


def rates(
    points: Collection[int], first: date, last: date, by: By = "", *, now: datetime | None = None
) -> list[Rates]:
    """The rates of points from day to day, grouped.

    Whoever asks has chosen the points; pages use `seen`, which asks who may see them.

    Args:
        by: "" makes one line of all; a zone is the street or zone an enterprise lies in.
    """
    span = Span(first, last, now or timezone.now())
    counted = counts(points, span)
    if by == "month":
        return _by_month(counted)
    if not by:
        return [Rates("", _t("All points"), "", total(counted.values()))]
    rows = Point.objects.filter(pk__in=points).select_related(
        "outfall__enterprise__street", "operator"
    )
    return _grouped(rows, counted, by)


def seen(
    viewer: Viewer, first: date, last: date, by: By = "", *, q: str = "", street: str = ""
) -> list[Rates]:
    """The rates of the points that the viewer may see; each word of `q` is in a name or code."""
    found = visible_points(viewer)
    for word in q.split():
        found = found.filter(
            Q(code__icontains=word)
            | Q(name__icontains=word)
            | Q(outfall__enterprise__name__icontains=word)
            | Q(operator__name__icontains=word)
        )
    if street:
        found = found.filter(outfall__enterprise__street__code=street)
    return rates(list(found.values_list("pk", flat=True)), first, last, by)


def _by_month(counted: Mapping[Key, Counts]) -> list[Rates]:
    months: defaultdict[date, Counts] = defaultdict(Counts)
    for (_point, month), one in counted.items():
        months[month] += one
    return [
        Rates(f"{month:%Y-%m}", f"{month:%Y-%m}", f"{month:%Y-%m}", months[month])
        for month in sorted(months)
    ]


def _grouped(points: QuerySet[Point], counted: Mapping[Key, Counts], by: By) -> list[Rates]:
    per_point: defaultdict[int, Counts] = defaultdict(Counts)
    for (pk, _month), one in counted.items():
        per_point[pk] += one
    if by == "point":
        return [
            Rates(str(point.pk), point_title(point), point.code, per_point[point.pk], point)
            for point in points
        ]
    found: dict[str, Rates] = {}
    for point in points:
        key, label = _group(point, by)
        before = found[key].counts if key in found else Counts()
        found[key] = Rates(key, label, label, before + per_point[point.pk])
    return sorted(found.values(), key=lambda one: one.sort)


def _group(point: Point, by: By) -> tuple[str, str]:
    enterprise = point.outfall.enterprise
    if by == "enterprise":
        return str(enterprise.pk), enterprise.name
    thing: Any = point.operator if by == "operator" else enterprise.street
    if thing is not None:
        return str(thing.pk), thing.name
    return "", str(_NONE_OF_IT[by])


_NONE_OF_IT: Final[Mapping[str, str | Promise]] = MappingProxyType({
    "operator": pgettext_lazy("operator of a station", "The enterprise itself"),
    "zone": pgettext_lazy("zone", "None"),
})  # fmt: skip
