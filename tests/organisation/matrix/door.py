"""The door without its two queries: sessions live in cookies, accounts are known beforehand."""

from __future__ import annotations

from copy import copy
from datetime import timedelta
from http.cookies import SimpleCookie

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.utils import timezone

from jiulong.organisation import sessions
from jiulong.organisation.login import Passwords
from jiulong.organisation.models import User

BACKEND = f"{__name__}.Known"
SESSIONS = "django.contrib.sessions.backends.signed_cookies"
_known: dict[int, User] = {}


class Known(Passwords):
    """Gives each request an account of its own, as fresh from the database, without asking it."""

    def get_user(self, user_id: int) -> User | None:
        return copy(_known[user_id])


def let_in(user: User) -> SimpleCookie:
    """A session as the door gives it; for an hour it needs no note that it was used."""
    _known[user.pk] = user
    now, later = timezone.now(), timezone.now() + timedelta(hours=1)
    store = SessionStore()
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(user.pk), BACKEND
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store[sessions.BEGAN], store[sessions.SEEN] = now.isoformat(), later.isoformat()
    store.save()
    return SimpleCookie({settings.SESSION_COOKIE_NAME: store.session_key or ""})
