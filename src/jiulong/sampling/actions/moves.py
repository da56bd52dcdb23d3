"""One step of a sample: only from where it is, only once, written down."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.sampling import life
from jiulong.sampling.models import Bottle, Sample
from jiulong.sampling.telling import changed


def step(
    sample: Sample,
    action: str,
    *,
    user: User | None,
    verb: str,
    now: datetime,
    told: dict[str, Any] | None = None,
    **fields: Any,
) -> Sample:
    """Move the sample by a guarded update, set its fields and record the event.

    Raises:
        ValidationError: it is somewhere else by now, or the step does not follow on where it is.
    """
    try:
        state = life.after(sample.state, action)
    except life.WrongOrderError as error:
        raise ValidationError(out_of_order(sample)) from error
    with transaction.atomic():
        rows = Sample.objects.filter(pk=sample.pk, state=sample.state)
        if not rows.update(state=state, **fields):
            raise ValidationError(_("Somebody was quicker; look at where the sample is now."))
        sample.state = state
        for name, value in fields.items():
            setattr(sample, name, value)
        record_event(actor=user, verb=verb, subject=sample, data=told or {}, at=now)
        changed(sample)
    return sample


def out_of_order(sample: Sample) -> str:
    """Why a step is refused, in words."""
    told = _("Out of order: the sample is “%(state)s”.")
    return told % {"state": life.WORDS.get(sample.state, sample.state)}


def put(bottle: Bottle | None, state: str, now: datetime) -> None:
    """Say what stands in a place of the carousel."""
    if bottle is not None:
        Bottle.objects.filter(pk=bottle.pk).update(state=state, since=now)
        bottle.state, bottle.since = state, now


def needs(text: str, field: str, what: str) -> str:
    """The text without spaces around it.

    Raises:
        ValidationError: nothing was written.
    """
    clean = text.strip()
    if not clean:
        raise ValidationError({field: what})
    return clean
