"""Parts of the work: parallel, one after another, paused for documents."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiulong.cases import actions, specs
from jiulong.cases.models import Case, Task
from jiulong.cases.needs import missing
from jiulong.cases.reporting.signing import digest_of
from tests.almighty import altered
from tests.cases.matters import District, make_district, make_matter

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TASKS = [
    {"key": "plan", "name": "规划", "unit": "urban", "clock": "3 working_days"},
    {"key": "fire", "name": "消防", "unit": "housing", "clock": "3 working_days"},
    {"key": "permit", "name": "发证", "unit": "urban", "after": ["plan", "fire"],
     "clock": "1 working_days"},
]  # fmt: skip


@pytest.fixture
def district() -> District:
    return make_district()


@pytest.fixture
def case(district: District) -> Case:
    case = actions.file_case(
        actor=district.dispatcher, matter=make_matter(tasks=TASKS), title="开店", now=MONDAY
    )
    case = actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY)
    return actions.accept_case(actor=district.handler, case=case, now=MONDAY)


def task(case: Case, key: str) -> Task:
    return Task.objects.get(case=case, key=key)


def states(case: Case) -> dict[str, str]:
    return dict(case.tasks.values_list("key", "state"))


def test_what_waits_for_nothing_opens_at_once(case: Case) -> None:
    assert states(case) == {"plan": "open", "fire": "open", "permit": "waiting"}
    assert task(case, "plan").due_at == datetime(2026, 3, 12, 15, 59, 59, tzinfo=UTC)
    assert task(case, "permit").due_at is None


def test_what_waited_opens_when_the_last_is_done(case: Case, district: District) -> None:
    actions.finish_task(
        actor=district.handler, task=task(case, "plan"), answer="同意", now=MONDAY + DAY
    )
    assert states(case)["permit"] == "waiting"
    actions.finish_task(
        actor=district.sibling, task=task(case, "fire"), answer="同意", now=MONDAY + 2 * DAY
    )
    assert states(case)["permit"] == "open"
    assert task(case, "permit").due_at == datetime(2026, 3, 12, 15, 59, 59, tzinfo=UTC)


def test_the_case_cannot_be_answered_while_a_part_is_open(case: Case, district: District) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.reply_case(actor=district.handler, case=case, answer="好", now=MONDAY)
    assert list(refused.value.message_dict) == ["tasks"]


def test_only_the_unit_of_a_part_may_finish_it(case: Case, district: District) -> None:
    with pytest.raises(PermissionDenied):
        actions.finish_task(actor=district.handler, task=task(case, "fire"), answer="x", now=MONDAY)
    with pytest.raises(PermissionDenied):
        actions.finish_task(
            actor=district.dispatcher, task=task(case, "fire"), answer="x", now=MONDAY
        )


def test_missing_documents_stop_the_clock_of_the_part(case: Case, district: District) -> None:
    fire = actions.ask_documents(
        actor=district.sibling, task=task(case, "fire"), missing=["平面图"], now=MONDAY + DAY
    )
    assert (fire.state, fire.due_at, fire.missing) == ("paused", None, ["平面图"])
    fire = actions.documents_in(actor=district.sibling, task=fire, now=MONDAY + 2 * DAY)
    assert fire.due_at == datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC)
    assert fire.missing == []


def test_a_part_can_be_asked_for_again(case: Case, district: District) -> None:
    done = actions.finish_task(
        actor=district.sibling, task=task(case, "fire"), answer="同意", now=MONDAY
    )
    again = actions.redo_task(actor=district.handler, task=done, reason="缺签章", now=MONDAY)
    assert (again.state, again.done_at) == ("open", None)


def test_a_further_unit_can_be_asked(case: Case, district: District) -> None:
    added = actions.add_task(
        actor=district.dispatcher, case=case, unit=district.checkers, name="会签", now=MONDAY
    )
    assert (added.state, added.support) == ("open", True)
    case.refresh_from_db()
    assert district.checkers.pk in case.involved
    with pytest.raises(PermissionDenied):
        actions.add_task(actor=district.sibling, case=case, unit=district.top, name="x")


def test_a_returned_case_drops_its_parts_and_lays_them_out_anew(
    case: Case, district: District
) -> None:
    case = actions.return_case(actor=district.handler, case=case, reason="错", now=MONDAY)
    assert set(states(case).values()) == {"dropped"}
    actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY + DAY)
    assert states(case) == {"plan": "open", "fire": "open", "permit": "waiting"}


ON_SITE = [
    {"key": "remote", "name": "远程核查", "unit": "urban",
     "fields": [{"key": "next", "type": "choice", "label": "下一步", "required": True, "choices": [
         {"key": "visit", "label": "现场核查"}, {"key": "desk", "label": "不需现场"}]}]},
    {"key": "visit", "name": "现场核查", "unit": "housing", "after": ["remote"],
     "clock": "1 working_days", "when": {"remote.next": "visit"}},
    {"key": "report", "name": "报告", "unit": "housing", "after": ["visit"]},
]  # fmt: skip


def on_site(district: District) -> Case:
    case = actions.file_case(
        actor=district.dispatcher, matter=make_matter(tasks=ON_SITE), title="超标", now=MONDAY
    )
    case = actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY)
    return actions.accept_case(actor=district.handler, case=case, now=MONDAY)


def test_a_task_that_an_answer_asks_for_opens_with_it(district: District) -> None:
    case = on_site(district)
    actions.finish_task(
        actor=district.handler, task=task(case, "remote"), answer="需现场",
        data={"next": "visit"}, now=MONDAY + DAY,
    )  # fmt: skip
    assert states(case) == {"remote": "done", "visit": "open", "report": "waiting"}
    assert task(case, "visit").due_at is not None


def test_a_task_that_no_answer_asks_for_is_dropped_and_returns_when_it_does(
    district: District,
) -> None:
    case = on_site(district)
    remote = task(case, "remote")
    actions.finish_task(
        actor=district.handler, task=remote, answer="不需", data={"next": "desk"}, now=MONDAY
    )
    assert states(case) == {"remote": "done", "visit": "dropped", "report": "open"}
    actions.redo_task(actor=district.handler, task=remote, reason="再看", now=MONDAY + DAY)
    actions.finish_task(
        actor=district.handler, task=remote, answer="需现场", data={"next": "visit"},
        now=MONDAY + DAY,
    )  # fmt: skip
    assert states(case)["visit"] == "open"


def test_what_was_done_on_the_spot_asks_for_two_signatures_before_closing(
    district: District,
) -> None:
    visit = {"key": "visit", "name": "现场核查", "unit": "urban", "needs": ["signatures"]}
    matter = make_matter(tasks=[visit])
    case = actions.file_case(actor=district.dispatcher, matter=matter, title="超标", now=MONDAY)
    case = actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY)
    case = actions.accept_case(actor=district.handler, case=case, now=MONDAY)
    assert missing(case, specs.matter(matter)) == []
    before = digest_of(case)
    actions.finish_task(actor=district.handler, task=task(case, "visit"), answer="属实", now=MONDAY)
    assert [need.key for need in missing(case, specs.matter(matter))] == ["signatures"]
    assert digest_of(case) != before, "what was said on the spot is under the signatures"


def test_verify_names_a_case_whose_outcome_or_values_were_altered(
    case: Case, district: District
) -> None:
    actions.finish_task(
        actor=district.handler, task=task(case, "plan"), answer="同意", now=MONDAY + DAY
    )
    assert altered() == ""
    plan = Task.objects.filter(case=case, key="plan")
    cases = Case.objects.filter(pk=case.pk)
    for rows, column, value, was in (
        (cases, "stage", "closed", case.stage),
        (cases, "data", {"fine": "1"}, case.data),
        (plan, "data", {"fine": "2"}, {}),
    ):
        rows.update(**{column: value})
        assert case.number in altered(), column
        rows.update(**{column: was})
        assert altered() == ""
    cases.update(result="x")
    assert altered() == "", "no event has told of a result yet"
