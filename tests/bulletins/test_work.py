"""Meetings with decisions that become cases, visits, and letters from hand-out to score."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jiulong.bulletins import actions, queries
from jiulong.bulletins.models import (
    Attendance,
    Bulletin,
    LetterScheme,
    Meeting,
    MeetingSeries,
    Pairing,
)
from jiulong.bulletins.queries import of_letters, of_meetings, of_pairings
from jiulong.evidence.queries import files_of
from tests.bulletins.conftest import Office
from tests.cases.matters import make_matter
from tests.factories import NOW, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=30)
PHOTO = Path(__file__).parent.parent / "days" / "photo.jpg"


@pytest.fixture
def series(office: Office) -> MeetingSeries:
    make_matter(
        key="duban.decision", dispatch=office.unit.code, file_by=["supervise_case"],
        verify={"by": office.unit.code},
        fields=[
            {"key": "clause", "type": "text", "label": "条款"},
            {"key": "goal", "type": "text", "label": "目标", "max_length": 600},
            {"key": "lead_unit", "type": "unit", "label": "牵头"},
        ],
    )  # fmt: skip
    spec = {
        "key": "contest", "name": "例会", "unit": office.unit.code, "register": None,
        "agenda": ["上次议定事项", "排名"], "attends": [one.code for one in office.streets],
    }  # fmt: skip
    return MeetingSeries.objects.create(code="contest", pack="test", spec=spec)


def call(office: Office, at: Any = NOW) -> Meeting:
    return actions.call_meeting(actor=office.drafter, series="contest", at=at, now=NOW)


def decide(office: Office, meeting: Meeting, **changes: Any) -> Any:
    told = {
        "title": "加快管网改造", "goal": "年底前通水", "lead": office.streets[0],
        "due_on": LATER.date(), **changes,
    }  # fmt: skip
    return actions.decide(actor=office.drafter, meeting=meeting, now=NOW, **told)


def test_a_decision_becomes_a_case_and_opens_the_next_pack(
    office: Office, series: MeetingSeries
) -> None:
    held = call(office)
    assert [one.unit for one in of_meetings.attendance(held)] == office.streets
    made = decide(office, held)
    assert (made.case.title, made.case.source) == ("加快管网改造", "bulletins")
    assert made.case.lead == office.streets[0]
    assert timezone.localdate(made.case.due_at) == made.due_on
    held.refresh_from_db()
    assert held.state == "held"
    coming = call(office, at=LATER)
    pack = actions.make_pack(actor=office.drafter, meeting=coming, now=NOW)
    by_key = {one["key"]: one for one in pack.content["sections"]}
    assert by_key["decisions"]["tables"][0]["rows"][0][1] == "加快管网改造"
    assert {one.text for one in pack.quotes.all()} >= {made.case.number, "1", "0", "95.50"}
    assert queries.summary(office.drafter, NOW.date()).next_meeting == coming
    assert list(queries.meetings(office.outsider)) == [coming, held]  # invited


def test_a_meeting_refuses_what_cannot_be(office: Office, series: MeetingSeries) -> None:
    with pytest.raises(PermissionDenied):
        actions.call_meeting(actor=office.leader, series="contest", at=NOW, now=NOW)
    with pytest.raises(ValidationError):
        actions.call_meeting(actor=office.drafter, series="other", at=NOW, now=NOW)
    with pytest.raises(ValidationError):
        actions.call_meeting(
            actor=office.drafter, series="contest", at=NOW, period="2026-13", now=NOW
        )
    meeting = call(office, at=LATER)
    with pytest.raises(ValidationError) as refused:
        decide(office, meeting, due_on=NOW.date())
    assert "due_on" in refused.value.message_dict
    rows = {office.streets[0].pk: {"state": "present"}}
    with pytest.raises(ValidationError):  # it is still to come
        actions.record_attendance(actor=office.drafter, meeting=meeting, rows=rows, now=NOW)
    with pytest.raises(ValidationError):
        actions.cancel_meeting(actor=office.drafter, meeting=meeting, reason="", now=NOW)
    actions.cancel_meeting(actor=office.drafter, meeting=meeting, reason="改期", now=NOW)
    with pytest.raises(ValidationError):
        decide(office, meeting)
    with pytest.raises(ValidationError):
        actions.make_pack(actor=office.drafter, meeting=meeting, now=NOW)


def test_who_came_is_kept_by_unit(office: Office, series: MeetingSeries) -> None:
    meeting = call(office)
    states = ["present", "deputy", "absent"]
    rows = {
        unit.pk: {"state": state, "post": "主任", "note": ""}
        for unit, state in zip(office.streets, states, strict=True)
    }
    actions.record_attendance(
        actor=office.drafter, meeting=meeting, rows=rows, now=NOW + timedelta(hours=2)
    )
    assert list(Attendance.objects.values_list("state", flat=True)) == states
    meeting.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.record_attendance(
            actor=office.drafter, meeting=meeting,
            rows={office.streets[0].pk: {"state": "asleep"}}, now=NOW,
        )  # fmt: skip
    assert actions.ChangedError is not None


def pair(office: Office, **changes: Any) -> Pairing:
    told: dict[str, Any] = {
        "kind": "village", "target": office.streets[1].pk, "leader": office.outsider,
        "post": "分管领导甲", "unit": office.streets[2], "every": "2 weeks",
        "since": NOW.date() - timedelta(days=20), **changes,
    }  # fmt: skip
    return actions.make_pairing(actor=office.drafter, now=NOW, **told)


def test_a_visit_is_owed_until_it_is_recorded(office: Office) -> None:
    made, today = pair(office), timezone.localdate(NOW)
    (owed,) = queries.due_for(office.outsider, today)
    assert (owed.due.light, owed.due.days) == ("over", -6)
    visit = actions.record_visit(
        actor=office.outsider, pairing=made, on=today, note="看了排水", problem="路灯不亮",
        place=(117.65, 24.51), photos=[("a.jpg", PHOTO.read_bytes())], now=NOW,
    )  # fmt: skip
    assert queries.due_for(office.outsider, today) == []
    assert len(files_of(office.outsider, "bulletins.pairvisit", visit.pk)) == 1
    assert files_of(office.other, "bulletins.pairvisit", visit.pk) == []
    (leader,) = of_pairings.leaders(office.drafter, today)
    assert (leader.post, leader.pairings, leader.visits, leader.overdue) == ("分管领导甲", 1, 1, 0)
    assert of_pairings.gaps(made, today) == [(today - timedelta(days=6), today)]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on": NOW.date() + timedelta(days=1)}, "on"),
        ({"on": NOW.date() - timedelta(days=25)}, "on"),
        ({"on": NOW.date() - timedelta(days=90)}, "on"),
        ({"note": " "}, "note"),
        ({"place": (0.0, 0.0)}, "place"),
        ({"photos": [("a.jpg", b"no picture")]}, "photos"),
    ],
)
def test_a_visit_is_refused_with_its_reason(
    office: Office, changes: dict[str, Any], field: str
) -> None:
    made = pair(office)
    told = {"on": timezone.localdate(NOW), "note": "看了", **changes}
    with pytest.raises(ValidationError) as refused:
        actions.record_visit(actor=office.outsider, pairing=made, now=NOW, **told)
    assert field in refused.value.message_dict
    assert made.visits.count() == 0


def test_pairings_are_made_once_by_who_may(office: Office) -> None:
    made = pair(office)
    for changes in ({}, {"every": "2 years"}, {"target": 0}, {"kind": "ship"}, {"post": ""}):
        with pytest.raises(ValidationError):
            pair(office, **changes)
    with pytest.raises(PermissionDenied):
        actions.end_pairing(actor=office.outsider, pairing=made, reason="x", now=NOW)
    with pytest.raises(PermissionDenied):
        actions.record_visit(
            actor=office.other, pairing=made, on=timezone.localdate(NOW), note="x", now=NOW
        )
    ended = actions.end_pairing(actor=office.drafter, pairing=made, reason="调整分工", now=NOW)
    assert ended.until == timezone.localdate(NOW)
    assert pair(office).pk != made.pk


SPEC = {
    "key": "test.letter", "name": "安全责任书", "units": [],
    "clauses": [
        {"key": "a", "title": "一", "indicators": [{"key": "one", "text": "会议", "points": 60}]},
        {"key": "b", "title": "二", "indicators": [{"key": "two", "text": "事故", "points": 40}]},
    ],
    "vetoes": [{"key": "major", "text": "发生较大事故"}],
}  # fmt: skip


def hand_out(office: Office) -> Any:
    spec = {**SPEC, "issuer": office.unit.code, "units": [one.code for one in office.streets]}
    scheme = LetterScheme.objects.create(code="test.letter", pack="test", spec=spec)
    made = actions.hand_out_letters(actor=office.drafter, scheme=scheme, year=2026, now=NOW)
    letters = {one.unit: one for one in made}
    assert letters.keys() == set(office.streets)
    assert actions.hand_out_letters(actor=office.drafter, scheme=scheme, year=2026, now=NOW) == []
    return letters[office.streets[0]]


def test_a_letter_is_signed_assessed_and_scored(office: Office) -> None:
    letter = hand_out(office)
    assert queries.summary(office.other, NOW.date()).letters == [letter]
    with pytest.raises(PermissionDenied):
        actions.sign_letter(actor=office.outsider, letter=letter, digest=letter.digest, now=NOW)
    with pytest.raises(actions.ChangedError):
        actions.sign_letter(actor=office.other, letter=letter, digest="other", now=NOW)
    letter = actions.sign_letter(actor=office.other, letter=letter, digest=letter.digest, now=NOW)
    rows = {"one": (Decimal(60), "每季度一次"), "two": (Decimal(39), "无事故")}
    for wrong in (
        {"quarter": "2025Q1", "rows": rows},
        {"quarter": "2026Q1", "rows": {"one": (Decimal(61), "x")}},
        {"quarter": "2026Q1", "rows": {"one": (Decimal(6), " ")}},
        {"quarter": "2026Q1", "rows": {"none": (Decimal(6), "x")}},
    ):
        with pytest.raises(ValidationError):
            actions.assess_letter(actor=office.other, letter=letter, now=NOW, **wrong)
    for _again in range(2):
        actions.assess_letter(
            actor=office.other, letter=letter, quarter="2026Q1", rows=rows, now=NOW
        )
    assert of_letters.claimed(of_letters.clauses(letter)) == Decimal(99)
    with pytest.raises(ValidationError) as refused:
        actions.score_letter(
            actor=office.drafter, letter=letter, now=NOW,
            rows={"one": (Decimal(60), ""), "two": (Decimal(30), "")},
        )  # fmt: skip
    assert "reason_two" in refused.value.message_dict
    given = {"one": (Decimal(60), ""), "two": (Decimal(30), "少一次演练")}
    letter = actions.score_letter(actor=office.drafter, letter=letter, rows=given, now=NOW)
    assert (letter.state, letter.points, letter.struck) == ("scored", Decimal(90), False)
    paper = actions.draft_bulletin(
        actor=office.drafter, kind="letter", about=("bulletins.letter", letter.pk), now=NOW
    )
    assert {one.text for one in paper.quotes.all()} == {"60", "30", "90"}
    assert list(queries.letters(office.outsider)) == list(
        queries.letters(office.drafter).filter(unit=office.streets[2])
    )


def test_a_veto_strikes_the_letter(office: Office) -> None:
    letter = hand_out(office)
    given = {"one": (Decimal(60), ""), "two": (Decimal(40), "")}
    with pytest.raises(actions.ChangedError):  # nobody signed it
        actions.score_letter(actor=office.drafter, letter=letter, rows=given, now=NOW)
    actions.sign_letter(actor=office.other, letter=letter, digest=letter.digest, now=NOW)
    own = make_user("supervisor", letter.unit)
    with pytest.raises(PermissionDenied):  # nobody scores their own unit
        actions.score_letter(actor=own, letter=letter, rows=given, now=NOW)

    def strike(**more: Any) -> Any:
        return actions.score_letter(
            actor=office.drafter, letter=letter, rows=given, vetoes={"major": "3月事故"}, now=NOW,
            **more,
        )  # fmt: skip

    with pytest.raises(ValidationError) as refused:  # no proof
        strike()
    assert set(refused.value.message_dict) == {"proof"}
    second = make_user("supervisor", office.unit)
    waits = strike(files=[("report.txt", b"proof")])
    assert (waits.state, waits.points, waits.struck) == ("waits", None, False)
    for actor in (office.drafter, own, office.other):
        with pytest.raises(PermissionDenied):
            actions.confirm_score(actor=actor, letter=waits, now=NOW)
    with pytest.raises(ValidationError):
        actions.refuse_score(actor=second, letter=waits, reason=" ", now=NOW)
    letter = actions.refuse_score(actor=second, letter=waits, reason="Another unit's", now=NOW)
    assert (letter.state, letter.scores.count()) == ("signed", 0)
    waits = strike(proof="安委〔2026〕3号")
    letter = actions.confirm_score(actor=second, letter=waits, now=NOW)
    assert (letter.state, letter.points, letter.struck) == ("scored", Decimal(0), True)
    with pytest.raises(actions.ChangedError):
        actions.refuse_score(actor=second, letter=letter, reason="late", now=NOW)


def test_nobody_fails_a_letter_alone(office: Office, client: Client) -> None:
    letter = hand_out(office)
    actions.sign_letter(actor=office.other, letter=letter, digest=letter.digest, now=NOW)
    client.force_login(office.drafter)
    poor = {"points_one": "59", "reason_one": "x", "points_two": "0", "reason_two": "x"}
    address = reverse("bulletins:score", args=[letter.pk])
    assert b"proves it" in client.post(address, poor, headers={"accept-language": "en"}).content
    assert client.post(address, {**poor, "proof": "3"}).status_code == 302
    page = reverse("bulletins:letter", args=[letter.pk])
    confirm = reverse("bulletins:confirm_score", args=[letter.pk])
    assert confirm not in client.get(page).content.decode()
    assert client.post(confirm).status_code == 403
    client.force_login(make_user("supervisor", office.unit))
    assert confirm in client.get(page).content.decode()
    assert client.post(confirm).status_code == 302
    letter.refresh_from_db()
    assert (letter.state, letter.points, letter.struck) == ("scored", Decimal(59), False)


def test_the_system_makes_nothing_for_strangers(office: Office) -> None:
    stranger = make_user("enterprise", office.streets[0])
    assert not queries.bulletins(stranger)
    assert not queries.pairings(stranger)
    assert not queries.letters(stranger)
    assert not queries.meetings(stranger)
    assert not queries.summary(stranger, date(2026, 3, 10))
    assert Bulletin.objects.count() == 0
