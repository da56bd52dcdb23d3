"""The roles in the box, as data. What a site adds or changes stands in the table `Role`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

#: Each of the three administrators' own verb: no role and no person holds two of them.
SEPARATE: Final = frozenset({"manage_accounts", "manage_roles", "see_logs"})


@dataclass(frozen=True, slots=True)
class BuiltIn:
    """A role in the box: its names, what it may do, and where (a `Role.Scope`)."""

    code: str
    zh: str
    en: str
    scope: str
    verbs: str


_ROLES: Final = (
    BuiltIn(
        "administrator", "系统管理员", "System administrator", "all",
        "see_all see_raw adopt_logger edit_logger replay_quarantine seal manage_accounts"
        " keep_house edit_enterprise edit_point set_limit see_packs apply_pack edit_calendar"
        " see_entries edit_entry import_entries remove_entry"
        " see_scores see_standings"
        " see_projects"
        " see_bulletins keep_forms",
    ),
    BuiltIn("security", "安全管理员", "Security administrator", "all", "manage_roles keep_house"),
    BuiltIn("auditor", "审计管理员", "Auditor", "all", "see_logs keep_house"),
    BuiltIn(
        "officer", "执法人员", "Enforcement officer", "unit_below",
        "see_all see_raw command_logger acknowledge_finding seal set_limit see_packs"
        " see_entries edit_entry see_cases file_case handle_case withdraw_case"
        " see_files sign_custody unmask keep_duty review_marks request_history order_sample"
        " confirm_sample publish_report"
        " see_scores see_standings"
        " see_bulletins",
    ),
    BuiltIn(
        "monitor", "监控员", "Monitoring desk", "unit_below",
        "see_all see_raw acknowledge_finding command_logger see_packs see_entries see_cases"
        " file_case assign_case handle_case close_case see_files keep_duty review_marks"
        " request_history order_sample publish_report"
        " see_bulletins",
    ),
    BuiltIn(
        "operator", "运维人员", "Operating firm", "unit",
        "acknowledge_finding see_entries see_cases handle_case see_files mark_data"
        " file_parameters",
    ),
    BuiltIn(
        "laboratory", "实验室人员", "Laboratory", "unit",
        "see_files sign_custody enter_result",
    ),
    BuiltIn(
        "observer", "观察员", "Observer", "all",
        "see_all see_packs see_entries see_cases see_files"
        " see_scores see_standings"
        " see_projects"
        " see_bulletins",
    ),
    BuiltIn(
        "enterprise", "企业", "Enterprise", "unit",
        "acknowledge_finding see_entries see_cases apply_case handle_case confirm_case"
        " withdraw_case see_files mark_data file_parameters"
        " dispute_standing",
    ),
    BuiltIn(
        "supervisor", "督查人员", "Supervisor", "all",
        "see_all see_packs see_entries see_cases file_case assign_case verify_case close_case"
        " supervise_case withdraw_case see_files unmask"
        " see_scores set_targets revise_observation"
        " see_standings run_contest edit_scheme adjust_standing"
        " see_projects report_project confirm_project keep_projects override_light"
        " see_bulletins draft_bulletin keep_forms hold_meeting edit_pairing record_visit"
        " score_letter",
    ),
    BuiltIn(
        "dispatcher", "受理派遣员", "Dispatcher", "all",
        "see_all see_packs see_entries see_cases file_case assign_case close_case withdraw_case"
        " see_files unmask"
        " see_scores see_standings"
        " see_projects"
        " see_bulletins",
    ),
    BuiltIn(
        "leader", "单位负责人", "Head of unit", "unit_below",
        "see_all see_packs see_entries edit_entry import_entries remove_entry see_cases file_case"
        " assign_case handle_case withdraw_case see_files sign_custody unmask"
        " see_scores fill_sheet sign_sheet see_standings adjust_standing dispute_standing"
        " see_projects report_project keep_projects"
        " see_bulletins approve_bulletin record_visit answer_letter",
    ),
    BuiltIn(
        "handler", "承办人", "Handler", "unit",
        "see_entries edit_entry import_entries see_cases file_case handle_case withdraw_case"
        " see_files sign_custody unmask"
        " see_scores fill_sheet see_standings"
        " see_projects report_project"
        " see_bulletins",
    ),
    BuiltIn(
        "verifier", "核查员", "Verifier", "all",
        "see_all see_entries see_cases verify_case see_files sign_custody unmask"
        " see_projects confirm_project"
        " see_bulletins",
    ),
    BuiltIn(
        "grid_worker", "网格员", "Grid worker", "unit",
        "see_entries edit_entry see_cases file_case handle_case confirm_case withdraw_case"
        " see_files",
    ),
    BuiltIn(
        "cadre", "挂钩干部", "Liaison cadre", "own",
        "see_entries edit_entry see_cases file_case handle_case confirm_case withdraw_case"
        " see_files"
        " see_projects"
        " see_bulletins record_visit",
    ),
    BuiltIn(
        "street_staff", "街镇工作人员", "Street or town staff", "unit_below",
        "see_packs see_entries edit_entry import_entries see_cases file_case assign_case"
        " handle_case withdraw_case see_files sign_custody"
        " see_scores fill_sheet see_standings dispute_standing"
        " see_projects report_project"
        " see_bulletins record_visit",
    ),
)  # fmt: skip
BUILT_IN: Final[dict[str, BuiltIn]] = {role.code: role for role in _ROLES}
