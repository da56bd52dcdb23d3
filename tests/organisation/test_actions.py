"""Accounts and units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError

from jiulong.evidence.models import Event
from jiulong.organisation import actions, events
from jiulong.organisation.models import Unit, User
from tests.factories import make_unit
from tests.people import People, make_people

PASSWORD = "Nine dragons river"


@pytest.fixture
def people(db: None) -> People:
    return make_people()


def create(actor: Any, **fields: Any) -> User:
    given = {"username": "lin", "password": PASSWORD, "role": User.Role.OFFICER, "name": "Lin"}
    return actions.create_user(actor=actor, **{**given, **fields})


def outsiders(people: People) -> list[Any]:
    return [people.owner, people.sibling, people.officer, people.observer, AnonymousUser()]


def test_administrators_make_accounts(people: People) -> None:
    unit = make_unit()
    user = create(people.administrator, unit=unit)
    assert (user.check_password(PASSWORD), user.role, user.unit) == (True, "officer", unit)
    event = Event.objects.get()
    assert (event.verb, event.actor, event.subject_id) == (
        "create_user",
        people.administrator,
        str(user.pk),
    )
    assert event.data == {"username": "lin", "role": "officer", "unit": unit.code}


def test_the_command_line_makes_accounts(db: None) -> None:
    create(None)
    assert Event.objects.get().actor is None


def test_nobody_else_manages_accounts(people: People) -> None:
    for who in outsiders(people):
        with pytest.raises(PermissionDenied):
            create(who)
        with pytest.raises(PermissionDenied):
            actions.create_unit(actor=who, code="x", name="x", kind=Unit.Kind.STREET)
        with pytest.raises(PermissionDenied):
            actions.update_user(actor=who, user=people.owner, role=User.Role.ADMINISTRATOR)
        with pytest.raises(PermissionDenied):
            actions.set_password(actor=who, user=people.administrator, password=PASSWORD)
    assert Event.objects.count() == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "1234567890"}, "password"),
        ({"role": "king"}, "role"),
        ({"username": "no spaces"}, "username"),
        ({"role": User.Role.ENTERPRISE}, "unit"),
    ],
)
def test_an_account_must_make_sense(people: People, wrong: dict[str, Any], field: str) -> None:
    with pytest.raises(ValidationError) as caught:
        create(people.administrator, **wrong)
    assert list(caught.value.message_dict) == [field]
    assert not User.objects.filter(username="lin").exists()


def test_a_name_is_taken_once(people: People) -> None:
    create(people.administrator)
    with pytest.raises(ValidationError):
        create(people.administrator)


def test_accounts_change_with_before_and_after(people: People) -> None:
    bureau = people.officer.unit
    actions.update_user(
        actor=people.administrator, user=people.officer, role=User.Role.OBSERVER, is_active=False
    )
    people.officer.refresh_from_db()
    assert (people.officer.role, people.officer.is_active, people.officer.unit) == (
        "observer",
        False,
        bureau,
    )
    assert Event.objects.get().data == {
        "role": ["officer", "observer"],
        "is_active": [True, False],
    }


def test_units_change_by_code(people: People) -> None:
    before, unit = people.officer.unit, make_unit()
    assert before is not None
    actions.update_user(actor=people.administrator, user=people.officer, unit=unit)
    assert Event.objects.get().data == {"unit": [before.code, unit.code]}


def test_nobody_changes_their_own_role(people: People) -> None:
    for change in ({"role": User.Role.OFFICER}, {"is_active": False}):
        with pytest.raises(ValidationError):
            actions.update_user(actor=people.administrator, user=people.administrator, **change)
    actions.update_user(actor=people.administrator, user=people.administrator, first_name="Wu")


def test_only_some_fields_change(people: People) -> None:
    with pytest.raises(TypeError, match="is_superuser"):
        actions.update_user(actor=people.administrator, user=people.owner, is_superuser=True)


def test_everybody_sets_their_own_password(people: People) -> None:
    actions.set_password(actor=people.owner, user=people.owner, password=PASSWORD)
    assert User.objects.get(pk=people.owner.pk).check_password(PASSWORD)
    assert (Event.objects.get().actor, Event.objects.get().data) == (people.owner, {})
    with pytest.raises(ValidationError):
        actions.set_password(actor=people.owner, user=people.owner, password="short")
    actions.set_password(actor=people.administrator, user=people.owner, password=PASSWORD + "!")


def test_units_are_entered(people: People) -> None:
    parent = make_unit(Unit.Kind.DISTRICT)
    unit = actions.create_unit(
        actor=people.administrator,
        code="350602001",
        name="街",
        kind=Unit.Kind.STREET,
        parent=parent,
    )
    assert Event.objects.get().subject_id == str(unit.pk)
    with pytest.raises(ValidationError):
        actions.create_unit(
            actor=people.administrator, code="350602001", name="x", kind=Unit.Kind.STREET
        )


@pytest.fixture
def no_book() -> Iterable[None]:
    kept = list(events._registered)
    events._registered.clear()
    yield
    events.register(kept[0])


def test_what_cannot_be_written_down_does_not_happen(people: People, no_book: None) -> None:
    with pytest.raises(LookupError):
        create(people.administrator)
    assert not User.objects.filter(username="lin").exists()
