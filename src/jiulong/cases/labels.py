"""What buttons and headings call an action: those of the life cycle, and those of tasks."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiulong.cases.lifecycle import ACTIONS

LABELS: Final[dict[str, Promise]] = {
    **ACTIONS,
    "add_task": _("Ask a further unit"),
    "finish_task": _("Finish the task"),
    "ask_documents": _("Ask for documents"),
    "documents_in": _("Documents are in"),
    "redo_task": _("Have it done again"),
}
#: Icons of the buttons; the others have none.
ICONS: Final[dict[str, str]] = {
    "assign": "send",
    "accept": "check",
    "return": "arrow-back-up",
    "reply": "send",
    "verify": "shield-check",
    "send_back": "arrow-back-up",
    "confirm": "check",
    "close": "rubber-stamp",
    "extend": "clock",
    "remind": "bell",
    "suspend": "hand-stop",
    "resume": "player-play",
}
