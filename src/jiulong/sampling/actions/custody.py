"""From the cabinet to the laboratory: each step signed, by two officers where water is touched."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import sign_custody
from jiulong.evidence.models import Attachment
from jiulong.organisation.models import Unit, User
from jiulong.organisation.rules import Viewer, require
from jiulong.registers.masking import mask
from jiulong.sampling import life
from jiulong.sampling.actions.moves import needs, out_of_order, put, step
from jiulong.sampling.models import Bottle, Sample
from jiulong.sampling.people import is_laboratory
from jiulong.sampling.possible import discardable

#: Steps of custody as `evidence` names them.
SEALED, COLLECTED, HANDED_OVER = "sealed", "collected", "handed_over"
RECEIVED, DESTROYED = "received", "destroyed"
#: What a photograph shows, where the enterprise did not sign.
WITNESS_PHOTO: Final = "witness"
#: A thermometer in a cool box shows something between these, ℃.
COLDEST, WARMEST = Decimal(-10), Decimal(50)


def officer(actor: Viewer) -> User:
    """Somebody who may touch samples: orders them and signs custody.

    Raises:
        PermissionDenied: the actor's role lacks either.
    """
    require(actor, "order_sample")
    return require(actor, "sign_custody")


def seal_sample(
    *,
    actor: Viewer,
    sample: Sample,
    certificate: str,
    seal_number: str,
    witness: str,
    witness_name: str = "",
    refusal: str = "",
    now: datetime | None = None,
) -> Sample:
    """Seal the bottle at the cabinet, as the first of two officers.

    Args:
        witness: a `Sample.Witness`; a refusal or absence needs its reason and a photograph.

    Raises:
        PermissionDenied: the actor may not touch samples.
        ValidationError: something is missing, the seal was used before, or it is not its turn.
    """
    user, now = officer(actor), now or timezone.now()
    in_turn(sample, "seal")
    card = needs(certificate, "certificate", _("Give the number of your certificate."))
    number = _unused(sample, seal_number)
    _check_witness(sample, witness, witness_name, refusal)
    masked = mask("name", witness_name.strip())
    told = {"seal_number": number, "certificate": card, "witness": witness,
            "witness_name": masked, "refusal": refusal.strip()}  # fmt: skip
    with transaction.atomic():
        done = step(
            sample, "seal", user=user, verb="seal_sample", now=now,
            told={key: value for key, value in told.items() if value},
            seal_number=number, witness=witness, witness_name=witness_name.strip()[:60],
            refusal=refusal.strip()[:200],
        )  # fmt: skip
        sign_custody(
            actor=user, subject=sample, step=SEALED, note=f"{number} · {card}", needs_second=True,
            now=now,
        )  # fmt: skip
    return done


def _unused(sample: Sample, seal_number: str) -> str:
    """The seal's number, if it is on no other sample."""
    number = needs(seal_number, "seal_number", _("Give the number of the seal."))
    if Sample.objects.filter(seal_number=number).exclude(pk=sample.pk).exists():
        raise ValidationError({"seal_number": _("This seal is on another sample.")})
    return number


def _check_witness(sample: Sample, witness: str, name: str, refusal: str) -> None:
    if witness not in Sample.Witness.values:
        raise ValidationError({"witness": _("Say whether the enterprise was present.")})
    if witness == Sample.Witness.PRESENT:
        needs(name, "witness_name", _("Give the name of who was present."))
        return
    needs(refusal, "refusal", _("Say why nobody of the enterprise signed."))
    photographs = Attachment.objects.filter(
        subject="sampling.sample", subject_id=str(sample.pk), purpose=WITNESS_PHOTO,
        withdrawn_at=None,
    )  # fmt: skip
    if not photographs.exists():
        raise ValidationError({"photo": _("A photograph must show the sealing without witness.")})


