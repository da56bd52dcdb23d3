"""Sheets that were handed in: each person sees their own."""

from __future__ import annotations

from typing import Final

from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer
from jiulong.registers.models import ImportJob, Register

RECENT: Final = 10


def imports(viewer: Viewer, register: Register | None) -> list[ImportJob]:
    """The viewer's latest sheets for the register, or of enterprises, newest first."""
    if not isinstance(viewer, User):
        return []
    rows = ImportJob.objects.filter(user=viewer, register=register).defer("content", "faults")
    return list(rows[:RECENT])


def import_job(viewer: Viewer, pk: int) -> ImportJob:
    """One sheet. ImportJob.DoesNotExist also where it is not the viewer's."""
    if not isinstance(viewer, User):
        raise ImportJob.DoesNotExist(pk)
    return ImportJob.objects.select_related("register", "user").get(pk=pk, user=viewer)
