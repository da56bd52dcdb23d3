"""Who operates a station, how often it is looked after, and what was done there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Point
from jiulong.organisation.models import Unit
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.upkeep.actions import common
from jiulong.upkeep.actions.common import Proof
from jiulong.upkeep.models import MaintenancePlan, MaintenanceRecord, OperatingContract
from jiulong.upkeep.provisions import FormField, FormItem, rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the device was, degrees WGS 84."""

    longitude: float
    latitude: float
    accuracy_m: float | None = None


def sign_contract(
    *,
    actor: Viewer | None,
    point: Point,
    operator: Unit,
    from_on: date,
    number: str = "",
    to_on: date | None = None,
    now: datetime | None = None,
) -> OperatingContract:
    """Let a firm operate a station from a day on; the contract that held ends the day before.

    From that day the new firm sees and serves the station, and the old one no longer does. Every
    list that is due by the day gets a plan where there is none.

    Raises:
        PermissionDenied: the actor's role lacks `edit_point`.
        ValidationError: the days make no sense, or a later contract exists.
    """
    user = require_or_system(actor, "edit_point")
    now = now or timezone.now()
    if to_on is not None and to_on < from_on:
        raise ValidationError({"to_on": _("The last day is before the first.")})
    with transaction.atomic():
        Point.objects.select_for_update().get(pk=point.pk)
        rows = OperatingContract.objects.filter(point=point)
        if rows.filter(from_on__gte=from_on).exists():
            raise ValidationError({"from_on": _("A contract begins on that day or later.")})
        rows.exclude(to_on__lt=from_on).update(to_on=from_on - timedelta(days=1))
        contract = OperatingContract.objects.create(
            point=point, operator=operator, number=number, from_on=from_on, to_on=to_on
        )
        data = {
            "point": point.code, "operator": operator.name, "number": number,
            "from_on": from_on.isoformat(), "to_on": to_on.isoformat() if to_on else None,
        }  # fmt: skip
        record_event(actor=user, verb="sign_contract", subject=contract, data=data, at=now)
        follow_contracts(now=now, points=[point.pk])
        _plan_usual(point, from_on)
    return contract


def follow_contracts(*, now: datetime, points: Sequence[int] | None = None) -> int:
    """Let each point's operator be the firm whose contract holds today; returns how many changed.

    The keeper calls this daily: contracts begin and end without anybody's act.
    """
    today = timezone.localdate(now)
    rows = OperatingContract.objects.filter(from_on__lte=today)
    if points is not None:
        rows = rows.filter(point__in=points)
    newest: dict[int, OperatingContract] = {}
    for row in rows.select_related("point").order_by("from_on"):
        newest[row.point_id] = row
    changed = 0
    for row in newest.values():
        holds = row.to_on is None or today <= row.to_on
        operator = row.operator_id if holds else None
        if row.point.operator_id != operator:
            changed += Point.objects.filter(pk=row.point_id).update(operator=operator)
    return changed


def plan_maintenance(
    *,
    actor: Viewer,
    point: Point,
    form: str,
    every_days: int,
    from_on: date,
    now: datetime | None = None,
) -> MaintenancePlan:
    """Have a list worked through every so many days from a day on, in place of the plan before.

    Raises:
        PermissionDenied: not their station.
        ValidationError: no such form, or seldomer than the norm asks for.
    """
    user = common.require_own(actor, point)
    item = _form(form)
    if every_days < 1 or (item.every_days and every_days > item.every_days):
        told = _("From 1 to %(most)d days.")
        raise ValidationError({"every_days": told % {"most": item.every_days or 366}})
    with transaction.atomic():
        MaintenancePlan.objects.filter(point=point, form=form, to_on=None).update(
            to_on=from_on - timedelta(days=1)
        )
        plan = MaintenancePlan.objects.create(
            point=point, form=form, every_days=every_days, from_on=from_on
        )
        data = {"point": point.code, "form": form, "every_days": every_days}
        record_event(actor=user, verb="plan_maintenance", subject=plan, data=data, at=now)
    return plan


def record_maintenance(
    *,
    actor: Viewer,
    point: Point,
    form: str,
    at: datetime,
    values: Mapping[str, str],
    people: str,
    note: str = "",
    place: Place | None = None,
    proofs: Sequence[Proof] = (),
    now: datetime | None = None,
) -> MaintenanceRecord:
    """Hand in a list that was worked through: `{item: value as text}`, checks as `yes` or `no`.

    Raises:
        PermissionDenied: not their station.
        ValidationError: an item is missing or unreadable; it says which.
    """
    user = common.require_own(actor, point)
    now = now or timezone.now()
    item = _form(form)
    common.check_times(point, "at", at, now)
    kept = {one.key: _value(one, values.get(one.key, "")) for one in item.fields}
    with transaction.atomic():
        record = MaintenanceRecord.objects.create(
            point=point, form=form, at=at, values=kept, note=note.strip()[:400],
            people=common.check_text("people", people)[:200],
            abnormal=any(is_abnormal(one, kept[one.key]) for one in item.fields),
            **_where(place), **common.signed(user, now),
        )  # fmt: skip
        data = {"point": point.code, "form": form, "at": at.isoformat(), "values": kept}
        record_event(actor=user, verb="record_maintenance", subject=record, data=data, at=now)
        common.keep_proofs(user, record, proofs, now)
    return record


def is_abnormal(field: FormField, value: str) -> bool:
    """Whether a kept value is not as it should be."""
    if not value:
        return False
    if field.type == "check":
        return value != "yes"
    if field.type == "number":
        number = Decimal(value)
        below = field.low is not None and number < field.low
        return below or (field.high is not None and number > field.high)
    return False


def _where(place: Place | None) -> dict[str, Any]:
    return {} if place is None else asdict(place)


def _plan_usual(point: Point, from_on: date) -> None:
    held = set(
        MaintenancePlan.objects.filter(point=point, to_on=None).values_list("form", flat=True)
    )
    MaintenancePlan.objects.bulk_create(
        MaintenancePlan(point=point, form=form.key, every_days=form.every_days, from_on=from_on)
        for form in rulebook().forms.values()
        if form.every_days and form.key not in held
    )


def _form(code: str) -> FormItem:
    found = rulebook().forms.get(code)
    if found is None:
        raise ValidationError({"form": _("There is no such form.")})
    return found


def _value(field: FormField, given: str) -> str:
    text = given.strip()[:400]
    if not text:
        if field.required:
            raise ValidationError({field.key: _("Fill this in.")})
        return ""
    if field.type == "check" and text not in {"yes", "no"}:
        raise ValidationError({field.key: _("Say whether it is fine or not.")})
    if field.type == "number":
        try:
            number = Decimal(text)
        except InvalidOperation as error:
            raise ValidationError({field.key: _("This is not a number.")}) from error
        if not number.is_finite():
            raise ValidationError({field.key: _("This is not a number.")})
    return text
