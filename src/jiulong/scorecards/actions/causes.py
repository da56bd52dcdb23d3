"""Red needs a cause and a plan: a target far behind opens a case with its owner."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.cases import actions as casework
from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case, MatterType
from jiulong.evidence.actions import record_event
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, require_for
from jiulong.scorecards import words
from jiulong.scorecards.aiming import OVER
from jiulong.scorecards.checking import shown
from jiulong.scorecards.models import Target
from jiulong.scorecards.queries.lines import AimLine, lines_of, whole

#: The matter that asks for cause and measures; a pack defines it, without it nothing is asked.
MATTER: Final = "targets.behind"
SOURCE: Final = "scorecards"
EVERY: Final = timedelta(hours=1)


def reference(target: Target) -> str:
    """What the case is about, in the case: the same for every new version of the target."""
    return f"target/{target.indicator_id}/{target.subject_id}/{target.period}"


def open_cases(lines: list[AimLine]) -> dict[str, Case]:
    """Reference → the open case of it."""
    rows = Case.objects.filter(
        source=SOURCE, source_ref__in=[reference(line.target) for line in lines], stage__in=OPEN
    )
    return {row.source_ref: row for row in rows}


@transaction.atomic
def ask_cause(*, actor: Viewer | None, line: AimLine, now: datetime) -> Case:
    """Open a case with the indicator's owner (else the subject's unit): why, and what now.

    Raises:
        PermissionDenied: the actor may not set targets there.
        ValidationError: no such matter, nobody to ask, or it was asked already.
    """
    if actor is not None:
        require_for(actor, "set_targets", line.subject.unit_id)
    matter = MatterType.objects.filter(code=MATTER, retired_at=None).first()
    unit = _asked(line)
    if matter is None or unit is None:
        raise ValidationError(_("No pack says how such a case is handled, or nobody owns this."))
    if reference(line.target) in open_cases([line]):
        raise ValidationError(_("Cause and measures were asked for already."))
    case = casework.file_case(
        actor=None, matter=matter, title=_title(line), about=_about(line), data=_data(line, unit),
        source=SOURCE, source_ref=reference(line.target), now=now,
    )  # fmt: skip
    user = actor if isinstance(actor, User) else None
    data = {"case": case.number, "light": line.judged.light}
    record_event(actor=user, verb="ask_cause", subject=line.target, data=data, at=now)
    return case


def _asked(line: AimLine) -> Unit | None:
    """A line of the district is its department's; a street's line is the street's."""
    top = line.subject.parent_id is None
    return (line.indicator.owner or line.subject.unit) if top else line.subject.unit


def _title(line: AimLine) -> str:
    data = {"subject": line.subject.name, "indicator": line.name}
    return str(_("%(subject)s: %(indicator)s far behind its target") % data)[:200]


def _about(line: AimLine) -> str:
    return f"{words.target_words(line.target)} · {words.why(line.judged, line.indicator)}"


def _data(line: AimLine, unit: Unit) -> dict[str, object]:
    latest, expected = line.latest, line.judged.expected
    return {
        "unit": unit.code, "indicator": line.name, "period": latest.period if latest else "",
        "target": words.target_words(line.target),
        "value": shown(latest.value.value) if latest else "",
        "expected": words.in_unit(expected.best, line.indicator) if expected else "",
    }  # fmt: skip


def step(now: datetime) -> bool:
    """The keeper's round: the district's own red lines are asked about at once."""
    subject, on = whole(), timezone.localtime(now).date()
    if subject is None or not MatterType.objects.filter(code=MATTER, retired_at=None).exists():
        return False
    red = [line for line in lines_of([subject], on.year, on) if line.judged.light == OVER]
    known = open_cases(red)
    new = [line for line in red if reference(line.target) not in known and _fresh(line)]
    for line in new:
        ask_cause(actor=None, line=line, now=now)
    return bool(new)


def _fresh(line: AimLine) -> bool:
    """Not asked about the same period before: an answered month is not asked again."""
    latest = line.latest
    rows = Case.objects.filter(source=SOURCE, source_ref=reference(line.target))
    return latest is not None and not rows.filter(data__period=latest.period).exists()
