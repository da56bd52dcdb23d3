"""Custody: signed by one person, or by two who are never the same."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from jiulong.evidence import guards, queries
from jiulong.evidence.actions import NeedsAnotherPersonError, sign_custody
from jiulong.evidence.models import CustodyStep, Event
from jiulong.organisation.models import Unit, User
from tests.factories import make_unit, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit() -> Unit:
    return make_unit()


@pytest.fixture
def officers() -> tuple[User, User]:
    return make_user(User.Role.OFFICER), make_user(User.Role.OFFICER)


def test_one_signature_is_enough_where_one_is_asked(
    unit: Unit, officers: tuple[User, User]
) -> None:
    signed = sign_custody(actor=officers[0], subject=unit, step="taken", note="封条 3 号")
    assert (signed.complete, signed.first_name) == (True, str(officers[0]))
    told = Event.objects.get(verb="sign_custody").data
    assert (told["step"], told["signature"], told["complete"]) == ("taken", "first", True)


def test_a_second_person_completes_what_needs_two(unit: Unit, officers: tuple[User, User]) -> None:
    first = sign_custody(actor=officers[0], subject=unit, step="opened", needs_second=True)
    assert not first.complete
    with pytest.raises(NeedsAnotherPersonError):
        sign_custody(actor=officers[0], subject=unit, step="opened", needs_second=True)
    second = sign_custody(actor=officers[1], subject=unit, step="opened", needs_second=True)
    assert (second.pk, second.complete) == (first.pk, True)
    third = sign_custody(actor=officers[0], subject=unit, step="opened", needs_second=True)
    assert (third.pk != first.pk, third.complete) == (True, False)
    assert Event.objects.filter(verb="sign_custody").count() == 3


def test_whoever_says_that_one_is_enough_still_completes_a_pending_step_as_another(
    unit: Unit, officers: tuple[User, User]
) -> None:
    sign_custody(actor=officers[0], subject=unit, step="opened", needs_second=True)
    with pytest.raises(NeedsAnotherPersonError):
        sign_custody(actor=officers[0], subject=unit, step="opened")


@pytest.mark.parametrize("role", [User.Role.OBSERVER, User.Role.ENTERPRISE])
def test_nobody_signs_who_may_not(unit: Unit, role: User.Role) -> None:
    with pytest.raises(PermissionDenied):
        sign_custody(actor=make_user(role), subject=unit, step="taken")
    assert CustodyStep.objects.count() == Event.objects.filter(verb="sign_custody").count() == 0


def test_the_database_knows_two_people_too(unit: Unit, officers: tuple[User, User]) -> None:
    signed = sign_custody(actor=officers[0], subject=unit, step="opened", needs_second=True)
    with pytest.raises(IntegrityError, match="two_people"), transaction.atomic():
        CustodyStep.objects.update(second_by=officers[0], second_at=signed.first_at)
    for change in (
        lambda: CustodyStep.objects.update(note="other"),
        lambda: CustodyStep.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    done = sign_custody(actor=officers[1], subject=unit, step="opened", needs_second=True)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        CustodyStep.objects.filter(pk=done.pk).update(second_name="x")


def test_it_is_shown_to_whom_the_guard_lets(unit: Unit, officers: tuple[User, User]) -> None:
    signed = sign_custody(actor=officers[0], subject=unit, step="taken")
    label = "organisation.unit"
    assert queries.custody_of(officers[0], label, unit.pk) == []
    guards.register(label, lambda viewer, _number: viewer == officers[0])
    try:
        seen = [queries.custody_of(viewer, label, unit.pk) for viewer in officers]
    finally:
        guards._registered.pop(label)
    assert seen == [[signed], []]
