"""Bulletins that a viewer may read, and those that wait for them."""

from __future__ import annotations

import hashlib

from django.db.models import QuerySet

from jiulong.bulletins import rules
from jiulong.bulletins.content.standings import FINAL
from jiulong.bulletins.models import Bulletin, Template
from jiulong.evidence import files
from jiulong.evidence.models import Attachment, Event
from jiulong.organisation.rules import Viewer, may
from jiulong.scorecards.models import Standing


def bulletins(viewer: Viewer) -> QuerySet[Bulletin]:
    """Those the viewer may read, without their text."""
    found = Bulletin.objects.filter(rules.visible(viewer)).defer("content")
    return found.select_related("unit", "drafted_by")


def bulletin(viewer: Viewer, pk: int) -> Bulletin:
    """One of them, whole. Bulletin.DoesNotExist also where the viewer may not."""
    found = Bulletin.objects.filter(rules.visible(viewer))
    joined = found.select_related("unit", "drafted_by", "issued_by", "corrects")
    return joined.prefetch_related("quotes", "steps", "corrections").get(pk=pk)


class NotKeptError(Exception):
    """A file of an issued paper is not there, or not what was kept when it was issued."""


def kept(of: Bulletin, form: str) -> bytes:
    """The `pdf` or `docx` of an issued paper, byte for byte as it was kept when it was issued.

    Raises:
        NotKeptError: there is none with the hash that the event of the issue holds.
    """
    event = Event.objects.filter(pk=of.issue_event or 0).first()
    told = str(event.data.get(form, "")) if event is not None else ""
    found = Attachment.objects.filter(
        subject="bulletins.bulletin", subject_id=str(of.pk), file__sha256=told
    )
    attached = found.select_related("file").first()
    if attached is None:
        raise NotKeptError(form)
    try:
        content = files.content(attached.file)
    except OSError as error:
        raise NotKeptError(form) from error
    if hashlib.sha256(content).hexdigest() != told:
        raise NotKeptError(form)
    return content


def to_sign(viewer: Viewer) -> list[Bulletin]:
    """Those whose next signature may be the viewer's, the longest waiting first."""
    if not any(may(viewer, verb) for verb in rules.MAKERS):
        return []
    waiting = bulletins(viewer).filter(state=Bulletin.State.WAITING)
    known = waiting.prefetch_related("steps").order_by("drafted_at")
    return [one for one in known if rules.may_sign(viewer, one)]


def announceable(viewer: Viewer) -> list[Standing]:
    """Frozen standings that a paper may be written of, newest first."""
    if not may(viewer, rules.DRAFT):
        return []
    found = Standing.objects.filter(state__in=sorted(FINAL)).select_related("scheme")
    return list(found.defer("observations").order_by("-period", "scheme__code")[:60])


def forms(viewer: Viewer) -> QuerySet[Template]:
    """Forms of the office, without their bytes."""
    if not may(viewer, rules.FORMS):
        return Template.objects.none()
    return Template.objects.defer("content").select_related("added_by")


def public_bulletins() -> QuerySet[Bulletin]:
    """What strangers may read: issued, said to be public, of a kind for all."""
    found = Bulletin.objects.filter(public=True, state=Bulletin.State.ISSUED, spec__see="all")
    return found.select_related("unit").order_by("-issued_at")


def public_bulletin(pk: int) -> Bulletin:
    """One of them. Bulletin.DoesNotExist: not for strangers."""
    return public_bulletins().prefetch_related("quotes").get(pk=pk)
