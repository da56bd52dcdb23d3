"""What was handed in, for whoever may see the station."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

from django.db import connection
from django.db.models import Q, QuerySet

from jiulong.monitoring.models import Factor, Period, Point
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, may
from jiulong.upkeep.models import (
    FaultReport,
    MaintenanceRecord,
    ManualDatum,
    Mark,
    Objection,
    QcTest,
    Report,
)
from jiulong.upkeep.queries.scope import own_points, visible_points

Reported = TypeVar("Reported", bound=Report)
PLACE = ("point__outfall__enterprise", "point__operator")


def _of(
    model: type[Reported], viewer: Viewer, *, q: str = "", point: str = ""
) -> QuerySet[Reported]:
    rows: QuerySet[Reported] = model._default_manager.select_related(*PLACE)  # noqa: SLF001
    if not may(viewer, "see_all"):
        rows = rows.filter(point__in=visible_points(viewer))
    if point:
        rows = rows.filter(point__code=point)
    if q:
        rows = rows.filter(
            Q(point__outfall__enterprise__name__icontains=q)
            | Q(point__name__icontains=q)
            | Q(point__code__icontains=q)
            | Q(point__operator__name__icontains=q)
        )
    return rows


def marks(
    viewer: Viewer, *, state: str = "", late: bool | None = None, group: str = "", **narrow: Any
) -> QuerySet[Mark]:
    """Marks in a state (`Mark.State`), late or not, device or condition; `q`, `point` narrow."""
    rows = _of(Mark, viewer, **narrow).select_related("successor", "reviewed_by")
    stands = {"withdrawn_at": None, "successor": None}
    match state:
        case Mark.State.WAITING:
            rows = rows.filter(**stands, accepted=None)
        case Mark.State.ACCEPTED:
            rows = rows.filter(**stands, accepted=True)
        case Mark.State.REJECTED:
            rows = rows.filter(**stands, accepted=False)
        case Mark.State.WITHDRAWN:
            rows = rows.filter(withdrawn_at__isnull=False)
        case Mark.State.SUPERSEDED:
            rows = rows.filter(withdrawn_at=None, successor__isnull=False)
    if late is not None:
        rows = rows.filter(late=late)
    return rows.filter(group=group) if group else rows


def checks(
    viewer: Viewer,
    *,
    passed: bool | None = None,
    kind: str = "",
    factor: str = "",
    since: datetime | None = None,
    **narrow: Any,
) -> QuerySet[QcTest]:
    """Checks that were not withdrawn; `q`, `point` narrow."""
    rows = _of(QcTest, viewer, **narrow).select_related("factor").filter(withdrawn_at=None)
    if passed is not None:
        rows = rows.filter(passed=passed)
    if kind:
        rows = rows.filter(kind=kind)
    if factor:
        rows = rows.filter(factor__code=factor)
    return rows.filter(at__gte=since) if since else rows


def faults(viewer: Viewer, *, standing: str = "", **narrow: Any) -> QuerySet[FaultReport]:
    """Faults, `open` or `over`; `q`, `point` narrow."""
    rows = _of(FaultReport, viewer, **narrow).filter(withdrawn_at=None)
    if standing:
        rows = rows.filter(restored_at__isnull=standing == "open")
    return rows


def records(viewer: Viewer, *, form: str = "", **narrow: Any) -> QuerySet[MaintenanceRecord]:
    """Maintenance that was done; `q`, `point` narrow."""
    rows = _of(MaintenanceRecord, viewer, **narrow).filter(withdrawn_at=None)
    return rows.filter(form=form) if form else rows


def manual_data(
    viewer: Viewer, *, start: datetime, end: datetime, **narrow: Any
) -> QuerySet[ManualDatum]:
    """Manual values sampled from `start` to `end` (excluded); `q`, `point` narrow."""
    rows = _of(ManualDatum, viewer, **narrow).select_related("factor")
    return rows.filter(sampled_at__gte=start, sampled_at__lt=end, withdrawn_at=None)


def objections(
    viewer: Viewer, *, waiting: bool | None = None, **narrow: Any
) -> QuerySet[Objection]:
    """Objections, answered or not; `q`, `point` narrow."""
    rows = _of(Objection, viewer, **narrow).filter(withdrawn_at=None)
    return rows if waiting is None else rows.filter(answered_at__isnull=waiting)


def report(model: type[Reported], viewer: Viewer, pk: int) -> Reported:
    """One report.

    Raises:
        DoesNotExist: there is none, or it is not for the viewer.
    """
    return _of(model, viewer).get(pk=pk)


def point_for(viewer: Viewer, code: str) -> Point:
    """A point for which the viewer may hand something in.

    Raises:
        Point.DoesNotExist: there is none, or it is not theirs.
    """
    return own_points(viewer).select_related("outfall__enterprise", "operator").get(code=code)


#: What a point's hours carried in the last week.
SENT: Final = """
SELECT DISTINCT unnest(factors) FROM reading
WHERE point = %(point)s AND period = %(hour)s AND at >= %(since)s
"""


def factors_of(point: Point, *, now: datetime) -> list[Factor]:
    """What a point has limits for or sent in the last week, in the order of codes."""
    asked: dict[str, Any] = {
        "point": point.pk,
        "hour": int(Period.HOUR),
        "since": now - timedelta(days=7),
    }
    with connection.cursor() as cursor:
        cursor.execute(SENT, asked)
        sent = [row[0] for row in cursor]
    wanted = Q(limit__point=point) | Q(pk__in=sent)
    return list(Factor.objects.filter(wanted).distinct().order_by("code"))


def factors_named(ids: list[int]) -> list[Factor]:
    """Factors by id, in the order of codes."""
    return list(Factor.objects.filter(pk__in=ids)) if ids else []


def reviewable(viewer: Viewer, mark: Mark) -> bool:
    """Whether the viewer may accept or reject this mark now."""
    if not isinstance(viewer, User) or mark.state != Mark.State.WAITING:
        return False
    own = mark.by_id == viewer.pk or (
        mark.by_unit_id is not None and mark.by_unit_id == viewer.unit_id
    )
    return not own and may(viewer, "review_marks")


def answerable(viewer: Viewer, objection: Objection) -> bool:
    """Whether the viewer may answer this objection now."""
    if not isinstance(viewer, User) or objection.answered_at is not None:
        return False
    return objection.by_unit_id != viewer.unit_id and may(viewer, "review_marks")


def takes_back(viewer: Viewer, one: Report) -> bool:
    """Whether the viewer's firm handed it in, still serves the station, and it stands."""
    if not isinstance(viewer, User) or viewer.unit_id is None or one.withdrawn_at is not None:
        return False
    if one.by_unit_id != viewer.unit_id or not may(viewer, "mark_data"):
        return False
    return own_points(viewer).filter(pk=one.point_id).exists()


def objections_about(about: str, about_id: object) -> QuerySet[Objection]:
    """What was held against one thing; ask only for whoever sees the thing."""
    return Objection.objects.filter(about=about, about_id=str(about_id), withdrawn_at=None)
