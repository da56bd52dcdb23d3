"""What a password must be: beside Django's checks of length, of names and of common words."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jiulong.organisation.models import PasswordUsed, User

KINDS_NEEDED: Final = 3


class SeveralKinds:
    """At least three of: small letters, capitals, digits, other signs."""

    def validate(self, password: str, user: User | None = None) -> None:  # noqa: ARG002
        kinds = [
            any(sign.islower() for sign in password),
            any(sign.isupper() for sign in password),
            any(sign.isdigit() for sign in password),
            any(not sign.isalnum() or not sign.isascii() for sign in password),
        ]
        if sum(kinds) < KINDS_NEEDED:
            raise ValidationError(self.get_help_text(), code="password_too_uniform")

    def get_help_text(self) -> str:
        return _("It needs three of: small letters, capitals, digits, other signs.")


class NotRecent:
    """None of the last passwords of the account."""

    def __init__(self, last: int = 5) -> None:
        self.last = last

    def validate(self, password: str, user: User | None = None) -> None:
        if user is None or user.pk is None:
            return
        used = PasswordUsed.objects.filter(user=user).values_list("encoded", flat=True)
        for encoded in used[: self.last]:
            if check_password(password, encoded):
                raise ValidationError(self.get_help_text(), code="password_used_before")

    def password_changed(self, password: str, user: User | None = None) -> None:  # noqa: ARG002
        """Note the new one's hash, and forget what no longer counts."""
        if user is None or user.pk is None:
            return
        PasswordUsed.objects.create(user=user, encoded=user.password)
        kept = PasswordUsed.objects.filter(user=user).values_list("pk", flat=True)[: self.last]
        PasswordUsed.objects.filter(user=user).exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        text = ngettext(
            "It must not be your last one.",
            "It must not be one of your last %(n)d passwords.",
            self.last,
        )
        return text % {"n": self.last}


def must_change(user: User, now: datetime) -> bool:
    """Whether another gave it, or it is older than the setting allows."""
    if user.must_change_password:
        return True
    days: int = settings.PASSWORD_DAYS
    since = user.password_set_at
    return bool(days) and since is not None and now - since > timedelta(days=days)
