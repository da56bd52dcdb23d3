"""Makers of what stations hand in, through the real acts."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from jiulong.monitoring.models import Factor, Finding, Point
from jiulong.organisation.models import User
from jiulong.upkeep import actions
from jiulong.upkeep.actions import Checked
from jiulong.upkeep.models import FaultReport, MaintenanceRecord, Mark, Objection, QcTest
from jiulong.upkeep.provisions import FormItem, built_in
from tests.factories import make_unit, make_user

HOUR = timedelta(hours=1)
WEEKLY = built_in()["upkeep_forms"]["weekly"]
assert isinstance(WEEKLY, FormItem)
FINE = {field.key: "yes" for field in WEEKLY.fields} | {"temperature": "22.5", "humidity": "55"}


def an_hour_ago() -> datetime:
    return timezone.now().replace(minute=0, second=0, microsecond=0) - HOUR


def make_mark(point: Point, by: User, **changed: Any) -> Mark:
    given: dict[str, Any] = {
        "kind": "fault", "started_at": an_hour_ago(), "ended_at": an_hour_ago() + HOUR,
        "explanation": "pump broken",
    }  # fmt: skip
    return actions.mark_data(actor=by, point=point, **{**given, **changed})


def accept(mark: Mark, *, now: datetime | None = None) -> Mark:
    """A reviewer accepts it: a late mark counts from then on."""
    return actions.review_mark(
        actor=make_user("monitor", make_unit()), mark=mark, accepted=True, now=now
    )


def make_check(
    point: Point, by: User, factor: Factor, *, said: str = "101", at: datetime | None = None
) -> QcTest:
    checked = Checked(
        kind="standard", at=at or an_hour_ago(), pairs=[(Decimal(100), Decimal(said))]
    )
    return actions.enter_check(actor=by, point=point, factor=factor, checked=checked)


def make_fault(point: Point, by: User, **changed: Any) -> FaultReport:
    given: dict[str, Any] = {"began_at": an_hour_ago(), "description": "lamp of the analyser"}
    return actions.report_fault(actor=by, point=point, **{**given, **changed})


def make_record(point: Point, by: User) -> MaintenanceRecord:
    return actions.record_maintenance(
        actor=by, point=point, form="weekly", at=an_hour_ago(), values=FINE, people="陈某"
    )


def make_objection(point: Point, by: User, about: Finding | Mark) -> Objection:
    return actions.raise_objection(actor=by, point=point, about=about, text="heavy rain")
