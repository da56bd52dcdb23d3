"""What a leader saw on a visit and has to be seen to: it becomes a case."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.bulletins import kinds, rules, targets
from jiulong.bulletins.models import Pairing, PairVisit, VisitCase
from jiulong.cases.actions import file_case
from jiulong.cases.actions.filing import TITLE_LENGTH
from jiulong.cases.models import Case, MatterType
from jiulong.cases.routing import TERRITORY
from jiulong.evidence.actions import record_event
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer
from jiulong.registers.models import Enterprise, Entry

SOURCE = "bulletins"


def file_problem(*, actor: Viewer, visit: PairVisit, now: datetime | None = None) -> Case:
    """Make the problem of a visit a case of the matter that a pack names for such things.

    Raises:
        PermissionDenied: the actor does not see the pairing, or may not file that matter.
        ValidationError: nothing was noted, it is a case already, or no pack says what it becomes.
    """
    now = now or timezone.now()
    if not isinstance(actor, User) or not rules.sees_pairing(actor, visit.pairing):
        raise PermissionDenied(rules.VISIT)
    with transaction.atomic():
        # Locked: two at once must not make two cases of one problem.
        fresh = PairVisit.objects.select_for_update(of=("self",)).get(pk=visit.pk)
        if not fresh.problem or VisitCase.objects.filter(visit=fresh).exists():
            raise ValidationError({"problem": _("There is no problem left to hand over.")})
        case = file_case(actor=actor, now=now, **_told(fresh, fresh.pairing))
        VisitCase.objects.create(visit=fresh, case=case, by=actor, at=now)
        data = {"visit": fresh.pk, "case": case.number}
        record_event(actor=actor, verb="file_problem", subject=fresh.pairing, data=data, at=now)
    return case


def _told(visit: PairVisit, pairing: Pairing) -> dict[str, Any]:
    """What `file_case` is told of it."""
    kind = targets.by_label(pairing.label)
    item = kinds.problem(kind.key) if kind is not None else None
    thing = targets.row_of(pairing.label, pairing.target)
    if kind is None or item is None or thing is None:
        raise ValidationError(
            {"problem": _("No pack says what becomes of it. File a case under “Cases”.")}
        )
    matter = MatterType.objects.filter(code=item.matter, retired_at=None).first()
    if matter is None:
        told = _("The matter “%(code)s” is not in use. Apply its pack.")
        raise ValidationError({"problem": told % {"code": item.matter}})
    unit = kind.unit(thing)
    given = {"$problem": visit.problem, "$unit": unit.code if unit is not None else ""}
    there = visit.longitude is not None and visit.latitude is not None
    return {
        "matter": matter, "severity": item.severity,
        "title": f"{pairing.title}：{visit.problem}"[:TITLE_LENGTH],
        "about": visit.note, "address": visit.address,
        "data": {name: given.get(value, value) for name, value in item.values.items()},
        "entry": thing if isinstance(thing, Entry) else None,
        "enterprise": thing if isinstance(thing, Enterprise) else None,
        "area": thing if isinstance(thing, Unit) and thing.kind in TERRITORY else None,
        "place": (visit.longitude, visit.latitude) if there else None,
        "source": SOURCE, "source_ref": f"visit/{visit.pk}",
    }  # fmt: skip
