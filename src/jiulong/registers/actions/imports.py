"""Handing in a sheet, and saying that it shall be imported."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require
from jiulong.registers.actions.entries import check_in_use
from jiulong.registers.importing.sheets import FILE_MAX_MB, PACKED
from jiulong.registers.models import ImportJob, Register

State = ImportJob.State
#: Sheets of one person that wait at the same time.
WAITING_MAX: Final = 5
OPEN: Final = [State.WAITING, State.CHECKING, State.CHECKED, State.FAULTY, State.QUEUED]


def hand_in(
    *,
    actor: Viewer,
    register: Register | None,
    name: str,
    content: bytes,
    now: datetime | None = None,
) -> ImportJob:
    """Have a sheet checked; nothing is entered by that. Without a register: enterprises.

    Raises:
        PermissionDenied: the actor may not import.
        ValidationError: empty, too large, or too many of theirs wait.
    """
    user = _allowed(actor, register)
    if not content or content.startswith(PACKED):
        raise ValidationError(_("This file is empty."))
    if len(content) > FILE_MAX_MB * 1024 * 1024:
        told = _("The file is larger than %(most)d MB.") % {"most": FILE_MAX_MB}
        raise ValidationError(told)
    # An older sheet of theirs for the same register has been replaced by this one.
    old = ImportJob.objects.filter(user=user, register=register, state__in=OPEN)
    old.update(state=State.GIVEN_UP, content=b"")
    busy = ImportJob.objects.filter(user=user, state__in=[*OPEN, State.IMPORTING]).count()
    if busy >= WAITING_MAX:
        raise ValidationError(_("Some of your sheets are still being worked on; wait for them."))
    return ImportJob.objects.create(
        register=register, user=user, name=name[-200:], content=content,
        sha256=sha256(content).hexdigest(), made_at=now or timezone.now(),
    )  # fmt: skip


def start_import(*, actor: Viewer, job: ImportJob) -> None:
    """Have a checked sheet imported.

    Raises:
        PermissionDenied: the actor may not import, or did not hand it in.
        ValidationError: it is not ready; it has faults, or is imported already.
    """
    _own(actor, job)
    ready = ImportJob.objects.filter(pk=job.pk, state=State.CHECKED)
    if not ready.update(state=State.QUEUED, done=0):
        raise ValidationError(_("This sheet is not ready to be imported."))


def give_up(*, actor: Viewer, job: ImportJob) -> None:
    """Forget a sheet that has not been imported.

    Raises:
        PermissionDenied: the actor may not import, or did not hand it in.
    """
    _own(actor, job)
    ImportJob.objects.filter(pk=job.pk, state__in=OPEN).update(state=State.GIVEN_UP, content=b"")


def _own(actor: Viewer, job: ImportJob) -> User:
    user = _allowed(actor, job.register)
    if job.user_id != user.pk:
        raise PermissionDenied("import_entries")
    return user


def _allowed(actor: Viewer, register: Register | None) -> User:
    if register is None:
        return require(actor, "edit_enterprise")
    user = require(actor, "import_entries")
    check_in_use(register)
    return user
