"""Events in words, for who reads a dossier: each floor knows the words of its own subjects."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.evidence.models import Event

#: What happened, and what was said about it.
Words = tuple[str, str]
Teller = Callable[[Event], Words]

#: What a file is for. A floor above adds its own.
PURPOSES: Final[dict[str, str | Promise]] = {
    "before": pgettext_lazy("purpose of a file", "Before"),
    "after": pgettext_lazy("purpose of a file", "After"),
    "scene": pgettext_lazy("purpose of a file", "On the spot"),
    "document": pgettext_lazy("purpose of a file", "Document"),
    "reply": pgettext_lazy("purpose of a file", "Reply"),
    "signature": pgettext_lazy("purpose of a file", "Signature"),
    "confirmation": pgettext_lazy("purpose of a file", "Confirmation"),
}

#: Steps of custody. A floor above adds its own.
STEPS: Final[dict[str, str | Promise]] = {
    "taken": pgettext_lazy("custody", "Taken"),
    "sealed": pgettext_lazy("custody", "Sealed up"),
    "handed_over": pgettext_lazy("custody", "Handed over"),
    "received": pgettext_lazy("custody", "Received"),
    "opened": pgettext_lazy("custody", "Opened"),
    "returned": pgettext_lazy("custody", "Returned"),
    "destroyed": pgettext_lazy("custody", "Destroyed"),
}

_VERBS: Final[dict[str, str | Promise]] = {
    "keep_file": _("Added a file"),
    "withdraw_file": _("Withdrew a file"),
    "sign_custody": pgettext_lazy("custody", "Signed"),
    "build_dossier": _("Took out the dossier"),
}

_registered: Final[dict[str, Teller]] = {}


def register(label: str, teller: Teller) -> None:
    """Have `teller` tell the events of subjects of model `label`; the last registered counts."""
    _registered[label] = teller


def tell(event: Event) -> Words:
    """What happened, and what was said about it, in the language of whoever reads."""
    if event.verb in _VERBS:
        return str(_VERBS[event.verb]), _details(event)
    teller = _registered.get(event.subject)
    return teller(event) if teller else (event.verb, "")


def _details(event: Event) -> str:
    data = event.data
    if event.verb == "sign_custody":
        step = str(data.get("step", ""))
        return " · ".join(filter(None, [str(STEPS.get(step, step)), str(data.get("note", ""))]))
    words = [str(data.get("name", "")), purpose(str(data.get("purpose", "")))]
    return " · ".join(filter(None, [*words, str(data.get("reason", ""))]))


def purpose(key: str) -> str:
    """What a file is for, in words; the key itself where nobody has words for it."""
    return str(PURPOSES.get(key, key))
