"""Writing values: append-only; a correction is a new revision, the old row stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.db import transaction

from jiulong.organisation.models import User
from jiulong.scorecards.models import Observation, Sheet

#: What only a person says of a value.
BY_HAND: Final = frozenset({Observation.Status.REVISED, Observation.Status.FINAL})
#: Indicator, subject, period, companion.
Key = tuple[int, int, str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """One value to be written: ids of its indicator and subject."""

    indicator: int
    subject: int
    period: str
    value: Decimal
    companion: str = ""
    status: str = Observation.Status.PRELIMINARY
    note: str = ""
    refs: tuple[str, ...] = ()

    @property
    def key(self) -> Key:
        return self.indicator, self.subject, self.period, self.companion


@transaction.atomic
def observe(
    *,
    actor: User | None,
    seen: Iterable[Seen],
    now: datetime,
    reason: str = "",
    sheet: Sheet | None = None,
    over_revised: bool = True,
) -> list[Observation]:
    """Write values that are new or other than what stands; gives the rows written.

    `over_revised` False leaves what a person revised or called final: a round of the system must
    not take the correction of an upheld objection back.

    Not for views: who may is asked by the verb that calls this (signing a sheet, revising a
    value, computing). The caller records the event.
    """
    wanted = {one.key: one for one in seen}
    stands = _standing(list(wanted.values()))
    rows, closed = [], []
    for key, one in wanted.items():
        before = stands.get(key)
        if before is not None:
            same = before.value == one.value and before.status == one.status
            if same or (not over_revised and before.status in BY_HAND):
                continue
            closed.append(before.pk)
        rows.append(_row(one, before, reason))
    for row in rows:
        row.by, row.at, row.sheet = actor, now, sheet
    Observation.objects.filter(pk__in=closed).update(current=False)
    return Observation.objects.bulk_create(rows, batch_size=2000)


def _row(one: Seen, before: Observation | None, reason: str) -> Observation:
    return Observation(
        indicator_id=one.indicator, subject_id=one.subject, period=one.period,
        companion=one.companion, value=one.value, status=one.status, note=one.note[:300],
        revision=before.revision + 1 if before else 1, reason=reason if before else "",
        refs=list(one.refs),
    )  # fmt: skip


def _standing(seen: Sequence[Seen]) -> dict[Key, Observation]:
    rows = Observation.objects.filter(
        current=True,
        indicator__in={one.indicator for one in seen},
        period__in={one.period for one in seen},
        subject__in={one.subject for one in seen},
    )
    keys = {one.key for one in seen}
    found = {(row.indicator_id, row.subject_id, row.period, row.companion): row for row in rows}
    return {key: row for key, row in found.items() if key in keys}
