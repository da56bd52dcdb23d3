"""What people do with their notices: read them, and choose how to be told."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.cases.models import Case, Notice, NoticeChoice
from jiulong.cases.notices.sending import is_usable
from jiulong.cases.notices.telling import announce
from jiulong.cases.notices.words import KINDS
from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer


def mark_read(
    *,
    actor: Viewer,
    notice: Notice | None = None,
    case: Case | None = None,
    now: datetime | None = None,
) -> int:
    """Mark a notice, those about a case, or all of the actor's as read; returns how many it were.

    No event is recorded: whether somebody read a notice proves nothing about a case.

    Raises:
        PermissionDenied: the notice is another's, or nobody signed in.
    """
    user = _person(actor)
    if notice is not None and notice.user_id != user.pk:
        raise PermissionDenied("mark_read")
    rows = Notice.objects.filter(user=user, read_at=None)
    if notice is not None:
        rows = rows.filter(pk=notice.pk)
    if case is not None:
        rows = rows.filter(case=case)
    with transaction.atomic():
        changed = rows.update(read_at=now or timezone.now())
        if changed:
            announce([user.pk])
    return changed


def choose(
    *, actor: Viewer, mail: str = "", address: str = "", kinds: Iterable[str] = (),
    language: str = "zh-hans",
) -> NoticeChoice:  # fmt: skip
    """Choose where, of what and in which language to be told outside of the app.

    Raises:
        PermissionDenied: nobody signed in.
        ValidationError: an unknown kind or language, a bad mail, or an address that this site
            does not send to (by field).
    """
    user = _person(actor)
    wanted = [kind for kind in KINDS if kind in set(kinds)]
    if unknown := set(kinds) - KINDS.keys():
        raise ValidationError({"kinds": _("Unknown: %(list)s") % {"list": ", ".join(unknown)}})
    if language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": _("Choose one of the languages.")})
    if address and not is_usable(address):
        allowed = ", ".join(f"{scheme}://" for scheme in settings.NOTICE_CHANNELS)
        told = _("This site sends to %(list)s; check the address.") % {"list": allowed}
        raise ValidationError({"address": told})
    choice = NoticeChoice(user=user, mail=mail, address=address, kinds=wanted, language=language)
    choice.clean_fields(exclude={"user", "kinds"})
    with transaction.atomic():
        choice.save()
        # Addresses carry secrets and are personal: the event says only which there are.
        told_ = {"mail": bool(mail), "address": bool(address), "kinds": wanted}
        record_event(actor=user, verb="choose_notices", subject=choice, data=told_)
    return choice


def _person(actor: Viewer) -> User:
    if not isinstance(actor, User) or not actor.is_active:
        raise PermissionDenied("notices")
    return actor
