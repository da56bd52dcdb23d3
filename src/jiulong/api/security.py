"""Who asks: a program with a token, or a person in a signed-in browser."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer
from ninja.security.session import SessionAuth

from jiulong.api.actions import use_token
from jiulong.organisation.models import User


class TokenAuth(HttpBearer):
    """`Authorization: Bearer jl_…`. A wrong token is refused even beside a good session."""

    def authenticate(self, request: HttpRequest, token: str) -> User:  # noqa: ARG002
        user = use_token(text=token, now=timezone.now())
        if user is None:
            raise AuthenticationError(
                message=_("This token is unknown, expired or revoked, or its owner is inactive.")
            )
        return user


AUTHENTICATORS = [TokenAuth(), SessionAuth()]


def viewer(request: HttpRequest) -> User:
    """Who asks, once an authenticator has let them in."""
    return cast("User", request.auth)  # type: ignore[attr-defined]  # ninja puts it there
