"""What became of every frame that was acknowledged: the fleet's ledger against the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.db import connection

from jiulong.demo.history import NODE
from jiulong.evidence.models import Cursor, Seal
from jiulong.gateway.journal import Verdict, unpack
from jiulong.gateway.models import JournalBatch, QuarantinedFrame
from jiulong.monitoring.models import Finding, Reading
from jiulong.recorder.decoding import INTERACTION
from jiulong.recorder.models import Message
from jiulong.simulator.ledger import Ledger, Sent, digest

#: Where frames of some batches were recorded: readings, messages, and second frames for the same
#: time that say something else. A frame found twice here was recorded twice.
RECORDED: Final = """
SELECT batch, ordinal FROM reading WHERE batch = ANY(%(batches)s)
UNION ALL
SELECT batch, ordinal FROM recorder_message WHERE batch = ANY(%(batches)s)
UNION ALL
SELECT other_batch, other_ordinal FROM monitoring_discrepancy WHERE other_batch = ANY(%(batches)s)
"""
#: Frames that the recorder could not read, or that carry no values: kept with the reason.
REFUSED: Final = """
SELECT batch, ordinal FROM gateway_quarantinedframe WHERE batch = ANY(%(batches)s)
"""
#: Workers whose cursors must reach the journal's end before anything is counted.
WORKERS: Final = ("recorder", "judge")


@dataclass(frozen=True, slots=True)
class Account:
    """The demo's last line."""

    frames_acked: int
    frames_recorded: int
    quarantined: int
    findings: int
    seals: int
    lost: int
    duplicated: int


@dataclass(frozen=True, slots=True)
class Reckoning:
    """The account, and by name what should not be there."""

    account: Account
    lost: list[Sent]
    duplicated: list[Sent]


def behind() -> int:
    """How many batches the slowest worker has not read."""
    last = JournalBatch.objects.order_by("-id").values_list("id", flat=True).first() or 0
    places = dict(Cursor.objects.filter(name__in=WORKERS).values_list("name", "position"))
    return max(last - places.get(name, 0) for name in WORKERS)


def settle(over: Callable[[], bool], wait: Callable[[float], None], look_s: float = 0.2) -> bool:
    """Wait until the workers have read the whole journal; False if `over` first."""
    while behind() > 0:
        if over():
            return False
        wait(look_s)
    return True


def reckon(ledger: Ledger) -> Reckoning:
    """Look every acknowledged frame up. Reads the live batches whole; call it when settled.

    Lost: not accepted in the journal; or accepted, and neither recorded nor in quarantine with a
    reason (a heartbeat has nothing to record: for it the journal is enough). Duplicated: recorded
    more than once.
    """
    places, batches = _journal()
    recorded = Counter(_places(RECORDED, batches))
    refused = set(_places(REFUSED, batches))
    times = {name: sum(recorded[place] for place in places.get(name, ())) for name in ledger.acked}
    lost = [
        sent
        for name, sent in ledger.acked.items()
        if not times[name]
        and not refused.intersection(places.get(name, ()))
        and not (sent.cn in INTERACTION and name in places)
    ]
    twice = [ledger.acked[name] for name, count in times.items() if count > 1]
    account = Account(
        frames_acked=len(ledger.acked),
        frames_recorded=Reading.objects.count() + Message.objects.count(),
        quarantined=QuarantinedFrame.objects.count(),
        findings=Finding.objects.count(),
        seals=Seal.objects.count(),
        lost=len(lost),
        duplicated=len(twice),
    )
    return Reckoning(account, lost, twice)


def _journal() -> tuple[dict[bytes, list[tuple[int, int]]], list[int]]:
    """Where each accepted live frame stands in the journal, by digest; and the batches read."""
    places: dict[bytes, list[tuple[int, int]]] = defaultdict(list)
    batches = []
    for batch in JournalBatch.objects.exclude(node=NODE).order_by("id").iterator(100):
        batches.append(batch.id)
        for ordinal, entry in enumerate(unpack(bytes(batch.body))):
            if entry.verdict == Verdict.ACCEPTED:
                places[digest(entry.raw)].append((batch.id, ordinal))
    return places, batches


def _places(query: str, batches: list[int]) -> list[tuple[int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(query, {"batches": batches})
        return [(row[0], row[1]) for row in cursor.fetchall()]
