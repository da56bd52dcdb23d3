"""Random draws: promised, then taken. The keeper does both; nobody can choose."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from jiulong.evidence.actions import record_event
from jiulong.sampling import drawing
from jiulong.sampling.actions.ordering import order_by_rule
from jiulong.sampling.models import Draw, Sample, Sampler, SamplingRule


def promise_draw(
    *, rule: SamplingRule, opens_at: datetime, closes_at: datetime, count: int, now: datetime
) -> Draw | None:
    """Choose a seed, and write down its digest and that of the candidates; None: was promised.

    Candidates are all points with an active sampler. Only the system itself calls this.
    """
    active = Sampler.objects.filter(active=True).order_by("point__code")
    candidates = list(active.values_list("point__code", flat=True))
    if not candidates:
        return None
    seed = secrets.token_hex(32)
    with transaction.atomic():
        draw, made = Draw.objects.get_or_create(
            rule=rule, opens_at=opens_at,
            defaults={
                "closes_at": closes_at, "count": count, "seed": seed,
                "seed_sha256": drawing.digest(seed), "candidates": candidates,
                "candidates_sha256": drawing.digest(drawing.listed(candidates)),
                "promised_at": now, "due_at": drawing.moment(seed, opens_at, closes_at),
            },
        )  # fmt: skip
        if not made:
            return None
        told = {
            "rule": rule.code, "opens_at": opens_at.isoformat(), "count": count,
            "closes_at": closes_at.isoformat(), "seed_sha256": draw.seed_sha256,
            "candidates": len(candidates), "candidates_sha256": draw.candidates_sha256,
        }  # fmt: skip
        record_event(actor=None, verb="promise_draw", subject=draw, data=told, at=now)
    return draw


def take_draw(*, draw: Draw, now: datetime) -> list[Sample]:
    """Draw, tell the seed, and order the samples; points that an interlock holds stay drawn.

    Only the system itself calls this. A draw is taken once.
    """
    drawn = drawing.draw(draw.seed, draw.candidates, draw.count)
    with transaction.atomic():
        if not Draw.objects.filter(pk=draw.pk, drawn_at=None).update(drawn_at=now, drawn=drawn):
            return []
        draw.drawn_at, draw.drawn = now, drawn
        record_event(
            actor=None, verb="take_draw", subject=draw, at=now,
            data={"seed": draw.seed, "drawn": drawn},
        )  # fmt: skip
        samples, held = [], {}
        for sampler in Sampler.objects.filter(point__code__in=drawn):
            try:
                with transaction.atomic():
                    samples.append(_order(draw, sampler, now))
            except ValidationError as error:
                held[sampler.point.code] = " ".join(error.messages)
        if held:
            record_event(actor=None, verb="hold_draw", subject=draw, data=held, at=now)
    return samples


def _order(draw: Draw, sampler: Sampler, now: datetime) -> Sample:
    purpose = draw.rule.spec.get("purpose", Sample.Purpose.CHECK)
    return order_by_rule(
        rule=None, sampler=sampler, trigger=Sample.Trigger.RANDOM, purpose=purpose,
        reason=f"{draw.rule.code} #{draw.pk}", now=now, draw=draw,
    )  # fmt: skip
