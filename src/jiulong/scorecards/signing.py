"""Who signs a sheet, and who may send it back."""

from __future__ import annotations

from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, reach
from jiulong.scorecards import sheeting, typists
from jiulong.scorecards.models import Sheet


def may_sign(viewer: Viewer, sheet: Sheet) -> bool:
    """Whether it is the viewer's turn: their level, and neither who typed any value of it, nor who
    handed it in, nor who signed it already.
    """
    spec = sheeting.spec_of(sheet.plan)
    if not isinstance(viewer, User) or sheet.state != Sheet.State.SUBMITTED:
        return False
    level = len(sheet.signatures)
    if level >= len(spec.levels) or viewer.pk in _hands(sheet):
        return False
    held = reach(viewer, "sign_sheet")
    return bool(held) and held.covers(sheeting.signing_unit(spec, sheet, level).pk)


def _hands(sheet: Sheet) -> set[int | None]:
    signed = {one["user"] for one in sheet.signatures}
    return {sheet.submitted_by_id, *signed, *typists.hands(sheet)}


def may_return(viewer: Viewer, sheet: Sheet) -> bool:
    """Whether the viewer signs at any of its levels, and it is not locked."""
    held = reach(viewer, "sign_sheet")
    if not held or sheet.state not in {Sheet.State.SUBMITTED, Sheet.State.SIGNED}:
        return False
    spec = sheeting.spec_of(sheet.plan)
    return any(
        held.covers(sheeting.signing_unit(spec, sheet, level).pk)
        for level in range(len(spec.levels))
    )
