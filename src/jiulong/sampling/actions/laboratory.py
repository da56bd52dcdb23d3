"""The laboratory: receipt, results beside what the instrument said, disposal."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import sign_custody
from jiulong.monitoring.models import Factor
from jiulong.monitoring.raising import raise_finding
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, reach, require
from jiulong.sampling import holding
from jiulong.sampling.actions.custody import (
    DESTROYED,
    RECEIVED,
    check_temperature,
    in_turn,
)
from jiulong.sampling.actions.moves import needs, step
from jiulong.sampling.comparison import Compared, compare
from jiulong.sampling.differing import RULE
from jiulong.sampling.models import Result, Sample
from jiulong.sampling.online import hourly_mean
from jiulong.sampling.tables import hold_table
from jiulong.upkeep.provisions import rulebook

#: The largest value a report may say, mg/L: pure water weighs a thousand grams.
MOST: Final = Decimal(1_000_000)
#: Clocks of a bench and of a server differ.
SKEW: Final = timedelta(minutes=5)


def at_bench(actor: Viewer, sample: Sample) -> User:
    """Somebody of the laboratory that the sample was handed over to.

    Raises:
        PermissionDenied: the actor is not.
    """
    user = require(actor, "enter_result")
    if sample.laboratory_id is None or not reach(user, "enter_result").covers(sample.laboratory_id):
        raise PermissionDenied("enter_result")
    return user


def receive_sample(
    *,
    actor: Viewer,
    sample: Sample,
    temperature_c: Decimal,
    intact: bool,
    duplicate: bool = False,
    note: str = "",
    now: datetime | None = None,
) -> Sample:
    """Receive the bottle in the laboratory.

    Args:
        intact: whether the seal is whole; a broken one is received too, and told.
        duplicate: whether a part is kept back as duplicate.

    Raises:
        PermissionDenied: the actor is not of that laboratory.
        ValidationError: a broken seal without a note, or it is not its turn.
    """
    user = at_bench(actor, sample)
    now = now or timezone.now()
    in_turn(sample, "receive")
    check_temperature(temperature_c)
    if not intact:
        needs(note, "note", _("Describe what is wrong with the seal."))
    told = {
        "temperature_c": str(temperature_c), "intact": intact, "duplicate": duplicate,
        "note": note.strip(),
    }  # fmt: skip
    with transaction.atomic():
        done = step(
            sample, "receive", user=user, verb="receive_sample", now=now,
            told={key: value for key, value in told.items() if value != ""},
            received_at=now, received_c=temperature_c, intact=intact, duplicate=duplicate,
        )  # fmt: skip
        words = [f"{temperature_c} ℃", *([note.strip()] if note.strip() else [])]
        sign_custody(actor=user, subject=sample, step=RECEIVED, note=" · ".join(words), now=now)
    return done


def enter_result(
    *,
    actor: Viewer,
    sample: Sample,
    factor: Factor,
    value: Decimal,
    method: str,
    report: str,
    analysed_at: datetime,
    below: bool = False,
    duplicate: bool = False,
    now: datetime | None = None,
) -> Result:
    """Enter what was found of one factor. It is compared with the online value of that hour.

    A difference beyond the comparison limits is a finding `laboratory_differs`.

    Args:
        value: in the factor's stored unit; with `below`, the detection limit.
        duplicate: of the duplicate that was kept back.

    Raises:
        PermissionDenied: the actor is not of that laboratory.
        ValidationError: a value cannot be, the factor has its result, or it is not its turn.
    """
    user = at_bench(actor, sample)
    now = now or timezone.now()
    in_turn(sample, "report")
    _check(sample, factor, value, analysed_at, now, duplicate=duplicate)
    result = Result(
        sample=sample, factor=factor, value=value, below=below, duplicate=duplicate,
        method=needs(method, "method", _("Name the standard of the method."))[:60],
        report=needs(report, "report", _("Give the number of the report."))[:60],
        analysed_at=analysed_at, entered_by=user, entered_at=now,
    )  # fmt: skip
    try:
        return _entered(result, user, now)
    except IntegrityError as error:
        raise ValidationError({"factor": _("This factor has its result.")}) from error


def _entered(result: Result, user: User, now: datetime) -> Result:
    sample, compared = result.sample, _compared(result)
    with transaction.atomic():
        result.save(force_insert=True)
        step(
            sample, "report", user=user, verb="enter_result", now=now, told=told_of(result),
            reported_at=sample.reported_at or now,
        )  # fmt: skip
        if compared.agrees is False and not result.duplicate:
            _differs(sample, result.factor, compared, now)
    return result


def _compared(result: Result) -> Compared:
    """Hold the result beside the instrument and its hold time; both stand on it from then on."""
    taken_at = result.sample.sampled_at or result.entered_at
    code = result.factor.code
    online = hourly_mean(result.sample.point, result.factor, taken_at)
    limits = rulebook().limits.values()
    compared = compare(limits, code, result.value, online, below=result.below)
    first_end = holding.first_end(taken_at, [code], hold_table())
    result.online, result.allowed = compared.online, compared.allowed
    result.agrees = compared.agrees
    result.in_time = None if first_end is None else result.analysed_at <= first_end
    return compared


def _check(
    sample: Sample, factor: Factor, value: Decimal, at: datetime, now: datetime, *, duplicate: bool
) -> None:
    if factor.code not in sample.factors:
        raise ValidationError({"factor": _("This factor was not asked for.")})
    if not value.is_finite() or not 0 <= value < MOST:
        raise ValidationError({"value": _("Not a value that can be.")})
    if duplicate and not sample.duplicate:
        raise ValidationError({"duplicate": _("No duplicate was kept back of this sample.")})
    if sample.received_at is not None and at < sample.received_at - SKEW:
        raise ValidationError({"analysed_at": _("Before the sample was received.")})
    if at > now + SKEW:
        raise ValidationError({"analysed_at": _("This lies in the future.")})


def told_of(result: Result) -> dict[str, object]:
    """A result as its event tells it."""
    told = {
        "factor": result.factor.code, "value": str(result.value), "below": result.below,
        "method": result.method, "report": result.report, "duplicate": result.duplicate,
        "analysed_at": result.analysed_at.isoformat(), "in_time": result.in_time,
        "online": None if result.online is None else str(result.online),
        "allowed": None if result.allowed is None else str(result.allowed),
        "agrees": result.agrees,
    }  # fmt: skip
    return {key: value for key, value in told.items() if value is not None and value is not False}


def _differs(sample: Sample, factor: Factor, compared: Compared, now: datetime) -> None:
    taken_at = sample.sampled_at or now
    raise_finding(
        rule=RULE, point=sample.point, factor=factor, started_at=taken_at, ended_at=taken_at,
        now=now, value=compared.online,
        detail={
            "sample": sample.number, "laboratory": str(compared.laboratory),
            "online": str(compared.online), "allowed": str(compared.allowed),
        },
    )  # fmt: skip


def dispose_sample(
    *, actor: Viewer, sample: Sample, witness: str, note: str = "", now: datetime | None = None
) -> Sample:
    """Dispose of what is left, before a witness. Every factor must have its result.

    Raises:
        PermissionDenied: the actor is not of that laboratory.
        ValidationError: no witness, or something is still to be done with the sample.
    """
    user = at_bench(actor, sample)
    now = now or timezone.now()
    in_turn(sample, "dispose")
    name = needs(witness, "witness", _("Name who witnessed it."))
    if name == str(user):
        raise ValidationError({"witness": _("The witness is another person.")})
    done_with = set(sample.results.values_list("factor__code", flat=True))
    if missing := [code for code in sample.factors if code not in done_with]:
        told = _("Without a result: %(list)s")
        raise ValidationError(told % {"list": ", ".join(missing)})
    with transaction.atomic():
        done = step(
            sample, "dispose", user=user, verb="dispose_sample", now=now,
            told={"witness": name, "note": note.strip()}, disposed_at=now,
        )  # fmt: skip
        words = " · ".join(filter(None, [name, note.strip()]))
        sign_custody(actor=user, subject=sample, step=DESTROYED, note=words, now=now)
    return done
