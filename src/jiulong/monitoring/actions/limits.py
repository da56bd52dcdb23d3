"""What may not be exceeded: permits, the standards points are held to, permitted quantities."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.monitoring import limits
from jiulong.monitoring.models import (
    Factor,
    Outfall,
    PermitLimit,
    PermittedLoad,
    Point,
    Standard,
    StandardAssignment,
    StandardLimit,
)
from jiulong.monitoring.units import stored
from jiulong.organisation.rules import Viewer, require_or_system

#: Years of permitted quantities that make sense: the first permits are of 2017.
YEARS: Final = range(2015, 2101)


def set_limit(
    *,
    actor: Viewer | None,
    point: Point,
    factor: Factor,
    statistic: str,
    valid_from: date,
    source: str,
    minimum: Decimal | None = None,
    maximum: Decimal | None = None,
    valid_to: date | None = None,
    unit: str | None = None,
) -> PermitLimit:
    """Enter a permit's limit from a day on; the one that held ends the day before, unaltered.

    `unit` is that of the bounds ("mg/L", "µg/L"); None: the unit the factor is stored in. Days that
    are over are judged anew, and their hours, unless they are too many (`validity.setting_back`).

    Raises:
        PermissionDenied: the actor's role lacks `set_limit`.
        ValidationError: bounds, unit or days make no sense, or a limit already starts in that time.
    """
    user = require_or_system(actor, "set_limit")
    minimum, maximum = (_stored(bound, unit, factor) for bound in (minimum, maximum))
    limit = PermitLimit(
        point=point, factor=factor, statistic=statistic, minimum=minimum, maximum=maximum,
        valid_from=valid_from, valid_to=valid_to, source=source,
    )  # fmt: skip
    _check_limit(limit)
    with transaction.atomic():
        # The lock on the point keeps two people from setting overlapping limits at once.
        Point.objects.select_for_update().get(pk=point.pk)
        ended = _end_before(limit)
        limit.save()
        told = _told(limit) | {"ends": [old.pk for old in ended]}
        limits.settle([point])
        record_event(actor=user, verb="set_limit", subject=limit, data=told)
    return limit


def assign_standard(
    *,
    actor: Viewer | None,
    point: Point,
    standard: Standard,
    valid_from: date,
    valid_to: date | None = None,
    place: str = StandardLimit.Place.OUTFALL,
    reason: str = "",
) -> StandardAssignment:
    """Hold a point to a grade of a standard from a day on.

    Another grade of the same standard ends the day before; other standards go on: of several the
    strictest bound holds.

    Raises:
        PermissionDenied: the actor's role lacks `set_limit`.
        ValidationError: the standard is retired, or the days make no sense.
    """
    user = require_or_system(actor, "set_limit")
    assignment = StandardAssignment(
        point=point, standard=standard, valid_from=valid_from, valid_to=valid_to, place=place,
        reason=reason,
    )  # fmt: skip
    assignment.full_clean()
    _check_days(valid_from, valid_to)
    if standard.retired_at is not None:
        raise ValidationError({"standard": _("This standard is not kept any more.")})
    with transaction.atomic():
        Point.objects.select_for_update().get(pk=point.pk)
        ended = _end_grades(assignment)
        assignment.save()
        limits.settle([point])
        told = {
            "point": point.code, "standard": standard.code, "place": place,
            "valid_from": valid_from.isoformat(),
            "valid_to": valid_to.isoformat() if valid_to else None,
            "reason": reason, "ends": [old.pk for old in ended],
        }  # fmt: skip
        record_event(actor=user, verb="assign_standard", subject=assignment, data=told)
    return assignment


def set_permitted_load(
    *,
    actor: Viewer | None,
    outfall: Outfall,
    factor: Factor,
    year: int,
    tonnes: Decimal,
    source: str,
) -> PermittedLoad:
    """Enter how many tonnes of a factor may leave an outfall in a year; a second entry replaces it.

    Raises:
        PermissionDenied: the actor's role lacks `set_limit`.
        ValidationError: the year or the quantity makes no sense, or the source is missing.
    """
    user = require_or_system(actor, "set_limit")
    if year not in YEARS:
        raise ValidationError({"year": _("A year from 2015 to 2100.")})
    if not tonnes.is_finite() or tonnes <= 0:
        raise ValidationError({"tonnes": _("More than nothing.")})
    with transaction.atomic():
        old = PermittedLoad.objects.select_for_update().filter(
            outfall=outfall, factor=factor, year=year
        ).first()  # fmt: skip
        load = old or PermittedLoad(outfall=outfall, factor=factor, year=year)
        before = None if old is None else f"{old.tonnes.normalize():f}"
        load.tonnes, load.source = tonnes, source
        load.full_clean()
        load.save()
        told = {
            "outfall": outfall.code, "factor": factor.code, "year": year,
            "tonnes": f"{tonnes.normalize():f}", "before": before, "source": source,
        }  # fmt: skip
        record_event(actor=user, verb="set_permitted_load", subject=load, data=told)
    return load


def _end_grades(assignment: StandardAssignment) -> list[StandardAssignment]:
    """End the other grades of the same standard that hold when this one begins."""
    same = StandardAssignment.objects.filter(
        point=assignment.point, standard__number=assignment.standard.number, place=assignment.place
    ).exclude(valid_to__lt=assignment.valid_from)
    if assignment.valid_to is not None:
        same = same.filter(valid_from__lte=assignment.valid_to)
    overlapping = list(same)
    for old in overlapping:
        if old.valid_from >= assignment.valid_from:
            text = _("Another grade starts on %(day)s; end this one before.")
            raise ValidationError({"valid_to": text % {"day": old.valid_from.isoformat()}})
    for old in overlapping:
        old.valid_to = assignment.valid_from - timedelta(days=1)
        old.save(update_fields=["valid_to"])
    return overlapping


def _stored(bound: Decimal | None, unit: str | None, factor: Factor) -> Decimal | None:
    if bound is None or unit is None:
        return bound
    try:
        return stored(bound, unit, factor)
    except ValueError as error:
        raise ValidationError({"unit": str(error)}) from error


def _check_days(first: date, last: date | None) -> None:
    if last is not None and last < first:
        raise ValidationError({"valid_to": _("The last day is before the first.")})


def _check_limit(limit: PermitLimit) -> None:
    limit.full_clean()
    if limit.minimum is not None and limit.maximum is not None and limit.minimum > limit.maximum:
        raise ValidationError({"minimum": _("The minimum is above the maximum.")})
    _check_days(limit.valid_from, limit.valid_to)


def _end_before(limit: PermitLimit) -> list[PermitLimit]:
    """End the limits of the same kind that hold when `limit` begins."""
    same = PermitLimit.objects.filter(
        point=limit.point, factor=limit.factor, statistic=limit.statistic
    ).exclude(valid_to__lt=limit.valid_from)
    if limit.valid_to is not None:
        same = same.filter(valid_from__lte=limit.valid_to)
    overlapping = list(same)
    for old in overlapping:
        if old.valid_from >= limit.valid_from:
            text = _("Another limit starts on %(day)s; end this one before.")
            raise ValidationError({"valid_to": text % {"day": old.valid_from.isoformat()}})
    for old in overlapping:
        old.valid_to = limit.valid_from - timedelta(days=1)
        old.save(update_fields=["valid_to"])
    return overlapping


def _told(limit: PermitLimit) -> dict[str, Any]:
    return {
        "point": limit.point.code,
        "factor": limit.factor.code,
        "statistic": limit.statistic,
        "minimum": None if limit.minimum is None else str(limit.minimum),
        "maximum": None if limit.maximum is None else str(limit.maximum),
        "valid_from": limit.valid_from.isoformat(),
        "valid_to": limit.valid_to.isoformat() if limit.valid_to else None,
        "source": limit.source,
    }
