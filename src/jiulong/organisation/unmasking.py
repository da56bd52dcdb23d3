"""Masked fields: who reads one says why, and it is written down."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation.models import ReadRecord
from jiulong.organisation.rules import Viewer, require


def unmask(
    viewer: Viewer, subject_label: str, subject_id: object, field: str, reason: str
) -> ReadRecord:
    """Write down that the viewer reads a masked field; then, and only then, show it.

    Call it in the transaction, or before, in which the value is read; whether the viewer may see
    the subject at all is its own floor's question (`reach(viewer, "unmask")` says where).

    Raises:
        PermissionDenied: no role of the viewer holds `unmask`.
        ValidationError: no reason is given.
    """
    user = require(viewer, "unmask")
    if not reason.strip():
        raise ValidationError({"reason": _("Say why you need to read it.")})
    return ReadRecord.objects.create(
        at=timezone.now(),
        user=user,
        user_name=str(user),
        subject=subject_label,
        subject_id=str(subject_id),
        field=field,
        reason=reason.strip()[:200],
    )
