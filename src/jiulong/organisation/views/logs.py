"""The auditor's books: who signed in, and who read what is masked."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from jiulong.organisation import queries
from jiulong.organisation.models import LogLine, ReadRecord
from jiulong.organisation.rules import Viewer, require
from jiulong.pages.columns import Column, as_clock, as_code, as_light
from jiulong.pages.filters import Choice, Day
from jiulong.pages.lists import Asked, Empty, ListPage, Preset, Switch

SWITCHES = (
    Switch(label=_("Sign-ins"), name="house:logins", icon="user"),
    Switch(label=_("Operations"), name="operations", icon="list"),
    Switch(label=_("Masked data read"), name="house:readings", icon="eye"),
)
DETAILS = {
    "wrong password": _("wrong password"),
    "no such account": _("no such account"),
    "locked": _("account locked"),
    "sso: no such account": _("single sign-on: no such account"),
    "sso: locked": _("single sign-on: account locked"),
    "idle": _("too long without use"),
    "absolute": _("too long at all"),
}
#: As `login` writes it.
ENDED = re.compile(r"ended (\d+) older sessions")


def detail(text: str) -> Any:
    """What a line of the log says beside its kind, in words."""
    if ended := ENDED.fullmatch(text):
        n = int(ended[1])
        return ngettext("ended %(n)d older session", "ended %(n)d older sessions", n) % {"n": n}
    return DETAILS.get(text, text)


def span(filters: dict[str, Any]) -> dict[str, datetime | None]:
    """The filters "since" and "until" (days, both included) as moments."""
    since, until = filters["since"], filters["until"]
    return {
        "since": _midnight(since) if since else None,
        "until": _midnight(until + timedelta(days=1)) if until else None,
    }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), timezone.get_default_timezone())


class LoginLog(ListPage):
    """Sign-ins, refusals, sign-outs."""

    title = _("Sign-ins")
    lead = _("Every sign-in, refusal and sign-out. Nobody can change or remove a line for at "
             "least six months.")  # fmt: skip
    search_hint = _("Account or address")
    order = "-at"
    file_name = "sign-ins"
    switches = SWITCHES
    columns = (
        Column(name="good", label=_("Outcome"), short=True, show=as_light,
               value=lambda row: "let_in" if row.good else "refused", sort=("good",)),
        Column(name="at", label=_("Time"), show=as_clock, sort=("at",), short=True),
        Column(name="name", label=_("Account"), show=as_code, sort=("name",)),
        Column(name="kind", label=_("What"), value="get_kind_display", sort=("kind",)),
        Column(name="address", label=_("Address"), show=as_code),
        Column(name="detail", label=_("Detail"), wide=True,
               value=lambda row: detail(row.detail)),
    )  # fmt: skip
    filters = (
        Choice(name="kind", label=_("What"), choices=LogLine.Kind.choices),
        Choice(name="good", label=_("Outcome"),
               choices=[("yes", _("Let in")), ("no", _("Refused"))]),
        Day(name="since", label=_("Since")),
        Day(name="until", label=_("Until")),
    )  # fmt: skip
    presets = (Preset(label=_("All")), Preset(label=_("Refused"), query={"good": "no"}))
    empty = Empty(title=_("Nobody has signed in yet"), icon="user")

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[LogLine]:
        require(viewer, "see_logs")
        good = asked.filters["good"]
        return queries.login_lines(
            viewer, text=asked.search, kind=asked.filters["kind"] or "",
            good=None if not good else good == "yes", **span(asked.filters),
        )  # fmt: skip


class ReadLog(ListPage):
    """Who read which masked field, and why."""

    title = _("Masked data read")
    lead = _("Phone numbers, identity numbers and the like are masked. Who reads one says why.")
    search_hint = _("Person, field, reason or record")
    order = "-at"
    file_name = "masked-data-read"
    switches = SWITCHES
    columns = (
        Column(name="at", label=_("Time"), show=as_clock, sort=("at",), short=True),
        Column(name="who", label=_("Who"), value="user_name", sort=("user_name",)),
        Column(name="subject", label=_("Record"), show=as_code,
               value=lambda row: f"{row.subject} {row.subject_id}"),
        Column(name="field", label=_("Field"), sort=("field",)),
        Column(name="reason", label=_("Reason"), wide=True),
    )  # fmt: skip
    filters = (Day(name="since", label=_("Since")), Day(name="until", label=_("Until")))
    empty = Empty(title=_("Nobody has read masked data yet"), icon="eye")

    def rows(self, viewer: Viewer, asked: Asked) -> QuerySet[ReadRecord]:
        require(viewer, "see_logs")
        return queries.read_records(viewer, text=asked.search, **span(asked.filters))
