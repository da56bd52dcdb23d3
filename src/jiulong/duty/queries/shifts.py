"""Shifts and their log: what was written, and what those on duty did, in one line of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q, QuerySet

from jiulong.duty.models import Camera, LogEntry, Shift
from jiulong.evidence.models import Event
from jiulong.monitoring.models import Outfall
from jiulong.monitoring.queries import visible_points
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, reach

#: What those on duty do that belongs into the log by itself.
AUTOMATIC: Final = frozenset({
    "acknowledge_alarm", "acknowledge_finding", "order_command", "order_sample", "confirm_sample",
    "review_mark", "request_history", "file", "assign", "accept", "reply", "remind", "note",
    "task_finish", "close", "set_limit", "publish_report",
})  # fmt: skip
#: Lines of one shift that a page shows; a shift has some dozens.
MOST: Final = 500


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a shift's log. `event` is what was done; `entry` what was written."""

    at: datetime
    by: str
    entry: LogEntry | None = None
    event: Event | None = None


def shifts(viewer: Viewer) -> QuerySet[Shift]:
    """The shifts of the desks that the viewer keeps, or has above them; newest first."""
    held = reach(viewer, "keep_duty")
    rows = Shift.objects.select_related("desk", "handed_by", "taken_by").prefetch_related("people")
    return rows.filter(held.within("desk")) if held else rows.none()


def shift(viewer: Viewer, pk: int) -> Shift:
    """One shift.

    Raises:
        Shift.DoesNotExist: there is none, or not for this viewer.
    """
    return shifts(viewer).select_related("before").get(pk=pk)


def current_shift(viewer: Viewer) -> Shift | None:
    """The shift that is on, or waits to be taken, at the viewer's own desk."""
    if not isinstance(viewer, User):
        return None
    return shifts(viewer).filter(desk=viewer.unit_id).exclude(state=Shift.State.OVER).first()


def may_take(viewer: Viewer, found: Shift) -> bool:
    """Whether the page offers the viewer to take this shift over."""
    own = isinstance(viewer, User) and viewer.unit_id == found.desk_id
    other = isinstance(viewer, User) and viewer.pk != found.handed_by_id
    return own and other and found.state == Shift.State.SIGNED and bool(reach(viewer, "keep_duty"))


def on_duty(viewer: Viewer, found: Shift) -> bool:
    """Whether the viewer is of this shift, and it runs."""
    mine = any(one.pk == viewer.pk for one in found.people.all())
    return mine and found.state == Shift.State.ON


def colleagues(viewer: Viewer) -> list[User]:
    """Who else of the viewer's desk may be on duty with them."""
    if not isinstance(viewer, User) or viewer.unit_id is None:
        return []
    rows = User.objects.with_rights().filter(unit=viewer.unit_id, is_active=True)
    able = [one for one in rows.order_by("username") if reach(one, "keep_duty")]
    return [one for one in able if one.pk != viewer.pk]


def lines(found: Shift, *, most: int = MOST) -> list[Line]:
    """The log of a shift the viewer was given: written lines and acts, by time."""
    written = [
        Line(entry.at, str(entry.by), entry=entry)
        for entry in found.entries.select_related("by", "alarm__outfall__enterprise")
    ]
    until = Q() if found.until is None else Q(at__lt=found.until)
    acts = Event.objects.filter(
        until, at__gte=found.since, actor__in=found.people.all(), verb__in=AUTOMATIC
    ).order_by("at", "id")
    done = [Line(event.at, event.actor_name, event=event) for event in acts[:most]]
    return sorted([*written, *done], key=lambda line: line.at)


def cameras(viewer: Viewer, outfalls: Sequence[Outfall]) -> list[Camera]:
    """Where these outfalls can be looked at, of those that the viewer may see."""
    seen = visible_points(viewer).values("outfall")
    rows = Camera.objects.filter(outfall__in=outfalls, removed_at=None).filter(outfall__in=seen)
    return list(rows)
