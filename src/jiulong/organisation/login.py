"""How allauth lets people in: accounts are made by administrators, never by strangers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import F
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation import sessions
from jiulong.organisation.models import LogLine, User


class ClosedDoor(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No sign-up; passwords are set by our own verb."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """The same address for throttling as in the log."""
        return address_of(request) or "0.0.0.0"  # noqa: S104 - nobody's address

    def set_password(self, user: User, password: str) -> None:
        from jiulong.organisation import actions  # noqa: PLC0415 - settings name this module

        actions.set_password(actor=user, user=user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return "/"

    def send_notification_mail(self, *_given: Any, **_more: Any) -> None:
        """No mail: the log has it."""


class SingleSignOn(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """The identity provider names an account that exists; it never opens one."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find the account that the claim names, each time anew."""
        data = sociallogin.account.extra_data
        claims = {**data.get("userinfo", {}), **data.get("id_token", {})} or data
        name = str(claims.get(settings.OIDC_CLAIM) or data.get(settings.OIDC_CLAIM) or "")
        user = User.objects.filter(username=name, is_active=True).first() if name else None
        if user is None or locked(user):
            log(request, LogLine.Kind.LOGIN, name=name or "?", good=False,
                detail="sso: locked" if user else "sso: no such account")  # fmt: skip
            text = _("The identity provider knows you, but there is no open account for you here.")
            messages.error(request, text)
            raise ImmediateHttpResponse(redirect("account_login"))
        if sociallogin.is_existing and sociallogin.user.pk != user.pk:
            sociallogin.account.delete()  # the provider gave this subject another account's name
            sociallogin.account.pk = None
        if not sociallogin.is_existing or sociallogin.user.pk != user.pk:
            sociallogin.connect(request, user)
        sociallogin.user = user


class Passwords(AuthenticationBackend):  # type: ignore[misc]  # allauth ships no types
    """Names and passwords; and who a session belongs to, with what they may do."""

    def get_user(self, user_id: int) -> User | None:
        """The session's account with its rights, in one query."""
        user = User.objects.with_rights().select_related("unit").filter(pk=user_id).first()
        return user if user is not None and user.is_active else None

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> User | None:
        """A locked account gets in no more than a stranger, even with the right password.

        Not by `user_can_authenticate`: allauth remembers whom that refuses, and lets them go on.
        """
        user: User | None = super().authenticate(request, **credentials)
        return None if user is None or locked(user) else user


def locked(user: User) -> bool:
    """Whether too many wrong passwords keep the account shut now."""
    return user.locked_until is not None and user.locked_until > timezone.now()


def log(
    request: HttpRequest | None,
    kind: str,
    *,
    name: str,
    good: bool,
    user: User | None = None,
    detail: str = "",
) -> None:
    """Write a line of the login log."""
    LogLine.objects.create(
        at=timezone.now(), user=user, name=name[:150], kind=kind, good=good,
        address=address_of(request), detail=detail[:200],
    )  # fmt: skip


def address_of(request: HttpRequest | None) -> str | None:
    """Where a request comes from; the proxy's word only behind our own proxy."""
    if request is None:
        return None
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_TLS else ""
    return forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR") or None


def _came_in(request: HttpRequest, user: User, **_given: Any) -> None:
    agent = request.META.get("HTTP_USER_AGENT", "")
    ended = sessions.end_oldest(user)
    sessions.begin(request.session, address=address_of(request), agent=agent)
    if user.failed_logins or user.locked_until:
        User.objects.filter(pk=user.pk).update(failed_logins=0, locked_until=None)
    log(request, LogLine.Kind.LOGIN, name=user.username, good=True, user=user,
        detail=f"ended {ended} older sessions" if ended else "")  # fmt: skip


def _went_out(request: HttpRequest, user: User | None, **_given: Any) -> None:
    if user is not None:
        log(request, LogLine.Kind.LOGOUT, name=user.username, good=True, user=user)


def _failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    name = str(credentials.get("username") or credentials.get("email") or "")
    user = User.objects.filter(username=name).first()
    shut = user is not None and locked(user)
    log(request, LogLine.Kind.LOGIN, name=name, good=False, user=user,
        detail="locked" if shut else "wrong password" if user else "no such account")  # fmt: skip
    if user is None or shut or not settings.LOCK_AFTER:
        return
    User.objects.filter(pk=user.pk).update(failed_logins=F("failed_logins") + 1)
    user.refresh_from_db(fields=["failed_logins"])
    if user.failed_logins >= settings.LOCK_AFTER:
        until = timezone.now() + timedelta(minutes=settings.LOCK_MINUTES)
        User.objects.filter(pk=user.pk).update(failed_logins=0, locked_until=until)
        log(request, LogLine.Kind.LOCK, name=name, good=False, user=user)


def listen() -> None:
    """Hear Django's news of logins; called once the apps are loaded."""
    user_logged_in.connect(_came_in)
    user_logged_out.connect(_went_out)
    user_login_failed.connect(_failed)
