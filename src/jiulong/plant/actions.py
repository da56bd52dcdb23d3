"""What people enter about plants, parameters and rivers. `actor` None is the command line alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Factor, Outfall, Point
from jiulong.monitoring.queries import visible_points
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require, require_or_system
from jiulong.plant import codes, comparing, water_class
from jiulong.plant.models import (
    OutfallPlace,
    ParameterFiling,
    PlantUnit,
    River,
    RiverSection,
    SectionMeasurement,
)
from jiulong.plant.sensing import decimal_of

#: What stands where a section's code would in the addresses of `urls.py`.
TAKEN_CODES: Final = frozenset({"new"})
#: A filing may begin so long before it is handed in: work of the day before is filed the next day.
FILED_BACK: Final = timedelta(days=7)
FILED_AHEAD: Final = timedelta(days=90)


def describe_unit(
    *, actor: Viewer | None, point: Point, code: str, now: datetime | None = None, **fields: Any
) -> PlantUnit:
    """Say what a code of a point's logger stands for; the same code again changes it.

    Args:
        fields: `name`, `kind`, `stage`, `order`, `must_run`, `off_minutes`.

    Raises:
        PermissionDenied: the role lacks `edit_point`.
        ValidationError: a field is wrong; it says which.
    """
    user = require_or_system(actor, "edit_point")
    unit = PlantUnit.objects.filter(point=point, code=code).first()
    unit = unit or PlantUnit(point=point, code=code)
    unit.retired_at = None
    for name, value in fields.items():
        setattr(unit, name, value)
    unit.full_clean()
    with transaction.atomic():
        unit.save()
        data = {"point": point.code, "code": code, **{k: str(v) for k, v in fields.items()}}
        record_event(actor=user, verb="describe_unit", subject=unit, data=data, at=now)
    return unit


def retire_unit(*, actor: Viewer | None, unit: PlantUnit, now: datetime | None = None) -> None:
    """Watch a unit no longer; what it did stays.

    Raises:
        PermissionDenied: the role lacks `edit_point`.
    """
    user = require_or_system(actor, "edit_point")
    now = now or timezone.now()
    with transaction.atomic():
        if PlantUnit.objects.filter(pk=unit.pk, retired_at=None).update(retired_at=now):
            data = {"point": unit.point.code, "code": unit.code}
            record_event(actor=user, verb="retire_unit", subject=unit, data=data, at=now)


# -- parameters ----------------------------------------------------------------------------------


def file_parameters(
    *,
    actor: Viewer | None,
    point: Point,
    factor: Factor,
    values: Mapping[str, str],
    valid_from: datetime,
    reason: str,
    now: datetime | None = None,
) -> ParameterFiling:
    """Hand in what an analyser's parameters are from a time on; it counts once it is confirmed.

    Args:
        values: number as text by code of table B.5 (`codes.FILED`), in the instrument's unit.

    Raises:
        PermissionDenied: the role lacks `file_parameters`, or the point is not theirs.
        ValidationError: a value is no number, nothing is filed, or the time is too far off.
    """
    user = require_or_system(actor, "file_parameters")
    if user is not None and not visible_points(user).filter(pk=point.pk).exists():
        raise PermissionDenied("file_parameters")
    now = now or timezone.now()
    told = _numbers(values)
    if not now - FILED_BACK <= valid_from <= now + FILED_AHEAD and actor is not None:
        text = _("From seven days ago to ninety days ahead, not later or earlier.")
        raise ValidationError({"valid_from": text})
    if not reason.strip():
        raise ValidationError({"reason": _("Say why.")})
    with transaction.atomic():
        filing = ParameterFiling.objects.create(
            point=point, factor=factor, values=told, valid_from=valid_from, reason=reason.strip(),
            filed_by=user, filed_at=now,
        )  # fmt: skip
        data = {
            "point": point.code, "factor": factor.code, "values": told,
            "valid_from": valid_from.isoformat(), "reason": reason.strip(),
        }  # fmt: skip
        record_event(actor=user, verb="file_parameters", subject=filing, data=data, at=now)
    return filing


def _numbers(values: Mapping[str, str]) -> dict[str, str]:
    told: dict[str, str] = {}
    wrong: dict[str, str] = {}
    for info, text in values.items():
        if not str(text).strip():
            continue
        if info not in codes.FILED:
            wrong[info] = _("There is no such parameter.")
        elif (number := decimal_of(str(text).strip())) is None:
            wrong[info] = _("%(text)s is not a number.") % {"text": text}
        else:
            told[info] = f"{number:f}"
    if wrong:
        raise ValidationError(wrong)
    if not told:
        raise ValidationError(_("File at least one parameter."))
    return told


def review_filing(
    *,
    actor: Viewer | None,
    filing: ParameterFiling,
    confirm: bool,
    note: str = "",
    now: datetime | None = None,
) -> ParameterFiling:
    """Confirm or reject a filing, once. What is confirmed is what reports are held against.

    Raises:
        PermissionDenied: the role lacks `review_marks`, or it is one's own filing.
        ValidationError: somebody was quicker, or a rejection without a word why.
    """
    user = require_or_system(actor, "review_marks")
    if user is not None and filing.filed_by_id == user.pk:
        raise PermissionDenied("review_marks")
    now = now or timezone.now()
    if not confirm and not note.strip():
        raise ValidationError({"note": _("Say why.")})
    state = ParameterFiling.State.CONFIRMED if confirm else ParameterFiling.State.REJECTED
    with transaction.atomic():
        waiting = ParameterFiling.objects.filter(pk=filing.pk, state=ParameterFiling.State.FILED)
        if not waiting.update(state=state, reviewed_by=user, reviewed_at=now, note=note.strip()):
            raise ValidationError(_("This filing was reviewed before."))
        data = {"state": state, "note": note.strip()}
        record_event(actor=user, verb="review_filing", subject=filing, data=data, at=now)
        comparing.compare(filing.point_id, filing.factor_id, now)
    filing.refresh_from_db()
    return filing


# -- rivers --------------------------------------------------------------------------------------


def set_section(
    *,
    actor: Viewer | None,
    river: str,
    code: str,
    name: str,
    km: Decimal,
    target: int,
    place: tuple[float, float] | None = None,
    river_name: str = "",
) -> RiverSection:
    """Enter a section of a river (and the river); the same code again changes it.

    Raises:
        PermissionDenied: the role lacks `edit_point`.
        ValidationError: a field is wrong; it says which.
    """
    user = require_or_system(actor, "edit_point")
    with transaction.atomic():
        owner, _made = River.objects.get_or_create(
            code=river, defaults={"name": river_name or river}
        )
        section = RiverSection.objects.filter(code=code).first() or RiverSection(code=code)
        section.river, section.name, section.km, section.target = owner, name, km, target
        if place is not None:
            section.longitude, section.latitude = place
        if code in TAKEN_CODES:
            raise ValidationError({"code": _("This word is an address of the pages.")})
        section.full_clean()
        section.save()
        data = {"river": river, "code": code, "km": str(km), "target": target}
        record_event(actor=user, verb="set_section", subject=section, data=data)
    return section


def place_outfall(
    *, actor: Viewer | None, outfall: Outfall, river: River, km: Decimal
) -> OutfallPlace:
    """Say where along a river an outfall lies; again moves it.

    Raises:
        PermissionDenied: the role lacks `edit_point`.
    """
    user = require_or_system(actor, "edit_point")
    with transaction.atomic():
        place, _made = OutfallPlace.objects.update_or_create(
            outfall=outfall, defaults={"river": river, "km": km}
        )
        data = {"outfall": outfall.code, "river": river.code, "km": str(km)}
        record_event(actor=user, verb="place_outfall", subject=place, data=data)
    return place


def enter_measurement(
    *,
    actor: Viewer | None,
    section: RiverSection,
    on: date,
    values: Mapping[str, str],
    source: str,
    now: datetime | None = None,
) -> SectionMeasurement:
    """Enter what was measured at a section on a day (mg/L; pH without unit).

    Raises:
        PermissionDenied: the role lacks `keep_duty`.
        ValidationError: the day is yet to come, a value is no number, or nothing was measured.
    """
    user: User | None = None if actor is None else require(actor, "keep_duty")
    now = now or timezone.now()
    if on > timezone.localdate(now):
        raise ValidationError({"on": _("This day is yet to come.")})
    told: dict[str, str] = {}
    for code, text in values.items():
        if not str(text).strip():
            continue
        number = decimal_of(str(text).strip())
        if number is None or number < 0:
            raise ValidationError({code: _("%(text)s is not a number.") % {"text": text}})
        told[code] = f"{number:f}"
    if not any(code in water_class.FACTORS for code in told):
        raise ValidationError(_("Enter at least one value that counts for the class."))
    with transaction.atomic():
        row = SectionMeasurement.objects.create(
            section=section, on=on, values=told, source=source.strip(), entered_at=now,
            entered_by=user,
        )  # fmt: skip
        data = {"section": section.code, "on": on.isoformat(), "values": told, "source": source}
        record_event(actor=user, verb="enter_measurement", subject=row, data=data, at=now)
    return row
