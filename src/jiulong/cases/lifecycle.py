"""The one life cycle of all cases and that of their tasks. The docs draw both from these tables."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: Where a suspended case comes back to: the stage it was in.
BACK: Final = "back"

FILED: Final = "filed"
ASSIGNED: Final = "assigned"
ACCEPTED: Final = "accepted"
REPLIED: Final = "replied"
VERIFIED: Final = "verified"
CLOSED: Final = "closed"
SUSPENDED: Final = "suspended"
WITHDRAWN: Final = "withdrawn"
MERGED: Final = "merged"

#: (stage, action) → stage. What is not here is refused. "" is before the case exists.
LIFECYCLE: Final[dict[tuple[str, str], str]] = {
    ("", "file"): FILED,
    (FILED, "assign"): ASSIGNED,
    (ASSIGNED, "assign"): ASSIGNED,
    (ACCEPTED, "assign"): ASSIGNED,
    (ASSIGNED, "accept"): ACCEPTED,
    (ASSIGNED, "return"): FILED,
    (ACCEPTED, "return"): FILED,
    (ACCEPTED, "feedback"): ACCEPTED,
    (ACCEPTED, "reply"): REPLIED,
    (REPLIED, "verify"): VERIFIED,
    (REPLIED, "send_back"): ACCEPTED,
    (VERIFIED, "send_back"): ACCEPTED,
    (REPLIED, "confirm"): REPLIED,
    (VERIFIED, "confirm"): VERIFIED,
    (CLOSED, "confirm"): CLOSED,
    (REPLIED, "close"): CLOSED,  # only where the matter asks for no verification
    (VERIFIED, "close"): CLOSED,
    (CLOSED, "reopen"): ACCEPTED,
    (ASSIGNED, "ask_extension"): ASSIGNED,
    (ACCEPTED, "ask_extension"): ACCEPTED,
    (ASSIGNED, "extend"): ASSIGNED,
    (ACCEPTED, "extend"): ACCEPTED,
    (ASSIGNED, "refuse_extension"): ASSIGNED,
    (ACCEPTED, "refuse_extension"): ACCEPTED,
    (FILED, "suspend"): SUSPENDED,
    (ASSIGNED, "suspend"): SUSPENDED,
    (ACCEPTED, "suspend"): SUSPENDED,
    (SUSPENDED, "resume"): BACK,
    (FILED, "withdraw"): WITHDRAWN,
    (ASSIGNED, "withdraw"): WITHDRAWN,
    (ACCEPTED, "withdraw"): WITHDRAWN,
    (SUSPENDED, "withdraw"): WITHDRAWN,
    (FILED, "merge"): MERGED,
    (ASSIGNED, "merge"): MERGED,
    (ACCEPTED, "merge"): MERGED,
}
#: What may be done at any stage of an open case without moving it.
ANYTIME: Final = frozenset({"remind", "note", "join", "escalate"})

TASK_LIFECYCLE: Final[dict[tuple[str, str], str]] = {
    ("waiting", "open"): "open",
    ("open", "finish"): "done",
    ("open", "ask_documents"): "paused",
    ("paused", "documents_in"): "open",
    ("done", "redo"): "open",
    ("waiting", "drop"): "dropped",
    ("open", "drop"): "dropped",
    ("paused", "drop"): "dropped",
}

STAGES: Final[dict[str, Promise]] = {
    FILED: _("Filed"),
    ASSIGNED: pgettext_lazy("stage", "Assigned"),
    ACCEPTED: _("In hand"),
    REPLIED: _("Replied"),
    VERIFIED: pgettext_lazy("stage", "Verified"),
    CLOSED: pgettext_lazy("stage", "Closed"),
    SUSPENDED: pgettext_lazy("stage", "Suspended"),
    WITHDRAWN: pgettext_lazy("stage", "Withdrawn"),
    MERGED: pgettext_lazy("stage", "Merged"),
}
#: The road of a case as its page shows it.
ROAD: Final = (FILED, ASSIGNED, ACCEPTED, REPLIED, VERIFIED, CLOSED)
OPEN: Final = frozenset({FILED, ASSIGNED, ACCEPTED, REPLIED, VERIFIED, SUSPENDED})
ENDED: Final = frozenset({CLOSED, WITHDRAWN, MERGED})

ACTIONS: Final[dict[str, Promise]] = {
    "file": pgettext_lazy("case action", "File"),
    "assign": pgettext_lazy("case action", "Assign"),
    "accept": pgettext_lazy("case action", "Accept"),
    "return": pgettext_lazy("case action", "Return as wrongly addressed"),
    "feedback": pgettext_lazy("case action", "Report progress"),
    "reply": pgettext_lazy("case action", "Reply"),
    "verify": pgettext_lazy("case action", "Verify"),
    "send_back": pgettext_lazy("case action", "Send back"),
    "confirm": pgettext_lazy("case action", "Confirm and rate"),
    "close": pgettext_lazy("case action", "Close"),
    "reopen": pgettext_lazy("case action", "Reopen"),
    "ask_extension": pgettext_lazy("case action", "Ask for an extension"),
    "extend": pgettext_lazy("case action", "Approve the extension"),
    "refuse_extension": pgettext_lazy("case action", "Refuse the extension"),
    "suspend": pgettext_lazy("case action", "Suspend"),
    "resume": pgettext_lazy("case action", "Resume"),
    "withdraw": pgettext_lazy("case action", "Withdraw"),
    "merge": pgettext_lazy("case action", "Merge into another"),
    "remind": pgettext_lazy("case action", "Remind"),
    "note": pgettext_lazy("case action", "Add a note"),
    "join": pgettext_lazy("case action", "Found again"),
    "escalate": pgettext_lazy("case action", "Escalate"),
}


class IllegalMoveError(ValueError):
    """The life cycle has no such move; the text says what the case is and what could be done."""

    def __init__(self, stage: str, action: str) -> None:
        self.stage, self.action = stage, action
        told = _("“%(action)s” is not possible: the case is “%(stage)s”. Possible now: %(moves)s.")
        moves = "、".join(str(ACTIONS[move]) for move in moves_from(stage)) or "—"
        super().__init__(
            str(told)
            % {
                "action": ACTIONS.get(action, action),
                "stage": STAGES.get(stage, stage),
                "moves": moves,
            }
        )


def moves_from(stage: str) -> list[str]:
    """The actions that the life cycle allows at a stage, in the order of the table."""
    return [action for (at, action) in LIFECYCLE if at == stage]


def target(stage: str, action: str, *, back: str = "") -> str:
    """The stage after the action; `back` is where a suspended case came from.

    Raises:
        IllegalMoveError: the table has no such move.
    """
    if action in ANYTIME and stage in OPEN:
        return stage
    try:
        after = LIFECYCLE[stage, action]
    except KeyError:
        raise IllegalMoveError(stage, action) from None
    return back if after == BACK else after
