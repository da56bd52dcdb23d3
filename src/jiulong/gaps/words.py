"""How gaps are told: their light, their stretch of time, shares."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from jiulong.gaps import engine
from jiulong.gaps.models import Gap, HistoryRequest
from jiulong.pages import lights, words

#: state of a gap → light
_GAP_LIGHTS: Final = {
    Gap.State.OPEN: "near",
    Gap.State.ASKED: "told",
    Gap.State.FILLED: "met",
    Gap.State.GIVEN_UP: "over",
}
#: outcome of a request → light
_OUTCOME_LIGHTS: Final = {
    HistoryRequest.Outcome.WAITING: "told",
    HistoryRequest.Outcome.FILLED: "met",
    HistoryRequest.Outcome.PARTLY: "met",
    HistoryRequest.Outcome.UNSENT: "none",
}
#: state of an hour → light and word
CELLS: Final = {
    "whole": ("met", _("Complete")),
    "late": ("told", _("Came later")),
    "gap": ("over", _("Missing")),
    "none": ("none", _("Nothing owed")),
}


def gap_light(gap: Gap) -> SafeString:
    """A gap's state as shape, word and colour."""
    return lights.light(_GAP_LIGHTS[Gap.State(gap.state)], gap.get_state_display())


def outcome_light(request: HistoryRequest) -> SafeString:
    """What came of a request."""
    outcome = HistoryRequest.Outcome(request.outcome)
    return lights.light(_OUTCOME_LIGHTS.get(outcome, "near"), str(outcome.label))


def stretch(start: datetime, end: datetime) -> str:
    """From when to when in local time; the day is told once where it is the same."""
    first, last = start.astimezone(engine.ZONE), end.astimezone(engine.ZONE)
    pattern = "%H:%M" if first.date() == last.date() else "%m-%d %H:%M"
    return f"{first:%Y-%m-%d %H:%M} – {last.strftime(pattern)}"


def share(value: Decimal | str | None) -> SafeString | str:
    """A share as per cent with two decimals."""
    if value is None or value == "None":
        return words.MISSING
    percent = Decimal(value) * 100
    return format_html('<span class="num">{}<span class="unit">%</span></span>', f"{percent:.2f}")
