"""Judges: who looks at what, who declares a conflict, what they give, when it closes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer, posted, require_account, require_or_system
from jiulong.scorecards import standing_specs
from jiulong.scorecards.actions.standings.adjusting import NotNowError
from jiulong.scorecards.models import Assignment, JudgeScore, Panel, SchemeVersion, Subject
from jiulong.scorecards.standing_rules import RUN, own_units

REASON_MAX = 300
PLACES = Decimal("0.01")


def make_panel(
    *,
    actor: Viewer | None,
    scheme: SchemeVersion,
    criterion: str,
    period: str,
    closes_at: datetime,
    judges: Iterable[User],
    subjects: Iterable[Subject],
    group: str = "",
    blind: bool = False,
    now: datetime | None = None,
) -> Panel:
    """Have judges score subjects for one criterion; when it is `blind` they read aliases.

    A judge of the subject's own unit is not assigned to it: nobody judges themselves.

    Raises:
        PermissionDenied: the actor does not run the contest.
        ValidationError: no such criterion, a closing time that is past, or too few judges.
    """
    user, moment = require_or_system(actor, RUN), now or timezone.now()
    judged = standing_specs.judged(scheme).get(criterion)
    people, looked_at = list(judges), list(subjects)
    if judged is None:
        raise ValidationError({"criterion": _("No judges score this criterion.")})
    rule = judged.judges
    panel = Panel(
        scheme=scheme.code, criterion=criterion, period=period, highest=rule.out_of,
        minimum=rule.minimum, trim=rule.trim, blind=blind, group=group, closes_at=closes_at,
    )  # fmt: skip
    if wrong := _wrong(panel, people, moment):
        raise ValidationError(wrong)
    with transaction.atomic():
        panel.save(force_insert=True)
        Assignment.objects.bulk_create(_assignments(panel, people, looked_at))
        told = {"criterion": criterion, "period": period, "judges": len(people)}
        record_event(actor=user, verb="make_panel", subject=panel, data=told, at=moment)
    return panel


def _wrong(panel: Panel, judges: list[User], now: datetime) -> dict[str, str]:
    wrong = {}
    if panel.closes_at <= now:
        wrong["closes_at"] = _("That is past.")
    if len(judges) < panel.minimum:
        wrong["judges"] = _("At least %(count)d judges are needed.") % {"count": panel.minimum}
    same = Panel.objects.filter(scheme=panel.scheme, criterion=panel.criterion, period=panel.period)
    if (same.filter(group__in=(panel.group, "")) if panel.group else same).exists():
        wrong["period"] = _("There is a panel for this period already.")
    return wrong


def _assignments(panel: Panel, judges: list[User], subjects: list[Subject]) -> Iterable[Assignment]:
    order = list(subjects)
    secrets.SystemRandom().shuffle(order)
    for number, subject in enumerate(order, 1):
        own = own_units(subject)
        for judge in judges:
            if not posted(judge) & own:
                yield Assignment(panel=panel, judge=judge, subject=subject, alias=f"{number:02}")


def declare_conflict(
    *, actor: Viewer, assignment: Assignment, reason: str, now: datetime | None = None
) -> Assignment:
    """Say that one cannot judge this one impartially: what one gave, if anything, counts no more.

    Raises:
        PermissionDenied: it is another judge's.
        ValidationError: without a reason.
        NotNowError: the panel is closed.
    """
    user, moment = _judge(actor, assignment), now or timezone.now()
    if not reason.strip() or len(reason) > 200:
        raise ValidationError({"reason": _("Say in a few words what binds you to it.")})
    with transaction.atomic():
        _open(assignment, moment)
        Assignment.objects.filter(pk=assignment.pk).update(conflict=reason.strip())
        JudgeScore.objects.filter(assignment=assignment, current=True).update(current=False)
        assignment.refresh_from_db()
        record_event(actor=user, verb="declare_conflict", subject=assignment.panel, at=moment,
                     data={"alias": assignment.alias, "reason": reason.strip()})  # fmt: skip
    return assignment


def give_score(
    *,
    actor: Viewer,
    assignment: Assignment,
    value: Decimal,
    reason: str = "",
    now: datetime | None = None,
) -> JudgeScore:
    """Give marks, from nought to the highest; again while the panel is open replaces them.

    Raises:
        PermissionDenied: it is another judge's.
        ValidationError: no marks of this panel.
        NotNowError: the panel is closed, or a conflict was declared.
    """
    user, moment = _judge(actor, assignment), now or timezone.now()
    highest = assignment.panel.highest
    if not value.is_finite() or not 0 <= value <= highest or value != value.quantize(PLACES):
        told = _("Expected marks from 0 to %(highest)s, with two decimals at most.")
        raise ValidationError({"value": told % {"highest": f"{highest.normalize():f}"}})
    if len(reason) > REASON_MAX:
        raise ValidationError(
            {"reason": _("At most %(count)s characters.") % {"count": REASON_MAX}}
        )
    with transaction.atomic():
        _open(assignment, moment)
        if Assignment.objects.filter(pk=assignment.pk).exclude(conflict="").exists():
            raise NotNowError(_("You declared a conflict of interest: you give no marks here."))
        JudgeScore.objects.filter(assignment=assignment, current=True).update(current=False)
        score = JudgeScore.objects.create(
            assignment=assignment, value=value, reason=reason.strip(), at=moment
        )
        record_event(actor=user, verb="give_score", subject=assignment.panel, at=moment,
                     data={"alias": assignment.alias, "value": str(value)})  # fmt: skip
    return score


def close_panel(*, actor: Viewer | None, panel: Panel, now: datetime | None = None) -> Panel:
    """No more marks; from the next computation on the robust mean of each subject counts.

    Raises:
        PermissionDenied: the actor does not run the contest.
        NotNowError: it is closed already.
    """
    user, moment = require_or_system(actor, RUN), now or timezone.now()
    with transaction.atomic():
        if not Panel.objects.filter(pk=panel.pk, closed_at=None).update(closed_at=moment):
            raise NotNowError(_("This panel is closed."))
        panel.refresh_from_db()
        told = {"criterion": panel.criterion, "period": panel.period}
        record_event(actor=user, verb="close_panel", subject=panel, data=told, at=moment)
    return panel


def _judge(actor: Viewer, assignment: Assignment) -> User:
    user = require_account(actor)
    if assignment.judge_id != user.pk:
        raise PermissionDenied("give_score")
    return user


def _open(assignment: Assignment, now: datetime) -> None:
    # Locked: marks must not slip in while the panel is being closed.
    panel = Panel.objects.select_for_update().get(pk=assignment.panel_id)
    if panel.closed_at is not None or panel.closes_at <= now:
        raise NotNowError(_("This panel is closed."))
