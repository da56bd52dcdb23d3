"""Recorded acts in words, of all floors: what was done, and what the record tells of it."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jiulong.cases import timeline, words
from jiulong.cases.lifecycle import ACTIONS
from jiulong.evidence.models import Event
from jiulong.pages.words import MISSING
from jiulong.projects.words import ACTS as PROJECT_ACTS
from jiulong.sampling.timeline import VERBS as SAMPLE_VERBS
from jiulong.scorecards.words import ACTS as SCORE_ACTS
from jiulong.upkeep.words import ACTS as UPKEEP_ACTS

ACTS: Final[dict[str, Promise | str]] = {
    **ACTIONS,
    **timeline.OTHER,
    **UPKEEP_ACTS,
    **PROJECT_ACTS,
    **SCORE_ACTS,
    **SAMPLE_VERBS,
    "draft_bulletin": pgettext_lazy("act", "Draft a bulletin"),
    "recount_bulletin": pgettext_lazy("act", "Write a bulletin anew"),
    "edit_bulletin": pgettext_lazy("act", "Edit a bulletin"),
    "submit_bulletin": pgettext_lazy("act", "Hand a bulletin in"),
    "withdraw_bulletin": pgettext_lazy("act", "Give a bulletin up"),
    "pass_bulletin": pgettext_lazy("act", "Sign a bulletin"),
    "return_bulletin": pgettext_lazy("act", "Return a bulletin"),
    "issue_bulletin": pgettext_lazy("act", "Issue a bulletin"),
    "replace_bulletin": pgettext_lazy("act", "Replace a bulletin"),
    "revoke_bulletin": pgettext_lazy("act", "Revoke a bulletin"),
    "publish_bulletin": pgettext_lazy("act", "Show a bulletin to everybody, or no more"),
    "add_bulletin_form": pgettext_lazy("act", "Add a form of bulletins"),
    "retire_bulletin_form": pgettext_lazy("act", "Retire a form of bulletins"),
    "call_meeting": pgettext_lazy("act", "Call a meeting"),
    "change_meeting": pgettext_lazy("act", "Change a meeting"),
    "cancel_meeting": pgettext_lazy("act", "Cancel a meeting"),
    "record_attendance": pgettext_lazy("act", "Record attendance"),
    "decide": pgettext_lazy("act", "Record a decision"),
    "make_pairing": pgettext_lazy("act", "Pair a leader"),
    "end_pairing": pgettext_lazy("act", "End a pairing"),
    "record_visit": pgettext_lazy("act", "Record a visit"),
    "file_problem": pgettext_lazy("act", "Make a visit's problem a case"),
    "hand_out_letter": pgettext_lazy("act", "Hand out a responsibility letter"),
    "sign_letter": pgettext_lazy("act", "Sign a responsibility letter"),
    "assess_letter": pgettext_lazy("act", "Assess a responsibility letter"),
    "score_letter": pgettext_lazy("act", "Score a responsibility letter"),
    "confirm_score": pgettext_lazy("act", "Confirm the points of a letter"),
    "refuse_score": pgettext_lazy("act", "Refuse the points of a letter"),
    "acknowledge_finding": pgettext_lazy("act", "Acknowledge a finding"),
    "add_hours": pgettext_lazy("act", "Add working hours"),
    "add_register": pgettext_lazy("act", "Set up a register"),
    "adopt_logger": pgettext_lazy("act", "Adopt a logger"),
    "apply_pack": pgettext_lazy("act", "Apply a pack"),
    "build_dossier": pgettext_lazy("act", "Build a dossier"),
    "change_register": pgettext_lazy("act", "Change a register"),
    "choose_notices": pgettext_lazy("act", "Choose notices"),
    "close_unit": pgettext_lazy("act", "Close a unit"),
    "create_account": pgettext_lazy("act", "Open an account"),
    "create_enterprise": pgettext_lazy("act", "Set up an enterprise"),
    "create_entry": pgettext_lazy("act", "Add an entry"),
    "create_outfall": pgettext_lazy("act", "Set up an outfall"),
    "create_point": pgettext_lazy("act", "Set up a point"),
    "create_role": pgettext_lazy("act", "Add a role"),
    "create_token": pgettext_lazy("act", "Make a token"),
    "create_unit": pgettext_lazy("act", "Add a unit"),
    "create_user": pgettext_lazy("act", "Open an account"),
    "demo_staff": pgettext_lazy("act", "Invent people"),
    "draft_report": pgettext_lazy("act", "Draft an account"),
    "edit_day": pgettext_lazy("act", "Change a day of the calendar"),
    "end_post": pgettext_lazy("act", "End a post"),
    "end_sessions": pgettext_lazy("act", "End sessions"),
    "explain_report": pgettext_lazy("act", "Explain an account"),
    "give_post": pgettext_lazy("act", "Give a post"),
    "import_sheet": pgettext_lazy("act", "Import a spreadsheet"),
    "load_district": pgettext_lazy("act", "Load the demo district"),
    "move_unit": pgettext_lazy("act", "Move a unit"),
    "order_command": pgettext_lazy("act", "Order a command"),
    "prove_month": pgettext_lazy("act", "Record a month's completeness"),
    "publish_report": pgettext_lazy("act", "Publish an account"),
    "recount_report": pgettext_lazy("act", "Count an account again"),
    "register_logger": pgettext_lazy("act", "Register a logger"),
    "remove_entry": pgettext_lazy("act", "Remove an entry"),
    "remove_hours": pgettext_lazy("act", "Remove working hours"),
    "replay_quarantine": pgettext_lazy("act", "Replay refused frames"),
    "request_history": pgettext_lazy("act", "Ask for missing data"),
    "restore_entry": pgettext_lazy("act", "Restore an entry"),
    "retire_point": pgettext_lazy("act", "Retire a point"),
    "retire_register": pgettext_lazy("act", "Retire a register"),
    "revise_day": pgettext_lazy("act", "Revise a settled day"),
    "revoke_token": pgettext_lazy("act", "Revoke a token"),
    "seal_now": pgettext_lazy("act", "Seal at once"),
    "set_limit": pgettext_lazy("act", "Set a limit"),
    "assign_standard": pgettext_lazy("act", "Hold a point to a standard"),
    "set_permitted_load": pgettext_lazy("act", "Enter a permitted quantity"),
    "acknowledge_alarm": pgettext_lazy("act", "Acknowledge an alarm"),
    "withdraw_finding": pgettext_lazy("act", "Withdraw a finding"),
    "rejudge_finding": pgettext_lazy("act", "Judge a finding again"),
    "reinstate_finding": pgettext_lazy("act", "Let a finding stand again"),
    "settle_day": pgettext_lazy("act", "Settle a day's statistics"),
    "settle_tally": pgettext_lazy("act", "Take a digest of what is settled"),
    "set_password": pgettext_lazy("act", "Set a password"),
    "set_year": pgettext_lazy("act", "Set a year of the calendar"),
    "begin_shift": pgettext_lazy("act", "Begin a shift"),
    "write_log": pgettext_lazy("act", "Write into the shift log"),
    "hand_over_shift": pgettext_lazy("act", "Hand the shift over"),
    "take_over_shift": pgettext_lazy("act", "Take the shift over"),
    "set_camera": pgettext_lazy("act", "Name a camera"),
    "remove_camera": pgettext_lazy("act", "Take a camera away"),
    "show_outfall": pgettext_lazy("act", "Show an outfall to the public, or no more"),
    "sign_report": pgettext_lazy("act", "Sign an account"),
    "unlock_user": pgettext_lazy("act", "Unlock an account"),
    "update_enterprise": pgettext_lazy("act", "Change an enterprise"),
    "update_entry": pgettext_lazy("act", "Change an entry"),
    "update_logger": pgettext_lazy("act", "Change a logger"),
    "update_role": pgettext_lazy("act", "Change a role"),
    "update_unit": pgettext_lazy("act", "Change a unit"),
    "update_user": pgettext_lazy("act", "Change an account"),
    "describe_unit": pgettext_lazy("act", "Describe a treatment unit"),
    "retire_unit": pgettext_lazy("act", "Retire a treatment unit"),
    "file_parameters": pgettext_lazy("act", "File parameters"),
    "review_filing": pgettext_lazy("act", "Review a parameter filing"),
    "set_section": pgettext_lazy("act", "Set up a river section"),
    "place_outfall": pgettext_lazy("act", "Place an outfall on a river"),
    "enter_measurement": pgettext_lazy("act", "Enter a river measurement"),
    "compute_standing": pgettext_lazy("act", "Compute a standing"),
    "open_standing": pgettext_lazy("act", "Open a standing to objections"),
    "freeze_standing": pgettext_lazy("act", "Freeze a standing"),
    "publish_standing": pgettext_lazy("act", "Publish a standing"),
    "file_dispute": pgettext_lazy("act", "Object to a standing"),
    "withdraw_dispute": pgettext_lazy("act", "Withdraw an objection"),
    "answer_dispute": pgettext_lazy("act", "Answer an objection to a standing"),
    "file_adjustment": pgettext_lazy("act", "File a bonus, deduction or veto"),
    "confirm_adjustment": pgettext_lazy("act", "Confirm a bonus, deduction or veto"),
    "withdraw_adjustment": pgettext_lazy("act", "Withdraw a bonus, deduction or veto"),
    "draft_scheme": pgettext_lazy("act", "Draft a scheme"),
    "edit_scheme": pgettext_lazy("act", "Change a draft scheme"),
    "adopt_scheme": pgettext_lazy("act", "Adopt a scheme"),
    "drop_scheme": pgettext_lazy("act", "Throw a draft scheme away"),
    "make_panel": pgettext_lazy("act", "Name a panel of judges"),
    "give_score": pgettext_lazy("act", "Give marks"),
    "declare_conflict": pgettext_lazy("act", "Declare a conflict of interest"),
    "close_panel": pgettext_lazy("act", "Close a panel of judges"),
}
#: What usual details are called; one that is not here stands under its key.
LABELS: Final[dict[str, Promise | str]] = {
    **{key: label for key, (label, _show) in timeline.DETAILS.items()},
    "changes": _("Changes"),
    "code": _("Code"),
    "lead": _("Lead unit"),
    "name": _("Name"),
    "note": pgettext_lazy("of an action", "Note"),
    "reason": _("Reason"),
    "role": _("Role"),
    "supports": _("Support units"),
    "unit": _("Unit"),
}
#: Details that are lists however many they hold; another list of two is before and after.
LISTS: Final = frozenset({"supports", "tasks", "missing", "verbs", "rows", "values", "documents"})
CASE: Final = "cases.case"


def act(verb: str) -> str:
    """What was done; a verb without words is itself."""
    return str(ACTS.get(verb, verb))


def verbs_like(text: str) -> list[str]:
    """The verbs whose words hold `text`, in the reader's language."""
    return [verb for verb, word in ACTS.items() if text.casefold() in str(word).casefold()]


