"""Sessions in the database, by account: how long they last, and how many there may be."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from jiulong.organisation.models import User

#: Keys in a session: since when, last seen (ISO 8601), from where, with what.
BEGAN, SEEN, ADDRESS, AGENT = "began", "seen", "address", "agent"
#: A session notes at most this often that it was used: reading must not cost a write.
SEEN_EVERY_S = 60


class SessionStore(DatabaseStore):
    """Django's, whose rows say whose they are."""

    @classmethod
    def get_model_class(cls) -> type:
        from jiulong.organisation.models import Session  # noqa: PLC0415 - apps load first

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row: Any = super().create_model_instance(data)
        row.user_id = int(data["_auth_user_id"]) if "_auth_user_id" in data else None
        row.began_at = parse_datetime(data[BEGAN]) if BEGAN in data else None
        row.address = data.get(ADDRESS) or None
        row.agent = data.get(AGENT, "")
        return row


def begin(session: Any, *, address: str | None, agent: str) -> None:
    """Start the clocks of a session; its oldest siblings end where there are too many."""
    now = timezone.now().isoformat()
    session[BEGAN] = session[SEEN] = now
    session[ADDRESS], session[AGENT] = address or "", agent[:200]


def over(session: Any) -> str:
    """Why this session is over ("idle", "absolute"), or an empty text. Notes that it was used."""
    now = timezone.now()
    began, seen = (parse_datetime(session.get(key, "")) for key in (BEGAN, SEEN))
    if began is None or seen is None:
        session[BEGAN] = session[SEEN] = now.isoformat()
        return ""
    age, idle = (now - began).total_seconds(), (now - seen).total_seconds()
    if settings.SESSION_HOURS and age > settings.SESSION_HOURS * 3600:
        return "absolute"
    if settings.SESSION_IDLE_MINUTES and idle > settings.SESSION_IDLE_MINUTES * 60:
        return "idle"
    if idle >= SEEN_EVERY_S:
        session[SEEN] = now.isoformat()
    return ""


def end_all(user: User, *, but: str | None = None) -> int:
    """End the account's sessions, except the one with the key `but`; how many there were."""
    from jiulong.organisation.models import Session  # noqa: PLC0415

    rows = Session.objects.filter(user=user)
    return rows.exclude(session_key=but or "").delete()[0]


def end_oldest(user: User) -> int:
    """Make room for one more session where the setting limits them; how many ended."""
    from jiulong.organisation.models import Session  # noqa: PLC0415

    if not settings.SESSIONS_PER_ACCOUNT:
        return 0
    live = Session.objects.filter(user=user, expire_date__gt=timezone.now())
    kept = live.order_by("-began_at")[: settings.SESSIONS_PER_ACCOUNT - 1]
    return live.exclude(pk__in=list(kept.values_list("pk", flat=True))).delete()[0]
