"""What the phone offers, and what is near."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser

from jiulong.cases.actions import file_case, withdraw_case
from jiulong.cases.models import Case, MatterType
from jiulong.cases.queries import nearby
from jiulong.cases.reporting import queries
from jiulong.organisation.models import User
from tests.cases.reporting.district import EVENT, HERE, District, make_district
from tests.factories import NOW, make_unit, make_user

pytestmark = pytest.mark.django_db
METRE = 1 / 111_195  # degrees of latitude


def case_at(people: District, north_m: float = 0, age: timedelta = timedelta(0)) -> Case:
    return file_case(
        actor=people.worker, matter=people.matter, title="井盖", data={"kind": "cover"},
        place=(HERE[0], HERE[1] + north_m * METRE), now=NOW - age,
    )  # fmt: skip


def test_it_offers_what_the_phone_has_and_the_person_may_file() -> None:
    people = make_district()
    MatterType.objects.create(
        code="test.desk", pack="test", spec={**EVENT, "key": "test.desk", "phone": False}
    )
    MatterType.objects.create(
        code="test.linked", pack="test", spec={**EVENT, "key": "test.linked", "entry": "required"}
    )
    MatterType.objects.create(
        code="test.retired", pack="test", spec={**EVENT, "key": "test.retired"}, retired_at=NOW
    )
    (offer,) = queries.offers(people.worker)
    assert (offer.code, [field.key for field in offer.fields]) == ("test.event", ["kind"])
    assert queries.offers(make_user(User.Role.OBSERVER, make_unit())) == []
    assert queries.offers(AnonymousUser()) == []


def test_it_offers_nothing_that_a_thumb_cannot_fill_in() -> None:
    unit = {"key": "unit", "type": "unit", "label": "单位", "required": True}
    people = make_district(fields=[unit])
    assert queries.offers(people.worker) == []
    with pytest.raises(LookupError):
        queries.offer(people.worker, "test.event")


def test_it_finds_what_is_near_and_young_the_nearest_first() -> None:
    people = make_district()
    far, close, here = case_at(people, 49), case_at(people, -20), case_at(people)
    case_at(people, 51)
    case_at(people, 0, timedelta(days=8))
    gone = case_at(people, 1)
    withdraw_case(actor=people.worker, case=gone, reason="误报", now=NOW)
    found = nearby(people.worker, people.matter, HERE, NOW)
    assert [(each.case.pk, each.metres) for each in found] == [
        (here.pk, 0), (close.pk, 20), (far.pk, 49),
    ]  # fmt: skip


def test_it_hints_only_at_what_the_person_may_see() -> None:
    people = make_district()
    case_at(people)
    stranger = make_user(User.Role.GRID_WORKER, make_unit())
    assert nearby(stranger, people.matter, HERE, NOW) == []


def test_it_asks_once_and_hints_at_nothing_where_the_pack_says_nothing(
    django_assert_num_queries,
) -> None:
    people = make_district()
    for _ in range(7):
        case_at(people)
    nearby(people.worker, people.matter, HERE, NOW)  # the calendar is remembered
    with django_assert_num_queries(3):  # the calendar's version, matters that all see, the box
        assert len(nearby(people.worker, people.matter, HERE, NOW)) == 5
    people.matter.spec = {**EVENT, "near": None}
    assert nearby(people.worker, people.matter, HERE, NOW) == []
