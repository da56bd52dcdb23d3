"""What is checked of seals, wherever they come from: the database or an exported bundle."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from jiulong.evidence import merkle
from jiulong.evidence.keys import PublicKeys, signed
from jiulong.evidence.statements import GENESIS, BatchStatement, SealStatement


class Fault(Enum):
    """What can be wrong; the name is for machines, the value for people."""

    SEAL_MISSING = gettext_noop("the seal is missing from the chain")
    SEAL_CHANGED = gettext_noop("the seal was changed: its digest is not that of what it says")
    SEAL_UNREADABLE = gettext_noop("the seal cannot be read")
    SEAL_UNCHAINED = gettext_noop("the seal does not follow the seal before it")
    SEAL_REPLACED = gettext_noop("the seal is not the one that was remembered")
    DIGEST_UNKNOWN = gettext_noop("no seal that was checked has this digest")
    KEY_UNKNOWN = gettext_noop("the seal was signed with a key that is not trusted here")
    SIGNATURE_BAD = gettext_noop("the signature is not the key's")
    LIST_CHANGED = gettext_noop("the list of batches does not give the sealed root")
    BATCH_MISSING = gettext_noop("the batch was deleted")
    BATCH_INSERTED = gettext_noop("the batch was inserted after sealing")
    BATCH_CHANGED = gettext_noop("the batch is not what was sealed")
    BATCH_UNREADABLE = gettext_noop("the batch was changed and cannot be unpacked")
    FRAME_CHANGED = gettext_noop("the frame is not what was sealed")
    EVENT_LIST_CHANGED = gettext_noop("the list of events does not give the sealed root")
    EVENT_MISSING = gettext_noop("the event was deleted")
    EVENT_INSERTED = gettext_noop("the event was inserted after sealing")
    EVENT_CHANGED = gettext_noop("the event is not what was sealed")
    PROOF_WRONG = gettext_noop("the proof does not lead to the sealed root")
    CONTENT_CHANGED = gettext_noop("the content of the file is not what was kept")
    CONTENT_LOST = gettext_noop("the storage does not have the content of the file")
    FILE_UNPROVEN = gettext_noop("no event tells that this file was kept")
    RECORD_CHANGED = gettext_noop("the record is not what its event tells")
    MANIFEST_BAD = gettext_noop("the manifest of the dossier cannot be read, or was not signed")
    FILE_DAMAGED = gettext_noop("the file is damaged")
    FILE_UNEXPECTED = gettext_noop("the file does not belong here")
    NOT_A_BUNDLE = gettext_noop("this is no bundle of seals")


class BadEntryError(Exception):
    """The first entry that is not as it was sealed. Verification stops there."""

    def __init__(
        self,
        fault: Fault,
        *,
        seal: int | None = None,
        batch: int | None = None,
        ordinal: int | None = None,
        event: int | None = None,
        detail: str = "",
    ) -> None:
        super().__init__(fault.name)
        self.fault = fault
        self.seal = seal
        self.batch = batch
        self.ordinal = ordinal
        self.event = event
        self.detail = detail

    def __str__(self) -> str:
        labels = (
            (_("seal"), self.seal),
            (_("batch"), self.batch),
            (_("frame"), self.ordinal),
            (_("event"), self.event),
        )
        place = ", ".join(f"{label} {number}" for label, number in labels if number is not None)
        reason = _(self.fault.value) + (f" ({self.detail})" if self.detail else "")
        return f"{place}: {reason}" if place else reason

    def facts(self) -> dict[str, Any]:
        """For machines."""
        return {
            "fault": self.fault.name.lower(),
            "seal": self.seal,
            "batch": self.batch,
            "ordinal": self.ordinal,
            "event": self.event,
            "detail": self.detail,
            "text": str(self),
        }


@dataclass(slots=True)
class Report:
    """What was checked, and the first bad entry if there was one."""

    seals: int = 0
    batches: int = 0
    frames: int = 0
    events: int = 0
    files: int | None = None  # None: not asked
    records: dict[str, int] = field(default_factory=dict)  # by check: as their events tell
    first_seal: int | None = None
    last_seal: int | None = None
    sealed_to: datetime | None = None
    unsealed_batches: int | None = None  # None: a bundle cannot know
    unsealed_events: int | None = None
    remembered: bool | None = None  # all seals stand in seals.log; None: it was not asked
    forgotten: int = 0  # seals that do not stand there
    torn: bool = False  # its last line was cut off while it was written
    late: dict[int, int] = field(default_factory=dict)  # seal → frames from before it, see `meet`
    keys: list[str] = field(default_factory=list)
    keys_from_bundle: bool = False
    proven: dict[str, Any] | None = None
    digests: set[str] = field(default_factory=set)
    bad: BadEntryError | None = None

    @property
    def good(self) -> bool:
        return self.bad is None

    def count(self, statement: SealStatement) -> None:
        """One more seal was found good."""
        self.seals += 1
        self.first_seal = self.first_seal or statement.number
        self.last_seal = statement.number
        self.sealed_to = statement.period_end
        self.digests.add(statement.digest().hex())
        if statement.key_id not in self.keys:
            self.keys.append(statement.key_id)

    def meet(self, seal: int, batch: BatchStatement, before: Link | None) -> None:
        """One more batch was found good. Frames that the seal before should have had are late:

        they were received before it ended and committed after it was made.
        """
        self.batches += 1
        self.frames += batch.frames
        if before and before.period_end and batch.received_at < before.period_end:
            self.late[seal] = self.late.get(seal, 0) + batch.frames

    def expect(self, digest: str) -> None:
        """A digest that somebody noted must be that of a seal that was checked."""
        if self.good and digest.lower() not in self.digests:
            self.bad = BadEntryError(Fault.DIGEST_UNKNOWN, detail=digest)

    def facts(self) -> dict[str, Any]:
        """For machines."""
        hidden = {"bad", "digests"}
        facts = {name: value for name, value in asdict(self).items() if name not in hidden}
        facts["sealed_to"] = self.sealed_to.isoformat() if self.sealed_to else None
        return {"good": self.good, **facts, "bad": self.bad.facts() if self.bad else None}


@dataclass(frozen=True, slots=True)
class Link:
    """What the next seal must follow."""

    number: int
    digest: bytes
    last_batch: int
    period_end: datetime | None  # None: nothing stands before the first seal
    last_event: int | None = None  # None: events were not sealed yet

    @classmethod
    def of(cls, statement: SealStatement) -> Link:
        return cls(
            statement.number,
            statement.digest(),
            statement.last_batch,
            statement.period_end,
            statement.events.last if statement.events else None,
        )

    def leads_to(self, statement: SealStatement) -> bool:
        """Whether `statement` goes on where this ends: no gap, no overlap, no way back."""
        events = statement.events
        if events is None:
            return self.last_event is None and self._precedes(statement)
        return events.first == (self.last_event or 0) + 1 and self._precedes(statement)

    def _precedes(self, statement: SealStatement) -> bool:
        return statement.previous == self.digest and statement.first_batch == self.last_batch + 1


#: What the first seal follows.
START: Final = Link(0, GENESIS, 0, None)


def check_seal(
    statement: SealStatement,
    *,
    digest: bytes,
    signature: bytes,
    before: Link | None,
    keys: PublicKeys,
) -> Link:
    """Check what a seal says of itself, and that it follows `before` (None: not known here).

    Raises:
        BadEntryError: the seal or its place in the chain is bad.
    """
    number = statement.number
    if before and number != before.number + 1:
        missing = number > before.number
        fault = Fault.SEAL_MISSING if missing else Fault.SEAL_UNCHAINED
        raise BadEntryError(fault, seal=before.number + 1 if missing else number)
    if digest != statement.digest():
        raise BadEntryError(Fault.SEAL_CHANGED, seal=number)
    key = keys.get(statement.key_id)
    if key is None:
        raise BadEntryError(Fault.KEY_UNKNOWN, seal=number, detail=statement.key_id)
    if not signed(key, signature, digest):
        raise BadEntryError(Fault.SIGNATURE_BAD, seal=number)
    before = START if number == 1 else before
    if before and not before.leads_to(statement):
        raise BadEntryError(Fault.SEAL_UNCHAINED, seal=number)
    return Link.of(statement)


def check_list(statement: SealStatement, hashes: list[bytes]) -> None:
    """Check that the hashes of the batches give the sealed root.

    Raises:
        BadEntryError: they do not.
    """
    if len(hashes) != statement.batches or merkle.root_of_hashes(hashes) != statement.root:
        raise BadEntryError(Fault.LIST_CHANGED, seal=statement.number)


def check_event_list(statement: SealStatement, hashes: list[bytes]) -> None:
    """Check that the hashes of the events give the sealed root.

    Raises:
        BadEntryError: they do not.
    """
    events = statement.events
    if events is None:
        good = not hashes
    else:
        good = len(hashes) == events.count and merkle.root_of_hashes(hashes) == events.root
    if not good:
        raise BadEntryError(Fault.EVENT_LIST_CHANGED, seal=statement.number)


class Walk:
    """Compares what is there with what was sealed, in the order of ids: batches, or events."""

    def __init__(
        self, seal: int, sealed: Iterable[tuple[int, bytes]], *, of_events: bool = False
    ) -> None:
        self.seal = seal
        self._of_events = of_events
        self._sealed: Iterator[tuple[int, bytes]] = iter(sealed)

    def meet(self, found: int) -> bytes:
        """The sealed hash of the entry that comes next.

        Raises:
            BadEntryError: another should come, or none.
        """
        number, sealed = next(self._sealed, (None, b""))
        if number is None or number > found:
            raise self._bad(Fault.BATCH_INSERTED, Fault.EVENT_INSERTED, found)
        if number < found:
            raise self._bad(Fault.BATCH_MISSING, Fault.EVENT_MISSING, number)
        return sealed

    def finish(self) -> None:
        """Check that nothing is left.

        Raises:
            BadEntryError: sealed entries are missing at the end.
        """
        number, _sealed = next(self._sealed, (None, b""))
        if number is not None:
            raise self._bad(Fault.BATCH_MISSING, Fault.EVENT_MISSING, number)

    def _bad(self, of_batch: Fault, of_event: Fault, number: int) -> BadEntryError:
        if self._of_events:
            return BadEntryError(of_event, seal=self.seal, event=number)
        return BadEntryError(of_batch, seal=self.seal, batch=number)