def collect_sample(
    *, actor: Viewer, sample: Sample, certificate: str, now: datetime | None = None
) -> Sample:
    """Take the sealed bottle out of the cabinet, as the first of two officers.

    Raises:
        PermissionDenied: the actor may not touch samples.
        ValidationError: no certificate, or it is not its turn.
    """
    user = officer(actor)
    now = now or timezone.now()
    in_turn(sample, "collect")
    card = needs(certificate, "certificate", _("Give the number of your certificate."))
    with transaction.atomic():
        done = step(
            sample, "collect", user=user, verb="collect_sample", now=now,
            told={"certificate": card},
        )  # fmt: skip
        sign_custody(
            actor=user, subject=sample, step=COLLECTED, note=card, needs_second=True, now=now
        )
    return done


def cosign_sample(
    *, actor: Viewer, sample: Sample, certificate: str, now: datetime | None = None
) -> Sample:
    """Sign what the first officer did, as the second.

    Raises:
        PermissionDenied: the actor may not touch samples.
        NeedsAnotherPersonError: the actor is the first officer.
        ValidationError: no certificate, or nothing waits for a second signature.
    """
    user = officer(actor)
    now = now or timezone.now()
    in_turn(sample, "cosign")
    card = needs(certificate, "certificate", _("Give the number of your certificate."))
    sealing = sample.state == life.SEALING
    with transaction.atomic():
        sign_custody(
            actor=user, subject=sample, step=SEALED if sealing else COLLECTED, note=card,
            needs_second=True, now=now,
        )  # fmt: skip
        put(sample.bottle, Bottle.State.SEALED if sealing else Bottle.State.COLLECTED, now)
        when = {"sealed_at": now} if sealing else {"collected_at": now}
        return step(
            sample, "cosign", user=user, verb="cosign_sample", now=now,
            told={"certificate": card, "step": SEALED if sealing else COLLECTED}, **when,
        )  # fmt: skip


def hand_over_sample(
    *,
    actor: Viewer,
    sample: Sample,
    laboratory: Unit,
    temperature_c: Decimal,
    now: datetime | None = None,
) -> Sample:
    """Hand the bottle over to a laboratory, with the temperature in the box.

    Raises:
        PermissionDenied: the actor may not touch samples.
        ValidationError: no laboratory, no temperature that can be, or it is not its turn.
    """
    user = officer(actor)
    now = now or timezone.now()
    in_turn(sample, "hand_over")
    if not is_laboratory(laboratory):
        raise ValidationError({"laboratory": _("Nobody of this unit works in a laboratory.")})
    check_temperature(temperature_c)
    with transaction.atomic():
        done = step(
            sample, "hand_over", user=user, verb="hand_over_sample", now=now,
            told={"laboratory": laboratory.name, "temperature_c": str(temperature_c)},
            laboratory=laboratory, handed_over_at=now, handed_over_c=temperature_c,
        )  # fmt: skip
        note = f"{laboratory.name} · {temperature_c} ℃"
        sign_custody(actor=user, subject=sample, step=HANDED_OVER, note=note, now=now)
    return done


def discard_sample(
    *, actor: Viewer, sample: Sample, reason: str, now: datetime | None = None
) -> Sample:
    """Drain the bottle without analysis. A sample for enforcement is not discarded.

    Raises:
        PermissionDenied: the actor may not touch samples.
        ValidationError: no reason, it is for enforcement, or it is not its turn.
    """
    user = officer(actor)
    now = now or timezone.now()
    in_turn(sample, "discard")
    if not discardable(sample):
        raise ValidationError(_("A sample for enforcement goes to the laboratory."))
    why = needs(reason, "reason", _("Say why."))
    with transaction.atomic():
        put(sample.bottle, Bottle.State.COLLECTED, now)
        return step(
            sample, "discard", user=user, verb="discard_sample", now=now, told={"reason": why},
            why=why,
        )  # fmt: skip


def check_temperature(value: Decimal) -> None:
    """Raises:
    ValidationError: no thermometer in a cool box shows this.
    """
    if not COLDEST <= value <= WARMEST:
        told = _("Between %(low)s and %(high)s ℃.")
        raise ValidationError({"temperature_c": told % {"low": COLDEST, "high": WARMEST}})


def in_turn(sample: Sample, action: str) -> None:
    """Raises:
    ValidationError: the action does not follow on where the sample is.
    """
    if action not in life.possible(sample.state):
        raise ValidationError(out_of_order(sample))
