"""What may be seen of loggers, their refused frames and their commands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Count, Max, Min, Q, QuerySet

from jiulong.gateway.actions.commands import OPEN, told
from jiulong.gateway.journal import Verdict
from jiulong.gateway.models import Command, Logger, QuarantinedFrame
from jiulong.monitoring import queries as monitoring
from jiulong.monitoring.models import PointState
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may

#: The password in a raw frame travels in clear; who may not see raw frames reads this instead.
_PASSWORDS: Final = re.compile(r"\b(PW|NewPW|NewSK)=[^;,&]*")

#: Commands that take a water sample (HJ 212-2017 table 9, HJ 212-2025): who is sampled is not told
#: before it is done.
UNANNOUNCED: Final = frozenset({"3012", "3015", "3022"})


def _sees_nothing(viewer: Viewer) -> bool:
    return (
        not isinstance(viewer, User)
        or not viewer.is_active
        or (not may(viewer, "see_all") and viewer.unit_id is None)
    )


def loggers(
    viewer: Viewer,
    *,
    text: str = "",
    point: str = "",
    profile: str = "",
    active: bool | None = None,
) -> QuerySet[Logger]:
    """Loggers of the points the viewer may see; `text` searches MN, point and enterprise."""
    rows = Logger.objects.select_related("point__outfall__enterprise")
    if _sees_nothing(viewer):
        return rows.none()
    if not may(viewer, "see_all"):
        rows = rows.filter(point__outfall__enterprise__unit=_unit(viewer))
    if text:
        rows = rows.filter(
            Q(mn__icontains=text)
            | Q(point__name__icontains=text)
            | Q(point__code__icontains=text)
            | Q(point__outfall__enterprise__name__icontains=text)
        )
    if point:
        rows = rows.filter(point__code=point)
    if profile:
        rows = rows.filter(profile=profile)
    return rows if active is None else rows.filter(active=active)


def _unit(viewer: Viewer) -> int | None:
    return viewer.unit_id if isinstance(viewer, User) else None


def logger(viewer: Viewer, mn: str) -> Logger:
    """One logger. Logger.DoesNotExist also where the viewer may not see it."""
    return loggers(viewer).get(mn=mn)


def is_registered(viewer: Viewer, mn: str) -> bool:
    """Whether the viewer may see a logger of this MN."""
    return loggers(viewer).filter(mn=mn).exists()


def heard_at(viewer: Viewer, logger: Logger) -> datetime | None:
    """When the logger's point was last heard; None: never, or not for this viewer."""
    states = PointState.objects.filter(
        point=logger.point_id, point__in=monitoring.visible_points(viewer)
    )
    return states.values_list("heard_at", flat=True).first()


def quarantined(
    viewer: Viewer,
    *,
    reason: str = "",
    mn: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    replayed: bool | None = None,
) -> QuerySet[QuarantinedFrame]:
    """Refused frames, newest first. `raw` is loaded only for those who may see raw frames.

    An enterprise sees the refused frames of its own loggers, never those nobody is known for.
    """
    rows = QuarantinedFrame.objects.all()
    if _sees_nothing(viewer):
        return rows.none()
    if not may(viewer, "see_all"):
        rows = rows.filter(mn__in=loggers(viewer).values("mn"))
    if reason:
        rows = rows.filter(reason=reason)
    if mn:
        rows = rows.filter(mn=mn)
    if since is not None:
        rows = rows.filter(received_at__gte=since)
    if until is not None:
        rows = rows.filter(received_at__lt=until)
    if replayed is not None:
        rows = rows.filter(replayed_at__isnull=not replayed)
    return rows if may(viewer, "see_raw") else rows.defer("raw")


@dataclass(frozen=True, slots=True)
class Unregistered:
    """A logger that knocks and is not registered."""

    mn: str
    frames: int
    first_at: datetime
    last_at: datetime
    peer: str  # where it last came from


def unregistered(viewer: Viewer) -> list[Unregistered]:
    """Loggers nobody has registered, the last heard first. Only for those who see everything."""
    if not may(viewer, "see_all"):
        return []
    unknown = _unknown()
    counted = unknown.values("mn").annotate(
        frames=Count("id"), first_at=Min("received_at"), last_at=Max("received_at")
    )
    peers = dict(unknown.order_by("mn", "-received_at").distinct("mn").values_list("mn", "peer"))
    return [
        Unregistered(peer=peers[row["mn"]], **row) for row in counted.order_by("-last_at", "mn")
    ]


def knocking(viewer: Viewer) -> int:
    """How many loggers `unregistered` names."""
    if not may(viewer, "see_all"):
        return 0
    return _unknown().order_by().values("mn").distinct().count()


def _unknown() -> QuerySet[QuarantinedFrame]:
    """What came from loggers that nobody has registered."""
    return (
        QuarantinedFrame.objects.filter(reason=Verdict.UNKNOWN_MN.reason, replayed_at=None)
        .exclude(mn="")
        .exclude(mn__in=Logger.objects.values("mn"))
    )


def under_way(viewer: Viewer) -> tuple[int, int]:
    """Commands that are under way, and those whose end nobody knows; one query."""
    counted = commands(viewer).order_by().aggregate(
        way=Count("pk", filter=Q(state__in=OPEN)),
        doubt=Count("pk", filter=Q(state=Command.State.UNKNOWN)),
    )  # fmt: skip
    return counted["way"], counted["doubt"]


def commands(
    viewer: Viewer, *, mn: str = "", cn: str = "", state: str = "", open_only: bool = False
) -> QuerySet[Command]:
    """Commands to the loggers the viewer may see, newest first.

    An enterprise learns of a sampling when it is over, not while it could still prepare for it; one
    whose end is unknown is not over: a person looks at the cabinet first.
    """
    rows = Command.objects.select_related("logger__point__outfall__enterprise", "ordered_by")
    if _sees_nothing(viewer):
        return rows.none()
    if not may(viewer, "see_all"):
        rows = rows.filter(logger__point__outfall__enterprise__unit=_unit(viewer))
        rows = rows.exclude(cn__in=UNANNOUNCED, state__in=[*OPEN, Command.State.UNKNOWN])
    if mn:
        rows = rows.filter(logger__mn=mn)
    if cn:
        rows = rows.filter(cn=cn)
    if state:
        rows = rows.filter(state=state)
    return rows.filter(state__in=OPEN) if open_only else rows


def command(viewer: Viewer, pk: int) -> Command:
    """One command with `steps` loaded. Command.DoesNotExist also where the viewer may not see it.

    Passwords are blotted out of steps and parameters for all but those who may see raw frames.
    """
    found = commands(viewer).prefetch_related("steps").get(pk=pk)
    if not may(viewer, "see_raw"):
        found.parameters = told(found.parameters)
        for step in found.steps.all():
            step.text = without_passwords(step.text)
    return found


def without_passwords(text: str) -> str:
    """A frame's text with its passwords and keys blotted out."""
    return _PASSWORDS.sub(r"\1=******", text)
