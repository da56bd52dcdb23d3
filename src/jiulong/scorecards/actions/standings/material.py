"""What judges look at: files about one subject of a panel, for all who judge it alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import keep_file
from jiulong.evidence.models import Attachment
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.scorecards.actions.standings.adjusting import NotNowError, Upload
from jiulong.scorecards.models import Assignment, Panel
from jiulong.scorecards.queries.material import anchor, files_at, keeps_material
from jiulong.scorecards.standing_rules import RUN


def add_material(
    *,
    actor: Viewer | None,
    panel: Panel,
    alias: str,
    files: Iterable[Upload],
    now: datetime | None = None,
) -> list[Attachment]:
    """Give the judges of one subject something to look at; of a blind panel it bears its number.

    What a file says in itself nobody can hide: whoever adds it looks that no name stands in it.

    Raises:
        PermissionDenied: the actor does not run the contest, or judges in this very panel.
        ValidationError: nobody is judged under that number, or there is no file.
        NotNowError: the panel is closed.
        RefusedFileError: a file is not kept.
    """
    user, moment, given = require_or_system(actor, RUN), now or timezone.now(), list(files)
    if user is not None and not keeps_material(user, panel):
        raise PermissionDenied("add_material")
    task = anchor(panel.pk, alias)
    if task is None or not given:
        raise ValidationError({"alias": _("Choose who is judged, and at least one file.")})
    if panel.closed_at is not None:
        raise NotNowError(_("This panel is closed."))
    with transaction.atomic():
        before = len(files_at(task))
        return [
            keep_file(
                actor=user, content=content, name=_name(task, panel, name, before + n),
                subject=task, purpose="material", now=moment,
            )
            for n, (name, content) in enumerate(given, start=1)
        ]  # fmt: skip


def _name(task: Assignment, panel: Panel, name: str, number: int) -> str:
    """Names of files tell names of firms."""
    return f"{task.alias}-{number}{PurePath(name).suffix.lower()[:8]}" if panel.blind else name
