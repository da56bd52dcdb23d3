"""Ordering samples: by a person, with a second one where it is for enforcement, or by a rule."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.cases.numbers import new_tracking, next_number
from jiulong.evidence.actions import record_event
from jiulong.gateway.actions.commands import queue_command
from jiulong.monitoring.models import Finding, Limit, Point
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require
from jiulong.sampling import life
from jiulong.sampling.actions.moves import needs, step
from jiulong.sampling.interlocks import command_of, logger_of, obstacles, parameters_of
from jiulong.sampling.models import Draw, Sample, Sampler, SamplingRule
from jiulong.sampling.reminding import ask_for_confirmation
from jiulong.sampling.telling import changed

NUMBER: Final = "CY{year}{month}-{serial:4}"
CODE_LENGTH: Final = 8
#: An order that nobody confirms is over: water of later answers another question.
CONFIRM_WITHIN: Final = timedelta(minutes=30)
#: What is analysed where the point has no limits: COD and ammonia nitrogen.
USUAL: Final = ("w01018", "w21003")

#: The constraint that holds a rule to one sample of an alarm.
ONCE: Final = "one_sample_an_alarm"

Trigger, Purpose = Sample.Trigger, Sample.Purpose


class OrderedBeforeError(ValueError):
    """An event of water is one sample of a rule, however many findings it makes."""


def order_sample(
    *,
    actor: Viewer,
    sampler: Sampler,
    purpose: str,
    reason: str,
    trigger: str = Trigger.HAND,
    factors: Sequence[str] = (),
    finding: Finding | None = None,
    now: datetime | None = None,
) -> Sample:
    """Order a sample. One for enforcement waits for a second person (`confirm_sample`).

    Args:
        factors: codes to be analysed; default: those that the point has limits of.

    Raises:
        PermissionDenied: the actor's role lacks `order_sample`.
        ValidationError: no reason, or an interlock; it says which.
    """
    user = require(actor, "order_sample")
    now = now or timezone.now()
    _check(purpose, trigger)
    told = needs(reason, "reason", _("Say why."))
    if finding is not None and finding.point_id != sampler.point_id:
        raise ValidationError({"finding": _("The finding is about another point.")})
    with transaction.atomic():
        locked = _locked(sampler)
        refuse(locked, now)
        _one_at_a_time(locked, now)
        sample = made(
            locked, user=user, now=now, reason=told, trigger=trigger, purpose=purpose,
            factors=list(factors), finding=finding,
        )  # fmt: skip
        if purpose == Purpose.CHECK:
            send(sample, user=user, now=now)
        else:
            ask_for_confirmation(sample, now)
    return sample


def _check(purpose: str, trigger: str) -> None:
    if trigger not in {Trigger.HAND, Trigger.SUSPICION}:
        raise ValidationError({"trigger": _("A person orders by hand or on suspicion.")})
    if purpose not in Purpose.values:
        raise ValidationError({"purpose": _("Say whether it is for enforcement or a check.")})


def _one_at_a_time(sampler: Sampler, now: datetime) -> None:
    waiting = sampler.samples.filter(state=life.ASKED, confirm_until__gt=now).first()
    if waiting is not None:
        already = _("%(number)s waits for its confirmation.")
        raise ValidationError(already % {"number": waiting.number})


def order_by_rule(
    *,
    rule: SamplingRule | None,
    sampler: Sampler,
    trigger: str,
    purpose: str,
    reason: str,
    now: datetime,
    finding: Finding | None = None,
    draw: Draw | None = None,
) -> Sample:
    """Order a sample at once, as a rule says; only the system itself calls this.

    Raises:
        ValidationError: an interlock; it says which.
        OrderedBeforeError: the rule has ordered a sample of this finding's alarm.
    """
    with transaction.atomic():
        locked = _locked(sampler)
        if rule is not None and finding is not None and ordered_before(rule, finding):
            raise OrderedBeforeError(finding)
        refuse(locked, now)
        try:
            with transaction.atomic():
                sample = made(
                    locked, user=None, now=now, reason=reason, trigger=trigger, purpose=purpose,
                    factors=[], rule=rule, finding=finding, draw=draw,
                )  # fmt: skip
        except IntegrityError as error:  # at another sampler of the outfall, at the same moment
            if ONCE not in str(error):
                raise
            raise OrderedBeforeError(finding) from error
        return send(sample, user=None, now=now)


def ordered_before(rule: SamplingRule, finding: Finding) -> bool:
    """Whether a rule has ordered a sample of a finding or, wherever they stand now, its alarm."""
    of = Q(finding=finding)
    if finding.alarm_id is not None:
        of |= Q(alarm=finding.alarm_id) | Q(finding__alarm=finding.alarm_id)
    return rule.samples.filter(of).exists()


def confirm_sample(*, actor: Viewer, sample: Sample, now: datetime | None = None) -> Sample:
    """Confirm another person's order of a sample for enforcement: it is sent at once.

    Raises:
        PermissionDenied: the actor lacks `confirm_sample`, or ordered it.
        ValidationError: too late, not waiting any more, or an interlock.
    """
    user = require(actor, "confirm_sample")
    now = now or timezone.now()
    if sample.ordered_by_id == user.pk:
        raise PermissionDenied("confirm_sample")  # two people, or it is not confirmed
    if sample.confirm_until is not None and sample.confirm_until <= now:
        raise ValidationError(_("The order was not confirmed in time. Order it again."))
    with transaction.atomic():
        refuse(_locked(sample.sampler), now)
        step(
            sample, "confirm", user=user, verb="confirm_sample", now=now, confirmed_by=user,
            confirmed_at=now,
        )  # fmt: skip
        return _command(sample, user=user, now=now)


def reject_sample(
    *, actor: Viewer, sample: Sample, reason: str, now: datetime | None = None
) -> Sample:
    """Do not confirm an order, or take one's own back.

    Raises:
        PermissionDenied: the actor neither ordered it nor may confirm it.
        ValidationError: no reason, or not waiting any more.
    """
    own = isinstance(actor, User) and sample.ordered_by_id == actor.pk
    user = require(actor, "order_sample" if own else "confirm_sample")
    why = needs(reason, "reason", _("Say why."))
    return step(
        sample, "reject", user=user, verb="reject_sample", now=now or timezone.now(),
        told={"reason": why}, why=why,
    )  # fmt: skip


def expire(now: datetime) -> int:
    """End the orders that nobody confirmed; returns how many."""
    late = Sample.objects.filter(state=life.ASKED, confirm_until__lte=now)
    for sample in late:
        step(sample, "expire", user=None, verb="expire_sample", now=now)
    return len(late)


def refuse(sampler: Sampler, now: datetime) -> None:
    """Raises:
    ValidationError: what keeps a sample from being ordered.
    """
    if found := list(obstacles(sampler, now)):
        raise ValidationError(found)


def _locked(sampler: Sampler) -> Sampler:
    # Locked: of two who order at once the second sees the first one's order.
    rows = Sampler.objects.select_related("point__outfall__enterprise")
    return rows.select_for_update(of=("self",)).get(pk=sampler.pk)


def made(sampler: Sampler, *, user: User | None, now: datetime, **fields: Any) -> Sample:
    """A new order as a row, with its event; not sent."""
    factors = fields.pop("factors") or wanted_factors(sampler.point)
    waits = user is not None and fields["purpose"] == Purpose.ENFORCEMENT
    finding = fields.get("finding")
    sample = Sample.objects.create(
        alarm_id=finding.alarm_id if finding else None,
        number=next_number(NUMBER, now), code=new_tracking()[:CODE_LENGTH], sampler=sampler,
        point=sampler.point, state=life.ASKED, ordered_by=user, ordered_at=now, factors=factors,
        confirm_until=now + CONFIRM_WITHIN if waits else None, **fields,
    )  # fmt: skip
    told = {
        "number": sample.number, "point": sampler.point.code, "trigger": sample.trigger,
        "purpose": sample.purpose, "reason": sample.reason, "factors": factors,
        "finding": sample.finding_id, "rule": sample.rule.code if sample.rule else None,
        "draw": sample.draw_id,
    }  # fmt: skip
    told = {key: value for key, value in told.items() if value is not None}
    record_event(actor=user, verb="order_sample", subject=sample, data=told, at=now)
    changed(sample)
    return sample


def wanted_factors(point: Point) -> list[str]:
    """Codes of the factors that the point has limits of, or the usual two."""
    codes = Limit.objects.filter(point=point, valid_to=None).values_list("factor__code", flat=True)
    found = {code for code in codes if code not in {"w00000", "w01010"}}
    return sorted(found) or list(USUAL)


def send(sample: Sample, *, user: User | None, now: datetime) -> Sample:
    """An order that needs nobody's confirmation becomes a command."""
    Sample.objects.filter(pk=sample.pk, state=life.ASKED).update(state=life.ORDERED)
    sample.state = life.ORDERED
    return _command(sample, user=user, now=now)


def _command(sample: Sample, *, user: User | None, now: datetime) -> Sample:
    logger = logger_of(sample.sampler)
    if logger is None:  # for the types: the interlocks have asked
        raise ValidationError(_("No active logger is registered for this point."))
    cn = command_of(sample.sampler, logger.profile)
    command = queue_command(
        user=user, logger=logger, cn=cn, parameters=parameters_of(sample.sampler, cn),
        reason=f"{sample.number} {sample.reason}"[:200], now=now,
    )  # fmt: skip
    Sample.objects.filter(pk=sample.pk).update(command=command)
    sample.command = command
    changed(sample)
    return sample
