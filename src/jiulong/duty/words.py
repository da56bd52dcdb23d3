"""What the desk's codes are called, in the reader's language."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from jiulong.cases.lifecycle import ACTIONS
from jiulong.evidence.models import Event
from jiulong.packs import text

#: Clocks of an alarm that has no case.
CLOCKS: Final[dict[str, str | Promise]] = {
    "respond": pgettext_lazy("clock of an alarm", "First answer"),
    "close": pgettext_lazy("clock of an alarm", "Settle"),
}
#: Acts that stand in the log of a shift by themselves.
ACTS: Final[dict[str, str | Promise]] = {
    **ACTIONS,
    "acknowledge_alarm": pgettext_lazy("act", "Acknowledge an alarm"),
    "acknowledge_finding": pgettext_lazy("act", "Acknowledge a finding"),
    "order_command": pgettext_lazy("act", "Order a command"),
    "order_sample": pgettext_lazy("act", "Order a sample"),
    "confirm_sample": pgettext_lazy("act", "Confirm a sample"),
    "review_mark": pgettext_lazy("act", "Review a mark"),
    "request_history": pgettext_lazy("act", "Ask for missing data"),
    "task_finish": pgettext_lazy("act", "Finish a task"),
    "set_limit": pgettext_lazy("act", "Set a limit"),
    "publish_report": pgettext_lazy("act", "Publish a report"),
}
#: What is told of an act, where its record has it: in this order.
TOLD: Final = ("number", "title", "name", "cn", "reason", "note", "text")
LONGEST: Final = 160


def act(event: Event) -> str:
    """What was done."""
    return str(ACTS.get(event.verb, event.verb))


def told(event: Event) -> str:
    """What the record tells of it, in a line."""
    found = [_plain(event.data.get(key)) for key in TOLD]
    line = " · ".join(dict.fromkeys(filter(None, found)))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def _plain(value: object) -> str:
    if isinstance(value, dict):
        return text.show(value)
    return str(value).strip() if isinstance(value, str | int) else ""
