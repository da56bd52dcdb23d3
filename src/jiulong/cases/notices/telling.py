"""Telling: a notice for each person, queued for outside where the person wants it so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q

from jiulong.cases.models import Case, Notice, NoticeChoice
from jiulong.evidence.channels import points_payload
from jiulong.organisation.models import User

#: NOTIFY channel; the payload names the accounts that have something new, as points elsewhere.
CHANNEL: Final = "notices"


def tell(
    recipients: Iterable[User], case: Case | None, kind: str, data: dict[str, Any], now: datetime
) -> None:
    """Write each active recipient a notice, once however often they are named.

    It joins the caller's transaction: what did not happen is not told. `kind` is one of
    `words.KINDS`; another one is shown by its name.

    Args:
        data: what the words are made of: `by`, `note`, `reason`, `text`, `until`, `light`, …
    """
    tell_many([Word(tuple(recipients), case, kind, data)], now)


@dataclass(frozen=True, slots=True)
class Word:
    """What `tell` takes, once: to whom, about what."""

    recipients: tuple[User, ...]
    case: Case | None
    kind: str
    data: dict[str, Any]


def tell_many(words: Sequence[Word], now: datetime) -> None:
    """As `tell`, for many cases with few statements."""
    people = {user.pk for word in words for user in word.recipients if user.is_active}
    if not people:
        return
    reached = Q(mail__gt="") | Q(address__gt="")
    choices = NoticeChoice.objects.filter(reached, user__in=people).values_list("pk", "kinds")
    outside = {(pk, kind) for pk, kinds in choices for kind in kinds}
    with transaction.atomic():
        Notice.objects.bulk_create(
            Notice(
                user_id=pk, case=word.case, kind=word.kind, data=word.data, at=now,
                send_at=now if (pk, word.kind) in outside else None,
            )
            for word in words
            for pk in sorted({user.pk for user in word.recipients if user.is_active})
        )  # fmt: skip
        announce(people)


def announce(people: Iterable[int]) -> None:
    """Have the open pages of these accounts look again, once the transaction is through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, points_payload(people)])
