"""How allauth lets people in: accounts are made by administrators, never by strangers."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from jiulong.organisation.models import User


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False


class Passwords(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Names and passwords; and who a session belongs to, with what they may do."""

    def get_user(self, user_id: int) -> User | None:
        """The session's account with its rights, in one query."""
        user = User.objects.with_rights().select_related("unit").filter(pk=user_id).first()
        return user if user is not None and user.is_active else None
