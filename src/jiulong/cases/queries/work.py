"""Who may do what with a task."""

from __future__ import annotations

from typing import Final

from jiulong.cases import rules, specs
from jiulong.cases.models import Case, Task
from jiulong.organisation.rules import Viewer

#: The action of a task's life cycle → the verb in `actions`.
VERBS: Final = {
    "finish": "finish_task",
    "ask_documents": "ask_documents",
    "documents_in": "documents_in",
    "redo": "redo_task",
}


def may_task(viewer: Viewer, case: Case, task: Task, action: str) -> bool:
    """Whether the viewer may do an action of a task's life cycle, whatever its state."""
    if action == "redo":
        return rules.may_move(viewer, case, specs.matter(case.matter), "reply")
    return rules.may_task(viewer, task)
