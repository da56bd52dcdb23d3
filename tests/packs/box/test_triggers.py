"""What the packs let open by itself, does: rounds, dates and findings of the monitoring."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from jiulong.cases import specs, triggers
from jiulong.cases.models import Case, Opened, TriggerRule
from jiulong.cases.schema import DateTrigger, RoundTrigger
from jiulong.registers.actions import update_entry
from jiulong.registers.models import Entry
from tests.factories import (
    NOW,
    make_enterprise,
    make_factor,
    make_finding,
    make_outfall,
    make_point,
)
from tests.packs.box.walk import entry_of

#: Later than every interval there is.
LATER = NOW + timedelta(days=400)


def fit(entry: Entry, where: dict[str, Any]) -> None:
    """Change the entry so that the trigger means it."""
    first = {key: value[0] if isinstance(value, list) else value for key, value in where.items()}
    update_entry(actor=None, entry=entry, values=first, now=NOW)


@pytest.mark.usefixtures("whole_box")
def test_every_round_and_every_date_opens_a_case() -> None:
    rules = [
        (row.code, rule)
        for row in TriggerRule.objects.order_by("code")
        for rule in [specs.trigger(row)]
        if isinstance(rule, RoundTrigger | DateTrigger)
    ]
    for code, rule in rules:
        Entry.objects.filter(register__code=rule.register_key).update(removed_at=None)
        fit(entry_of(rule.register_key), rule.where)
        triggers.rounds_step(LATER)
        assert Opened.objects.filter(trigger=code).exists(), code

    assert len(rules) >= 12


#: What the judge finds, and the matter that it opens, with its severity.
FOUND = {
    ("hour_exceedance", "serious"): ("huanbao.exceedance", "hour"),
    ("day_exceedance", "serious"): ("huanbao.exceedance", "day"),
    ("severe_exceedance", "serious"): ("huanbao.exceedance", "severe"),
    ("offline", "serious"): ("huanbao.operation", "serious"),
    ("missing", "warning"): ("huanbao.operation", "warning"),
    ("late", "information"): ("huanbao.operation", "information"),
    ("discrepancy", "warning"): ("huanbao.operation", "warning"),
    ("constant", "warning"): ("huanbao.anomaly", "doubtful"),
    ("door", "warning"): ("huanbao.anomaly", "tampered"),
}


@pytest.mark.usefixtures("whole_box")
def test_findings_open_one_case_a_subject() -> None:
    firm = make_enterprise()
    factor = make_factor()
    for rule, severity in FOUND:
        point = make_point(make_outfall(firm))
        for _time in range(2):
            make_finding(point, rule=rule, severity=severity, factor=factor)
    triggers.findings_step(NOW)

    cases = Case.objects.order_by("pk")
    assert [(case.matter.code, case.severity) for case in cases] == list(FOUND.values())
    assert {case.enterprise for case in cases} == {firm}
    assert [case.opened_by.count() for case in cases] == [2] * len(FOUND)
