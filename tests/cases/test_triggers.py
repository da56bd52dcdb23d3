"""Findings, rounds and dates open cases: once each, and join what is open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from jiulong.cases import actions, triggers
from jiulong.cases.models import Case, Opened, TriggerRule
from jiulong.cases.schema import TriggerItem
from jiulong.registers.models import Entry, Register
from jiulong.registers.schema import RegisterSpec
from tests.cases.matters import District, make_district, make_matter

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


class Finder:
    """A source of findings as an engine would register it."""

    name = "finder"

    def __init__(self, *found: triggers.Found) -> None:
        self.found = found

    def after(self, position: int, limit: int) -> Sequence[triggers.Found]:
        return [one for one in self.found if one.id > position][:limit]


@pytest.fixture
def district() -> District:
    return make_district()


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    registered: dict[str, Any] = {}
    monkeypatch.setattr(triggers, "_sources", registered)
    return registered


def rule(**spec: object) -> None:
    checked = TriggerItem.model_validate(spec)
    stored = checked.model_dump(mode="json", by_alias=True, exclude_none=True)
    TriggerRule.objects.create(code=checked.key, pack="test", spec=stored)


def finding(number: int, about: str = "P1/over") -> triggers.Found:
    return triggers.Found(
        id=number,
        kind="over",
        severity="serious",
        about=about,
        title="超标",
        words="COD",
    )


def test_a_finding_opens_a_case_and_the_next_one_joins_it(
    district: District, sources: dict[str, Any]
) -> None:
    make_matter()
    rule(on="finding", key="t.f", source="finder", kinds=["over"], matter="test.matter")
    sources["finder"] = Finder(finding(1), finding(2), finding(3, "P2/over"))
    assert triggers.findings_step(MONDAY)
    assert not triggers.findings_step(MONDAY)
    rows = Case.objects.order_by("id").values_list("source_ref", "findings", "title")
    assert list(rows) == [("P1/over", 2, "超标"), ("P2/over", 1, "超标")]
    assert Opened.objects.count() == 3


def test_a_finding_after_the_closing_opens_a_new_case(
    district: District, sources: dict[str, Any]
) -> None:
    make_matter()
    rule(on="finding", key="t.f", source="finder", kinds=["over"], matter="test.matter")
    sources["finder"] = Finder(finding(1))
    triggers.findings_step(MONDAY)
    actions.withdraw_case(actor=None, case=Case.objects.get(), reason="误报", now=MONDAY)
    sources["finder"] = Finder(finding(1), finding(2))
    triggers.findings_step(MONDAY)
    assert sorted(Case.objects.values_list("stage", flat=True)) == ["filed", "withdrawn"]


@pytest.mark.parametrize("change", [{"kinds": ["other"]}, {"severities": ["warning"]}])
def test_other_findings_open_nothing(
    district: District, sources: dict[str, Any], change: dict[str, Any]
) -> None:
    make_matter()
    given = {"on": "finding", "key": "t.f", "source": "finder", "kinds": ["over"]}
    rule(**{**given, "matter": "test.matter", **change})
    sources["finder"] = Finder(finding(1))
    triggers.findings_step(MONDAY)
    assert not Case.objects.exists()


def make_entry(district: District, **data: object) -> Entry:
    spec = {
        "key": "test.river",
        "name": "河段",
        "one": "河段",
        "title": "name",
        "fields": [
            {"key": "name", "type": "text", "label": "名称", "required": True},
            {"key": "level", "type": "choice", "label": "级别",
             "choices": [{"key": "town", "label": "镇"}, {"key": "village", "label": "村"}]},
            {"key": "until", "type": "date", "label": "有效期"},
        ],
        "columns": ["name"],
    }  # fmt: skip
    checked = RegisterSpec.model_validate(spec)
    register, _made = Register.objects.get_or_create(
        code="test.river",
        defaults={"pack": "test", "spec": checked.model_dump(mode="json", by_alias=True)},
    )
    return Entry.objects.create(
        register=register, number="R1", title="芗江段", data={"name": "芗江段", **data},
        unit=district.urban, created_at=MONDAY, updated_at=MONDAY,
    )  # fmt: skip


ROUND = {
    "on": "round", "key": "t.r", "register": "test.river", "by": "level", "ahead": "1 days",
    "every": {"town": "7 days", "village": "1 days"}, "matter": "test.matter",
    "title": "巡查{title}",
}  # fmt: skip


def river_matter() -> None:
    make_matter(
        register="test.river", entry="required", routes=[{"lead": "$entry"}], auto_assign=True,
        auto_accept=True,
    )  # fmt: skip


def test_a_round_comes_back_when_its_interval_is_over(district: District) -> None:
    river_matter()
    make_entry(district, level="town")
    rule(**ROUND)
    triggers.rounds_step(MONDAY + 5 * DAY)
    assert not Case.objects.exists()
    triggers.rounds_step(MONDAY + 6 * DAY + timedelta(hours=20))
    triggers.rounds_step(MONDAY + 6 * DAY + timedelta(hours=20))
    case = Case.objects.get()
    assert (case.title, case.stage, case.lead) == ("巡查芗江段", "accepted", district.urban)
    triggers.rounds_step(MONDAY + 40 * DAY)
    assert Case.objects.count() == 1  # the last one is still open
    actions.withdraw_case(actor=None, case=case, reason="x", now=MONDAY + 7 * DAY)
    triggers.rounds_step(MONDAY + 40 * DAY)
    assert Case.objects.count() == 2


def test_a_level_without_an_interval_has_no_rounds(district: District) -> None:
    river_matter()
    make_entry(district)
    rule(**ROUND)
    triggers.rounds_step(MONDAY + 40 * DAY)
    assert not Case.objects.exists()


def test_a_date_opens_one_case_for_each_date(district: District) -> None:
    river_matter()
    entry = make_entry(district, until="2026-04-01")
    rule(on="date", key="t.d", register="test.river", field="until", ahead="10 days",
         matter="test.matter")  # fmt: skip
    triggers.rounds_step(MONDAY)
    assert not Case.objects.exists()
    for _again in range(2):
        triggers.rounds_step(datetime(2026, 3, 25, tzinfo=UTC))
    assert Case.objects.count() == 1
    actions.withdraw_case(actor=None, case=Case.objects.get(), reason="x", now=MONDAY)
    entry.data["until"] = "2026-05-01"
    entry.save()
    triggers.rounds_step(datetime(2026, 4, 25, tzinfo=UTC))
    assert Case.objects.count() == 2


def test_the_first_interval_counts_from_the_day_the_entry_names(district: District) -> None:
    river_matter()
    make_entry(district, level="town", until="2026-02-20")
    rule(**ROUND, since="until")
    triggers.rounds_step(MONDAY)
    assert Case.objects.count() == 1


def test_an_open_case_that_somebody_filed_counts_as_the_round(district: District) -> None:
    river_matter()
    entry = make_entry(district, level="town")
    rule(**ROUND)
    matter = Case._meta.get_field("matter").related_model.objects.get()
    actions.file_case(actor=None, matter=matter, title="自报", entry=entry, now=MONDAY)
    triggers.rounds_step(MONDAY + 40 * DAY)
    assert Case.objects.count() == 1


def test_a_graver_finding_makes_the_open_case_graver_and_its_limit_shorter(
    district: District, sources: dict[str, Any]
) -> None:
    make_matter(
        auto_assign=True,
        severities=[
            {"key": "warning", "name": "预警", "light": "amber"},
            {"key": "serious", "name": "严重", "light": "cinnabar"},
        ],
        clocks={"handle": {"warning": "15 days", "serious": "7 days"}},
    )
    rule(on="finding", key="t.f", source="finder", kinds=["over"], matter="test.matter")
    first = triggers.Found(**{**vars(finding(1)), "severity": "warning"})
    sources["finder"] = Finder(first)
    triggers.findings_step(MONDAY)
    before = Case.objects.get()
    sources["finder"] = Finder(first, finding(2))
    triggers.findings_step(MONDAY + DAY)
    after = Case.objects.get()
    assert (before.severity, after.severity) == ("warning", "serious")
    assert (before.clock, after.clock) == ("15 days", "7 days")
    assert after.due_at == datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC)


def test_a_finding_that_cannot_be_filed_holds_up_no_other(
    district: District, sources: dict[str, Any]
) -> None:
    make_matter(key="test.bad", dispatch="$street", number="b{serial}")
    make_matter()
    rule(on="finding", key="t.a", source="finder", kinds=["over"], matter="test.bad")
    rule(on="finding", key="t.b", source="finder", kinds=["over"], matter="test.matter")
    triggers.register(Finder(finding(1, "P1/over"), finding(2, "P2/over")))
    assert triggers.findings_step(MONDAY) is True
    assert list(Case.objects.values_list("matter__code", flat=True)) == ["test.matter"] * 2
    assert triggers.findings_step(MONDAY) is False
