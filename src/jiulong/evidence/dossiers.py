"""A whole dossier as one zip file that verifies offline.

It holds the dossier for people (index.html) and machines (index.json), its files, its events with
the proof that each lies under a seal, every seal from the first of these to the last, and the
public keys. `jiulong verify --bundle` checks all of it; README.txt says how to do so by hand.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.utils import timezone

from jiulong.evidence import archive as archives
from jiulong.evidence import bundles, files, guards, queries, sniffing, sources, timeline
from jiulong.evidence.actions.events import record_event
from jiulong.evidence.archive import write_member
from jiulong.evidence.keys import SigningKey, public_keys, signing_key
from jiulong.evidence.models import Attachment, CustodyStep, Event, Seal
from jiulong.evidence.offline_dossiers import FORMAT, MANIFEST, SIGNATURE, UNSEALED
from jiulong.evidence.statements import canonical, read_stamp, stamp
from jiulong.evidence.timeline import Line
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer

STYLE: Final = Path(__file__).parent / "static/evidence/dossier.css"


@dataclass(slots=True)
class Contents:
    """What was gathered for a dossier."""

    attachments: list[Attachment] = field(default_factory=list)
    custody: list[CustodyStep] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    sealed: dict[int, list[Line]] = field(default_factory=dict)  # by number of the seal
    unsealed: list[Line] = field(default_factory=list)


def build_dossier(
    *,
    viewer: Viewer,
    title: str,
    facts: Sequence[tuple[str, str]],
    subjects: Iterable[tuple[str, str | int]],
    out: Path,
    now: datetime | None = None,
) -> Path:
    """Write the dossier to `out`; returns it. That it was made is an event of the first subject.

    Args:
        facts: label and value, as they stand at the head of the dossier.
        subjects: label and id of all that belongs to it, the main one first.

    Raises:
        PermissionDenied: the viewer may not see one of the subjects.
        BadEntryError: an event is not what was sealed; there is no dossier then.
        SealKeyError: the key of the seals must not be used.
        OSError: the storage has lost a file.
    """
    wanted = [(label, str(number)) for label, number in subjects]
    user = _allowed(viewer, wanted)
    key = signing_key(settings.SEAL_KEYS)
    now = now or timezone.now()
    contents = gather(user, wanted)
    head = {"title": title, "made_at": stamp(now), "made_by": str(user)}
    with archives.writing(out) as archive:
        _write(archive, contents, head, facts, key)
    _record(user, wanted[0], contents)
    return out


def gather(viewer: Viewer, subjects: Sequence[tuple[str, str]]) -> Contents:
    """Files, custody and events of the subjects; events by the seal that covers each."""
    contents = Contents()
    for label, number in subjects:
        contents.attachments += queries.files_of(viewer, label, number)
        contents.custody += queries.custody_of(viewer, label, number)
        contents.events += queries.events_of(viewer, label, number)
        contents.unsealed += timeline.read_subject(label, number)
    contents.unsealed.sort()
    _sort_under_seals(contents)
    contents.events.sort(key=lambda event: event.pk)
    return contents


def _sort_under_seals(contents: Contents) -> None:
    """Move what lies under a seal from `unsealed` to `sealed`."""
    lines, contents.unsealed = contents.unsealed, []
    seals = queries.seal_numbers(line.event for line in lines)
    for line in lines:
        if line.event in seals:
            contents.sealed.setdefault(seals[line.event], []).append(line)
        else:
            contents.unsealed.append(line)


def _allowed(viewer: Viewer, subjects: Sequence[tuple[str, str]]) -> User:
    seen = [guards.may_see(viewer, label, number) for label, number in subjects]
    if not isinstance(viewer, User) or not seen or not all(seen):
        raise PermissionDenied("build_dossier")
    return viewer


def _write(
    archive: zipfile.ZipFile,
    contents: Contents,
    head: dict[str, Any],
    facts: Sequence[tuple[str, str]],
    key: SigningKey,
) -> None:
    bundles.write_head(archive, sources.source(), public_keys(settings.SEAL_KEYS))
    pages = _pages(contents, head, facts)
    pages[UNSEALED] = b"".join(line.wire + b"\n" for line in contents.unsealed)
    members = {archives.README: sha256(archive.read(archives.README)).hexdigest()}
    for name, page in pages.items():
        write_member(archive, name, page)
        members[name] = sha256(page).hexdigest()
    for name, attachment in sorted(_named(contents.attachments).items()):
        content = files.content(attachment.file)
        write_member(archive, name, content)
        members[name] = sha256(content).hexdigest()
    for seal in _chain(contents.sealed):
        bundles.write_seal(archive, seal)
        if lines := contents.sealed.get(seal.number):
            bundles.write_some_events(archive, seal, lines)
    manifest = canonical(
        {
            **head,
            "format": FORMAT,
            "key": key.id,
            "members": members,
            "events": sorted(line.event for lines in contents.sealed.values() for line in lines),
            "unsealed": [line.event for line in contents.unsealed],
        }
    )
    write_member(archive, MANIFEST, manifest)
    write_member(archive, SIGNATURE, key.sign(sha256(manifest).digest()))


def _chain(sealed: dict[int, list[Line]]) -> Iterable[Seal]:
    """Every seal from the first to the last that covers an event of the dossier."""
    if not sealed:
        return []
    rows = Seal.objects.filter(number__gte=min(sealed), number__lte=max(sealed))
    return rows.select_related("event_contents").order_by("number").iterator(chunk_size=50)


def name_of(attachment: Attachment) -> str:
    """Where the file lies in the dossier: named by its hash."""
    file = attachment.file
    return f"files/{file.sha256}{sniffing.ENDINGS[file.media_type]}"


def _named(attachments: Iterable[Attachment]) -> dict[str, Attachment]:
    return {name_of(attachment): attachment for attachment in attachments}


def _pages(
    contents: Contents, head: dict[str, Any], facts: Sequence[tuple[str, str]]
) -> dict[str, bytes]:
    waiting = {line.event for line in contents.unsealed}
    seals = {line.event: seal for seal, lines in contents.sealed.items() for line in lines}
    context = {
        **head,
        "at": read_stamp(head["made_at"]),
        "facts": facts,
        "files": [(name_of(attachment), attachment) for attachment in contents.attachments],
        "custody": contents.custody,
        "events": [
            (event, None if event.pk in waiting else seals.get(event.pk))
            for event in contents.events
        ],
        "waiting": len(waiting),
    }
    told = {
        **head,
        "facts": [{"label": label, "value": value} for label, value in facts],
        "files": [_told(attachment) for attachment in contents.attachments],
    }
    return {
        "index.html": render_to_string("evidence/dossier.html", context).encode(),
        "index.json": json.dumps(told, ensure_ascii=False, indent=1).encode(),
        "style.css": STYLE.read_bytes(),
    }


@dataclass(frozen=True, slots=True)
class _Told:
    """A file as index.json has it."""

    file: str
    name: str
    purpose: str
    note: str
    media_type: str
    size: int
    added_by: str
    added_at: str
    taken_at: str | None
    longitude: float | None
    latitude: float | None
    as_captured: bool | None


def _told(attachment: Attachment) -> dict[str, Any]:
    file = attachment.file
    return asdict(
        _Told(
            file=name_of(attachment),
            name=attachment.name,
            purpose=attachment.purpose,
            note=attachment.note,
            media_type=file.media_type,
            size=file.size,
            added_by=attachment.added_by_name,
            added_at=stamp(attachment.added_at),
            taken_at=stamp(file.taken_at) if file.taken_at else None,
            longitude=file.longitude,
            latitude=file.latitude,
            as_captured=attachment.captured_unchanged,
        )
    )


def _record(user: User, subject: tuple[str, str], contents: Contents) -> None:
    """Who took a dossier out of the house is part of its story."""
    from django.apps import apps  # noqa: PLC0415 - the registry is ready by now

    model = apps.get_model(subject[0])
    data = {"files": len(contents.attachments), "events": len(contents.events)}
    record_event(actor=user, verb="build_dossier", subject=model(pk=subject[1]), data=data)
