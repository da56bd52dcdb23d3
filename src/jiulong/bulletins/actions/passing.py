"""The chain: check, approve, issue; each by another person, each under the digest they read."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiulong.bulletins import kinds, paper, rules, templating, verifying, words
from jiulong.bulletins.actions.papers import ChangedError, locked, said, signed
from jiulong.bulletins.lifecycle import LIFE
from jiulong.bulletins.models import Bulletin, BulletinStep, Template
from jiulong.cases.numbers import next_number
from jiulong.documents import as_pdf
from jiulong.evidence.actions import keep_file, record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer

#: The purpose of the kept files.
PRINTED: Final = "document"


def pass_bulletin(
    *,
    actor: Viewer,
    bulletin: Bulletin,
    digest: str,
    note: str = "",
    now: datetime | None = None,
) -> Bulletin:
    """Sign the next step of the paper with that digest; the last step issues it.

    Issuing gives the number, reads every figure again, records the digests of all sources in an
    event for the next seal, and keeps the .docx and the PDF.

    Raises:
        PermissionDenied: the step is not the actor's, or they wrote or signed this round.
        ChangedError: it is not what was read any more.
        ValidationError: a figure no longer matches its source.
    """
    now = now or timezone.now()
    with transaction.atomic():
        fresh = locked(bulletin, "pass")
        if fresh.digest != digest:
            raise ChangedError(str(fresh))
        user, step = _signer(actor, fresh)
        signed(fresh, user, step.key, BulletinStep.Verdict.PASSED, note=note.strip()[:300], now=now)
        fresh.step += 1
        fresh.version += 1
        told: dict[str, Any] = {"step": step.key, "digest": fresh.digest}
        record_event(actor=user, verb="pass_bulletin", subject=fresh, data=told, at=now)
        if fresh.step >= len(kinds.of(fresh).steps):
            _issue(fresh, user, now)
        else:
            fresh.save(update_fields=["step", "version"])
    return fresh


def return_bulletin(
    *, actor: Viewer, bulletin: Bulletin, reason: str, now: datetime | None = None
) -> Bulletin:
    """Send a paper back to its authors with a reason; signatures count no more.

    Raises:
        PermissionDenied, ChangedError.
        ValidationError: without a reason.
    """
    now, why = now or timezone.now(), said(reason)
    with transaction.atomic():
        fresh = locked(bulletin, "return")
        user, step = _signer(actor, fresh)
        signed(fresh, user, step.key, BulletinStep.Verdict.RETURNED, note=why, now=now)
        fresh.state, fresh.step = LIFE[fresh.state, "return"], 0
        fresh.round += 1
        fresh.version += 1
        # Its authors stay: what they wrote is still in it, so they never check it themselves.
        fresh.save(update_fields=["state", "step", "round", "version"])
        told = {"step": step.key, "reason": why, "digest": fresh.digest}
        record_event(actor=user, verb="return_bulletin", subject=fresh, data=told, at=now)
    return fresh


def publish_bulletin(
    *, actor: Viewer, bulletin: Bulletin, public: bool, now: datetime | None = None
) -> Bulletin:
    """Show an issued bulletin to everybody, or no more. Only kinds that all may read.

    Raises:
        PermissionDenied: the actor may not approve for the office.
        ValidationError: its kind is for those it goes to, or it is not issued.
    """
    now = now or timezone.now()
    user = rules.require_office(actor, rules.APPROVE, bulletin.unit_id)
    if bulletin.state != Bulletin.State.ISSUED or kinds.of(bulletin).see != "all":
        raise ValidationError(_("Only issued bulletins that all may read can be made public."))
    with transaction.atomic():
        Bulletin.objects.filter(pk=bulletin.pk).update(public=public)
        record_event(
            actor=user, verb="publish_bulletin", subject=bulletin, data={"public": public}, at=now
        )
    bulletin.public = public
    return bulletin


def _signer(actor: Viewer, bulletin: Bulletin) -> tuple[User, kinds.StepItem]:
    step = rules.next_step(bulletin)
    if step is None or not isinstance(actor, User) or not rules.may_sign(actor, bulletin):
        raise PermissionDenied(step.verb if step else "pass_bulletin")
    return actor, step


def _issue(bulletin: Bulletin, user: User, now: datetime) -> None:
    quotes = list(bulletin.quotes.all())
    _check_figures(bulletin)
    pattern, signed_digest = kinds.of(bulletin).number, bulletin.digest
    bulletin.number = next_number(pattern, now, unit=bulletin.unit.code) if pattern else ""
    bulletin.state = LIFE[bulletin.state, "issue"]
    bulletin.issued_by, bulletin.issued_at = user, now
    bulletin.digest = paper.digest(bulletin, quotes, bulletin.number)
    told: dict[str, Any] = {
        "number": bulletin.number,
        "title": bulletin.title,
        "digest": bulletin.digest,
        "signed": signed_digest,
        "quotes": {one.key: one.digest for one in quotes},
        **_kept(bulletin, now),
    }
    event = record_event(actor=user, verb="issue_bulletin", subject=bulletin, data=told, at=now)
    bulletin.issue_event = event.pk
    bulletin.save()
    _correct(bulletin, user, now)


def _check_figures(bulletin: Bulletin) -> None:
    """A figure that was changed since it was read would be wrong on the day of issue."""
    wrong = [one for one in verifying.figures(bulletin) if one.verdict in {"differs", "gone"}]
    if wrong:
        told = _("These figures no longer match their sources: %(figures)s. Return the draft.")
        listed = words.listed([f"{one.quote.what} {one.quote.text}" for one in wrong[:5]])
        raise ValidationError(told % {"figures": listed})


def _kept(bulletin: Bulletin, now: datetime) -> dict[str, str]:
    """Both forms in the district's language, kept as files; their SHA-256."""
    with translation.override(words.OFFICIAL):
        told = paper.printed(bulletin, list(bulletin.quotes.all()))
        prints = {
            "pdf": as_pdf(paper.document(told)),
            "docx": templating.fill(form_of(bulletin), told),
        }
    kept = {}
    for form, content in prints.items():
        made = keep_file(
            actor=None, content=content, name=paper.file_name(bulletin, form), subject=bulletin,
            purpose=PRINTED, now=now,
        )  # fmt: skip
        kept[form] = made.file.sha256
    return kept


def form_of(bulletin: Bulletin) -> bytes:
    """The form of its kind: the newest of the office that is in use, else the one in the box."""
    own = Template.objects.filter(kind=bulletin.kind, retired_at=None).order_by("-id").first()
    if own is not None:
        return bytes(own.content)
    return templating.built_in(red=bool(kinds.of(bulletin).head))


def _correct(bulletin: Bulletin, user: User, now: datetime) -> None:
    """What this one replaces or revokes is no longer in force."""
    old = bulletin.corrects
    if old is None:
        return
    state = LIFE[Bulletin.State.ISSUED, bulletin.effect]
    if not Bulletin.objects.filter(pk=old.pk, state=Bulletin.State.ISSUED).update(state=state):
        raise ValidationError(_("What this paper corrects is no longer in force."))
    told = {"by": bulletin.number or str(bulletin.pk)}
    record_event(actor=user, verb=f"{bulletin.effect}_bulletin", subject=old, data=told, at=now)
