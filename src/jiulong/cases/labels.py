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
