"""What a leader saw on a visit becomes a case, linked both ways."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import ProgrammingError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jiulong.bulletins import actions, queries
from jiulong.bulletins.models import Pairing, PairVisit, ProblemRule, VisitCase
from jiulong.bulletins.queries import of_pairings
from jiulong.cases import backlinks
from jiulong.cases.models import Case, MatterType
from tests.bulletins.conftest import Office
from tests.bulletins.test_work import pair
from tests.cases.matters import make_matter
from tests.factories import NOW

pytestmark = pytest.mark.django_db
ON = timezone.localdate(NOW)


@pytest.fixture
def matter(office: Office) -> MatterType:
    """What problems of villages become; heads of units file it."""
    ProblemRule.objects.create(
        code="village", pack="test",
        spec={"key": "village", "matter": "t.problem",
              "values": {"lead_unit": "$unit", "goal": "$problem", "origin": "visit"}},
    )  # fmt: skip
    return make_matter(
        key="t.problem", dispatch=office.unit.code, file_by=["assign_case"],
        verify={"by": office.unit.code}, routes=[{"lead": "$field.lead_unit"}], auto_assign=True,
        fields=[
            {"key": "origin", "type": "text", "label": "来源", "required": True},
            {"key": "goal", "type": "text", "label": "要求", "required": True, "max_length": 600},
            {"key": "lead_unit", "type": "unit", "label": "承办", "required": True},
        ],
    )  # fmt: skip


def seen(office: Office, pairing: Pairing, **changes: Any) -> PairVisit:
    told = {
        "on": ON,
        "note": "入户走访",
        "problem": "路灯不亮",
        "place": (117.65, 24.51),
        **changes,
    }
    return actions.record_visit(actor=office.outsider, pairing=pairing, now=NOW, **told)


def test_a_problem_becomes_a_case_in_one_step(office: Office, matter: MatterType) -> None:
    pairing = pair(office)
    visit = seen(office, pairing, hand_over=True)
    case = visit.opened.case
    assert (case.matter, case.lead, case.filed_by) == (matter, office.streets[1], office.outsider)
    assert case.title == f"{pairing.title}：路灯不亮"
    assert case.data == {
        "origin": "visit", "goal": "路灯不亮", "lead_unit": office.streets[1].code,
    }  # fmt: skip
    assert (case.about, case.longitude) == ("入户走访", 117.65)
    (link,) = backlinks.of(office.outsider, case)
    assert link.address == reverse("bulletins:pairing", args=[pairing.pk])
    (hidden,) = backlinks.of(office.other, case)
    assert hidden.address == ""
    with pytest.raises(ValidationError):
        actions.file_problem(actor=office.outsider, visit=visit, now=NOW)
    with pytest.raises(ProgrammingError), transaction.atomic():
        VisitCase.objects.all().update(at=NOW)


def test_a_visit_without_a_problem_opens_nothing(office: Office, matter: MatterType) -> None:
    visit = seen(office, pair(office), problem=" ", hand_over=True)
    assert not Case.objects.exists()
    with pytest.raises(ValidationError):
        actions.file_problem(actor=office.outsider, visit=visit, now=NOW)


def test_open_problems_stand_in_the_gaps_until_their_case_is_closed(
    office: Office, matter: MatterType
) -> None:
    pairing = pair(office)
    first = seen(office, pairing, on=ON - timedelta(days=1))
    second = seen(office, pairing, problem="道路破损")
    seen(office, pairing, problem="")
    case = actions.file_problem(actor=office.outsider, visit=second, now=NOW)
    assert of_pairings.open_problems([pairing]) == [first, second]
    assert of_pairings.line(office.outsider, pairing.pk, ON).problems == 2
    (leader,) = queries.leaders(office.drafter, ON)
    assert (leader.problems, leader.visits) == (2, 3)
    Case.objects.filter(pk=case.pk).update(closed_at=NOW)
    assert of_pairings.open_problems([pairing]) == [first]
    assert of_pairings.line(office.outsider, pairing.pk, ON).problems == 1


def test_who_may_hand_it_over_is_as_in_cases(office: Office, matter: MatterType) -> None:
    pairing = pair(office)
    visit = seen(office, pairing)
    with pytest.raises(PermissionDenied):  # another unit's head does not see the pairing
        actions.file_problem(actor=office.other, visit=visit, now=NOW)
    assert of_pairings.becomes(office.outsider, pairing) == matter
    make_only_for_supervisors(matter)
    assert of_pairings.becomes(office.outsider, pairing) is None
    with pytest.raises(PermissionDenied), transaction.atomic():
        actions.file_problem(actor=office.outsider, visit=visit, now=NOW)
    with pytest.raises(PermissionDenied), transaction.atomic():
        seen(office, pairing, hand_over=True)
    assert pairing.visits.count() == 1
    assert (
        actions.file_problem(actor=office.drafter, visit=visit, now=NOW).filed_by == office.drafter
    )


def make_only_for_supervisors(matter: MatterType) -> None:
    MatterType.objects.filter(pk=matter.pk).update(
        spec={**matter.spec, "file_by": ["supervise_case"]}
    )


def test_without_a_pack_it_says_where_to_file_it(office: Office) -> None:
    visit = seen(office, pair(office))
    with pytest.raises(ValidationError) as refused:
        actions.file_problem(actor=office.outsider, visit=visit, now=NOW)
    assert "problem" in refused.value.message_dict
    ProblemRule.objects.create(
        code="village", pack="test", spec={"key": "village", "matter": "t.gone"}
    )
    with pytest.raises(ValidationError) as refused:
        actions.file_problem(actor=office.outsider, visit=visit, now=NOW)
    assert "t.gone" in refused.value.message_dict["problem"][0]


def test_it_is_done_on_the_phone(client: Client, office: Office, matter: MatterType) -> None:
    pairing = pair(office, since=timezone.localdate() - timedelta(days=5))
    client.force_login(office.outsider)
    client.cookies["django_language"] = "zh-hans"
    form = client.get(reverse("bulletins:visit", args=[pairing.pk])).content.decode()
    assert 'name="hand_over"' in form
    # A date field of the browser takes the day in one form only, whatever the language.
    assert f'value="{timezone.localdate():%Y-%m-%d}"' in form
    told = {"on": timezone.localdate().isoformat(), "note": "看了", "problem": "井盖松动"}
    client.post(reverse("bulletins:visit", args=[pairing.pk]), told)
    visit = PairVisit.objects.get()
    page = client.get(reverse("bulletins:pairing", args=[pairing.pk])).content.decode()
    address = reverse("bulletins:problem", args=[visit.pk])
    assert address in page
    client.post(address)
    case = Case.objects.get()
    page = client.get(reverse("bulletins:pairing", args=[pairing.pk])).content.decode()
    assert case.number in page
    assert address not in page
    page = client.get(reverse("cases:case", args=[case.pk])).content.decode()
    assert reverse("bulletins:pairing", args=[pairing.pk]) in page
    leader = client.get(
        reverse("bulletins:leader", args=[of_pairings.key_of(pairing)])
    ).content.decode()
    assert "井盖松动" in leader
