"""The keeper's chore: sends what waits, one notice a step, each by one worker only.

A step claims a notice by moving its `send_at` past the longest sending, and commits that before it
sends. So several workers never send the same; if one dies while it sends, the notice comes again
after the pause: rather twice after a crash than never.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from smtplib import SMTPException
from typing import Final

import apprise
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from jiulong.cases.models import Notice, NoticeChoice
from jiulong.cases.notices.addresses import case_address
from jiulong.cases.notices.words import Told, told

#: Pauses after the first, second … failure; after the last one it is given up.
PAUSES: Final = tuple(timedelta(minutes=m) for m in (5, 15, 60, 240, 720))
#: A channel that does not answer: seconds of apprise's and the mail's own time-out.
PATIENCE_S: Final = 10
#: What a page shows of an error.
ERROR_LENGTH: Final = 200


class NotSentError(Exception):
    """The channel did not take it; the text says why."""


def is_usable(address: str) -> bool:
    """Whether apprise understands the address and the site sends to channels of its kind."""
    scheme = address.partition("://")[0].lower()
    return scheme in settings.NOTICE_CHANNELS and bool(_channel(address))


def send_due(now: datetime) -> bool:
    """Send one notice that is due; False when none is."""
    notice = _claim(now)
    if notice is None:
        return False
    choice = NoticeChoice.objects.filter(pk=notice.user_id).first()
    wanted = _wanted(notice, choice) if choice else {}
    for channel, send in wanted.items():
        state = notice.sent.get(channel)
        if state is None or "error" in state:
            with override(choice.language if choice else None):
                notice.sent[channel] = _outcome(send, now)
    failed = any(state.get("error") for name, state in notice.sent.items() if name in wanted)
    over = notice.tries > len(PAUSES)
    notice.send_at = notice.send_at if failed and not over else None
    notice.save(update_fields=["sent", "send_at"])
    return True


def _claim(now: datetime) -> Notice | None:
    """Take one that is due: nobody else finds it due while it is being sent."""
    with transaction.atomic():
        notice = (  # locked rows are another worker's
            Notice.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("case", "user")
            .filter(send_at__lte=now)
            .order_by("send_at", "id")
            .first()
        )
        if notice is None:
            return None
        notice.tries += 1
        notice.send_at = now + PAUSES[min(notice.tries, len(PAUSES)) - 1]
        notice.save(update_fields=["tries", "send_at"])
    return notice


def _wanted(notice: Notice, choice: NoticeChoice) -> dict[str, Callable[[], None]]:
    """Channel → sending, for those that the person has."""
    with override(choice.language):
        words, link = told(notice), case_address(notice.case)
    text = "\n".join(filter(None, (str(words), link)))
    found: dict[str, Callable[[], None]] = {}
    if choice.mail:
        found["mail"] = partial(_mail, choice.mail, words, text)
    if choice.address:
        found["address"] = partial(_message, choice.address, words, text)
    return found


def _outcome(send: Callable[[], None], now: datetime) -> dict[str, str]:
    try:
        send()
    except NotSentError as error:
        return {"at": now.isoformat(), "error": str(error)[:ERROR_LENGTH] or "?"}
    return {"at": now.isoformat()}


def _mail(to: str, words: Told, text: str) -> None:
    if not settings.MAIL_READY:
        raise NotSentError(_("no mail server is set up"))
    subject = " ".join(f"{words.title} {words.about}".split())
    try:
        EmailMessage(subject[:200], text, to=[to]).send()
    except (SMTPException, OSError) as error:
        raise NotSentError(str(error)) from error


def _message(address: str, words: Told, text: str) -> None:
    if not is_usable(address):
        raise NotSentError(_("the site no longer sends to this kind of address"))
    # apprise tells success alone; why it failed stands in its log.
    if not _channel(address).notify(title=words.title, body=text):
        raise NotSentError(_("the channel did not take it"))


def _channel(address: str) -> apprise.Apprise:
    channel = apprise.Apprise()
    channel.add(address)
    return channel
