"""Filing: what is wrong, where, and what it is about."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.cases import moves, routing, rules, specs
from jiulong.cases.actions.handling import assign_by_route
from jiulong.cases.checks import digest
from jiulong.cases.lifecycle import FILED
from jiulong.cases.models import Case, MatterType
from jiulong.cases.numbers import new_tracking, next_number
from jiulong.cases.schema import MatterSpec
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer
from jiulong.registers.models import Enterprise, Entry
from jiulong.registers.specs import check_values

TITLE_LENGTH = 200
#: Longitudes and latitudes of China, in degrees: a device's nonsense lies elsewhere.
WEST, EAST, SOUTH, NORTH = 73.0, 136.0, 3.0, 54.0
ADDRESS_LENGTH = 200


def file_case(
    *,
    actor: Viewer | None,
    matter: MatterType,
    title: str,
    about: str = "",
    data: Mapping[str, Any] | None = None,
    severity: str = "",
    entry: Entry | None = None,
    enterprise: Enterprise | None = None,
    place: tuple[float, float] | None = None,
    address: str = "",
    area: Unit | None = None,
    contact: Mapping[str, Any] | None = None,
    client_id: str | None = None,
    source: str = "",
    source_ref: str = "",
    kind: str = "",
    parent: Case | None = None,
    clock: str = "",
    now: datetime | None = None,
) -> Case:
    """File a case; where the matter says so it is assigned by its route at once.

    `place` is (longitude, latitude) in WGS-84 degrees. The same `client_id` again gives the case
    that was filed with it. `kind` is the finding's, for routes; `clock` overrides the limit.

    Raises:
        PermissionDenied: the actor may not file this matter.
        ValidationError: a field is wrong or missing; it says which.
    """
    moment = now or timezone.now()
    spec = specs.matter(matter)
    user = _filer(actor, spec)
    if client_id and (known := Case.objects.filter(client_id=client_id).first()):
        return _same(known, user)
    facts = routing.Facts(
        data=_values(spec, data or {}, by_system=user is None),
        severity=specs.severity_of(spec, severity).key,
        kind=kind,
        filer=user.unit if user else None,
        entry=entry,
        enterprise=_firm(user, spec, enterprise or (entry.enterprise if entry else None)),
    )
    facts.territory = routing.territory_of(area, place, facts.filer, _unit_of(entry))
    wrong = {**_misplaced(spec, area, place), **_unsaid(title, about)}
    _check(matter, spec, facts, wrong)
    try:
        with transaction.atomic():
            dispatch = routing.must_find(spec.dispatch, facts, _("Desk"))
            facts.dispatch = dispatch
            case = Case(
                matter=matter, title=title.strip(), about=about.strip(), data=dict(facts.data),
                severity=facts.severity, stage=FILED, source=source, source_ref=source_ref,
                findings=1 if source else 0, client_id=client_id or None,
                tracking=new_tracking() if spec.public else None, contact=dict(contact or {}),
                filed_at=moment, filed_by=user, filed_unit=facts.filer, dispatch=dispatch,
                entry=entry, enterprise=facts.enterprise, parent=parent,
                address=address.strip()[:ADDRESS_LENGTH],
                street=facts.territory.get("street") or facts.territory.get("zone"),
                grid=facts.territory.get("grid") or facts.territory.get("community"),
                longitude=place[0] if place else None, latitude=place[1] if place else None,
                number=next_number(spec.number, moment, unit=dispatch.code),
            )  # fmt: skip
            case.involved = involved(case, spec, facts)
            case.save()
            move = moves.Move(case, spec, "file", user, moment, "")
            move.told = {"title": case.title, "severity": case.severity, "source": source}
            move.told["sha256"] = digest(case.data)
            moves.settle(move)
            if spec.auto_assign:
                case = assign_by_route(case, facts=facts, now=moment, clock=clock)
    except IntegrityError:
        # The same report came at the same time by another way, and that one was quicker.
        quicker = Case.objects.filter(client_id=client_id).first() if client_id else None
        if quicker is None:
            raise
        return _same(quicker, user)
    return case


def involved(case: Case, spec: MatterSpec, facts: routing.Facts) -> list[int]:
    """Units that may see the case as theirs: who files, who dispatches, whose place it is."""
    units = [case.filed_unit_id, case.dispatch_id]
    units += [unit.pk for unit in facts.territory.values()]
    if spec.enterprise_sees and facts.enterprise is not None:
        units.append(facts.enterprise.unit_id)
    return sorted({pk for pk in units if pk is not None})


def _firm(user: User | None, spec: MatterSpec, named: Enterprise | None) -> Enterprise | None:
    """An enterprise files about itself, and about nobody else.

    Raises:
        PermissionDenied: an enterprise's account names another one.
    """
    own = Enterprise.objects.filter(unit=user.unit_id).first() if user and user.unit_id else None
    if own is None or spec.enterprise == "none":
        return named
    if named is not None and named != own:
        raise PermissionDenied("file_case")
    return own


def _values(spec: MatterSpec, data: Mapping[str, Any], *, by_system: bool) -> dict[str, Any]:
    """The form's values. What the system files may lack some: a finding has no form."""
    checked = check_values(spec.fields, data, partial=by_system)
    return {key: value for key, value in checked.items() if value is not None}


def _filer(actor: Viewer | None, spec: MatterSpec) -> User | None:
    if actor is None:
        return None
    if not isinstance(actor, User) or not rules.may_file(actor, spec):
        raise PermissionDenied("file_case")
    return actor


def _same(known: Case, user: User | None) -> Case:
    """A report that was sent twice. Another person's number tells them nothing."""
    if user is not None and known.filed_by_id != user.pk:
        raise PermissionDenied("file_case")
    return known


def _misplaced(
    spec: MatterSpec, area: Unit | None, place: tuple[float, float] | None
) -> dict[str, str]:
    wrong = {}
    if spec.place == "required" and place is None:
        wrong["place"] = _("Mark the place on the map.")
    elif place is not None and not (WEST <= place[0] <= EAST and SOUTH <= place[1] <= NORTH):
        wrong["place"] = _("That is no place in China.")
    if area is not None and area.kind not in routing.TERRITORY:
        wrong["area"] = _("“%(unit)s” is no grid, community, street or town.") % {"unit": area}
    return wrong


def _unsaid(title: str, about: str) -> dict[str, str]:
    wrong = {}
    if not title.strip():
        wrong["title"] = _("Say in a few words what it is.")
    elif len(title.strip()) > TITLE_LENGTH:
        wrong["title"] = _("At most %(count)s characters.") % {"count": TITLE_LENGTH}
    if "\0" in f"{title}{about}":
        wrong["title"] = _("This text holds signs that are no text.")
    return wrong


def _check(
    matter: MatterType, spec: MatterSpec, facts: routing.Facts, wrong: dict[str, str]
) -> None:
    if matter.retired_at is not None:
        wrong["matter"] = _("This matter is no longer used.")
    if spec.entry == "required" and facts.entry is None:
        wrong["entry"] = _("Choose what the case is about.")
    if facts.entry is not None and facts.entry.register.code != spec.register_key:
        wrong["entry"] = _("That entry is of another register.")
    if spec.enterprise == "required" and facts.enterprise is None:
        wrong["enterprise"] = _("Choose the enterprise.")
    if wrong:
        raise ValidationError({name: [text] for name, text in wrong.items()})


def _unit_of(entry: Entry | None) -> Unit | None:
    return entry.unit if entry is not None else None
