"""What stations hand in, on whatever district there is, for pages that are looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db.models import Model
from django.utils import timezone

from jiulong.monitoring.models import Finding, Point
from jiulong.organisation.models import User
from jiulong.upkeep.actions import review_mark
from jiulong.upkeep.models import FaultReport, MaintenanceRecord, Mark, Objection, QcTest
from tests.factories import make_factor, make_finding, make_limit, make_point
from tests.upkeep.made import make_check, make_fault, make_mark, make_objection, make_record


def enterprise() -> User:
    """The demo's enterprise."""
    return User.objects.with_rights().select_related("unit").get(username="enterprise")


def own_point() -> Point:
    """A point of theirs with a limit; made where the district is too small."""
    unit = enterprise().unit
    found = Point.objects.filter(outfall__enterprise__unit=unit).order_by("pk").first()
    found = found or make_point(unit=unit)
    if not found.limits.exists():
        make_limit(found)
    return found


def code() -> list[Any]:
    return [own_point().code]


def a_finding() -> Finding:
    point = own_point()
    return Finding.objects.filter(point=point).first() or make_finding(
        point, factor=make_factor(), started_at=timezone.now() - timedelta(hours=4)
    )


def finding() -> list[Any]:
    return [a_finding().pk]


def a_rejected_mark() -> list[Any]:
    """A mark that the desk rejected."""
    known = Mark.objects.filter(by=enterprise(), accepted=False).first()
    if known is None:
        desk = User.objects.with_rights().select_related("unit").get(username="desk")
        mark = make_mark(own_point(), enterprise())
        known = review_mark(actor=desk, mark=mark, accepted=False, reason="无佐证材料")
    return [known.pk]


def _one(model: type[Model], make: Callable[[], Model]) -> Callable[[], list[Any]]:
    def found() -> list[Any]:
        rows = model._default_manager.filter(by=enterprise())
        return [(rows.order_by("pk").last() or make()).pk]

    return found


def a_mark() -> list[Any]:
    """A mark that waits for its review."""
    known = Mark.objects.filter(by=enterprise(), accepted=None).first()
    return [(known or make_mark(own_point(), enterprise())).pk]


a_check = _one(QcTest, lambda: make_check(own_point(), enterprise(), make_factor(), said="113"))
a_fault = _one(FaultReport, lambda: make_fault(own_point(), enterprise()))
a_record = _one(MaintenanceRecord, lambda: make_record(own_point(), enterprise()))
an_objection = _one(Objection, lambda: make_objection(own_point(), enterprise(), a_finding()))
