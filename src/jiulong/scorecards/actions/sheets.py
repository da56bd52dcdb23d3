"""Sheets: opened when a period ends, filled in, submitted, signed level by level, locked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from jiulong.calendar.queries import district_calendar
from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require_for
from jiulong.scorecards import checking, sheeting, typists
from jiulong.scorecards.actions.observing import BY_HAND, Seen, observe
from jiulong.scorecards.checking import At, Typed
from jiulong.scorecards.models import Observation, Sheet
from jiulong.scorecards.queries.sheets import Sheetful, faults, sheetful
from jiulong.scorecards.signing import may_return, may_sign

#: (state, action) → state.
LIFE: Final[dict[tuple[str, str], str]] = {
    ("draft", "submit"): "submitted",
    ("returned", "submit"): "submitted",
    ("submitted", "sign"): "signed",  # by the last level; the others leave it submitted
    ("submitted", "return"): "returned",
    ("signed", "return"): "returned",  # until it is locked
    ("signed", "lock"): "locked",
}
OPEN: Final = (Sheet.State.DRAFT, Sheet.State.RETURNED)
LONGEST: Final = 40
LONGEST_NOTE: Final = 300


class WrongCellsError(Exception):
    """A sheet cannot be submitted; `faults` say why, cell by cell."""

    def __init__(self, found: list[checking.Fault]) -> None:
        self.faults = found
        super().__init__(f"{len(found)} cells")


def _move(sheet: Sheet, version: int, **changes: object) -> None:
    """Guarded by state and version: who was late looks again."""
    done = Sheet.objects.filter(pk=sheet.pk, version=version, state=sheet.state).update(
        version=F("version") + 1, **changes
    )
    if not done:
        told = _("Somebody changed this sheet meanwhile. Load it again; nothing was lost.")
        raise ValidationError(told)
    sheet.refresh_from_db()


def save_draft(
    *, actor: Viewer, sheet: Sheet, cells: Mapping[At, Typed], version: int, now: datetime
) -> Sheet:
    """Keep what was typed so far, and by whom; nothing is checked yet, nothing is observed.

    Raises:
        PermissionDenied: not the actor's unit.
        ValidationError: submitted already, or changed by others since `version`.
    """
    user = require_for(actor, "fill_sheet", sheet.unit_id)
    _require_state(sheet, "submit")
    draft = {subject: dict(row) for subject, row in sheet.draft.items()}
    for (subject, key), cell in cells.items():
        row = draft.setdefault(subject, {})
        value, note = cell.value.strip()[:LONGEST], cell.note.strip()[:LONGEST_NOTE]
        row[key] = typists.cell(row.get(key), value, note, user, now)
    _move(sheet, version, draft=draft)
    return sheet


@transaction.atomic
def submit_sheet(*, actor: Viewer, sheet: Sheet, version: int, now: datetime) -> Sheet:
    """Hand the sheet in for signature.

    Raises:
        PermissionDenied: not the actor's unit.
        ValidationError: submitted already, or changed by others since `version`.
        WrongCellsError: a value is missing, wrong or needs a note.
    """
    user = require_for(actor, "fill_sheet", sheet.unit_id)
    state = _require_state(sheet, "submit")
    if wrong := faults(sheetful(sheet)):
        raise WrongCellsError(wrong)
    _move(
        sheet, version, state=state, submitted_at=now, submitted_by=user, signatures=[],
        late=now > sheet.due_at, returned_why="",
    )  # fmt: skip
    digest = sheeting.digest_of(sheet, sheeting.told(sheet))
    data = {"period": sheet.period, "digest": digest, "late": sheet.late,
            "typed": typists.counted(sheet)}  # fmt: skip
    record_event(actor=user, verb="submit_sheet", subject=sheet, data=data, at=now)
    return sheet


@transaction.atomic
def sign_sheet(*, actor: Viewer, sheet: Sheet, digest: str, now: datetime) -> Sheet:
    """Sign at the level whose turn it is; the last signature makes the values observations.

    Raises:
        PermissionDenied: not their level, or they filled it in or signed it already.
        ValidationError: something else was changed since they looked: `digest` is of what they saw.
    """
    if not isinstance(actor, User) or not may_sign(actor, sheet):
        raise PermissionDenied("sign_sheet")
    seen = sheeting.digest_of(sheet, sheeting.told(sheet))
    if digest != seen:
        raise ValidationError(_("The sheet is another than the one you looked at. Look again."))
    spec = sheeting.spec_of(sheet.plan)
    one = {"level": len(sheet.signatures) + 1, "user": actor.pk, "name": str(actor),
           "at": now.isoformat(), "digest": digest}  # fmt: skip
    last = one["level"] == len(spec.levels)
    state = LIFE["submitted", "sign"] if last else sheet.state
    _move(sheet, sheet.version, state=state, signatures=[*sheet.signatures, one])
    rows = _observe(sheetful(sheet), actor, now) if last else 0
    data = {"level": one["level"], "of": len(spec.levels), "digest": digest, "values": rows}
    record_event(actor=actor, verb="sign_sheet", subject=sheet, data=data, at=now)
    return sheet


def _observe(full: Sheetful, actor: User, now: datetime) -> int:
    seen = []
    typed = full.typed()
    for subject in full.subjects:
        for column in full.columns:
            cell = typed[subject.code, column.key]
            value = checking.number(cell.value)
            if value is not None:
                seen.append(Seen(
                    column.indicator.pk, subject.pk, column.period, value,
                    companion=column.companion, note=cell.note,
                ))  # fmt: skip
    reason = _("The sheet was returned and signed again")
    return len(observe(actor=actor, seen=seen, now=now, reason=reason, sheet=full.sheet))


@transaction.atomic
def return_sheet(*, actor: Viewer, sheet: Sheet, why: str, now: datetime) -> Sheet:
    """Send a sheet back to who filled it in; values that stand stay until it is signed again.

    Raises:
        PermissionDenied: no signer of any of its levels.
        ValidationError: no reason, locked, or a value of it was revised since it was signed.
    """
    if not isinstance(actor, User) or not may_return(actor, sheet):
        raise PermissionDenied("sign_sheet")
    state = _require_state(sheet, "return")
    if not why.strip():
        raise ValidationError({"why": _("Say what is wrong.")})
    if _was_revised(sheet):
        # Signed again, it would quietly put the old value in place of the corrected one.
        told = _("A value of this sheet was revised since: correct others by a revision, too.")
        raise ValidationError(told)
    _move(sheet, sheet.version, state=state, returned_why=why.strip()[:300], signatures=[])
    data = {"reason": sheet.returned_why}
    record_event(actor=actor, verb="return_sheet", subject=sheet, data=data, at=now)
    return sheet


def _was_revised(sheet: Sheet) -> bool:
    """Whether what it reported was corrected by somebody's revision, such as of an objection."""
    made = sheet.observations.filter(current=False).values_list("pk", flat=True)
    refs = [f"scorecards.observation/{pk}" for pk in made]
    return Observation.objects.filter(
        refs__overlap=refs, sheet=None, status__in=BY_HAND, period__in=_periods(sheet)
    ).exists()


