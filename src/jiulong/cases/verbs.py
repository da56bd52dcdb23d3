"""Actions by name, for pages and programs that are told the name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from jiulong.cases import actions

#: Action of the life cycle → the verb that does it.
DO: Final[Mapping[str, Callable[..., Any]]] = {
    "assign": actions.assign_case,
    "accept": actions.accept_case,
    "return": actions.return_case,
    "feedback": actions.feedback,
    "reply": actions.reply_case,
    "verify": actions.verify_case,
    "send_back": actions.send_back,
    "confirm": actions.confirm_case,
    "close": actions.close_case,
    "reopen": actions.reopen_case,
    "ask_extension": actions.ask_extension,
    "extend": actions.extend_case,
    "refuse_extension": actions.refuse_extension,
    "suspend": actions.suspend_case,
    "resume": actions.resume_case,
    "withdraw": actions.withdraw_case,
    "merge": actions.merge_case,
    "remind": actions.remind_case,
    "note": actions.add_note,
}
ON_TASK: Final[Mapping[str, Callable[..., Any]]] = {
    "finish_task": actions.finish_task,
    "ask_documents": actions.ask_documents,
    "documents_in": actions.documents_in,
    "redo_task": actions.redo_task,
}
