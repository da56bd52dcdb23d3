"""Enterprises."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from jiulong.evidence.models import Event
from jiulong.organisation.models import Unit
from jiulong.registers.actions import create_enterprise
from jiulong.registers.models import Enterprise
from tests.factories import make_unit
from tests.people import People, make_people

CODE = "91350602MA0000000B"


@pytest.fixture
def people(db: None) -> People:
    return make_people()


def create(actor: Any, **fields: Any) -> Enterprise:
    given = {"name": "九龙 Foods", "credit_code": CODE, "trade": Enterprise.Trade.FOOD}
    return create_enterprise(actor=actor, **{**given, **fields})


def test_an_enterprise_gets_a_unit_of_its_own(people: People) -> None:
    made = create(people.administrator)
    assert (made.unit.code, made.unit.kind, made.unit.name) == (CODE, "enterprise", "九龙 Foods")
    event = Event.objects.get()
    assert (event.verb, event.actor, event.subject_id) == (
        "create_enterprise",
        people.administrator,
        str(made.pk),
    )


def test_it_may_act_as_a_unit_there_is(people: People) -> None:
    unit, street = make_unit(Unit.Kind.ENTERPRISE), make_unit(Unit.Kind.STREET)
    made = create(None, unit=unit, street=street, longitude=117.6, latitude=24.5)
    assert (made.unit, made.street) == (unit, street)
    assert Event.objects.get().actor is None


def test_nobody_else_enters_enterprises(people: People) -> None:
    for who in (people.owner, people.sibling, people.officer, people.observer, AnonymousUser()):
        with pytest.raises(PermissionDenied):
            create(who)
    assert (Event.objects.count(), Enterprise.objects.filter(credit_code=CODE).count()) == (0, 0)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"credit_code": "91350602MA0000000A"}, "credit_code"),
        ({"credit_code": "91350602ma0000000b"}, "credit_code"),
        ({"credit_code": "91350602MI0000000B"}, "credit_code"),
        ({"credit_code": "91350602MA000000"}, "credit_code"),
        ({"credit_code": ""}, "credit_code"),
        ({"trade": "mining"}, "trade"),
        ({"name": ""}, "name"),
    ],
)
def test_an_enterprise_must_make_sense(people: People, wrong: dict[str, Any], field: str) -> None:
    units = Unit.objects.count()
    with pytest.raises(ValidationError) as caught:
        create(people.administrator, **wrong)
    assert list(caught.value.message_dict) == [field]
    assert Unit.objects.count() == units


def test_a_credit_code_is_taken_once(people: People) -> None:
    create(people.administrator)
    with pytest.raises(ValidationError):
        create(people.administrator, unit=make_unit(Unit.Kind.ENTERPRISE))
