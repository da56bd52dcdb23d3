"""What all acts of upkeep share: whose station, whose name, files that prove, who is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import Captured, keep_file, record_event
from jiulong.monitoring import also
from jiulong.monitoring.models import Factor, Point
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, require
from jiulong.upkeep import changes, tallies
from jiulong.upkeep.models import Report
from jiulong.upkeep.provisions import Rulebook
from jiulong.upkeep.queries.scope import own_points

MOMENT: Final = timedelta(microseconds=1)
#: Clocks of phones run ahead by so much.
CLOCK_AHEAD: Final = timedelta(minutes=5)


class NotAnyMoreError(ValueError):
    """Somebody was quicker: it was reviewed, withdrawn, superseded or answered before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A file handed in with a report."""

    name: str
    content: bytes
    captured: Captured | None = None


def require_own(actor: Viewer, point: Point) -> User:
    """The acting user, if the station is of their enterprise or operated by their firm.

    Raises:
        PermissionDenied: they may not `mark_data`, or not at this point.
    """
    user = require(actor, "mark_data")
    if not own_points(user).filter(pk=point.pk).exists():
        raise PermissionDenied("mark_data")
    return user


def signed(user: User | None, now: datetime) -> dict[str, Any]:
    """The columns that say who handed it in, and when."""
    return {
        "by": user,
        "by_name": str(user) if user else "Jiulong",
        "by_unit_id": user.unit_id if user else None,
        "entered_at": now,
    }


def keep_proofs(user: User, report: Report, proofs: Sequence[Proof], now: datetime) -> None:
    """Attach the files; each is an event of the report."""
    for proof in proofs:
        keep_file(
            actor=user, content=proof.content, name=proof.name, subject=report,
            purpose="proof", captured=proof.captured, now=now,
        )  # fmt: skip


def check_times(point: Point, field: str, at: datetime, now: datetime) -> None:
    """Refuse what lies before the station came into service or has not happened yet."""
    if at < point.active_from:
        raise ValidationError({field: _("This is before the point came into service.")})
    if at > now + CLOCK_AHEAD:
        raise ValidationError({field: _("This lies in the future.")})


def check_back(book: Rulebook, clock: str, field: str, at: datetime, now: datetime) -> None:
    """Refuse what lies further back than may still be handed in, counted in local days.

    Args:
        clock: `mark_back` or `check_back`.
    """
    days = book.limit(clock).amount
    if timezone.localdate(at) < timezone.localdate(now) - timedelta(days=days):
        told = _("This lies more than %(days)d days back: it can no longer be handed in.")
        raise ValidationError({field: told % {"days": days}})


def check_text(field: str, text: str) -> str:
    """What was said, without blanks around it; saying nothing is refused."""
    if not text.strip():
        raise ValidationError({field: _("Say what happened.")})
    return text.strip()


def factor_ids(factors: Sequence[Factor]) -> list[int]:
    """Ids in order, none twice."""
    return sorted({factor.pk for factor in factors})


def reference(report: Report) -> str:
    """What says so: `upkeep.mark/17`."""
    return f"{report._meta.label_lower}/{report.pk}"  # noqa: SLF001 - documented by Django


def tell(point: int, start: datetime, end: datetime, cause: str) -> None:
    """Tell listeners that what counts from `start` to `end` (excluded) may have changed."""
    last = max(start, end - MOMENT)
    changes.tell(point, timezone.localdate(start), timezone.localdate(last), cause)
    also.wake()


def withdraw(user: User, report: Report, reason: str, now: datetime) -> None:
    """Fill the columns of a withdrawal, once, in the caller's transaction.

    Raises:
        PermissionDenied: another firm handed it in.
        ValidationError: without a reason.
        NotAnyMoreError: it was withdrawn before.
    """
    if report.by_unit_id is None or report.by_unit_id != user.unit_id:
        raise PermissionDenied("withdraw")
    reason = check_text("reason", reason)[:400]
    rows = type(report)._default_manager.filter(pk=report.pk, withdrawn_at=None)  # noqa: SLF001
    if not rows.update(withdrawn_at=now, withdrawn_by=user, withdrawn_reason=reason):
        raise NotAnyMoreError(_("This was withdrawn before."))
    told = {"reason": reason}
    record_event(actor=user, verb="withdraw_report", subject=report, data=told, at=now)
    if tallies.is_told(report):
        tallies.tell(report, now)
