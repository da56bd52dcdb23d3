"""Who sees which standings and rows, and whose own row it is."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, held_by, may, require
from jiulong.scorecards.models import Standing, StandingRow, Subject

SEE, RUN, EDIT = "see_standings", "run_contest", "edit_scheme"
ADJUST, OBJECT = "adjust_standing", "dispute_standing"
#: States in which a standing is shown to those who do not make it.
SHOWN = (Standing.State.DISPUTABLE, Standing.State.FROZEN, Standing.State.PUBLISHED)


def units_of(viewer: Viewer, verb: str) -> frozenset[int]:
    """Units in which the viewer themselves holds the verb today; units below do not count."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return frozenset()
    day = timezone.localdate()
    return frozenset(
        held.unit
        for held in held_by(viewer)
        if held.unit is not None and verb in held.verbs and held.holds(day)
    )


def own_units(subject: Subject) -> frozenset[int]:
    """The unit that speaks for a subject: its own; an enterprise's is that of the enterprise."""
    unit = subject.unit_id if subject.enterprise is None else subject.enterprise.unit_id
    return frozenset() if unit is None else frozenset({unit})


def speaks_for(viewer: Viewer, subject: Subject) -> bool:
    """Whether the viewer may object on behalf of the subject: of its own unit, no other."""
    return bool(units_of(viewer, OBJECT) & own_units(subject))


def require_own(viewer: Viewer, subject: Subject) -> User:
    """The acting user, if they speak for the subject.

    Raises:
        PermissionDenied: they are of another unit.
    """
    user = require(viewer, OBJECT)
    if not speaks_for(user, subject):
        raise PermissionDenied(OBJECT)
    return user


def visible_standings(viewer: Viewer) -> Q:
    """Standings that the viewer may open: all to those who make them, to others once open."""
    if may(viewer, RUN) or may(viewer, EDIT):
        return Q()
    if may(viewer, SEE) or may(viewer, OBJECT):
        return Q(state__in=SHOWN)
    return Q(pk__in=[])


def visible_rows(viewer: Viewer) -> Q:
    """Rows that the viewer may open. An enterprise sees its own; ranks of others are not its."""
    if may(viewer, RUN) or may(viewer, EDIT) or may(viewer, SEE):
        return Q()
    return mine(viewer)


def mine(viewer: Viewer) -> Q:
    """Rows of the viewer's own unit."""
    units = units_of(viewer, OBJECT) | units_of(viewer, SEE)
    unit = Q(subject__unit__in=units, subject__enterprise=None)
    return unit | Q(subject__enterprise__unit__in=units)


def sees_row(viewer: Viewer, row: StandingRow) -> bool:
    """Whether the viewer may open the row; asks the database once."""
    shown = Standing.objects.filter(visible_standings(viewer), pk=row.standing_id)
    return StandingRow.objects.filter(visible_rows(viewer), pk=row.pk, standing__in=shown).exists()
