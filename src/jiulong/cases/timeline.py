"""Events of a case in words: who did what, when, and what they said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.cases import words
from jiulong.cases.lifecycle import ACTIONS
from jiulong.cases.models import Task
from jiulong.cases.queries import Step
from jiulong.cases.schema import MatterSpec
from jiulong.evidence.models import Event
from jiulong.packs import text
from jiulong.pages.words import SYSTEM, person

#: Verbs of events that are no actions of the life cycle.
OTHER: Final[dict[str, Promise | str]] = {
    "keep_file": _("Added a file"),
    "withdraw_file": _("Withdrew a file"),
    "task_add": _("Asked a further unit"),
    "task_finish": _("Finished a task"),
    "task_ask_documents": _("Asked for documents"),
    "task_documents_in": _("Documents came in"),
    "task_redo": _("Had a task done again"),
    "sign_custody": _("Signed"),
    "unmask": _("Looked at personal data"),
}
#: What somebody wrote, under whichever name.
WRITTEN: Final = ("text", "reason", "note", "answer")


def _moment(value: Any) -> Any:
    found = parse_datetime(str(value)) if "T" in str(value) else None
    return f"{localtime(found):%Y-%m-%d %H:%M}" if found else str(parse_date(str(value)) or value)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return "、".join(map(str, value))
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
    return str(value)


#: Details of an event that its line tells: key → (label, value in words).
DETAILS: Final[dict[str, tuple[Promise | str, Callable[[Any], Any]]]] = {
    "lead_name": (_("Lead unit"), _plain),
    "unit_name": (pgettext_lazy("of a case", "Unit"), _plain),
    "handler": (_("Handler"), _plain),
    "clock": (pgettext_lazy("clock", "Limit"), words.limit),
    "until": (_("Until"), _moment),
    "light": (pgettext_lazy("of a case", "Light"), lambda key: words.LADDER.get(key, ("", key))[1]),
    "satisfied": (_("Satisfied"), _plain),
    "rating": (_("Rating"), lambda n: "★" * int(n) if n else ""),
    "missing": (_("Missing documents"), _plain),
    "late": (_("Late"), _plain),
    "into": (_("Into"), _plain),
    "reference": (_("Reference"), _plain),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A line of the timeline."""

    event: Event
    who: str
    what: str
    moved: str
    task: str
    written: list[str]
    details: list[tuple[str, Any]]
    tone: str

    @property
    def at(self) -> datetime:
        return self.event.at


def told(step: Step, spec: MatterSpec) -> Told:
    """A step in words; `spec` names results."""
    data = step.data
    moved = data.get("from", "") != data.get("to", "")
    verb = step.event.verb
    return Told(
        event=step.event,
        who=person(step.event.actor_name or SYSTEM),
        what=str(ACTIONS.get(verb) or OTHER.get(verb, verb)),
        moved=words.stage(data["to"]) if moved and data.get("to") else "",
        task=_task(step.task) or (text.show(data["name"]) if verb.startswith("task_") else ""),
        written=[str(data[key]) for key in WRITTEN if data.get(key)],
        details=_details(data, spec),
        tone=_tone(verb, data),
    )


def in_words(event: Event) -> tuple[str, str]:
    """What an event of a case was, and what was said: for a dossier, without the case at hand."""
    data = event.data
    what = str(ACTIONS.get(event.verb) or OTHER.get(event.verb, event.verb))
    if event.verb.startswith("task_") and data.get("name"):
        what = f"{what}: {text.show(data['name'])}"
    if data.get("to") and data.get("from", "") != data["to"]:
        what = f"{what} → {words.stage(data['to'])}"
    said = [str(data[key]) for key in WRITTEN if data.get(key)]
    shown = [(label, show(data[key])) for key, (label, show) in DETAILS.items() if data.get(key)]
    return what, " · ".join([*said, *(f"{label}: {value}" for label, value in shown)])


def _task(task: Task | None) -> str:
    return text.show(task.name) if task is not None else ""


def _details(data: dict[str, Any], spec: MatterSpec) -> list[tuple[str, Any]]:
    listed = []
    for key, (label, show) in DETAILS.items():
        value = data.get(key)
        if value not in (None, "", False, [], {}):
            listed.append((str(label), show(value)))
    if result := data.get("result"):
        named = {one.key: one.name.show() for one in spec.closing.results}
        listed.append((_t("Result"), named.get(result, result)))
    if purpose := data.get("purpose"):
        listed.append((_t("File"), words.PURPOSES.get(purpose, data.get("name", ""))))
    if data.get("first_of_two"):
        listed.append((_t("Verification"), _t("first of two people")))
    return listed


def _tone(verb: str, data: dict[str, Any]) -> str:
    """The colour of the dot: cinnabar only for what went wrong."""
    if verb == "escalate":
        return words.LADDER.get(data.get("light", ""), ("none", ""))[0]
    if verb in {"send_back", "return", "reopen", "remind", "task_redo"}:
        return "near"
    return "met" if verb in {"verify", "close", "confirm"} else "told"