def _periods(sheet: Sheet) -> list[str]:
    return list(sheet.observations.order_by().values_list("period", flat=True).distinct())


def _require_state(sheet: Sheet, action: str) -> str:
    state = LIFE.get((sheet.state, action))
    if state is None:
        told = _("This cannot be done with a sheet that is: %(state)s.")
        raise ValidationError(told % {"state": sheet.get_state_display()})
    return state


def lock_sheets(now: datetime) -> bool:
    """Lock what is signed and past its time; says whether there was any."""
    calendar = district_calendar()
    rows = Sheet.objects.filter(state=Sheet.State.SIGNED, due_at__lt=now).select_related("plan")
    ends = {row: sheeting.locks_at(sheeting.spec_of(row.plan), row.due_at, calendar)
            for row in rows}  # fmt: skip
    due = [row for row, end in ends.items() if end < now]
    for row in due:
        lock_sheet(sheet=row, now=now)
    return bool(due)


@transaction.atomic
def lock_sheet(*, sheet: Sheet, now: datetime) -> None:
    """From now on only a revision changes its values. For the keeper's round."""
    state = _require_state(sheet, "lock")
    _move(sheet, sheet.version, state=state, locked_at=now)
    record_event(actor=None, verb="lock_sheet", subject=sheet, at=now)