def told(event: Event) -> str:
    """What an act tells, in a line."""
    data = dict(event.data)
    parts = []
    if event.subject == CASE:
        data.pop("on", None)  # the day of the event itself
        before, after = data.pop("from", ""), data.pop("to", "")
        if after and before != after:
            parts.append(f"{words.stage(before) or MISSING} → {words.stage(after)}")
    return " · ".join([*parts, *(_detail(event, key, value) for key, value in data.items())])


def _detail(event: Event, key: str, value: Any) -> str:
    shown = _show(key, value)
    if event.subject == CASE and key in timeline.DETAILS and isinstance(value, str) and value:
        # What was recorded long ago in another form still has to be read.
        with suppress(ValueError):
            shown = str(timeline.DETAILS[key][1](value))
    return f"{LABELS.get(key, key)}: {shown}"


def _show(key: str, value: Any) -> str:
    """A value of a record for a reader: yes and no, lists joined, before → after."""
    if value is None or value in ("", [], {}):
        return MISSING
    if isinstance(value, bool):
        return _t("yes") if value else _t("no")
    if isinstance(value, dict):
        return "，".join(f"{LABELS.get(name, name)}: {_show(name, of)}"
                         for name, of in value.items())  # fmt: skip
    if isinstance(value, list):
        sign = " → " if len(value) == 2 and key not in LISTS else "、"
        return sign.join(_show("", one) for one in value)
    return str(value)
