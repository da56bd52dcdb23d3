"""Every write of the API: tokens are made, used and revoked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.api.models import ApiToken
from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require_or_system

#: Lets scanners of source code and logs recognise a token that leaked.
MARK: Final = "jl_"
TOKEN_BYTES: Final = 32
PREFIX_LENGTH: Final = 11
#: The use of a token is noted once in this time: reading must not cost a write.
USE_NOTED_EVERY: Final = timedelta(minutes=1)


def create_token(
    *, actor: Viewer | None, owner: User, name: str, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Make a token for `owner`; returns it and its text, which nobody can show again.

    Raises:
        PermissionDenied: it is for another, and the actor may not `manage_accounts`.
        ValidationError: no name, or it would have expired already.
    """
    user = _owner_or_manager(actor, owner)
    text = MARK + secrets.token_urlsafe(TOKEN_BYTES)
    if expires_at is not None and expires_at <= timezone.now():
        raise ValidationError({"expires_at": _("This time has passed.")})
    token = ApiToken(
        owner=owner,
        name=name,
        prefix=text[:PREFIX_LENGTH],
        digest=digest_of(text),
        created_at=timezone.now(),
        expires_at=expires_at,
    )
    token.full_clean(exclude={"digest"})
    with transaction.atomic():
        token.save()
        told = {"owner": owner.username, "name": name, "prefix": token.prefix}
        record_event(actor=user, verb="create_token", subject=token, data=told)
    return token, text


def revoke_token(*, actor: Viewer | None, token: ApiToken) -> bool:
    """Close the door to a token for good; False if it was closed before.

    Raises:
        PermissionDenied: it is another's, and the actor may not `manage_accounts`.
    """
    user = _owner_or_manager(actor, token.owner)
    with transaction.atomic():
        open_still = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
        if not open_still.update(revoked_at=timezone.now()):
            return False
        told = {"owner": token.owner.username, "name": token.name, "prefix": token.prefix}
        record_event(actor=user, verb="revoke_token", subject=token, data=told)
    return True


def use_token(*, text: str, now: datetime) -> User | None:
    """Who a token stands for, with their rights, or None; notes that it was used.

    Two short queries and one SHA-256: the token's public beginning finds it, its digest is
    compared in constant time.
    """
    token = ApiToken.objects.filter(prefix=text[:PREFIX_LENGTH]).first()
    if token is None or not compare_digest(bytes(token.digest), digest_of(text)):
        return None
    owner = User.objects.with_rights().select_related("unit").get(pk=token.owner_id)
    token.owner = owner
    if not token.valid(now):
        return None
    stale = Q(last_used_at=None) | Q(last_used_at__lte=now - USE_NOTED_EVERY)
    if token.last_used_at is None or token.last_used_at <= now - USE_NOTED_EVERY:
        ApiToken.objects.filter(stale, pk=token.pk).update(last_used_at=now)
    return owner


def digest_of(text: str) -> bytes:
    """What is kept of a token."""
    return sha256(text.encode()).digest()


def _owner_or_manager(actor: Viewer | None, owner: User) -> User | None:
    if isinstance(actor, User) and actor == owner and actor.is_active:
        return actor
    return require_or_system(actor, "manage_accounts")
