"""Service requests: the public side of cases, and how they are asked for.

What a reporter wrote is not published: words and addresses may say who somebody is. A request
shows its kind, its area, its place to about ten metres, whose it is and how far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from jiulong.cases import specs, tracking
from jiulong.cases.lifecycle import CLOSED, OPEN, STAGES
from jiulong.cases.models import Case
from jiulong.cases.schema import MatterSpec
from jiulong.registers.fields import ChoiceField

#: "Default query limit is a span of 90 days or first 1000 requests returned."
SPAN: Final = timedelta(days=90)
MOST: Final = 1000
STATUSES: Final = frozenset({"open", "closed"})
#: A span before or after must have days, too.
YEARS: Final = range(1900, 2201)
#: Decimal places of published coordinates: about ten metres.
PLACES: Final = 4


class BadQueryError(ValueError):
    """A filter that cannot be read; the text says which."""


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked for."""

    ids: tuple[str, ...]
    codes: tuple[str, ...]
    statuses: frozenset[str]
    start: datetime
    end: datetime
    page: int
    size: int


def read(given: Mapping[str, str], now: datetime) -> Query:
    """The query of an address.

    Raises:
        BadQueryError: a date, status or page that is none, or more than 90 days.
    """
    statuses = frozenset(_listed(given.get("status", "")))
    if unknown := statuses - STATUSES:
        raise BadQueryError(_("status is open or closed, not %(text)s") % {"text": min(unknown)})
    start, end = _span(given, now)
    return Query(
        ids=tuple(_listed(given.get("service_request_id", "")))[:MOST],
        codes=tuple(_listed(given.get("service_code", ""))),
        statuses=statuses,
        start=start,
        end=end,
        page=_number(given, "page", 1, 1_000_000),
        size=_number(given, "page_size", MOST, MOST),
    )


def found(query: Query) -> QuerySet[Case]:
    """The public cases of a query, newest first. Public by their pack, so for everybody."""
    rows = published()
    if query.ids:  # "This overrides all other arguments."
        return rows.filter(tracking__in=query.ids)
    rows = rows.filter(filed_at__gte=query.start, filed_at__lte=query.end)
    if query.codes:
        rows = rows.filter(matter__code__in=query.codes)
    if len(query.statuses) == 1:
        is_open = Q(stage__in=sorted(OPEN))
        rows = rows.filter(is_open if "open" in query.statuses else ~is_open)
    first = (query.page - 1) * query.size
    return rows[first : first + query.size]


def published() -> QuerySet[Case]:
    """Cases that have a public number, with what a record needs."""
    related = ("matter", "lead", "dispatch", "street", "grid")
    rows = Case.objects.filter(tracking__isnull=False).select_related(*related)
    return rows.order_by("-filed_at", "-id")


def record(case: Case) -> dict[str, Any]:
    """A case as the standard writes it."""
    spec = specs.matter(case.matter)
    return {
        "service_request_id": case.tracking,
        "status": "open" if case.stage in OPEN else "closed",
        "status_notes": _notes(case),
        "service_name": tracking.service_of(case),
        "service_code": case.matter.code,
        "description": _kinds(case, spec) or None,
        "agency_responsible": str(case.lead or case.dispatch),
        "service_notice": None,
        "requested_datetime": w3(case.filed_at),
        "updated_datetime": w3(_updated(case)),
        "expected_datetime": w3(case.due_at),
        "address": _area(case) or None,
        "address_id": None,
        "zipcode": None,
        "lat": None if case.latitude is None else round(case.latitude, PLACES),
        "long": None if case.longitude is None else round(case.longitude, PLACES),
        "media_url": None,
    }


def w3(at: datetime | None) -> str | None:
    """ISO 8601 with offset, to the second."""
    return timezone.localtime(at).isoformat(timespec="seconds") if at else None


def _updated(case: Case) -> datetime:
    """For closed ones the date of closing, as the standard says."""
    if case.stage == CLOSED and case.closed_at:
        return case.closed_at
    steps = (case.filed_at, case.assigned_at, case.accepted_at, case.replied_at, case.verified_at)
    return max(at for at in steps if at is not None)


def _notes(case: Case) -> str:
    result = tracking.result_of(case)
    return f"{STAGES[case.stage]} · {result}" if result else str(STAGES[case.stage])


def _kinds(case: Case, spec: MatterSpec) -> str:
    """What was chosen in the form, in the pack's words."""
    told = []
    for field in spec.fields:
        if isinstance(field, ChoiceField) and (value := case.data.get(field.key)):
            keys = value if isinstance(value, list) else [value]
            told += [str(option.label) for option in field.choices if option.key in keys]
    return ", ".join(told)


def _area(case: Case) -> str:
    """From the most specific to the most general: grid or community, street or town."""
    units = [case.grid, case.street if case.street_id != case.grid_id else None]
    return ", ".join(unit.name for unit in units if unit is not None)


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def _span(given: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    start, end = _moment(given, "start_date"), _moment(given, "end_date")
    if start is None:
        return (end or now) - SPAN, end or now
    if end is None:
        return start, start + SPAN
    if end - start > SPAN:
        raise BadQueryError(_("start_date and end_date span more than 90 days"))
    return start, end


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name, "").strip().replace(" ", "+")  # a "+08:00" that nobody escaped
    if not text:
        return None
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or timezone.is_naive(moment) or moment.year not in YEARS:
        told = _("%(name)s is written like 2010-01-01T00:00:00Z")
        raise BadQueryError(told % {"name": name})
    return moment


def _number(given: Mapping[str, str], name: str, usual: int, most: int) -> int:
    text = given.get(name, "").strip()
    if not text:
        return usual
    if not text.isdecimal() or not 1 <= int(text[:9]) <= 10 * most:
        raise BadQueryError(_("%(name)s is a number from 1") % {"name": name})
    return min(int(text), most)
