"""Every write of upkeep. What is handed in stays; what is put right is a new act."""

from jiulong.upkeep.actions.checks import Checked, enter_check, receive_check, withdraw_check
from jiulong.upkeep.actions.common import NotAnyMoreError, Proof
from jiulong.upkeep.actions.faults import (
    ManualSample,
    enter_manual,
    report_fault,
    restore_fault,
    withdraw_manual,
)
from jiulong.upkeep.actions.maintenance import (
    Place,
    follow_contracts,
    plan_maintenance,
    record_maintenance,
    sign_contract,
)
from jiulong.upkeep.actions.marks import mark_data, mark_due, review_mark, withdraw_mark
from jiulong.upkeep.actions.objections import answer_objection, raise_objection

__all__ = [
    "Checked",
    "ManualSample",
    "NotAnyMoreError",
    "Place",
    "Proof",
    "answer_objection",
    "enter_check",
    "enter_manual",
    "follow_contracts",
    "mark_data",
    "mark_due",
    "plan_maintenance",
    "raise_objection",
    "receive_check",
    "record_maintenance",
    "report_fault",
    "restore_fault",
    "review_mark",
    "sign_contract",
    "withdraw_check",
    "withdraw_manual",
    "withdraw_mark",
]
