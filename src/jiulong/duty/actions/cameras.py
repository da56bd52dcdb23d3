"""Where an outfall can be looked at: an address each, opened in a tab of its own."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.duty.models import Camera
from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Outfall
from jiulong.organisation.rules import Viewer, require

_check = URLValidator(schemes=["https", "http"])


def set_camera(
    *, actor: Viewer, outfall: Outfall, name: str, address: str, now: datetime | None = None
) -> Camera:
    """Name a camera of an outfall.

    Raises:
        PermissionDenied: the actor does not set up points.
        ValidationError: `name`, `address`: no address of a page, or one that holds a password.
    """
    user, moment = require(actor, "edit_point"), now or timezone.now()
    words, link = name.strip(), address.strip()
    if not words or len(words) > 60:
        raise ValidationError({"name": [_("Say in a few words what it looks at.")]})
    try:
        _check(link)
        parts = urlsplit(link)
    except (ValidationError, ValueError):
        told = _("Expected an address that begins with http:// or https://.")
        raise ValidationError({"address": [told]}) from None
    if parts.username or parts.password:
        raise ValidationError({"address": [_("No password belongs into an address.")]})
    with transaction.atomic():
        camera = Camera.objects.create(outfall=outfall, name=words, address=link)
        told_of = {"name": words, "address": link}
        record_event(actor=user, verb="set_camera", subject=outfall, data=told_of, at=moment)
    return camera


def remove_camera(*, actor: Viewer, camera: Camera, now: datetime | None = None) -> None:
    """The camera is not shown any more.

    Raises:
        PermissionDenied: the actor does not set up points.
    """
    user, moment = require(actor, "edit_point"), now or timezone.now()
    with transaction.atomic():
        gone = Camera.objects.filter(pk=camera.pk, removed_at=None).update(removed_at=moment)
        if gone:
            told = {"name": camera.name, "address": camera.address}
            record_event(
                actor=user, verb="remove_camera", subject=camera.outfall, data=told, at=moment
            )
