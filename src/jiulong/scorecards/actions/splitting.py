"""Targets set by people: one, or split up among the parts of a subject."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiulong.organisation.rules import Viewer, require_for
from jiulong.scorecards.actions.targets import place_targets
from jiulong.scorecards.checking import shown
from jiulong.scorecards.models import Indicator, Subject, Target

REASON_MIN = 4


@transaction.atomic
def set_target(
    *, actor: Viewer, indicator: Indicator, subject: Subject, period: str, value: Decimal | None,
    tolerance: str, reason: str, now: datetime, words: str = "",
) -> Target:  # fmt: skip
    """Put one target in force.

    Raises:
        PermissionDenied: not within the actor's reach.
        ValidationError: no reason for changing one that holds.
    """
    require_for(actor, "set_targets", subject.unit_id)
    held = Target.objects.filter(
        indicator=indicator, subject=subject, period=period, current=True
    ).first()
    if held is not None:
        _reason(reason)
    row = Target(
        indicator=indicator, subject=subject, period=period, value=value, tolerance=tolerance,
        words=words[:200], gap_reason=held.gap_reason if held else "",
    )  # fmt: skip
    return place_targets(actor=actor, rows=[row], now=now, reason=reason.strip())[0]


def _reason(reason: str) -> None:
    if len(reason.strip()) < REASON_MIN:
        told = _("Say why the target changes, in at least %(least)d characters.")
        raise ValidationError({"reason": told % {"least": REASON_MIN}})


@transaction.atomic
def split_target(
    *, actor: Viewer, whole: Target, parts: Mapping[int, Decimal], reason: str, gap_reason: str,
    now: datetime,
) -> list[Target]:  # fmt: skip
    """Split a target up among the parts of its subject; only what differs is written.

    Args:
        parts: subject's id → its target.

    Raises:
        PermissionDenied: not within the actor's reach.
        ValidationError: the parts do not add up and nobody says why; no reason for a change.
    """
    require_for(actor, "set_targets", whole.subject.unit_id)
    _adds_up(whole, parts, gap_reason)
    held = {
        row.subject_id: row
        for row in Target.objects.filter(
            indicator=whole.indicator, period=whole.period, current=True, subject__in=parts
        )
    }
    changed = {pk: value for pk, value in parts.items()
               if pk not in held or held[pk].value != value}  # fmt: skip
    if any(pk in held for pk in changed):
        _reason(reason)
    rows = [
        Target(
            indicator=whole.indicator, subject_id=pk, period=whole.period, value=value,
            tolerance=whole.tolerance, gap_reason=held[pk].gap_reason if pk in held else "",
        )
        for pk, value in changed.items()
    ]  # fmt: skip
    if whole.gap_reason != gap_reason.strip():
        rows.append(_again(whole, gap_reason.strip()))
    return place_targets(actor=actor, rows=rows, now=now, reason=reason.strip())


def _again(whole: Target, gap_reason: str) -> Target:
    return Target(
        indicator=whole.indicator, subject=whole.subject, period=whole.period, value=whole.value,
        tolerance=whole.tolerance, words=whole.words, source=whole.source, gap_reason=gap_reason,
    )  # fmt: skip


def _adds_up(whole: Target, parts: Mapping[int, Decimal], gap_reason: str) -> None:
    """Levels must add up to the whole; rates cannot be added."""
    if whole.value is None or whole.indicator.kind == Indicator.Kind.GROWTH:
        return
    if not whole.indicator.cumulative or not parts:
        return
    total = sum(parts.values(), Decimal(0))
    if total != whole.value and not gap_reason.strip():
        told = _("The parts add up to %(total)s, the target is %(whole)s: change them or say why.")
        data = {"total": shown(total), "whole": shown(whole.value)}
        raise ValidationError({"gap_reason": told % data})
