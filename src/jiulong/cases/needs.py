"""What closing a case needs, and what of it is there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from jiulong.cases.models import Case, Task
from jiulong.cases.moves import SUBJECT
from jiulong.cases.schema import MatterSpec
from jiulong.evidence.models import Attachment, CustodyStep

#: Signatures of two officers.
SIGNATURES: Final = 2

WORDS: Final[dict[str, Promise]] = {
    "photo_before": _("Photo from before"),
    "photo_after": _("Photo from after"),
    "document": _("Document"),
    "interview": _("Record of the interview"),
    "signatures": _("Signatures of two officers"),
    "confirmation": _("Confirmation by the reporter or the enterprise"),
    "rating": _("Rating"),
}


@dataclass(frozen=True)
class Need:
    """One line of the checklist."""

    key: str
    there: bool

    @property
    def files(self) -> bool:
        """Whether it is met by handing in a file with this purpose."""
        return self.key not in {"confirmation", "rating"}

    @property
    def purpose(self) -> str:
        return "signature" if self.key == "signatures" else self.key

    def __str__(self) -> str:
        return str(WORDS[self.key])


def asked(case: Case, spec: MatterSpec) -> list[str]:
    """What closing asks for, of the matter and of the tasks that were done."""
    found: list[str] = [*spec.closing.needs]
    if any(task.needs for task in spec.tasks):
        done = set(case.tasks.filter(state=Task.State.DONE).values_list("key", flat=True))
        found += [need for task in spec.tasks if task.key in done for need in task.needs]
    return list(dict.fromkeys(found))


def checklist(case: Case, spec: MatterSpec) -> list[Need]:
    """Every line that closing asks for, in the order of the pack. One query, and one for tasks."""
    wanted = asked(case, spec)
    if not wanted:
        return []
    rows = Attachment.objects.filter(
        subject=SUBJECT, subject_id=str(case.pk), withdrawn_at=None
    ).values_list("purpose", "added_by")
    purposes = {purpose for purpose, _by in rows}
    signers = {by for purpose, by in rows if purpose == "signature" and by is not None}
    if "signatures" in wanted:  # a file may be called anything: who signed counts
        signers &= _signers(case)
    there = {
        "confirmation": case.confirmed is True,
        "rating": case.rating is not None and case.confirmed is not None,
        "signatures": len(signers) >= SIGNATURES,
    }
    return [Need(key, there.get(key, key in purposes)) for key in wanted]


def _signers(case: Case) -> set[int | None]:
    """Who put their name under the record of the case, where a second person did, too."""
    steps = CustodyStep.objects.filter(
        subject=SUBJECT,
        subject_id=str(case.pk),
        step__startswith="record:",
        second_at__isnull=False,
    )
    return {pk for pair in steps.values_list("first_by", "second_by") for pk in pair}


def missing(case: Case, spec: MatterSpec) -> list[Need]:
    """What is not there yet."""
    return [need for need in checklist(case, spec) if not need.there]
