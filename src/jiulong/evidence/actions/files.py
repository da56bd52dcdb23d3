"""Files: kept once under their hash, and attached to what they belong to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import IO, Any, Final

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone

from jiulong.evidence import files, guards
from jiulong.evidence.actions.events import record_event
from jiulong.evidence.models import Attachment, File
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer

NAME_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Captured:
    """What the device says of a picture that was taken in the app, made when it was taken."""

    sha256: str  # hex, of the picture as the device held it
    at: datetime | None = None  # by the clock of the device
    longitude: float | None = None  # degrees WGS 84
    latitude: float | None = None
    accuracy_m: float | None = None


def keep_file(
    *,
    actor: Viewer | None,
    content: bytes | IO[bytes],
    name: str,
    subject: models.Model,
    purpose: str = "",
    captured: Captured | None = None,
    note: str = "",
    now: datetime | None = None,
) -> Attachment:
    """Keep a file and attach it to `subject`; the same content again is stored once.

    A file that is not what the device said it took is kept with that mark: the difference itself
    is evidence.

    Args:
        actor: None only for the system itself.
        content: at most `JIULONG_FILE_MAX_MB`.
        purpose: `before`, `after`, `document`, … as the subject's floor names them.

    Raises:
        PermissionDenied: the guard of the subject does not let the actor add.
        RefusedFileError: empty, too large, damaged, or of no kind that is kept.
    """
    label, subject_id = label_of(subject), str(subject.pk)
    user = _allowed(actor, label, subject_id)
    whole = files.read_all(content)
    found = files.examine(whole)
    files.put(found, whole)  # before the row: a row always has its content
    now = now or timezone.now()
    found.kept_at = now
    with transaction.atomic():
        File.objects.bulk_create([found], ignore_conflicts=True)
        file = File.objects.get(sha256=found.sha256)
        attachment = Attachment.objects.create(
            file=file, subject=label, subject_id=subject_id, purpose=purpose[:40],
            name=clean_name(name), note=note[:400], added_by=user,
            added_by_name=str(user) if user else "Jiulong", added_at=now, **_of(captured),
        )  # fmt: skip
        record_event(actor=user, verb="keep_file", subject=subject, at=now, data=_told(attachment))
    return attachment


def withdraw_file(*, actor: Viewer, attachment: Attachment, reason: str) -> Attachment:
    """No longer show a file that was added by mistake: it and its events stay.

    Raises:
        PermissionDenied: the actor did not add it, or may not add to the subject any more.
        ValueError: without a reason.
    """
    user = _allowed(actor, attachment.subject, attachment.subject_id)
    if user is None or attachment.added_by_id != user.pk:
        raise PermissionDenied("withdraw_file")
    if not reason.strip():
        raise ValueError("a reason is needed")
    now = timezone.now()
    # As with keeping it: what is taken away is part of the story of what it belongs to.
    subject = apps.get_model(attachment.subject)(pk=attachment.subject_id)
    with transaction.atomic():
        changed = Attachment.objects.filter(pk=attachment.pk, withdrawn_at=None).update(
            withdrawn_at=now
        )
        if changed:
            record_event(
                actor=user, verb="withdraw_file", subject=subject, at=now,
                data={"reason": reason, **_told(attachment)},
            )  # fmt: skip
    attachment.refresh_from_db()
    return attachment


def label_of(subject: models.Model) -> str:
    """`cases.case`."""
    return str(subject._meta.label_lower)  # noqa: SLF001 - documented by Django


def clean_name(name: str) -> str:
    """The last part of a path, without what cannot be printed."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return "".join(filter(str.isprintable, last)).strip()[-NAME_MAX:] or "file"


def _allowed(actor: Viewer | None, label: str, subject_id: str) -> User | None:
    if actor is None:
        return None
    if not isinstance(actor, User) or not guards.may_add(actor, label, subject_id):
        raise PermissionDenied("keep_file")
    return actor


def _of(captured: Captured | None) -> dict[str, Any]:
    if captured is None:
        return {}
    return {
        "captured_sha256": captured.sha256.lower(),
        "captured_at": captured.at,
        "longitude": captured.longitude,
        "latitude": captured.latitude,
        "accuracy_m": captured.accuracy_m,
    }


def _told(attachment: Attachment) -> dict[str, Any]:
    """What the event says: the hash, so that the seal over the event covers the content."""
    file = attachment.file
    told = {
        "attachment": attachment.pk,
        "sha256": file.sha256,
        "size": file.size,
        "media_type": file.media_type,
        "name": attachment.name,
        "purpose": attachment.purpose,
    }
    if file.sm3:
        told["sm3"] = file.sm3
    if attachment.captured_sha256:
        told["captured_sha256"] = attachment.captured_sha256
    return told
