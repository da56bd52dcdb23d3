"""Faults: reported within twelve hours, restored within five working days, measured by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.calendar import clocks
from jiulong.calendar.queries import district_calendar
from jiulong.evidence.actions import record_event, record_events
from jiulong.evidence.actions.events import Act
from jiulong.monitoring.models import Factor, Point
from jiulong.organisation.rules import Viewer
from jiulong.upkeep import tallies
from jiulong.upkeep.actions import common
from jiulong.upkeep.actions.common import NotAnyMoreError, Proof
from jiulong.upkeep.models import FaultReport, ManualDatum
from jiulong.upkeep.provisions import rulebook


def report_fault(
    *,
    actor: Viewer,
    point: Point,
    began_at: datetime,
    description: str,
    factors: Sequence[Factor] = (),
    proofs: Sequence[Proof] = (),
    now: datetime | None = None,
) -> FaultReport:
    """Report that a station, or some of its instruments, broke down.

    Raises:
        PermissionDenied: not their station.
        ValidationError: a field is wrong, or a fault of the station is still open.
    """
    user = common.require_own(actor, point)
    now, book, calendar = now or timezone.now(), rulebook(), district_calendar()
    common.check_times(point, "began_at", began_at, now)
    due_at = clocks.deadline(began_at, book.limit("fault_report"), calendar) or began_at
    restore_by = clocks.deadline(began_at, book.limit("fault_restore"), calendar) or began_at
    with transaction.atomic():
        Point.objects.select_for_update().get(pk=point.pk)
        open_ones = FaultReport.objects.filter(point=point, restored_at=None, withdrawn_at=None)
        wanted = common.factor_ids(factors)
        if any(not wanted or not one.factors or {*wanted} & {*one.factors} for one in open_ones):
            raise ValidationError(_("A fault of this station is open already: restore it first."))
        fault = FaultReport.objects.create(
            point=point, began_at=began_at, factors=wanted, due_at=due_at, late=now > due_at,
            restore_by=restore_by, description=common.check_text("description", description),
            **common.signed(user, now),
        )  # fmt: skip
        data = {
            "point": point.code, "began_at": began_at.isoformat(), "factors": wanted,
            "late": fault.late, "description": fault.description,
        }  # fmt: skip
        record_event(actor=user, verb="report_fault", subject=fault, data=data, at=now)
        tallies.tell(fault, now)
        common.keep_proofs(user, fault, proofs, now)
    return fault


def restore_fault(
    *,
    actor: Viewer,
    fault: FaultReport,
    restored_at: datetime,
    note: str,
    now: datetime | None = None,
) -> FaultReport:
    """Say that the station measures again, since when and what was done.

    Raises:
        PermissionDenied: not their station.
        ValidationError: before the fault began or in the future, or nothing said.
        NotAnyMoreError: it was restored or withdrawn before.
    """
    user = common.require_own(actor, fault.point)
    now = now or timezone.now()
    if restored_at <= fault.began_at or restored_at > now + common.CLOCK_AHEAD:
        raise ValidationError({"restored_at": _("A time after the fault began, and not to come.")})
    note = common.check_text("note", note)[:400]
    with transaction.atomic():
        rows = FaultReport.objects.filter(pk=fault.pk, restored_at=None, withdrawn_at=None)
        if not rows.update(restored_at=restored_at, restored_by=user, restored_note=note):
            raise NotAnyMoreError(_("This fault is over."))
        data = {"restored_at": restored_at.isoformat(), "note": note}
        record_event(actor=user, verb="restore_fault", subject=fault, data=data, at=now)
        tallies.tell(fault, now)
    fault.refresh_from_db()
    return fault


@dataclass(frozen=True, slots=True, kw_only=True)
class ManualSample:
    """One manual sample: when, by which method and whose laboratory, and what was in it.

    Args:
        values: in each factor's unit.
        flow_m3: that left in the time the sample stands for.
    """

    sampled_at: datetime
    values: dict[Factor, Decimal]
    method: str
    laboratory: str
    flow_m3: Decimal | None = None


def enter_manual(
    *,
    actor: Viewer,
    point: Point,
    sample: ManualSample,
    fault: FaultReport | None = None,
    proofs: Sequence[Proof] = (),
    now: datetime | None = None,
) -> list[ManualDatum]:
    """Enter the values of a manual sample; with four a day they stand in for the instrument.

    Raises:
        PermissionDenied: not their station.
        ValidationError: a value is wrong, missing, or was entered for that time before.
    """
    user = common.require_own(actor, point)
    now = now or timezone.now()
    _check_sample(point, sample, now)
    if fault is not None and fault.point_id != point.pk:
        raise ValidationError({"fault": _("This fault is another station's.")})
    columns = {
        "point": point, "sampled_at": sample.sampled_at, "flow_m3": sample.flow_m3,
        "method": common.check_text("method", sample.method)[:120],
        "laboratory": common.check_text("laboratory", sample.laboratory)[:120],
        "fault": fault, **common.signed(user, now),
    }  # fmt: skip
    with transaction.atomic():
        made = _new(sample, columns)
        acts = [Act(actor=user, verb="enter_manual", subject=one, data=_told(one), at=now)
                for one in made]  # fmt: skip
        record_events(acts)
        tallies.tell(made[0], now)
        common.keep_proofs(user, made[0], proofs, now)
        _tell(made[0])
    return made


def _new(sample: ManualSample, columns: dict[str, Any]) -> list[ManualDatum]:
    """The rows of a sample, or a refusal where one of that time stands already."""
    try:
        with transaction.atomic():
            return ManualDatum.objects.bulk_create(
                ManualDatum(factor=factor, value=value, **columns)
                for factor, value in sample.values.items()
            )
    except IntegrityError as error:
        told = _("There is a value of that time already: withdraw it first.")
        raise ValidationError({"sampled_at": told}) from error


def withdraw_manual(
    *, actor: Viewer, datum: ManualDatum, reason: str, now: datetime | None = None
) -> ManualDatum:
    """Take back a manual value that was entered wrongly.

    Raises:
        PermissionDenied: not their station any more, or another firm's.
        ValidationError: without a reason.
        NotAnyMoreError: withdrawn before.
    """
    user = common.require_own(actor, datum.point)
    now = now or timezone.now()
    with transaction.atomic():
        common.withdraw(user, datum, reason, now)
        _tell(datum)
    datum.refresh_from_db()
    return datum


def _check_sample(point: Point, sample: ManualSample, now: datetime) -> None:
    common.check_times(point, "sampled_at", sample.sampled_at, now)
    if not sample.values:
        raise ValidationError(_("Enter at least one value."))
    for factor, value in sample.values.items():
        if not value.is_finite() or value < 0:
            told = _("%(factor)s: a value cannot be below zero.")
            raise ValidationError(told % {"factor": factor})
    if sample.flow_m3 is not None and not (sample.flow_m3.is_finite() and sample.flow_m3 >= 0):
        raise ValidationError({"flow_m3": _("A flow cannot be below zero.")})


def _told(datum: ManualDatum) -> dict[str, str | None]:
    return {
        "point": datum.point.code,
        "factor": datum.factor.code,
        "sampled_at": datum.sampled_at.isoformat(),
        "value": str(datum.value),
        "flow_m3": None if datum.flow_m3 is None else str(datum.flow_m3),
        "method": datum.method,
        "laboratory": datum.laboratory,
    }


def _tell(datum: ManualDatum) -> None:
    end = datum.sampled_at + timedelta(seconds=1)
    common.tell(datum.point_id, datum.sampled_at, end, common.reference(datum))
