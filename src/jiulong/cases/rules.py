"""Who may see a case, and who may make which move in it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from jiulong.cases.lifecycle import OPEN
from jiulong.cases.models import Case, MatterType, Task
from jiulong.cases.schema import MatterSpec
from jiulong.evidence.models import Event
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, held_by, may, reach

#: Verbs of those who work on cases; whoever holds one may add a note to what they see.
WORKING: Final = (
    "file_case",
    "apply_case",
    "assign_case",
    "handle_case",
    "verify_case",
    "close_case",
    "supervise_case",
    "confirm_case",
)


#: Events of those who work on a case; whoever made one neither verifies nor closes it.
HANDLING: Final = ("accept", "feedback", "reply", "task_finish")


def matters_for_all() -> list[int]:
    """Ids of matters whose cases everybody sees who sees any.

    As numbers for a condition: looking into the specification of each case's matter would keep
    PostgreSQL from every index.
    """
    return list(MatterType.objects.filter(spec__see="all").values_list("pk", flat=True))


def visible(viewer: Viewer) -> Q:
    """The cases the viewer may see, as a condition on `Case`."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return Q(pk__in=[])
    seen = reach(viewer, "see_cases")
    if seen.everything:
        return Q()
    found = Q(filed_by=viewer) | Q(handler=viewer)
    if seen.units:
        found |= Q(involved__overlap=sorted(seen.units))
    if seen and not _outside(viewer) and (shown := matters_for_all()):
        found |= Q(matter__in=shown)
    return found


def _outside(user: User) -> bool:
    """Whether it is the account of an enterprise: "all" are the staff."""
    firm = user.unit is not None and user.unit.kind == Unit.Kind.ENTERPRISE
    return firm or user.role == User.Role.ENTERPRISE


def sees(viewer: Viewer, case: Case) -> bool:
    """As `visible`, for a case in hand."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return False
    seen = reach(viewer, "see_cases")
    own = viewer.pk in {case.filed_by_id, case.handler_id}
    wide = bool(seen) and not _outside(viewer) and case.matter.spec.get("see") == "all"
    return seen.everything or own or wide or bool(seen.units.intersection(case.involved))


def _at(verb: str, unit: int | None, user: User, *, own: bool = False) -> bool:
    held = reach(user, verb)
    return held.covers(unit) or (held.own is not None and own)


def _desk(user: User, case: Case, _spec: MatterSpec) -> bool:
    """`assign_case` over the desk that dispatches or over the lead unit, or its supervisors."""
    named = case.lead_id is not None and _at("assign_case", case.lead_id, user)
    return _at("assign_case", case.dispatch_id, user) or _supervises(user, case, _spec) or named


def _supervises(user: User, case: Case, _spec: MatterSpec) -> bool:
    """`supervise_case` over the desk that dispatches."""
    return _at("supervise_case", case.dispatch_id, user)


def _handles(user: User, case: Case, _spec: MatterSpec) -> bool:
    """`handle_case` over the lead unit; where that holds for one's own things, the handler."""
    mine = case.handler_id == user.pk or (
        case.handler_id is None and case.lead_id is not None and case.lead_id == user.unit_id
    )
    return _at("handle_case", case.lead_id, user, own=mine)


def _verifies(user: User, case: Case, spec: MatterSpec) -> bool:
    """`verify_case` over the verifying unit, never who handled it; where three roles are asked for,
    nor who filed it, nor anybody of their units.
    """
    if spec.verify is None or user.pk == case.handler_id:
        return False
    theirs = {case.lead_id, case.filed_unit_id}
    if spec.separate and (user.pk == case.filed_by_id or not theirs.isdisjoint(_units(user))):
        return False
    return _at(spec.verify.verb, case.verifier_id, user) and not _handled(user, case)


def _units(user: User) -> set[int]:
    """The units in which the user has a post today."""
    day = timezone.localdate()
    return {each.unit for each in held_by(user) if each.unit is not None and each.holds(day)}


def _handled(user: User, case: Case) -> bool:
    """Whether the user had a hand in it at any time: another handler since does not matter."""
    done = Event.objects.filter(subject="cases.case", subject_id=str(case.pk), actor=user)
    return done.filter(verb__in=HANDLING).exists()


def _sends_back(user: User, case: Case, spec: MatterSpec) -> bool:
    """Whoever may verify it, or close it."""
    return _verifies(user, case, spec) or _closes(user, case, spec)


