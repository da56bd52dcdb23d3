"""What somebody would try: checking one's own work, gaining time, leaving work half done."""

from __future__ import annotations

from datetime import UTC, date, datetime
from threading import Thread

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from jiulong.calendar.queries import district_calendar
from jiulong.cases import actions, escalation, rules, specs
from jiulong.cases.clockwork import told
from jiulong.cases.models import Case, Escalation
from jiulong.cases.moves import beats
from jiulong.cases.needs import missing
from jiulong.evidence.actions import keep_file, withdraw_file
from jiulong.evidence.models import Event
from jiulong.organisation.models import Post, Unit, User
from tests.cases.matters import District, make_district, make_matter
from tests.cases.test_actions import DAY, MONDAY, filed, in_hand, replied
from tests.factories import make_enterprise, make_unit, make_user

pytestmark = pytest.mark.django_db

TENTH_DAY = date(2026, 3, 20)


@pytest.fixture
def district() -> District:
    return make_district()


def also(user: User, unit: Unit, role: str) -> User:
    """The user with a further post, as the next request would load them."""
    Post.objects.create(user=user, unit=unit, role_id=role, from_on=date(2020, 1, 1))
    return User.objects.get(pk=user.pk)


def recomputed(case: Case) -> datetime | None:
    return told(beats(case.pk)).due(district_calendar())


def change(case: Case, **spec: object) -> Case:
    """The case after its pack was changed."""
    case.matter.spec = {**case.matter.spec, **spec}
    case.matter.save()
    return Case.objects.get(pk=case.pk)


# -- nobody checks their own work


def test_who_handled_it_before_another_did_does_not_verify_it(district: District) -> None:
    case = in_hand(district)
    case = actions.assign_case(
        actor=district.leader, case=case, lead=district.urban, handler=district.colleague,
        now=MONDAY,
    )  # fmt: skip
    case = actions.reply_case(actor=district.colleague, case=case, answer="好了", now=MONDAY)
    both = also(district.handler, district.checkers, User.Role.VERIFIER)
    with pytest.raises(PermissionDenied):
        actions.verify_case(actor=both, case=case, now=MONDAY)


def test_who_replied_first_does_not_close_it(district: District) -> None:
    case = replied(district)
    case = actions.send_back(actor=district.verifier, case=case, reason="没修", now=MONDAY)
    case = actions.reply_case(actor=district.colleague, case=case, answer="好了", now=MONDAY)
    case = actions.verify_case(actor=district.verifier, case=case, now=MONDAY)
    both = also(district.handler, district.desk, User.Role.DISPATCHER)
    with pytest.raises(PermissionDenied):
        actions.close_case(actor=both, case=case, now=MONDAY)


def test_a_second_post_in_the_lead_unit_counts_where_roles_are_separate(district: District) -> None:
    case = replied(district, separate=True)
    both = make_user(User.Role.VERIFIER, district.checkers, username="both")
    both = also(both, district.urban, User.Role.HANDLER)
    with pytest.raises(PermissionDenied):
        actions.verify_case(actor=both, case=case, now=MONDAY)


def test_who_filed_it_does_not_handle_it_where_roles_are_separate(district: District) -> None:
    case = filed(district, separate=True)
    with pytest.raises(ValidationError, match="受理中心"):
        actions.assign_case(actor=district.dispatcher, case=case, lead=district.desk, now=MONDAY)


def test_files_called_signature_are_none(district: District) -> None:
    case = replied(district, closing={"needs": ["signatures"]})
    for user in (district.handler, district.colleague):
        keep_file(actor=user, content=b"x", name="x.txt", subject=case, purpose="signature")
    assert [need.key for need in missing(case, specs.matter(case.matter))] == ["signatures"]


# -- nobody gains time


def test_naming_a_handler_leaves_the_clock_alone(district: District) -> None:
    case = in_hand(district)
    due = case.due_at
    case = actions.assign_case(
        actor=district.leader, case=case, lead=district.urban, handler=district.colleague,
        now=MONDAY + DAY,
    )  # fmt: skip
    assert (case.due_at, recomputed(case)) == (due, due)


