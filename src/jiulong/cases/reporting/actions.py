"""Reporting, however often it is sent: one report, one case, each photo once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.cases import actions
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case
from jiulong.cases.moves import SUBJECT
from jiulong.cases.reporting.queries import Place
from jiulong.cases.reporting.reading import Photo, Report
from jiulong.evidence.actions import keep_file
from jiulong.evidence.files import RefusedFileError
from jiulong.evidence.models import Attachment, Event
from jiulong.organisation.rules import Viewer

#: Later than this after it was written a report says so.
LATE: Final = timedelta(minutes=5)
PHOTO: Final = "photo_before"
TITLE_LENGTH: Final = 200


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a report: its case, and photos that could not be kept, in words."""

    case: Case
    joined: bool = False
    refused: list[str] = field(default_factory=list)


def file_report(*, actor: Viewer, report: Report, now: datetime | None = None) -> Done:
    """File the report with its photos, all or nothing; the same `client_id` again gives the case.

    A photo that is no picture is left out and named: what was seen is not lost for it.

    Raises:
        PermissionDenied: the actor may not file this matter, or another sent this `client_id`.
        ValidationError: by field, what the matter misses.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        try:
            with transaction.atomic():
                case = _file(actor, report, moment)
        except IntegrityError:
            # The same report came at the same time by another way, and that one was quicker.
            case = _file(actor, report, moment)
        refused = _keep(actor, case, report.photos, moment)
    return Done(case, refused=refused)


def join_report(*, actor: Viewer, case: Case, report: Report, now: datetime | None = None) -> Done:
    """Say that it is the case that is open already; adds words and photos to it, once.

    If that one has ended meanwhile, the report becomes a case of its own.

    Raises:
        PermissionDenied: the actor may neither add to the case nor file one.
    """
    moment = now or timezone.now()
    with transaction.atomic():
        # Locked: the same report may come twice at a time, and must be taken up once.
        fresh = Case.objects.select_for_update().get(pk=case.pk)
        if not _has_joined(fresh, report.client_id):
            if fresh.stage not in OPEN:
                return file_report(actor=actor, report=report, now=moment)
            words = " ".join(filter(None, (report.words, _sent_later(report, moment))))
            fresh = actions.join_case(
                actor=actor, case=fresh, text=words, reference=report.client_id, now=moment
            )
        refused = _keep(actor, fresh, report.photos, moment)
    return Done(fresh, joined=True, refused=refused)


def _file(actor: Viewer, report: Report, now: datetime) -> Case:
    spec = report.offer.spec
    centre = _centre(report) if spec.place == "required" else None
    return actions.file_case(
        actor=actor,
        matter=report.offer.matter,
        title=(report.words or str(spec.name))[:TITLE_LENGTH],
        about="\n".join(filter(None, (
            report.words[TITLE_LENGTH:] and report.words,
            _sent_later(report, now),
            centre and _("Located by the centre of the area only."),
        ))),
        data=report.data,
        place=report.place or centre,
        area=report.area if report.place is None else None,
        address=report.address[:200],
        client_id=report.client_id or None,
        now=now,
    )  # fmt: skip


def _centre(report: Report) -> Place | None:
    """Where a place is a must and the device gave none, the area stands for it."""
    area = report.area
    if report.place is not None or area is None:
        return None
    if area.longitude is None or area.latitude is None:
        return None
    return area.longitude, area.latitude


def _sent_later(report: Report, now: datetime) -> str:
    if report.at is None or now - report.at < LATE:
        return ""
    seen = timezone.localtime(report.at).strftime("%Y-%m-%d %H:%M")
    return _("Seen %(time)s, sent when there was a network again.") % {"time": seen}


def _has_joined(case: Case, client_id: str) -> bool:
    return bool(client_id) and Event.objects.filter(
        subject=SUBJECT, subject_id=str(case.pk), verb="join", data__reference=client_id
    ).exists()  # fmt: skip


def _keep(actor: Viewer, case: Case, photos: tuple[Photo, ...], now: datetime) -> list[str]:
    """Keep the photos that are not there yet."""
    refused = []
    known = set(
        Attachment.objects.filter(subject=SUBJECT, subject_id=str(case.pk)).values_list(
            "file__sha256", flat=True
        )
    )
    for photo in photos:
        content = photo.content.read()
        if sha256(content).hexdigest() in known:
            continue
        try:
            keep_file(
                actor=actor, content=content, name=photo.name, subject=case, purpose=PHOTO,
                captured=photo.captured, now=now,
            )  # fmt: skip
        except RefusedFileError as error:
            refused.append(f"{photo.name}: {error}")
    return refused
