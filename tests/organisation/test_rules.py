"""Who may do what."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from jiulong.organisation.models import User
from jiulong.organisation.rules import ROLE_VERBS, may, require, require_or_system
from tests.factories import make_user


def test_a_role_is_a_set_of_verbs(db: None) -> None:
    for role, verbs in ROLE_VERBS.items():
        user = make_user(role)
        every = set().union(*ROLE_VERBS.values())
        assert {verb for verb in every if may(user, verb)} == verbs
        assert all(require(user, verb) == user for verb in verbs)


def test_enterprises_do_not_see_all(db: None) -> None:
    assert ROLE_VERBS[User.Role.ENTERPRISE] == {"acknowledge_finding"}


def test_nobody_inactive_or_anonymous_may_anything(db: None) -> None:
    for viewer in (make_user(User.Role.ADMINISTRATOR, is_active=False), AnonymousUser()):
        assert not may(viewer, "see_all")
        with pytest.raises(PermissionDenied):
            require(viewer, "see_all")


def test_the_system_is_nobody_in_particular(db: None) -> None:
    administrator = make_user(User.Role.ADMINISTRATOR)
    assert require_or_system(None, "set_limit") is None
    assert require_or_system(administrator, "set_limit") == administrator
    with pytest.raises(PermissionDenied):
        require_or_system(AnonymousUser(), "set_limit")