def test_the_lead_unit_gives_it_to_nobody_else(district: District) -> None:
    case = in_hand(district)
    with pytest.raises(ValidationError):
        actions.assign_case(actor=district.leader, case=case, lead=district.housing, now=MONDAY)
    with pytest.raises(ValidationError):
        actions.assign_case(
            actor=district.leader, case=case, lead=district.urban, clock="90 days", now=MONDAY
        )


def test_what_the_lead_unit_passes_on_to_its_own_has_the_same_deadline(district: District) -> None:
    below = make_unit(Unit.Kind.DEPARTMENT, code="below", name="市政所", parent=district.urban)
    case = in_hand(district)
    due = case.due_at
    case = actions.assign_case(actor=district.leader, case=case, lead=below, now=MONDAY + DAY)
    assert (case.stage, case.lead, case.due_at) == ("assigned", below, due)


def test_the_lead_unit_merges_nothing_away(district: District) -> None:
    case = in_hand(district)
    other = actions.file_case(
        actor=district.dispatcher, matter=case.matter, title="另一处", now=MONDAY
    )
    with pytest.raises(PermissionDenied):
        actions.merge_case(actor=district.leader, case=case, into=other, now=MONDAY)


def test_whoever_asked_does_not_decide_though_another_handles_it(district: District) -> None:
    case = in_hand(district)
    both = also(district.colleague, district.desk, User.Role.SUPERVISOR)
    case = actions.ask_extension(actor=both, case=case, until=TENTH_DAY, reason="雨", now=MONDAY)
    with pytest.raises(ValidationError):
        actions.extend_case(actor=both, case=case, now=MONDAY)


@pytest.mark.parametrize("decided", [datetime(2026, 3, 25, 2, 0, tzinfo=UTC)])
def test_a_day_that_is_over_is_not_approved(district: District, decided: datetime) -> None:
    case = in_hand(district)
    case = actions.ask_extension(
        actor=district.handler, case=case, until=TENTH_DAY, reason="雨", now=MONDAY
    )
    with pytest.raises(ValidationError):
        actions.extend_case(actor=district.supervisor, case=case, now=decided)


def test_an_extension_never_shortens_what_a_suspension_moved(district: District) -> None:
    case = in_hand(district)
    case = actions.ask_extension(
        actor=district.handler, case=case, until=TENTH_DAY, reason="雨", now=MONDAY
    )
    case = actions.suspend_case(actor=district.supervisor, case=case, reason="等件", now=MONDAY)
    case = actions.resume_case(actor=district.supervisor, case=case, now=MONDAY + 9 * DAY)
    with pytest.raises(ValidationError):
        actions.extend_case(actor=district.supervisor, case=case, now=MONDAY + 9 * DAY)


def test_a_late_reply_stays_late_through_the_rework(district: District) -> None:
    case = in_hand(district)
    case = actions.reply_case(
        actor=district.handler, case=case, answer="好了", now=MONDAY + 30 * DAY
    )
    case = actions.send_back(
        actor=district.verifier, case=case, reason="没修", now=MONDAY + 30 * DAY
    )
    case = actions.reply_case(
        actor=district.handler, case=case, answer="好了", now=MONDAY + 31 * DAY
    )
    assert case.late is True


def test_a_task_stands_while_its_case_is_suspended(district: District) -> None:
    case = in_hand(
        district, tasks=[{"key": "a", "name": "甲", "unit": "housing", "clock": "3 days"}]
    )
    task = case.tasks.get()
    assert task.due_at == datetime(2026, 3, 12, 15, 59, 59, tzinfo=UTC)
    case = actions.suspend_case(actor=district.supervisor, case=case, reason="等件", now=MONDAY)
    actions.resume_case(actor=district.supervisor, case=case, now=MONDAY + 10 * DAY)
    task.refresh_from_db()
    assert task.due_at == datetime(2026, 3, 23, 15, 59, 59, tzinfo=UTC)


# -- nothing is half done, and what a pack changes breaks no open case


def test_it_is_not_closed_where_what_follows_cannot_be_opened(district: District) -> None:
    make_matter(key="test.follow", number="f{serial}", place="required")
    results = [{"key": "B", "name": "承诺", "follow_up": "test.follow"}]
    case = replied(district, closing={"results": results})
    case = actions.verify_case(actor=district.verifier, case=case, now=MONDAY)
    seen = Event.objects.count()
    # As a request has it: each action commits by itself.
    with pytest.raises(ValidationError):
        actions.close_case(actor=district.dispatcher, case=case, result="B", now=MONDAY)
    case.refresh_from_db()
    assert (case.stage, Event.objects.count()) == ("verified", seen)


