"""What a notice says: its kind in words, the case, and what somebody wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.cases.models import Notice
from jiulong.packs.text import show

#: kind → (light of `pages.lights`, words). The engine names them; people choose by them.
KINDS: Final[dict[str, tuple[str, str | Promise]]] = {
    "assigned": ("indigo", _("A case was assigned to you")),
    "task_opened": ("indigo", _("A task waits for you")),
    "reminder": ("amber", _("You are reminded")),
    "escalation": ("cinnabar", _("A deadline comes or is over")),
    "returned": ("amber", _("A case was returned as wrongly addressed")),
    "replied": ("indigo", _("A case was replied to and waits for checking")),
    "sent_back": ("amber", _("A case was sent back")),
    "verified": ("jade", _("A case was verified")),
    "closed": ("jade", _("A case was closed")),
    "reopened": ("amber", _("A case was opened again")),
    "extension_asked": ("indigo", _("More time is asked for")),
    "extension_answered": ("indigo", _("Your request for more time was answered")),
    "document_asked": ("amber", _("Documents are missing")),
    "documents_in": ("indigo", _("Missing documents came in")),
    "confirmation_asked": ("indigo", _("Your confirmation is asked for")),
    "confirmed": ("jade", _("A result was confirmed and rated")),
    "signature_asked": ("amber", _("Your signature is asked for")),
    "found_again": ("amber", _("The same was found again")),
    "suspended": ("indigo", _("A case was suspended")),
    "resumed": ("indigo", _("A case goes on")),
    "withdrawn": ("indigo", _("A case was withdrawn")),
    "merged": ("indigo", _("A case was merged into another")),
    "task_done": ("jade", _("A task was finished")),
    "noted": ("indigo", _("Somebody wrote a note")),
    "opened": ("indigo", _("A case was opened")),
}
OTHER: Final = ("indigo", pgettext_lazy("notice", "Something happened"))
#: Ticked when somebody chooses for the first time: what one must not miss.
USUAL: Final = (
    "assigned", "task_opened", "reminder", "escalation", "sent_back", "document_asked",
    "signature_asked",
)  # fmt: skip
#: What somebody wrote, under whichever name the engine gives it.
_WRITTEN: Final = ("text", "reason", "note", "answer")


@dataclass(frozen=True, slots=True)
class Told:
    """A notice in words, in the active language."""

    light: str
    title: str
    about: str  # the case: number and title
    text: str  # what somebody wrote, who, until when

    def __str__(self) -> str:
        return "\n".join(filter(None, (self.about, self.text)))


def told(notice: Notice) -> Told:
    """The notice in words. Reads `notice.case`, so select it with the notice."""
    light, title = KINDS.get(notice.kind, OTHER)
    case = notice.case
    return Told(
        light=_light(notice) or light,
        title=str(title),
        about=f"{case.number} {case.title}" if case else str(notice.data.get("title", "")),
        text=_text(notice),
    )


def _light(notice: Notice) -> str:
    lights = {"blue": "indigo", "yellow": "amber", "red": "cinnabar"}
    return lights.get(str(notice.data.get("light", "")), "")


def _text(notice: Notice) -> str:
    data = notice.data
    parts = [show(data["task"])] if data.get("task") else []
    if "granted" in data:
        parts.append(_t("Granted.") if data["granted"] else _t("Not granted."))
    parts += [str(data[key]) for key in _WRITTEN if data.get(key)][:1]
    if data.get("feedback"):
        parts.append(_t("Your report of progress is due."))
    if missing := data.get("missing"):
        parts.append(_t("Missing: %(list)s") % {"list": ", ".join(map(str, missing))})
    if until := _day(data.get("until") or data.get("due")):
        parts.append(_t("Until %(day)s") % {"day": until})
    if by := data.get("by"):
        parts.append(f"— {by}")
    return " ".join(parts)


def _moment(text: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None


def _day(text: object) -> str:
    """The local date of a day or a moment in ISO 8601."""
    found = _moment(text)
    if found is None:
        return ""
    return (timezone.localtime(found) if found.tzinfo else found).strftime("%Y-%m-%d")


def channels(notice: Notice) -> str:
    """How it went outside, in words; empty where it was told in the app alone."""
    said = []
    for name, word in CHANNELS.items():
        state = notice.sent.get(name)
        if state is None:
            continue
        if error := state.get("error"):
            pattern = (
                _t("not sent: %(error)s") if notice.send_at is None else _t("again: %(error)s")
            )
            said.append(f"{word} {pattern % {'error': error}}")
        else:
            at = _moment(state["at"])
            said.append(f"{word} {timezone.localtime(at).strftime('%m-%d %H:%M')}")
    if not said and notice.send_at is not None:
        return _t("waiting to be sent")
    return " · ".join(said)


CHANNELS: Final[dict[str, str | Promise]] = {
    "mail": pgettext_lazy("notice", "Mail"),
    "address": pgettext_lazy("notice", "Message"),
}
