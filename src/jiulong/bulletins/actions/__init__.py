"""Every write of bulletins, meetings, pairings and letters."""

from jiulong.bulletins.actions.forms import add_form, retire_form
from jiulong.bulletins.actions.letters import (
    assess_letter,
    hand_out_letters,
    require_scorer,
    score_letter,
    sign_letter,
)
from jiulong.bulletins.actions.meetings import (
    call_meeting,
    cancel_meeting,
    change_meeting,
    decide,
    make_pack,
    record_attendance,
)
from jiulong.bulletins.actions.pairings import end_pairing, make_pairing, may_visit, record_visit
from jiulong.bulletins.actions.papers import (
    ChangedError,
    draft_bulletin,
    edit_bulletin,
    recount_bulletin,
    submit_bulletin,
    withdraw_bulletin,
)
from jiulong.bulletins.actions.passing import pass_bulletin, publish_bulletin, return_bulletin
from jiulong.bulletins.actions.problems import file_problem
from jiulong.bulletins.actions.striking import confirm_score, refuse_score

__all__ = [
    "ChangedError",
    "add_form",
    "assess_letter",
    "call_meeting",
    "cancel_meeting",
    "change_meeting",
    "confirm_score",
    "decide",
    "draft_bulletin",
    "edit_bulletin",
    "end_pairing",
    "file_problem",
    "hand_out_letters",
    "make_pack",
    "make_pairing",
    "may_visit",
    "pass_bulletin",
    "publish_bulletin",
    "record_attendance",
    "record_visit",
    "recount_bulletin",
    "refuse_score",
    "require_scorer",
    "retire_form",
    "return_bulletin",
    "score_letter",
    "sign_letter",
    "submit_bulletin",
    "withdraw_bulletin",
]
