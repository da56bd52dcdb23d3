"""Schemes: drafted from the one in force, changed, adopted by a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.evidence.models import Event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require
from jiulong.scorecards import standing_digests
from jiulong.scorecards.actions.standings.adjusting import NotNowError
from jiulong.scorecards.engine.schemes import Scheme, SchemeError
from jiulong.scorecards.models import SchemeVersion
from jiulong.scorecards.standing_rules import EDIT
from jiulong.scorecards.standing_specs import as_json

NOTE_MAX = 300


def draft_scheme(
    *, actor: Viewer, version: SchemeVersion, now: datetime | None = None
) -> SchemeVersion:
    """A copy of a version to be changed; the version in force stays in force.

    Raises:
        PermissionDenied: the actor does not edit schemes.
        NotNowError: there is a draft already.
    """
    user, moment = require(actor, EDIT), now or timezone.now()
    same = SchemeVersion.objects.filter(code=version.code)
    if same.filter(state=SchemeVersion.State.DRAFT).exists():
        raise NotNowError(_("There is a draft of this scheme already."))
    with transaction.atomic():
        last = same.aggregate(last=Max("version"))["last"] or 0
        draft = SchemeVersion.objects.create(
            code=version.code, version=last + 1, pack="", spec=version.spec,
            digest=version.digest, effective_from=version.effective_from,
            effective_to=version.effective_to, made_by=user, made_at=moment,
        )  # fmt: skip
        record_event(actor=user, verb="draft_scheme", subject=draft, at=moment,
                     data={"code": draft.code, "version": draft.version})  # fmt: skip
    return draft


def edit_scheme(
    *,
    actor: Viewer,
    draft: SchemeVersion,
    spec: Mapping[str, Any],
    note: str,
    now: datetime | None = None,
) -> SchemeVersion:
    """Change a draft; whoever changes it last may not adopt it.

    Raises:
        PermissionDenied: the actor does not edit schemes.
        ValidationError: under `spec.<path>`, what the scheme cannot be.
        NotNowError: it is no draft any more, or somebody else changed it.
    """
    user, moment = require(actor, EDIT), now or timezone.now()
    scheme = _read(spec)
    if scheme.code != draft.code:
        raise ValidationError({"spec.code": [_("The code of a scheme never changes.")]})
    if len(note) > NOTE_MAX:
        raise ValidationError({"note": [_("At most %(count)s characters.") % {"count": NOTE_MAX}]})
    stored = as_json(scheme)
    with transaction.atomic():
        unchanged = SchemeVersion.objects.filter(
            pk=draft.pk, state=SchemeVersion.State.DRAFT, digest=draft.digest
        )
        told = {"before": draft.digest, "digest": standing_digests.digest(stored)}
        if not unchanged.update(
            spec=stored, digest=told["digest"], note=note.strip(), made_by=user, made_at=moment,
            effective_from=scheme.effective_from, effective_to=scheme.effective_to,
        ):  # fmt: skip
            raise NotNowError(_("Somebody changed or adopted this draft meanwhile."))
        draft.refresh_from_db()
        record_event(actor=user, verb="edit_scheme", subject=draft, at=moment,
                     data={**told, "note": draft.note})  # fmt: skip
    return draft


def adopt_scheme(
    *, actor: Viewer, draft: SchemeVersion, now: datetime | None = None
) -> SchemeVersion:
    """Put a draft in force from its first day on; standings of before keep their version.

    Raises:
        PermissionDenied: the actor does not edit schemes, or wrote any part of this draft.
        ValidationError: nothing differs from the version in force.
        NotNowError: it is no draft any more.
    """
    user, moment = require(actor, EDIT), now or timezone.now()
    if draft.made_by_id == user.pk or _wrote(user, draft):
        raise PermissionDenied("adopt_scheme")
    adopted = SchemeVersion.objects.filter(
        code=draft.code, state=SchemeVersion.State.ADOPTED
    ).order_by("-version").first()  # fmt: skip
    if adopted is not None and adopted.digest == draft.digest:
        raise ValidationError(_("Nothing differs from the version in force."))
    with transaction.atomic():
        waiting = SchemeVersion.objects.filter(
            pk=draft.pk, state=SchemeVersion.State.DRAFT, digest=draft.digest
        )
        if not waiting.update(
            state=SchemeVersion.State.ADOPTED, adopted_by=user, adopted_at=moment
        ):
            raise NotNowError(_("Somebody changed or adopted this draft meanwhile."))
        draft.refresh_from_db()
        record_event(actor=user, verb="adopt_scheme", subject=draft, at=moment,
                     data={"code": draft.code, "version": draft.version, "digest": draft.digest,
                           "note": draft.note})  # fmt: skip
    return draft


def _wrote(user: User, draft: SchemeVersion) -> bool:
    """Whether the person drafted it or changed it, even when somebody else did so later."""
    acts = Event.objects.filter(
        subject="scorecards.schemeversion", subject_id=str(draft.pk), actor=user,
        verb__in=("draft_scheme", "edit_scheme"),
    )  # fmt: skip
    return acts.exists()


def drop_scheme(*, actor: Viewer, draft: SchemeVersion, now: datetime | None = None) -> None:
    """Throw a draft away; the event says that there was one.

    Raises:
        PermissionDenied: the actor does not edit schemes.
        NotNowError: it is no draft.
    """
    user, moment = require(actor, EDIT), now or timezone.now()
    with transaction.atomic():
        record_event(actor=user, verb="drop_scheme", subject=draft, at=moment,
                     data={"code": draft.code, "version": draft.version})  # fmt: skip
        gone, _each = SchemeVersion.objects.filter(
            pk=draft.pk, state=SchemeVersion.State.DRAFT
        ).delete()
        if not gone:
            raise NotNowError(_("Only a draft can be thrown away."))


def _read(spec: Mapping[str, Any]) -> Scheme:
    try:
        return Scheme.read(spec)
    except SchemeError as error:
        language = get_language() or "zh"
        faults: dict[str, list[str]] = {}
        for fault in error.faults:
            path = ".".join(["spec", *map(str, fault.path)])
            told = fault.refusal.text(language) if fault.refusal else fault.message
            faults.setdefault(path, []).append(told)
        raise ValidationError(faults) from error
