"""The operation log: every act that was recorded, for the auditor."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.evidence.models import Event
from jiulong.organisation.rules import Viewer, require
from jiulong.organisation.views.logs import SWITCHES
from jiulong.pages.columns import Column, as_clock, as_code
from jiulong.pages.filters import Day
from jiulong.pages.lists import Asked, Empty, ListPage

#: How much of what was told of an act a list shows.
SHORT = 160


def operations(
    viewer: Viewer,
    *,
    text: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[Event]:
    """Recorded acts; `text` is a person, a verb, or the label or number of what was acted on.

    Raises:
        PermissionDenied: the viewer may not `see_logs`.
    """
    require(viewer, "see_logs")
    found = Event.objects.all()
    if text:
        found = found.filter(
            Q(actor_name__icontains=text) | Q(verb__icontains=text)
            | Q(subject__icontains=text) | Q(subject_id=text)
        )  # fmt: skip
    if since is not None:
        found = found.filter(at__gte=since)
    return found if until is None else found.filter(at__lt=until)


class OperationLog(ListPage):
    """Every act that was recorded."""

    title = _("Operations")
    lead = _("Every act: who, when, what, with before and after. Append-only; sealed hourly.")
    search_hint = _("Person, act, record")
    order = "-at"
    file_name = "operations"
    switches = SWITCHES
    columns = (
        Column(name="at", label=_("Time"), show=as_clock, sort=("at",), short=True),
        Column(name="who", label=_("Who"), value=lambda row: row.actor_name or _("the system"),
               sort=("actor_name",)),
        Column(name="verb", label=_("Act"), show=as_code, sort=("verb",)),
        Column(name="subject", label=_("Record"), show=as_code, sort=("subject", "subject_id"),
               value=lambda row: f"{row.subject} {row.subject_id}"),
        Column(name="data", label=_("Detail"), wide=True,
               value=lambda row: told(row.data)[:SHORT], export=None),
    )  # fmt: skip
    filters = (Day(name="since", label=_("Since")), Day(name="until", label=_("Until")))
    empty = Empty(title=_("Nothing was done yet"), icon="list")

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[Event]:
        since, until = asked.filters["since"], asked.filters["until"]
        zone = timezone.get_default_timezone()
        return operations(
            viewer, text=asked.search,
            since=datetime.combine(since, time(), zone) if since else None,
            until=datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
        )  # fmt: skip


def told(data: dict[str, object]) -> str:
    """What an act tells, in a line."""
    return " · ".join(f"{name}: {_short(value)}" for name, value in data.items())


def _short(value: object) -> str:
    if isinstance(value, list) and len(value) == 2:
        return " → ".join("—" if one in (None, "") else str(one) for one in value)
    return "—" if value in (None, "") else str(value)
