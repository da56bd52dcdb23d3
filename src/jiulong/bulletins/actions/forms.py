"""Forms of an office: a .docx of its own for a kind of bulletin."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.bulletins import kinds, rules, templating
from jiulong.bulletins.models import Template
from jiulong.evidence.actions import record_event
from jiulong.organisation.rules import Viewer, require


def add_form(
    *,
    actor: Viewer,
    kind: str,
    name: str,
    content: bytes,
    note: str = "",
    now: datetime | None = None,
) -> Template:
    """Use this .docx for a kind from now on.

    Raises:
        PermissionDenied: the actor may not keep forms.
        ValidationError: every mistake of the file with its paragraph, under `file`.
    """
    now, user = now or timezone.now(), require(actor, rules.FORMS)
    if kind not in kinds.kinds():
        raise ValidationError({"kind": _("There is no such kind of bulletin.")})
    try:
        templating.check(content)
    except templating.BadFormError as error:
        raise ValidationError({"file": [str(fault) for fault in error.faults]}) from error
    with transaction.atomic():
        made = Template.objects.create(
            kind=kind, name=name.strip()[:120] or kind, content=content, note=note.strip()[:300],
            sha256=hashlib.sha256(content).hexdigest(), added_by=user, added_at=now,
        )  # fmt: skip
        record_event(
            actor=user, verb="add_bulletin_form", subject=made, at=now,
            data={"kind": kind, "sha256": made.sha256},
        )  # fmt: skip
    return made


def retire_form(*, actor: Viewer, form: Template, now: datetime | None = None) -> Template:
    """Use the form no more; what was printed with it stays.

    Raises:
        PermissionDenied: the actor may not keep forms.
    """
    now, user = now or timezone.now(), require(actor, rules.FORMS)
    with transaction.atomic():
        if Template.objects.filter(pk=form.pk, retired_at=None).update(retired_at=now):
            record_event(
                actor=user, verb="retire_bulletin_form", subject=form, data={"kind": form.kind},
                at=now,
            )  # fmt: skip
    form.refresh_from_db()
    return form
