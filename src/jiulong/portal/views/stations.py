"""All stations of a firm with today's work, one station, and its account."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from jiulong.cases import queries as cases
from jiulong.cases.views.todo import Line as TodoLine
from jiulong.monitoring.models import Factor, Point
from jiulong.organisation.rules import require
from jiulong.portal.queries import own, todo
from jiulong.portal.queries.todo import Station
from jiulong.portal.words import HOUR_WORDS, Line, Teller
from jiulong.upkeep import queries as upkeep
from jiulong.upkeep.provisions import rulebook
from jiulong.upkeep.words import mark_light
from jiulong.validity.rates import DEFINITIONS

DAY: Final = timedelta(days=1)
#: Explanations that the page of all stations shows.
MOST_TASKS: Final = 8
#: What a firm handed in last.
MOST_MARKS: Final = 8


@dataclass(frozen=True, slots=True)
class Card:
    """A station as the page shows it."""

    station: Station
    lines: list[Line]

    @property
    def point(self) -> Point:
        return self.station.point


def station_list(request: HttpRequest) -> HttpResponse:
    """All stations of the firm, what is most urgent first."""
    require(request.user, "mark_data")
    now = timezone.now()
    cards = _cards(todo.stations(request.user, now=now))
    due = cases.due(request.user, personal=False).order_by("due")[:MOST_TASKS]
    context = {
        "cards": cards,
        "work": sum(len(card.lines) for card in cards),
        "urgent": sum(line.tone == "over" for card in cards for line in card.lines),
        "tasks": [_task(one) for one in cases.dressed(list(due))],
        "now": now,
    }
    return render(request, "portal/stations.html", context)


def _task(due: Any) -> dict[str, Any]:
    line = TodoLine(due, timezone.now())
    return {"address": line.address, "title": line.title, "what": line.what, "due_at": line.until}


def station_page(request: HttpRequest, code: str) -> HttpResponse:
    """One station: today's work, the hours of two days, what was handed in."""
    point = own_point(request, code)
    now = timezone.now()
    found = _cards(todo.stations(request.user, now=now, code=code))
    if not found:  # out of service
        raise Http404(code)
    today = timezone.localdate(now)
    days = [today, today - DAY]
    hours = own.hours(point, days)
    context = {
        "card": found[0],
        "point": point,
        "days": [(day, hours[day]) for day in days],
        "hour_words": [(state, word) for state, word in HOUR_WORDS.items() if state],
        "clock": range(24),
        "marks": _marks(request, point),
        "objectable": _findings(point, now),
        "now": now,
    }
    return render(request, "portal/station.html", context)


def account_page(request: HttpRequest, code: str) -> HttpResponse:
    """A month of one station: days over the limit, rates, loads, marks and checks."""
    point = own_point(request, code)
    today = timezone.localdate()
    month = _month(request.GET.get("month", ""), today)
    found = own.account(point, month, today=today)
    shares = []
    if found.rates is not None:
        for definition in DEFINITIONS.values():
            part, whole = found.rates.counts.of(definition.code)
            if definition.code == "online":  # counted in seconds; people read hours
                part, whole = part // 3600, whole // 3600
            share = found.rates.share(definition.code)
            short = found.rates.falls_short(definition.code)
            shares.append((definition, share and share * 100, part, whole, short))
    context = {
        "point": point,
        "account": found,
        "share": found.marks.share * 100,
        "rates": shares,
        "before": (found.month - DAY).replace(day=1),
        "after": None if found.month >= today.replace(day=1) else _next(found.month),
    }
    return render(request, "portal/account.html", context)


def own_point(request: HttpRequest, code: str) -> Point:
    """The viewer's own point.

    Raises:
        PermissionDenied: they run no stations.
        Http404: there is none, or it is not theirs.
    """
    require(request.user, "mark_data")
    try:
        return upkeep.point_for(request.user, code)
    except Point.DoesNotExist as error:
        raise Http404(code) from error


def _cards(stations: Iterable[Station]) -> list[Card]:
    found = list(stations)
    ids = {pk for one in found for item in one.items for pk in (item.factor, *item.factors) if pk}
    known = {factor.pk: factor for factor in Factor.objects.filter(pk__in=ids)}
    teller = Teller(rulebook(), known)
    return [Card(one, teller.lines(one)) for one in found]


def _marks(request: HttpRequest, point: Point) -> list[dict[str, Any]]:
    book = rulebook()
    rows = list(upkeep.marks(request.user, point=point.code).order_by("-entered_at")[:MOST_MARKS])
    return [
        {
            "mark": mark,
            "light": mark_light(mark),
            "kind": book.kinds[mark.kind].name.show() if mark.kind in book.kinds else mark.kind,
        }
        for mark in rows
    ]


def _findings(point: Point, now: Any) -> list[Any]:
    """Findings of the last month that one may object to."""
    rows = point.findings.filter(withdrawn_at=None, started_at__gte=now - 30 * DAY)
    return list(rows.select_related("factor").order_by("-started_at")[:MOST_MARKS])


def _month(raw: str, today: date) -> date:
    try:
        found = date.fromisoformat(f"{raw}-01") if raw else today
    except ValueError:
        found = today
    return min(max(found, date(2000, 1, 1)), today).replace(day=1)


def _next(month: date) -> date:
    return (month + 32 * DAY).replace(day=1)
