"""Every write of accounts: draft, count again, explain, sign, publish; what the public may see."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jiulong.documents import as_docx, as_pdf
from jiulong.evidence.actions import keep_file, record_event
from jiulong.monitoring.models import Outfall
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, require
from jiulong.reports import content, paper
from jiulong.reports.models import PublicOutfall, Report, Signature
from jiulong.reports.sections import SECTIONS
from jiulong.reports.spans import Span

VERB: Final = "publish_report"
#: What an author says of a section: a page, not a book.
WORDS_MAX: Final = 4000
#: The purpose of the kept files.
PRINTED: Final = "document"


class ChangedError(Exception):
    """Somebody changed or published the account in between."""


def draft_report(
    *, actor: Viewer, kind: str, day: date, area: Unit | None = None, now: datetime | None = None
) -> Report:
    """Count an account of the month or year of `day`; of one that is published, a new edition.

    Raises:
        PermissionDenied: the actor may not publish accounts of all data.
        ValidationError: the time has not ended, or there is a draft of it.
    """
    user, now = _author(actor), now or timezone.now()
    span = Span.of(kind, day)
    if span.start > now:
        raise ValidationError({"day": _("This time has not begun.")})
    counted = _counted(user, span, area, now)
    same = Report.objects.filter(kind=span.kind, first_on=span.first, area=area)
    last = same.order_by("-edition").first()
    report = Report(
        kind=span.kind, first_on=span.first, area=area, content=counted, counted_at=now,
        edition=last.edition + 1 if last else 1, texts=dict(last.texts) if last else {},
        drafted_by=user, drafted_at=now,
    )  # fmt: skip
    report.digest = content.digest(report)
    try:
        with transaction.atomic():
            report.save(force_insert=True)
            told = {"digest": report.digest, "edition": report.edition}
            record_event(actor=user, verb="draft_report", subject=report, data=told, at=now)
    except IntegrityError as error:
        raise ValidationError({"day": _("There is a draft of this time already.")}) from error
    return report


def recount_report(*, actor: Viewer, report: Report, now: datetime | None = None) -> Report:
    """Count a draft again: signatures under the old figures count no more.

    Raises:
        PermissionDenied, ChangedError.
    """
    user, now = _author(actor), now or timezone.now()
    span = Span.of(report.kind, report.first_on)
    fresh = _counted(user, span, report.area, now)
    return _change(user, report, "recount_report", now, content=fresh, counted_at=now)


def explain_report(
    *,
    actor: Viewer,
    report: Report,
    texts: Mapping[str, str],
    number: str = "",
    now: datetime | None = None,
) -> Report:
    """Say something of sections, and give the document number. Signatures start anew.

    Raises:
        PermissionDenied, ChangedError.
        ValidationError: by section, a text that is too long.
    """
    user, now = _author(actor), now or timezone.now()
    known = {section.key for section in SECTIONS}
    long = [key for key, text in texts.items() if len(text) > WORDS_MAX]
    if long:
        told = _("At most %(most)d characters.") % {"most": WORDS_MAX}
        raise ValidationError(dict.fromkeys(long, told))
    said = {key: text.strip() for key, text in texts.items() if key in known and text.strip()}
    return _change(user, report, "explain_report", now, texts=said, number=number.strip()[:60])


def sign_report(
    *, actor: Viewer, report: Report, digest: str, now: datetime | None = None
) -> Signature:
    """Put one's name under the draft with that digest; the same name counts once.

    Raises:
        PermissionDenied: the actor may not.
        ChangedError: the draft is not what was read any more, or is published.
    """
    user, now = _author(actor), now or timezone.now()
    with transaction.atomic():
        # Locked: a signature must not slip under another version of the draft.
        fresh = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if fresh.state != Report.State.DRAFT or fresh.digest != digest:
            raise ChangedError(str(fresh))
        signature, made = Signature.objects.get_or_create(
            report=fresh, by=user, digest=digest, defaults={"by_name": str(user), "at": now}
        )
        if made:
            record_event(actor=user, verb="sign_report", subject=fresh, data={"digest": digest},
                         at=now)  # fmt: skip
    return signature


def publish_report(*, actor: Viewer, report: Report, now: datetime | None = None) -> Report:
    """Freeze an account that two persons signed; keep its .docx and .pdf as files.

    The earlier edition becomes replaced. The event has the digests, so that a seal covers them.

    Raises:
        PermissionDenied: the actor may not.
        ChangedError: it is no draft any more.
        ValidationError: counted too early, or fewer than two persons signed this version.
    """
    user, now = _author(actor), now or timezone.now()
    with transaction.atomic():
        fresh = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        signers = fresh.signatures.filter(digest=fresh.digest).values("by").distinct().count()
        if fresh.state != Report.State.DRAFT or content.digest(fresh) != fresh.digest:
            raise ChangedError(str(fresh))
        if fresh.counted_at < Span.of(fresh.kind, fresh.first_on).end:
            raise ValidationError(_("It was counted before its time had ended. Count it again."))
        if signers < paper.SIGNERS:
            raise ValidationError(_("Two persons must sign this version first."))
        Report.objects.filter(
            kind=fresh.kind, first_on=fresh.first_on, area=fresh.area,
            state=Report.State.PUBLISHED,
        ).update(state=Report.State.REPLACED)  # fmt: skip
        fresh.state, fresh.published_by, fresh.published_at = Report.State.PUBLISHED, user, now
        fresh.save(update_fields=["state", "published_by", "published_at"])
        told = {"digest": fresh.digest, **_print(user, fresh, now)}
        record_event(actor=user, verb="publish_report", subject=fresh, data=told, at=now)
    return fresh


def show_outfall(
    *, actor: Viewer, outfall: Outfall, since: date | None, now: datetime | None = None
) -> PublicOutfall | None:
    """Let the public page show an outfall from a day on; None: no more.

    Raises:
        PermissionDenied: the actor may not publish.
    """
    user, now = _author(actor), now or timezone.now()
    with transaction.atomic():
        if since is None:
            gone, _each = PublicOutfall.objects.filter(outfall=outfall).delete()
            row = None
            if not gone:
                return None
        else:
            row, _made = PublicOutfall.objects.update_or_create(
                outfall=outfall, defaults={"since": since, "by": user}
            )
        told = {"since": since.isoformat() if since else ""}
        record_event(actor=user, verb="show_outfall", subject=outfall, data=told, at=now)
    return row


def _author(actor: Viewer) -> User:
    """Who may publish and sees all data: an account of a part would be none."""
    require(actor, "see_all")
    return require(actor, VERB)


def _counted(user: User, span: Span, area: Unit | None, now: datetime) -> dict[str, Any]:
    """As the database will give it back, so that the digest is the same before and after."""
    fresh: dict[str, Any] = json.loads(json.dumps(content.count(user, span, area, now)))
    return fresh


def _change(user: User, report: Report, verb: str, now: datetime, **values: Any) -> Report:
    """Guarded: only the draft that the actor saw is changed."""
    with transaction.atomic():
        fresh = Report.objects.select_for_update(of=("self",)).get(pk=report.pk)
        if fresh.state != Report.State.DRAFT or fresh.digest != report.digest:
            raise ChangedError(str(fresh))
        for name, value in values.items():
            setattr(fresh, name, value)
        fresh.digest = content.digest(fresh)
        fresh.save(update_fields=[*values, "digest"])
        told = {"digest": fresh.digest, "before": report.digest}
        record_event(actor=user, verb=verb, subject=fresh, data=told, at=now)
    return fresh


def _print(user: User, report: Report, now: datetime) -> dict[str, str]:
    """Both forms in the district's language, kept; their SHA-256."""
    with translation.override("zh-hans"):
        document = paper.document(report)
        name = paper.title(report)
    kept = {}
    for form, write in (("pdf", as_pdf), ("docx", as_docx)):
        attachment = keep_file(
            actor=user, content=write(document), name=f"{name}.{form}", subject=report,
            purpose=PRINTED, now=now,
        )  # fmt: skip
        kept[form] = attachment.file.sha256
    return kept
