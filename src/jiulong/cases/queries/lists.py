"""All cases: by words, filters, time and place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, radians
from typing import Any, Final

from django.db.models import Count, F, Q, QuerySet

from jiulong.calendar.clocks import Limit, shift
from jiulong.calendar.queries import district_calendar
from jiulong.cases import routing, specs
from jiulong.cases.lifecycle import ENDED, OPEN
from jiulong.cases.models import Case, MatterType
from jiulong.cases.queries.scope import IS_OPEN, furnished, past, rows, visible
from jiulong.organisation.rules import Viewer

#: More lights than this are no map any more.
MOST_ON_MAP: Final = 2000
NEAREST: Final = 5
#: More open cases than this within some metres are not compared.
NEAR_MOST: Final = 200


def search(words: str) -> Q:
    """Cases whose number, title or address has the words."""
    if not words:
        return Q()
    return Q(number__icontains=words) | Q(title__icontains=words) | Q(address__icontains=words)


def by_light(light: str, now: datetime) -> Q:
    """A light of the ladder, `none`, or `late`: open and past the promise."""
    if light == "late":
        return past(now)
    return Q(light="" if light == "none" else light) if light else Q()


def by_stage(stage: str) -> Q:
    """One stage, or `open` or `ended` for all of those."""
    if stage == "open":
        return IS_OPEN
    if stage == "ended":
        return Q(stage__in=sorted(ENDED))
    return Q(stage=stage) if stage else Q()


def cases(
    viewer: Viewer,
    now: datetime,
    *,
    q: str = "",
    matter: str = "",
    light: str = "",
    stage: str = "",
    unit: str = "",
    street: str = "",
    result: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Case]:
    """Cases in the order of the model, newest first.

    Args:
        matter: code of the matter. unit, street: codes; the unit leads or dispatches it.
        light: see `by_light`. stage: see `by_stage`.
        since, until: filed from and before then.
    """
    found = rows(visible(viewer)).filter(search(q), by_light(light, now), by_stage(stage))
    if matter:
        # By id: only then does the index of a matter's cases give them in their order.
        found = found.filter(matter=MatterType.objects.filter(code=matter).values("pk")[:1])
    if unit:
        found = found.filter(Q(lead__code=unit) | Q(lead=None, dispatch__code=unit))
    if street:
        found = found.filter(street__code=street)
    if result:
        found = found.filter(result=result)
    if since is not None:
        found = found.filter(filed_at__gte=since)
    if until is not None:
        found = found.filter(filed_at__lt=until)
    return found


def placed(found: QuerySet[Case]) -> list[dict[str, Any]]:
    """The newest open cases among them that have a place, for the map."""
    there = found.filter(IS_OPEN, longitude__isnull=False, latitude__isnull=False)
    names = ("pk", "number", "title", "light", "due_at", "stage", "longitude", "latitude")
    return list(there.order_by("-filed_at", "-pk").values(*names)[:MOST_ON_MAP])


@dataclass(frozen=True, slots=True)
class Near:
    """An open case that may be the same, and how far off and how old it is."""

    case: Case
    metres: int
    age: timedelta


def nearby(
    viewer: Viewer, matter: MatterType, place: tuple[float, float], now: datetime
) -> list[Near]:
    """Open cases alike, as near and as young as the matter says, that the viewer may see.

    Nearest first; none where the matter asks for no hint. A box of degrees in the database, the
    distance here.
    """
    rule = specs.matter(matter).near
    if rule is None:
        return []
    longitude, latitude = place
    tall = rule.metres / routing.DEGREE_M
    wide = tall / max(cos(radians(latitude)), 0.01)
    around = visible(viewer).filter(
        stage__in=sorted(OPEN),
        matter=matter,
        filed_at__gte=shift(now, Limit.parse(rule.within), district_calendar(), -1),
        longitude__range=(longitude - wide, longitude + wide),
        latitude__range=(latitude - tall, latitude + tall),
    )
    measured = [
        Near(case, round(routing.metres(place, there)), now - case.filed_at)
        for case in rows(around)[:NEAR_MOST]
        if (there := routing.place_of(case)) is not None
    ]
    close = [one for one in measured if one.metres <= rule.metres]
    return sorted(close, key=lambda one: (one.metres, -one.case.pk))[:NEAREST]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the board: how many cases are at the stage, and the most urgent of them."""

    stage: str
    count: int
    cards: list[Case]


def board(found: QuerySet[Case], stages: tuple[str, ...], cards: int) -> list[Column]:
    """The cases by stage, the most urgent first: one query for the counts, one a stage with any."""
    grouped = found.order_by().values("stage").annotate(n=Count("pk"))
    counts = dict(grouped.values_list("stage", "n"))
    urgent = found.order_by(F("due_at").asc(nulls_last=True), "-pk")
    return [
        Column(stage, n, furnished(urgent.filter(stage=stage)[:cards]) if n else [])
        for stage in stages
        for n in (counts.get(stage, 0),)
    ]
