"""Telling: a notice for each person, queued for outside where the person wants it so."""

from __future__ import annotations

from collections.abc import Iterable
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
    people = {user.pk for user in recipients if user.is_active}
    if not people:
        return
    reached = Q(mail__gt="") | Q(address__gt="")
    wanting = NoticeChoice.objects.filter(reached, user__in=people, kinds__contains=[kind])
    outside = set(wanting.values_list("pk", flat=True))
    with transaction.atomic():
        Notice.objects.bulk_create(
            Notice(
                user_id=pk, case=case, kind=kind, data=data, at=now,
                send_at=now if pk in outside else None,
            )
            for pk in sorted(people)
        )  # fmt: skip
        announce(people)


def announce(people: Iterable[int]) -> None:
    """Have the open pages of these accounts look again, once the transaction is through."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, points_payload(people)])