def _closes(user: User, case: Case, _spec: MatterSpec) -> bool:
    """`close_case` over the desk that dispatches, never who handled it."""
    if user.pk == case.handler_id or not _at("close_case", case.dispatch_id, user):
        return False
    return not _handled(user, case)


def _confirms(user: User, case: Case, _spec: MatterSpec) -> bool:
    """`confirm_case`: the enterprise it is about, or whoever reported it."""
    firm = case.enterprise.unit_id if case.enterprise is not None else None
    held = reach(user, "confirm_case")
    if not held or (firm is not None and firm in held.units):
        return bool(held)
    own = user.pk == case.filed_by_id and user.pk != case.handler_id
    return own and not _handled(user, case)


def _withdraws(user: User, case: Case, spec: MatterSpec) -> bool:
    """Who filed it and holds `withdraw_case`, or its supervisors."""
    mine = user.pk == case.filed_by_id and may(user, "withdraw_case")
    return mine or _supervises(user, case, spec)


def _suspends(user: User, case: Case, spec: MatterSpec) -> bool:
    """Its supervisors; and who handles it, where the matter lists documents that may be missing."""
    lacking = bool(spec.missing_documents) and _handles(user, case, spec)
    return lacking or _supervises(user, case, spec)


def _notes(user: User, case: Case, _spec: MatterSpec) -> bool:
    """Whoever sees the case and works on cases at all."""
    return sees(user, case) and any(may(user, verb) for verb in WORKING)


def _merges(user: User, case: Case, spec: MatterSpec) -> bool:
    """`assign_case` over the desk that dispatches, or its supervisors."""
    return dispatches(user, case, spec)


def dispatches(user: User, case: Case, spec: MatterSpec) -> bool:
    """Whether the user gives the case to units, and not only to people of the lead unit."""
    return _at("assign_case", case.dispatch_id, user) or _supervises(user, case, spec)


Permit = Callable[[User, Case, MatterSpec], bool]
PERMITS: Final[dict[str, Permit]] = {
    "assign": _desk,
    "accept": _handles,
    "return": _handles,
    "feedback": _handles,
    "reply": _handles,
    "ask_extension": _handles,
    "verify": _verifies,
    "send_back": _sends_back,
    "close": _closes,
    "confirm": _confirms,
    "reopen": _supervises,
    "extend": _supervises,
    "refuse_extension": _supervises,
    "suspend": _suspends,
    "resume": _suspends,
    "withdraw": _withdraws,
    "merge": _merges,
    "remind": _supervises,
    "note": _notes,
    "join": _notes,
    "add_task": _desk,
}


def may_move(viewer: Viewer, case: Case, spec: MatterSpec, action: str) -> bool:
    """Whether the viewer may make the move, whatever the stage."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return False
    return PERMITS[action](viewer, case, spec)


def may_task(viewer: Viewer, task: Task) -> bool:
    """Whether the viewer may work on the task: for its unit, or as the case's own handler."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return False
    mine = task.unit_id == viewer.unit_id
    return _at("handle_case", task.unit_id, viewer, own=mine)


def files(viewer: Viewer) -> bool:
    """Whether the viewer files any matter at all: staff report, enterprises apply."""
    return may(viewer, "file_case") or may(viewer, "apply_case")


def may_file(viewer: Viewer, spec: MatterSpec) -> bool:
    """Whether the viewer holds one of the verbs with which the matter is filed."""
    return any(may(viewer, verb) for verb in spec.file_by)


def require_move(viewer: Viewer, case: Case, spec: MatterSpec, action: str) -> User:
    """The acting user.

    Raises:
        PermissionDenied: the viewer may not make the move in this case.
    """
    if not isinstance(viewer, User) or not may_move(viewer, case, spec, action):
        raise PermissionDenied(action)
    return viewer


def sees_by_id(viewer: Viewer, case_id: str) -> bool:
    """For the files of a case: whoever sees the case sees them."""
    return Case.objects.filter(visible(viewer), pk=case_id).exists()


def adds_by_id(viewer: Viewer, case_id: str) -> bool:
    """Whoever sees the case and works on cases hands in files, while it is open."""
    works = any(may(viewer, verb) for verb in WORKING)
    there = Case.objects.filter(visible(viewer), pk=case_id, stage__in=OPEN)
    return works and there.exists()
