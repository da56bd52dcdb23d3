"""The year's list from a spreadsheet: all rows or none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.projects.actions.filing import change_project, file_project
from jiulong.projects.importing import Fault, Line, parse
from jiulong.projects.models import Easing, Project


@dataclass
class Imported:
    """What came of a sheet. With faults nothing was written.

    `waiting`: of so many that lag, what asks less waits for a second person.
    """

    added: int = 0
    changed: int = 0
    same: int = 0
    waiting: int = 0
    faults: list[Fault] = field(default_factory=list)


def import_projects(
    *, actor: Viewer | None, content: bytes, now: datetime | None = None
) -> Imported:
    """List the projects of a sheet and change those that are listed, told apart by their number.

    Raises:
        PermissionDenied: the actor keeps no projects at all.
        UnreadableError: the file as a whole cannot be read.
    """
    moment = now or timezone.now()
    user = require_or_system(actor, "keep_projects")
    lines, faults = parse(content)
    done = Imported(faults=faults)
    if faults:
        return done
    known = Project.objects.in_bulk([line.values["code"] for line in lines if "code" in
                                     line.values], field_name="code")  # fmt: skip
    with transaction.atomic():
        for line in lines:
            _take(user, line, known, done, moment)
        if done.faults:  # what was written before the first fault goes, too
            transaction.set_rollback(True)
    return Imported(faults=done.faults) if done.faults else done


def _take(
    user: Viewer | None, line: Line, known: dict[str, Project], done: Imported, now: datetime
) -> None:
    project = known.get(str(line.values.get("code", "")))
    try:
        if project is None:
            file_project(actor=user, values=line.values, stage=line.stage, now=now)
            done.added += 1
            return
        before = project.version
        after = change_project(
            actor=user, project=project, values=line.values, now=now,
            reason=_("From an imported list"),
        )  # fmt: skip
        done.waiting += Easing.objects.filter(project=project, asked_at=now).count()
        done.changed += after.version != before
        done.same += after.version == before
    except PermissionDenied:
        done.faults.append(Fault(line.at("lead_unit"), _("You keep no projects of that unit.")))
    except ValidationError as error:
        named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for name, told in named.items():
            done.faults.append(Fault(line.at(name), " ".join(told)))
