"""Verify the database: every root, link and signature, recomputed from the journal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from django.core.exceptions import ObjectDoesNotExist
from django.db import connection
from django.db.models import QuerySet

from jiulong.evidence import files, merkle, sealing, timeline, verifying, witness
from jiulong.evidence.bundles import sealed_events
from jiulong.evidence.checks import (
    START,
    BadEntryError,
    Fault,
    Link,
    Report,
    Walk,
    check_event_list,
    check_list,
    check_seal,
)
from jiulong.evidence.keys import PublicKeys
from jiulong.evidence.models import File, Seal
from jiulong.evidence.sources import SealedSource
from jiulong.evidence.statements import SealStatement

#: Below every batch: nothing may hide under the first one that was sealed.
BELOW_ALL: Final = -(2**63)
#: Seals fetched together with the hashes of their batches.
PAGE_SEALS: Final = 20

#: An attachment whose file no event of its subject names.
_UNTOLD: Final = """
    SELECT file.sha256 FROM evidence_attachment AS attachment
    JOIN evidence_file AS file ON file.id = attachment.file_id
    WHERE NOT EXISTS (
        SELECT FROM evidence_event AS event
        WHERE event.subject = attachment.subject AND event.subject_id = attachment.subject_id
          AND event.verb = 'keep_file' AND event.data ->> 'sha256' = file.sha256
          AND event.data ->> 'attachment' = attachment.id::text
    )
    ORDER BY attachment.id LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Range:
    """Which seals: those whose hour ends after `since` and not after `until`; None is open."""

    since: datetime | int | None = None  # int: number of the first seal
    until: datetime | int | None = None

    def select(self) -> QuerySet[Seal]:
        """The seals of the range in order."""
        rows = Seal.objects.order_by("number")
        if isinstance(self.since, int):
            rows = rows.filter(number__gte=self.since)
        elif self.since is not None:
            rows = rows.filter(period_end__gt=self.since)
        if isinstance(self.until, int):
            return rows.filter(number__lte=self.until)
        return rows if self.until is None else rows.filter(period_end__lte=self.until)


def verify(
    source: SealedSource, keys: PublicKeys, chosen: Range, *, memory: Path | None = None
) -> Report:
    """Check the seals of the range against the journal, oldest first, to the first bad entry.

    `memory` is the directory of seals.log: seals remembered there must not be gone.
    """
    report = Report()
    try:
        _verify_chain(source, keys, chosen, report)
        if memory is not None:
            memo = witness.check(memory)
            report.forgotten, report.torn = memo.forgotten, memo.torn
            report.remembered = not memo.forgotten
    except BadEntryError as error:
        report.bad = error
    last = Seal.objects.order_by("-number").first()
    report.unsealed_batches = source.unsealed(after=last.last_batch if last else 0)
    report.unsealed_events = timeline.waiting(sealing.last_event(last))
    return report


def verify_files(report: Report) -> None:
    """Check the content of every file against its hash, and that an event tells of each.

    The hash stands in the event, and the event lies under a seal: so the seal covers the file.
    """
    report.files = 0
    try:
        _check_told()
        for file in File.objects.order_by("pk").iterator(chunk_size=500):
            _check_file(file)
            report.files += 1
    except BadEntryError as error:
        report.bad = report.bad or error


def verify_records(report: Report) -> None:
    """Hold what floors above keep against the events that tell of it; see `verifying`."""
    for name, (label, check) in verifying.registered().items():
        found = check()
        report.records[name] = found.count
        if found.altered and report.good:
            report.bad = BadEntryError(Fault.RECORD_CHANGED, detail=f"{label}: {found.altered}")


def _check_told() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_UNTOLD)
        if row := cursor.fetchone():
            raise BadEntryError(Fault.FILE_UNPROVEN, detail=row[0])


def _check_file(file: File) -> None:
    try:
        unchanged = files.is_unchanged(file)
    except OSError as error:
        raise BadEntryError(Fault.CONTENT_LOST, detail=file.sha256) from error
    if not unchanged:
        raise BadEntryError(Fault.CONTENT_CHANGED, detail=file.sha256)


def _verify_chain(source: SealedSource, keys: PublicKeys, chosen: Range, report: Report) -> None:
    before: Link | None = None
    for seal in _paged(chosen.select()):
        before = before or _link_before(seal, chosen)
        statement = sealing.statement_of_seal(seal)
        link = check_seal(
            statement,
            digest=bytes(seal.digest),
            signature=bytes(seal.signature),
            before=before,
            keys=keys,
        )
        _check_contents(source, seal, statement, before, report)
        _check_events(seal, statement, before, report)
        report.count(statement)
        before = link


def _paged(rows: QuerySet[Seal]) -> Iterator[Seal]:
    """Seals with their contents, a page a query, so that no transaction stays open for hours."""
    rows = rows.select_related("contents", "event_contents")
    page = list(rows[:PAGE_SEALS])
    while page:
        yield from page
        page = list(rows.filter(number__gt=page[-1].number)[:PAGE_SEALS])


def _link_before(seal: Seal, chosen: Range) -> Link:
    """What the first seal of the range must follow: its neighbour, or the start of all."""
    if chosen.since is None or seal.number == 1:
        return START
    neighbour = Seal.objects.filter(number=seal.number - 1).first()
    if neighbour is None:
        raise BadEntryError(Fault.SEAL_MISSING, seal=seal.number - 1)
    end = neighbour.period_end
    return Link(
        neighbour.number, bytes(neighbour.digest), neighbour.last_batch, end, neighbour.last_event
    )


def _check_contents(
    source: SealedSource, seal: Seal, statement: SealStatement, before: Link, report: Report
) -> None:
    after = before.last_batch if before.number else BELOW_ALL
    hashes, ids = _sealed_list(seal)
    check_list(statement, hashes)
    walk = Walk(seal.number, zip(ids, hashes, strict=True))
    try:
        for found, _leaves in sealing.read_statements(
            source, after=after, upto=statement.last_batch
        ):
            if walk.meet(found.batch) != merkle.leaf_hash(found.encode()):
                raise BadEntryError(Fault.BATCH_CHANGED, seal=seal.number, batch=found.batch)
            report.meet(seal.number, found, before)
    except sealing.UnreadableBatchError as error:
        walk.meet(error.batch)
        raise BadEntryError(
            Fault.BATCH_UNREADABLE, seal=seal.number, batch=error.batch, detail=error.reason
        ) from error
    walk.finish()


def _check_events(seal: Seal, statement: SealStatement, before: Link, report: Report) -> None:
    ids, hashes = sealed_events(seal)
    check_event_list(statement, hashes)
    if statement.events is None:
        return
    # Below the first event that was ever sealed there is none, whatever its number.
    after = before.last_event if before.last_event is not None else BELOW_ALL
    walk = Walk(seal.number, zip(ids, hashes, strict=True), of_events=True)
    for event, wire in timeline.read(after=after, upto=statement.events.last):
        if walk.meet(event) != merkle.leaf_hash(wire):
            raise BadEntryError(Fault.EVENT_CHANGED, seal=seal.number, event=event)
        report.events += 1
    walk.finish()


def _sealed_list(seal: Seal) -> tuple[list[bytes], list[int]]:
    try:
        contents = seal.contents
        hashes = merkle.split_hashes(bytes(contents.hashes))
    except (ObjectDoesNotExist, ValueError) as error:
        raise BadEntryError(Fault.LIST_CHANGED, seal=seal.number) from error
    if len(contents.ids) != len(hashes):
        raise BadEntryError(Fault.LIST_CHANGED, seal=seal.number)
    return hashes, contents.ids
