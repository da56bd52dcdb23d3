"""What a ledger says of a case beyond the case's own row."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from jiulong.cases.models import Case, Task
from jiulong.cases.queries.dossier import SUBJECT
from jiulong.evidence.models import Event


@dataclass(frozen=True, slots=True)
class Spoken:
    """Names of the units with a task in it, and the words of the last answer."""

    supports: str = ""
    answer: str = ""


def spoken(cases: Sequence[Case], columns: Collection[str]) -> dict[int, Spoken]:
    """Case id → what its ledger's columns name of it: a query for each of the two, if named.

    The cases are those that the viewer was given.
    """
    found: dict[int, Spoken] = {}
    if "supports" in columns:
        found |= {pk: Spoken(supports=names) for pk, names in _supports(cases).items()}
    if "answer" in columns:
        for pk, words in _answers(cases).items():
            found[pk] = replace(found.get(pk, Spoken()), answer=words)
    return found


def _supports(cases: Sequence[Case]) -> dict[int, str]:
    rows = Task.objects.filter(case__in=[case.pk for case in cases])
    told: dict[int, dict[str, None]] = {}
    for pk, name in rows.exclude(state=Task.State.DROPPED).values_list("case_id", "unit__name"):
        told.setdefault(pk, {})[name] = None
    return {pk: "、".join(names) for pk, names in told.items()}


def _answers(cases: Sequence[Case]) -> dict[int, str]:
    """The last reply of each, as its event keeps it."""
    keys = [str(case.pk) for case in cases]
    rows = Event.objects.filter(subject=SUBJECT, subject_id__in=keys, verb="reply").order_by("id")
    return {int(pk): note or "" for pk, note in rows.values_list("subject_id", "data__note")}
