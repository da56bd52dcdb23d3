"""Two officers sign the record of a case: what both saw, bound to what stands in it.

A signature is an attachment of its signer with the purpose `signature`, and one half of a step of
custody. The step bears the hash of the record: if the record changes, both must sign again.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.cases import notices, people, rules, specs
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case, Task
from jiulong.cases.moves import SUBJECT
from jiulong.evidence.actions import NeedsAnotherPersonError, keep_file, sign_custody
from jiulong.evidence.models import Attachment, CustodyStep
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may, require

PURPOSE: Final = "signature"
STEP: Final = "record"


@dataclass(frozen=True, slots=True)
class Given:
    """How somebody signs: by a picture, or by writing their name; a name alone is no proof, so
    that the password must have been entered with it.
    """

    drawn: bytes = b""
    typed: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """How far the record is signed, as it stands now."""

    digest: str
    step: CustodyStep | None
    outdated: bool  # an earlier state of the record was signed

    @property
    def complete(self) -> bool:
        return self.step is not None and self.step.complete

    @property
    def waits(self) -> bool:
        return self.step is not None and not self.step.complete


def digest_of(case: Case) -> str:
    """SHA-256 of what is signed: number, matter, words, values, place and files, and what was said
    on the spot.
    """
    files = Attachment.objects.filter(
        subject=SUBJECT, subject_id=str(case.pk), withdrawn_at=None
    ).exclude(purpose=PURPOSE)
    record = {
        "number": case.number, "matter": case.matter.code, "title": case.title,
        "about": case.about, "data": case.data, "reply": case.reply, "address": case.address,
        "place": [case.longitude, case.latitude],
        "files": sorted(files.values_list("file__sha256", flat=True)),
    }  # fmt: skip
    if said := _said_on_the_spot(case):
        record["tasks"] = said
    text = json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _said_on_the_spot(case: Case) -> dict[str, Any]:
    """What the done tasks say that two officers sign, by key."""
    keys = [task.key for task in specs.matter(case.matter).tasks if "signatures" in task.needs]
    done = case.tasks.filter(key__in=keys, state=Task.State.DONE) if keys else ()
    return {task.key: [task.answer, task.data] for task in done}


def signed(viewer: Viewer, case: Case) -> Signed:
    """How far the case's record is signed.

    Raises:
        PermissionDenied: the viewer does not see the case.
    """
    if not rules.sees(viewer, case):
        raise PermissionDenied("see_cases")
    digest = digest_of(case)
    steps = list(CustodyStep.objects.filter(
        subject=SUBJECT, subject_id=str(case.pk), step__startswith=f"{STEP}:"
    ))  # fmt: skip
    current = next((step for step in steps if step.step == step_of(digest)), None)
    return Signed(digest, current, outdated=bool(steps) and current is None)


def may_sign(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer may put their name under this record."""
    return rules.sees(viewer, case) and may(viewer, "sign_custody") and case.stage in OPEN


def sign(
    *, actor: Viewer, case: Case, given: Given, digest: str, now: datetime | None = None
) -> CustodyStep:
    """Sign the record as the actor saw it; the second signature completes the step.

    Args:
        digest: of the record that was on the screen.

    Raises:
        PermissionDenied: the actor may not sign here.
        ValidationError: `signature` nothing that counts; `record` it changed meanwhile, or the
            other officer must be another person.
    """
    user = require(actor, "sign_custody")
    moment = now or timezone.now()
    with transaction.atomic():
        # Locked: the record must not change between looking at it and signing it.
        fresh = (
            Case.objects.select_for_update(of=("self",)).select_related("matter").get(pk=case.pk)
        )
        if not may_sign(user, fresh):
            raise PermissionDenied("sign_custody")
        if digest != digest_of(fresh):
            told = _("The record has changed meanwhile: look at it again, then sign.")
            raise ValidationError({"record": [told]})
        content, name = _content(user, fresh, given, digest, moment)
        try:
            step = sign_custody(
                actor=user, subject=fresh, step=step_of(digest), needs_second=True,
                note=f"sha256:{digest}", now=moment,
            )  # fmt: skip
        except NeedsAnotherPersonError as error:
            raise ValidationError({"record": [str(error)]}) from error
        keep_file(
            actor=user, content=content, name=name, subject=fresh, purpose=PURPOSE,
            note=f"{user} · {digest[:16]}", now=moment,
        )  # fmt: skip
    return step


def ask_to_sign(*, actor: Viewer, case: Case, colleague: User, now: datetime | None = None) -> None:
    """Ask another officer to sign with their own login.

    Raises:
        PermissionDenied: the actor may not sign here.
        ValidationError: `colleague` cannot sign it.
    """
    if not may_sign(actor, case) or not isinstance(actor, User):
        raise PermissionDenied("sign_custody")
    if colleague.pk == actor.pk or not may_sign(colleague, case):
        raise ValidationError({"colleague": [_("This person cannot sign here.")]})
    notices.tell([colleague], case, "signature_asked", {"by": str(actor)}, now or timezone.now())


def colleagues(viewer: Viewer, case: Case) -> list[User]:
    """Who of the viewer's unit and of the lead unit may be the second officer."""
    if not isinstance(viewer, User):
        return []
    found = people.of_unit([viewer.unit_id, case.lead_id], "sign_custody")
    return [user for user in found if user.pk != viewer.pk]


def step_of(digest: str) -> str:
    """The step of custody under a record with this hash."""
    return f"{STEP}:{digest[:32]}"


def _content(user: User, case: Case, given: Given, digest: str, now: datetime) -> tuple[bytes, str]:
    if given.drawn:
        return given.drawn, f"{user.username}.png"
    name = " ".join(given.typed.split())
    if not name:
        raise ValidationError({"signature": [_("Sign on the pad, or write your name.")]})
    if name != str(user):
        told = _("Write the name as it stands in your account: %(name)s.") % {"name": user}
        raise ValidationError({"signature": [told]})
    if not given.confirmed:
        told = _("A written name counts with the password only.")
        raise ValidationError({"signature": [told]})
    at = timezone.localtime(now).isoformat(timespec="seconds")
    lines = (f"{name} ({user.username})", case.number, at, f"sha256:{digest}")
    return "\n".join(lines).encode(), f"{user.username}.txt"
