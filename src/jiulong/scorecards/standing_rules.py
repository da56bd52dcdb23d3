"""Who sees which standings and rows, and whose own row it is."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils import timezone

from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, held_by, may, posted, reach, require
from jiulong.scorecards.models import Standing, StandingRow, Subject

SEE, RUN, EDIT = "see_standings", "run_contest", "edit_scheme"
ADJUST, OBJECT = "adjust_standing", "dispute_standing"
#: What is known of one firm alone is not for every office.
CLOSED_KINDS = (Subject.Kind.ENTERPRISE,)
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


def is_own(viewer: Viewer, subject: Subject) -> bool:
    """Whether they have a post in the unit that is measured: then they decide nothing about it.

    The district itself is ranked with nobody: its figures are corrected by its own people.
    """
    mine = posted(viewer) & own_units(subject)
    return Unit.objects.filter(pk__in=mine).exclude(kind=Unit.Kind.DISTRICT).exists()


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
    """Rows whose rank the viewer may see. An enterprise sees its own; ranks of others are not its.

    Which of them they may open, with points and values, says `open_rows`.
    """
    if may(viewer, RUN) or may(viewer, EDIT) or may(viewer, SEE):
        return Q()
    return mine(viewer)


def open_rows(viewer: Viewer) -> Q:
    """Of the visible rows those that the viewer reads in full: points, values, objections.

    Of an enterprise (a closed kind) they read them where they are concerned, where the scheme names
    their unit, and once it is frozen or published, if the scheme opens it then.
    """
    if reads_all(viewer):
        return Q()
    if not may(viewer, SEE):
        return mine(viewer)
    named = Q(pk__in=[])
    for code in _codes(viewer):
        named |= Q(standing__scheme__spec__visible__units__contains=[code])
    return concerned(viewer) | named | opened()


def opened() -> Q:
    """Rows that their scheme opens to whoever sees standings: units always, firms when it says."""
    spec = "standing__scheme__spec__visible__opens"
    done = (Standing.State.FROZEN, Standing.State.PUBLISHED)
    return (
        ~Q(subject__kind__in=CLOSED_KINDS)
        | Q(**{spec: "frozen"}, standing__state__in=done)
        | Q(**{spec: "published"}, standing__state=Standing.State.PUBLISHED)
    )


def reads_all(viewer: Viewer) -> bool:
    """Whether they run the contest or supervise everywhere."""
    return may(viewer, RUN) or may(viewer, EDIT) or reach(viewer, SEE).everything


def concerned(viewer: Viewer) -> Q:
    """Rows of the viewer's units, and of what these or units below them are in charge of."""
    held = reach(viewer, SEE)
    found = mine(viewer) | Q(subject__unit__in=held.units)
    for path in _paths(viewer):
        found |= Q(subject__unit__path__startswith=path)
    return found


def _paths(viewer: Viewer) -> set[str]:
    if not isinstance(viewer, User):
        return set()
    day = timezone.localdate()
    held = (one for one in held_by(viewer) if SEE in one.verbs and one.holds(day))
    return {one.path for one in held if one.path}


def _codes(viewer: Viewer) -> list[str]:
    units = Unit.objects.filter(pk__in=units_of(viewer, SEE))
    return list(units.order_by().values_list("code", flat=True))


def is_open(row: StandingRow) -> bool:
    """Whether a row that `queries.standings.rows` gave is read in full; others are ranks alone."""
    return bool(getattr(row, "full", False))


def reads_group(viewer: Viewer, standing: int, group: str) -> bool:
    """Whether they read in full whom a row is compared with.

    If not, what tells of these stays closed, too: how far the next one is ahead, the highest and
    lowest figure of the group, and trying out from which figure on one would pass the next.
    """
    members = StandingRow.objects.filter(standing=standing, group=group)
    read = members.filter(open_rows(viewer)).values("pk")
    return not members.filter(subject__kind__in=CLOSED_KINDS).exclude(pk__in=read).exists()


def mine(viewer: Viewer) -> Q:
    """Rows of the viewer's own unit."""
    units = units_of(viewer, OBJECT) | units_of(viewer, SEE)
    unit = Q(subject__unit__in=units, subject__enterprise=None)
    return unit | Q(subject__enterprise__unit__in=units)


def sees_row(viewer: Viewer, row: StandingRow) -> bool:
    """Whether the viewer may open the row."""
    shown = Standing.objects.filter(visible_standings(viewer), pk=row.standing_id)
    return StandingRow.objects.filter(
        visible_rows(viewer), open_rows(viewer), pk=row.pk, standing__in=shown
    ).exists()