def test_a_ladder_that_was_changed_lights_nothing_before_its_time(district: District) -> None:
    case = in_hand(district)
    first = case.rung_at
    assert first is not None
    ladder = [{"key": "yellow", "light": "yellow", "at": "0", "tell": ["handler"]}]
    change(case, ladder=ladder)
    escalation.step(first)
    case.refresh_from_db()
    assert (case.light, case.rung_at, Escalation.objects.count()) == ("", case.due_at, 0)


def test_a_severity_that_is_gone_has_the_limit_of_the_usual_one(district: District) -> None:
    case = filed(district, clocks={"handle": {"normal": "5 days"}})
    case = change(
        case, severities=[{"key": "other", "name": "别的"}], clocks={"handle": {"other": "2 days"}}
    )
    case = actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY)
    assert case.clock == "2 days"


@pytest.mark.django_db(transaction=True)
def test_one_report_sent_by_two_ways_at_once_is_one_case() -> None:
    district, matter = make_district(), make_matter()
    found: list[Case] = []

    def send() -> None:
        found.append(actions.file_case(
            actor=district.dispatcher, matter=matter, title="甲", client_id="one", now=MONDAY
        ))  # fmt: skip
        connection.close()

    threads = [Thread(target=send) for _n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {case.pk for case in found} == {Case.objects.get().pk}
    assert len(found) == len(threads)


# -- nobody sees what is not theirs


def test_events_of_replies_hold_persons_masked(district: District) -> None:
    field = {"key": "who", "type": "person", "what": "phone", "label": "电话"}
    case = in_hand(district, reply=[field])
    actions.reply_case(
        actor=district.handler, case=case, answer="好了", data={"who": "13812345678"}, now=MONDAY
    )
    event = Event.objects.get(subject="cases.case", subject_id=str(case.pk), verb="reply")
    assert event.data["reply"] == {"who": "138****5678"}


def test_what_all_see_no_enterprise_sees(district: District) -> None:
    case = filed(district, see="all")
    firm = make_user(User.Role.ENTERPRISE, make_unit(Unit.Kind.ENTERPRISE))
    assert (rules.sees(firm, case), rules.sees(district.sibling, case)) == (False, True)
    assert not Case.objects.filter(rules.visible(firm)).exists()


def test_withdrawing_a_file_stands_in_the_timeline(district: District) -> None:
    case = replied(district)
    kept = keep_file(
        actor=district.handler, content=b"x", name="x.txt", subject=case, purpose="document"
    )
    withdraw_file(actor=district.handler, attachment=kept, reason="发错了")
    event = Event.objects.filter(subject="cases.case", subject_id=str(case.pk)).latest("id")
    assert (event.verb, event.data["reason"]) == ("withdraw_file", "发错了")


def test_assigning_by_route_to_the_same_unit_again_starts_no_new_clock(district: District) -> None:
    case = actions.file_case(
        actor=district.dispatcher, matter=make_matter(), title="甲", now=MONDAY
    )
    case = actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY)
    before = (case.due_at, case.clock_serial, case.stage)
    case = actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY + 3 * DAY)
    assert (case.due_at, case.clock_serial, case.stage) == before


def test_an_enterprise_files_only_what_its_pack_offers_it(district: District) -> None:
    firm = make_enterprise()
    account = make_user(User.Role.ENTERPRISE, firm.unit)
    staff = make_matter()
    with pytest.raises(PermissionDenied):
        actions.file_case(actor=account, matter=staff, title="立案处罚", now=MONDAY)
    offered = make_matter(
        key="test.offer", file_by=["file_case", "apply_case"], enterprise="required"
    )
    case = actions.file_case(actor=account, matter=offered, title="用工缺口", now=MONDAY)
    assert case.enterprise == firm


def test_numbers_of_cases_are_padded_as_those_of_entries(district: District) -> None:
    matter = make_matter(number="测{year}{month}-{serial:4}")
    case = actions.file_case(actor=district.dispatcher, matter=matter, title="甲", now=MONDAY)
    assert case.number == "测202603-0001"
