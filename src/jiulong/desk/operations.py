"""The operation log: every act that was recorded, for the auditor."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jiulong.desk import acts
from jiulong.evidence.models import Event
from jiulong.organisation.rules import Viewer, require
from jiulong.organisation.views.logs import SWITCHES
from jiulong.pages.columns import Column, as_clock, as_code
from jiulong.pages.filters import Day
from jiulong.pages.lists import Asked, Empty, ListPage

#: How much of what was told of an act a list shows.
SHORT = 160


def shortened(text: str) -> str:
    """As much as a list shows; the file holds all."""
    return text if len(text) <= SHORT else f"{text[:SHORT]}…"


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
            | Q(verb__in=acts.verbs_like(text))
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
        Column(name="verb", label=_("Act"), sort=("verb",), value=lambda row: acts.act(row.verb)),
        Column(name="subject", label=_("Record"), show=as_code, sort=("subject", "subject_id"),
               value=lambda row: f"{row.subject} {row.subject_id}"),
        Column(name="data", label=_("Detail"), wide=True,
               value=acts.told, show=shortened),
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
