"""Every verb that a role may hold, with its words, in the groups that the roles page shows."""

from __future__ import annotations

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

GROUPS: Final[dict[str | Promise, dict[str, str | Promise]]] = {
    _("Monitoring"): {
        "see_all": _("See monitoring data of all enterprises"),
        "see_raw": _("See frames as they were received"),
        "acknowledge_finding": _("Acknowledge findings"),
        "edit_point": _("Set up outfalls and points"),
        "set_limit": _("Set discharge limits"),
        "keep_duty": _("Keep the monitoring desk: its queue, shifts and ledgers"),
        "mark_data": _("Mark data, enter checks, maintenance and manual data"),
        "review_marks": _("Review marks and what else stations report"),
        "file_parameters": _("File the parameters of instruments"),
        "request_history": _("Ask loggers for missing data"),
        "publish_report": _("Make and publish monthly and yearly accounts"),
    },
    _("Sampling"): {
        "order_sample": _("Order samples from a distance"),
        "confirm_sample": _("Confirm the order of a sample for enforcement"),
        "enter_result": _("Receive samples in the laboratory and enter results"),
    },
    _("Data acquisition"): {
        "adopt_logger": _("Register loggers"),
        "edit_logger": _("Change loggers"),
        "command_logger": _("Send commands to loggers"),
        "replay_quarantine": _("Replay refused frames"),
    },
    _("Casework"): {
        "see_cases": _("See cases"),
        "file_case": _("Report a case"),
        "apply_case": _("File what packs offer to enterprises"),
        "assign_case": _("Assign cases"),
        "handle_case": _("Handle cases"),
        "verify_case": _("Verify what was done"),
        "close_case": _("Close cases"),
        "supervise_case": _("Supervise: remind, suspend, extend, merge, reopen"),
        "withdraw_case": _("Withdraw cases"),
        "confirm_case": _("Confirm and rate a result"),
    },
    _("Scorecards"): {
        "see_scores": _("See indicators, targets and reported values"),
        "set_targets": _("Set targets and split them up"),
        "fill_sheet": _("Fill in and submit sheets of figures"),
        "sign_sheet": _("Sign sheets of figures off, or return them"),
        "revise_observation": _("Revise reported values, with a reason"),
        "see_standings": _("See schemes and standings of the contest"),
        "run_contest": _("Compute, open to objections, answer, freeze and publish standings"),
        "edit_scheme": _("Draft schemes, and adopt those that others drafted"),
        "adjust_standing": _("File bonuses, deductions and vetoes with their proof"),
        "dispute_standing": _("Object to the standing of one's own unit"),
    },
    _("Key projects"): {
        "see_projects": _("See key projects"),
        "report_project": _("Report months and milestones of key projects, raise obstacles"),
        "confirm_project": _("Confirm or return what projects report"),
        "keep_projects": _("List key projects: plans, stages, leaders, import"),
        "override_light": _("Set a light by hand, with a reason and for a time"),
    },
    _("Bulletins and meetings"): {
        "see_bulletins": _("Read bulletins, meetings, pairings and letters"),
        "draft_bulletin": _("Draft, check and number bulletins"),
        "approve_bulletin": _("Approve bulletins"),
        "keep_forms": _("Keep the forms of bulletins"),
        "hold_meeting": _("Hold meetings: agenda, pack, attendance, decisions"),
        "edit_pairing": _("Pair leaders with projects, enterprises and villages"),
        "record_visit": _("Record visits"),
        "answer_letter": _("Sign responsibility letters and assess one's own unit"),
        "score_letter": _("Hand out and score responsibility letters"),
    },
    _("Registers"): {
        "see_entries": _("See entries"),
        "edit_entry": _("Enter and change entries"),
        "import_entries": _("Import spreadsheets"),
        "remove_entry": _("Remove entries"),
        "edit_enterprise": _("Set up enterprises"),
        "unmask": _("Read masked personal data; each reading is recorded"),
    },
    _("Evidence"): {
        "see_files": _("See files"),
        "sign_custody": _("Sign custody steps"),
        "seal": _("Make and check seals"),
    },
    _("Administration"): {
        "see_packs": _("See packs"),
        "apply_pack": _("Apply packs"),
        "edit_calendar": _("Change the calendar"),
        "keep_house": _("See units, people and roles"),
        "manage_accounts": _("Manage units and accounts (system administrator)"),
        "manage_roles": _("Manage roles (security administrator)"),
        "see_logs": _("Read the logs (auditor)"),
    },
}
VERBS: Final[dict[str, str | Promise]] = {
    verb: label for group in GROUPS.values() for verb, label in group.items()
}
