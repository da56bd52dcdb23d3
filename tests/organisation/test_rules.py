"""Who may do what."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from jiulong.organisation.models import User
from jiulong.organisation.roles import BUILT_IN
from jiulong.organisation.rules import may, require, require_or_system, verbs_of
from tests.factories import make_user


def test_a_role_is_a_set_of_verbs(db: None) -> None:
    every = {verb for role in BUILT_IN.values() for verb in role.verbs.split()}
    for code, role in BUILT_IN.items():
        user, verbs = make_user(code), set(role.verbs.split())
        assert verbs_of(user) == verbs
        assert {verb for verb in every if may(user, verb)} == verbs
        assert all(require(user, verb) == user for verb in verbs)


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
