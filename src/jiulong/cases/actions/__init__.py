"""Every write about cases, as a verb. `actor` None is the system itself: triggers and clocks.

All raise PermissionDenied (the actor may not), `lifecycle.IllegalMoveError` (not at this stage),
`moves.ChangedMeanwhileError` (stale `version`) and ValidationError (which field is wrong).
"""

from jiulong.cases.actions.checking import (
    close_case,
    confirm_case,
    reopen_case,
    send_back,
    verify_case,
)
from jiulong.cases.actions.clocks import (
    ask_extension,
    extend_case,
    refuse_extension,
    resume_case,
    suspend_case,
)
from jiulong.cases.actions.filing import file_case
from jiulong.cases.actions.handling import (
    accept_case,
    assign_case,
    feedback,
    reply_case,
    return_case,
)
from jiulong.cases.actions.supervising import (
    add_note,
    join_case,
    merge_case,
    remind_case,
    withdraw_case,
)
from jiulong.cases.actions.tasks import (
    add_task,
    ask_documents,
    documents_in,
    finish_task,
    redo_task,
)

__all__ = [
    "accept_case",
    "add_note",
    "add_task",
    "ask_documents",
    "ask_extension",
    "assign_case",
    "close_case",
    "confirm_case",
    "documents_in",
    "extend_case",
    "feedback",
    "file_case",
    "finish_task",
    "join_case",
    "merge_case",
    "redo_task",
    "refuse_extension",
    "remind_case",
    "reopen_case",
    "reply_case",
    "resume_case",
    "return_case",
    "send_back",
    "suspend_case",
    "verify_case",
    "withdraw_case",
]
