"""Checks of instruments: entered by hand, or read from what the logger sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Factor, Point
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer
from jiulong.upkeep import findings, judging, tallies
from jiulong.upkeep.actions import common
from jiulong.upkeep.actions.common import Proof
from jiulong.upkeep.models import QcTest
from jiulong.upkeep.provisions import rulebook
from jiulong.upkeep.queries.counting import last_pass

PLACES: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What was measured in one check.

    Args:
        pairs: (true value, what the instrument said): one for a standard sample or a zero, at
            least three for a comparison with manual samples.
        range_upper: of the instrument, where the check is judged by it.
        laboratory: who measured the manual samples.
    """

    kind: str
    at: datetime
    pairs: Sequence[judging.Pair]
    range_upper: Decimal | None = None
    laboratory: str = ""
    note: str = ""


def enter_check(
    *,
    actor: Viewer,
    point: Point,
    factor: Factor,
    checked: Checked,
    proofs: Sequence[Proof] = (),
    now: datetime | None = None,
) -> QcTest:
    """Enter a check; whether it was passed is judged here, by the limits that hold now.

    A failed one makes values invalid back to the last passed one and raises a finding.

    Raises:
        PermissionDenied: not their station.
        ValidationError: a value is wrong or missing, no limit holds, or it was made longer ago
            than checks may be handed in; it says which.
    """
    user = common.require_own(actor, point)
    now = now or timezone.now()
    common.check_times(point, "at", checked.at, now)
    common.check_back(rulebook(), "check_back", "at", checked.at, now)
    with transaction.atomic():
        test = _judge(point, factor, checked, user, now)
        test.save(force_insert=True)
        _settle(test, point, factor, user, now)
        common.keep_proofs(user, test, proofs, now)
    return test


def receive_check(
    *, point: Point, factor: Factor, checked: Checked, frame: str, now: datetime
) -> QcTest | None:
    """Take over a check that the logger sent, once: the machine alone calls this.

    Args:
        frame: journal link `batch/ordinal`.

    Returns: None where it was taken over before.

    Raises:
        ValidationError: as in `enter_check`.
    """
    with transaction.atomic():
        test = _judge(point, factor, checked, None, now)
        test.source, test.frame = QcTest.Source.LOGGER, frame
        made = QcTest.objects.bulk_create([test], ignore_conflicts=True)
        kept = QcTest.objects.filter(frame=frame, factor=factor, kind=test.kind).first()
        if not made or kept is None or kept.entered_at != now:
            return None
        _settle(kept, point, factor, None, now)
    return kept


def withdraw_check(
    *, actor: Viewer, test: QcTest, reason: str, now: datetime | None = None
) -> QcTest:
    """Take back a check that was entered wrongly; what the logger sent is never taken back.

    Raises:
        PermissionDenied: not their station any more, another firm's, or the logger's.
        ValidationError: without a reason.
        NotAnyMoreError: withdrawn before.
    """
    user = common.require_own(actor, test.point)
    now = now or timezone.now()
    with transaction.atomic():
        common.withdraw(user, test, reason, now)
        test.refresh_from_db()
        findings.unsettle(test)
        _tell(test, now)
    return test


def _judge(
    point: Point, factor: Factor, checked: Checked, user: User | None, now: datetime
) -> QcTest:
    """A check with its verdict, not saved."""
    book = rulebook()
    if checked.kind not in QcTest.Kind.values:
        raise ValidationError({"kind": _("There is no such kind of check.")})
    several = checked.kind == QcTest.Kind.COMPARISON
    least = book.count("comparison_pairs") if several else 1
    if len(checked.pairs) < least:
        told = _("At least %(count)d pairs are needed.")
        raise ValidationError({"pairs": told % {"count": least}})
    verdict = judging.judged(
        book.limits.values(), factor=factor.code, kind=checked.kind, pairs=checked.pairs,
        range_upper=checked.range_upper, misses=book.count("comparison_misses") if several else 0,
    )  # fmt: skip
    count = len(checked.pairs)
    true, said = (sum(column, Decimal(0)) / count for column in zip(*checked.pairs, strict=True))
    return QcTest(
        point=point, factor=factor, kind=checked.kind, at=checked.at, reference=_kept(true),
        measured=_kept(said), range_upper=checked.range_upper, laboratory=checked.laboratory[:120],
        pairs=[[str(a), str(b)] for a, b in checked.pairs] if several else [],
        measure=verdict.measure, error=_kept(verdict.error), tolerance=verdict.tolerance,
        rule=verdict.rule, rule_source=verdict.source, passed=verdict.passed,
        note=checked.note[:400], **common.signed(user, now),
    )  # fmt: skip


def _kept(value: Decimal) -> Decimal:
    """As the column keeps it; the verdict was formed from the exact value."""
    return value.quantize(PLACES, rounding=ROUND_HALF_EVEN)


def _settle(test: QcTest, point: Point, factor: Factor, user: User | None, now: datetime) -> None:
    """Event, finding, and who computes: what follows from a new check."""
    verb = "enter_check" if user else "receive_check"
    record_event(actor=user, verb=verb, subject=test, data=_told(test, point, factor), at=now)
    tallies.tell(test, now)
    findings.settle(point, factor, test)
    _tell(test, now)


def _tell(test: QcTest, now: datetime) -> None:
    """The days between the passed checks around it may change."""
    start = last_pass(test.point_id, test.factor_id, test.at) or test.at
    following = (
        QcTest.objects.filter(
            point=test.point_id,
            factor=test.factor_id,
            passed=True,
            at__gt=test.at,
            withdrawn_at=None,
        )
        .order_by("at")
        .values_list("at", flat=True)
        .first()
    )
    if test.passed and not _failed_between(test, start, following or now):
        return  # nothing was invalid here and nothing becomes so
    common.tell(test.point_id, start, following or now, common.reference(test))


def _failed_between(test: QcTest, start: datetime, end: datetime) -> bool:
    return QcTest.objects.filter(
        point=test.point_id, factor=test.factor_id, passed=False, withdrawn_at=None,
        at__gte=start, at__lte=end,
    ).exists()  # fmt: skip


def _told(test: QcTest, point: Point, factor: Factor) -> dict[str, Any]:
    return {
        "point": point.code,
        "factor": factor.code,
        "kind": test.kind,
        "at": test.at.isoformat(),
        "reference": str(test.reference),
        "measured": str(test.measured),
        "pairs": test.pairs,
        "error": str(test.error),
        "tolerance": str(test.tolerance),
        "measure": test.measure,
        "rule": test.rule_source,
        "passed": test.passed,
    }
