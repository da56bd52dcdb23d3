"""The life of a case, move by move: who may, what follows, what is refused."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from jiulong.calendar.queries import district_calendar
from jiulong.cases import actions, lifecycle
from jiulong.cases.clockwork import told
from jiulong.cases.models import Case, Notice
from jiulong.cases.moves import ChangedMeanwhileError, beats
from jiulong.evidence.actions import keep_file
from jiulong.evidence.models import Event
from tests.cases.matters import District, make_district, make_matter

pytestmark = pytest.mark.django_db

#: Monday 2026-03-09, ten in the morning in Zhangzhou.
MONDAY = datetime(2026, 3, 9, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def district() -> District:
    return make_district()


def filed(district: District, **changes: object) -> Case:
    matter = make_matter(**changes)
    return actions.file_case(actor=district.dispatcher, matter=matter, title="路面破损", now=MONDAY)


def in_hand(district: District, **changes: object) -> Case:
    case = filed(district, **changes)
    case = actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY)
    return actions.accept_case(actor=district.handler, case=case, now=MONDAY)


def replied(district: District, **changes: object) -> Case:
    case = in_hand(district, **changes)
    return actions.reply_case(actor=district.handler, case=case, answer="已修复", now=MONDAY + DAY)


def test_it_goes_the_whole_road_and_every_move_is_an_event(district: District) -> None:
    case = replied(district)
    case = actions.verify_case(actor=district.verifier, case=case, now=MONDAY + 2 * DAY)
    case = actions.close_case(actor=district.dispatcher, case=case, now=MONDAY + 3 * DAY)
    assert (case.stage, case.late, case.number) == ("closed", False, "测〔2026〕1号")
    events = Event.objects.filter(subject="cases.case", subject_id=str(case.pk)).order_by("id")
    assert list(events.values_list("verb", "actor__username")) == [
        ("file", "dispatcher"),
        ("assign", "dispatcher"),
        ("accept", "handler"),
        ("reply", "handler"),
        ("verify", "verifier"),
        ("close", "dispatcher"),
    ]


def test_it_counts_five_working_days_from_the_day_after_the_assignment(district: District) -> None:
    case = in_hand(district)
    assert case.due_at == datetime(2026, 3, 16, 15, 59, 59, tzinfo=UTC)
    assert (case.turn, case.turn_verb, case.turn_due_at) == (
        district.urban, "handle_case", case.due_at,
    )  # fmt: skip


def test_numbers_have_no_gaps(district: District) -> None:
    matter = make_matter()
    numbers = [
        actions.file_case(actor=district.dispatcher, matter=matter, title="甲", now=MONDAY).number
        for _n in range(3)
    ]
    assert numbers == ["测〔2026〕1号", "测〔2026〕2号", "测〔2026〕3号"]


def test_the_same_report_sent_twice_is_one_case(district: District) -> None:
    matter = make_matter()
    first, second = (
        actions.file_case(
            actor=district.dispatcher, matter=matter, title="甲", client_id="abc", now=MONDAY
        )
        for _n in range(2)
    )
    assert first.pk == second.pk


@pytest.mark.parametrize(
    ("who", "action"),
    [
        ("sibling", "accept"),
        ("sibling", "reply"),
        ("handler", "verify"),
        ("handler", "close"),
        ("handler", "suspend"),
        ("handler", "extend"),
        ("handler", "remind"),
        ("verifier", "assign"),
        ("dispatcher", "verify"),
        ("sibling", "note"),
    ],
)
def test_it_refuses_whoever_may_not(district: District, who: str, action: str) -> None:
    case = in_hand(district)
    words = {"note": {"text": "x"}, "remind": {"text": "x"}, "suspend": {"reason": "x"}}
    verbs = {
        "accept": actions.accept_case, "reply": actions.reply_case, "verify": actions.verify_case,
        "close": actions.close_case, "suspend": actions.suspend_case,
        "extend": actions.extend_case, "remind": actions.remind_case,
        "assign": actions.assign_case, "note": actions.add_note,
    }  # fmt: skip
    given = words.get(action, {"answer": "x"} if action == "reply" else {})
    with pytest.raises(PermissionDenied):
        verbs[action](actor=getattr(district, who), case=case, now=MONDAY, **given)  # type: ignore[operator]


def test_whoever_handled_it_never_verifies_it(district: District) -> None:
    district.handler.role = "supervisor"
    case = in_hand(district)
    case.handler = district.supervisor
    case.save()
    case = actions.reply_case(actor=district.colleague, case=case, answer="已修复", now=MONDAY)
    case.handler = district.supervisor
    case.save()
    with pytest.raises(PermissionDenied):
        actions.verify_case(actor=district.supervisor, case=case, now=MONDAY)


def test_three_roles_are_three_units(district: District) -> None:
    case = filed(district, separate=True, verify={"by": "urban"})
    with pytest.raises(ValidationError) as refused:
        actions.assign_case(actor=district.dispatcher, case=case, now=MONDAY)
    assert "lead" in refused.value.message_dict


@pytest.mark.parametrize(
    ("stage", "action"),
    [
        (stage, action)
        for stage in lifecycle.STAGES
        for action in lifecycle.ACTIONS
        if (stage, action) not in lifecycle.LIFECYCLE
        and not (action in lifecycle.ANYTIME and stage in lifecycle.OPEN)
    ],
)
def test_it_refuses_every_move_that_is_not_in_the_table(stage: str, action: str) -> None:
    with pytest.raises(lifecycle.IllegalMoveError):
        lifecycle.target(stage, action)


def test_an_illegal_move_says_what_would_be_possible(district: District) -> None:
    case = filed(district)
    with pytest.raises(lifecycle.IllegalMoveError) as refused:
        actions.close_case(actor=district.dispatcher, case=case, now=MONDAY)
    for action in ("assign", "suspend", "withdraw", "merge"):
        assert str(lifecycle.ACTIONS[action]) in str(refused.value)


def test_a_stale_page_changes_nothing(district: District) -> None:
    case = in_hand(district)
    with pytest.raises(ChangedMeanwhileError):
        actions.reply_case(
            actor=district.handler, case=case, answer="x", now=MONDAY, version=case.version - 1
        )


def test_a_wrong_address_goes_back_within_three_working_days(district: District) -> None:
    case = in_hand(district)
    with pytest.raises(ValidationError):
        actions.return_case(
            actor=district.handler, case=case, reason="非我局职责", now=MONDAY + 4 * DAY
        )
    case = actions.return_case(actor=district.handler, case=case, reason="非我局职责", now=MONDAY)
    assert (case.stage, case.lead, case.due_at, case.returns) == ("filed", None, None, 1)


def test_a_suspension_moves_the_deadline_by_the_days_it_touched(district: District) -> None:
    case = in_hand(district)
    case = actions.suspend_case(
        actor=district.supervisor, case=case, reason="等待鉴定", now=MONDAY + DAY
    )
    assert (case.stage, case.due_at, case.rung_at) == ("suspended", None, None)
    case = actions.resume_case(actor=district.supervisor, case=case, now=MONDAY + 2 * DAY)
    assert case.stage == "accepted"
    assert case.due_at == datetime(2026, 3, 18, 15, 59, 59, tzinfo=UTC)


def test_an_extension_is_asked_for_before_the_end_and_granted_by_another(
    district: District,
) -> None:
    case = in_hand(district)
    with pytest.raises(ValidationError):
        actions.ask_extension(
            actor=district.handler, case=case, until=date(2026, 3, 20), reason="雨季",
            now=MONDAY + 10 * DAY,
        )  # fmt: skip
    case = actions.ask_extension(
        actor=district.handler, case=case, until=date(2026, 3, 20), reason="雨季", now=MONDAY
    )
    case = actions.extend_case(actor=district.supervisor, case=case, now=MONDAY + DAY)
    assert case.due_at == datetime(2026, 3, 20, 15, 59, 59, tzinfo=UTC)
    with pytest.raises(ValidationError):
        actions.ask_extension(
            actor=district.handler, case=case, until=date(2026, 3, 25), reason="又", now=MONDAY
        )


def test_sending_back_starts_a_clock_for_the_rework(district: District) -> None:
    case = actions.send_back(
        actor=district.verifier, case=replied(district), reason="不平整", now=MONDAY + 2 * DAY
    )
    assert (case.stage, case.reworks, case.light) == ("accepted", 1, "")
    assert case.due_at == datetime(2026, 3, 18, 15, 59, 59, tzinfo=UTC)


def test_closing_needs_what_the_matter_asks_for(district: District) -> None:
    case = replied(district, closing={"needs": ["photo_after"]})
    case = actions.verify_case(actor=district.verifier, case=case, now=MONDAY + 2 * DAY)
    with pytest.raises(ValidationError) as refused:
        actions.close_case(actor=district.dispatcher, case=case, now=MONDAY + 2 * DAY)
    assert list(refused.value.message_dict) == ["needs"]
    keep_file(
        actor=district.handler, content=b"%PDF-1.4\n%%EOF\n", name="a.pdf", subject=case,
        purpose="photo_after",
    )  # fmt: skip
    case = actions.close_case(actor=district.dispatcher, case=case, now=MONDAY + 2 * DAY)
    assert case.stage == "closed"


def test_dissatisfaction_sends_it_back(district: District) -> None:
    case = actions.verify_case(actor=district.verifier, case=replied(district), now=MONDAY + DAY)
    case = actions.confirm_case(
        actor=None, case=case, satisfied=False, rating=1, note="还是坑", now=MONDAY + DAY
    )
    assert (case.stage, case.reworks, case.rating) == ("accepted", 1, 1)


def test_two_people_verify_where_the_matter_says_so(district: District) -> None:
    case = replied(district, verify={"by": "checkers", "two_people": True})
    case = actions.verify_case(actor=district.verifier, case=case, now=MONDAY + DAY)
    assert case.stage == "replied"
    with pytest.raises(ValidationError):
        actions.verify_case(actor=district.verifier, case=case, now=MONDAY + DAY)
    case = actions.verify_case(actor=district.supervisor, case=case, now=MONDAY + DAY)
    assert case.stage == "verified"


def test_merging_lets_one_go_on_for_both(district: District) -> None:
    one = filed(district)
    other = actions.file_case(
        actor=district.dispatcher, matter=one.matter, title="同一处", now=MONDAY
    )
    other = actions.merge_case(actor=district.dispatcher, case=other, into=one, now=MONDAY)
    one.refresh_from_db()
    assert (other.stage, other.parent, one.findings) == ("merged", one, 1)


def test_a_reminder_reaches_whoever_has_the_move(district: District) -> None:
    case = actions.remind_case(
        actor=district.supervisor, case=in_hand(district), text="请抓紧", now=MONDAY
    )
    told_to = Notice.objects.filter(kind="reminder").values_list("user__username", flat=True)
    assert set(told_to) == {"handler", "colleague", "leader"}
    assert case.reminders == 1


def test_the_deadline_is_told_by_the_events_alone(district: District) -> None:
    case = in_hand(district)
    case = actions.suspend_case(actor=None, case=case, reason="x", now=MONDAY + DAY)
    case = actions.resume_case(actor=None, case=case, now=MONDAY + 3 * DAY)
    case = actions.reply_case(actor=None, case=case, answer="x", now=MONDAY + 4 * DAY)
    case = actions.send_back(actor=None, case=case, reason="x", now=MONDAY + 5 * DAY)
    assert told(beats(case.pk)).due(district_calendar()) == case.due_at
