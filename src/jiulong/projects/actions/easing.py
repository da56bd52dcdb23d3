"""Asking less of a project that lags: one asks, somebody of the supervision grants or refuses."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.evidence.actions import record_event
from jiulong.organisation.models import User
from jiulong.organisation.rules import Viewer
from jiulong.projects import guarding, rules
from jiulong.projects.actions import writing
from jiulong.projects.actions.common import ChangedMeanwhileError
from jiulong.projects.actions.fitting import check
from jiulong.projects.actions.lights import compute_lights
from jiulong.projects.models import Easing, Project, YearPlan

State = Easing.State


def ask_easing(
    user: User,
    project: Project,
    kind: str,
    *,
    wanted: Mapping[str, Any],
    told: Sequence[Sequence[str]],
    reason: str,
    moment: datetime,
) -> Easing:
    """Keep the wish until a second person settles it; an open one of the kind gives way to it.

    The verbs that call it have asked whether the person may.

    Raises:
        ValidationError: no reason.
    """
    if not reason.strip():
        said = _("The project lags: say why less is asked of it. A second person decides.")
        raise ValidationError({"reason": [said]})
    with transaction.atomic():
        # Locked: of two that ask at once, the later one overtakes the other.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        Easing.objects.filter(project=project, kind=kind, state=State.OPEN).update(
            state=State.WITHDRAWN, settled_by=user, settled_by_name=str(user), settled_at=moment
        )
        easing = Easing.objects.create(
            project=project, kind=kind, wanted=dict(wanted), told=[list(row) for row in told],
            reason=reason.strip()[:200], asked_by=user, asked_by_name=str(user), asked_at=moment,
        )  # fmt: skip
        record_event(
            actor=user, verb="ask_easing", subject=project, at=moment, data=_record(easing)
        )
    return easing


def grant_easing(*, actor: Viewer | None, easing: Easing, now: datetime | None = None) -> Easing:
    """Let less be asked: what was wanted is done, and the light judged anew.

    Raises:
        PermissionDenied: the actor does not confirm what this project reports, asked for it, or has
            a post in the unit that leads it.
        ValidationError: it does not wait any more, or no longer fits what was changed since.
        ChangedMeanwhileError: what stood when it was asked does not stand any more.
    """
    moment = now or timezone.now()
    user = _second(actor, easing)
    with transaction.atomic():
        _settle(easing, State.GRANTED, user, moment)
        project = Project.objects.get(pk=easing.project_id)
        DONE[easing.kind](project, easing, moment)
        record_event(
            actor=user, verb="grant_easing", subject=project, at=moment,
            data={**_record(easing), "asked_by": easing.asked_by_name},
        )  # fmt: skip
        if project.dropped_on is None:
            compute_lights(now=moment, projects=[project])
    return easing


def refuse_easing(
    *, actor: Viewer | None, easing: Easing, reason: str, now: datetime | None = None
) -> Easing:
    """Leave what stands.

    Raises:
        PermissionDenied: as for granting.
        ValidationError: no reason, or it does not wait any more.
    """
    moment = now or timezone.now()
    user = _second(actor, easing)
    if not reason.strip():
        raise ValidationError({"reason": [_("Say why it is refused.")]})
    with transaction.atomic():
        _settle(easing, State.REFUSED, user, moment, answer=reason.strip()[:200])
        record_event(
            actor=user, verb="refuse_easing", subject=easing.project, at=moment,
            data={"kind": easing.kind, "reason": easing.answer, "asked_by": easing.asked_by_name},
        )  # fmt: skip
    return easing


def withdraw_easing(*, actor: Viewer | None, easing: Easing, now: datetime | None = None) -> Easing:
    """Take the wish back.

    Raises:
        PermissionDenied: the actor does not keep this project.
        ValidationError: it does not wait any more.
    """
    moment = now or timezone.now()
    user = rules.require(actor, "keep_projects", easing.project)
    with transaction.atomic():
        _settle(easing, State.WITHDRAWN, user, moment)
        record_event(
            actor=user, verb="withdraw_easing", subject=easing.project, at=moment,
            data={"kind": easing.kind},
        )  # fmt: skip
    return easing


def _second(actor: Viewer | None, easing: Easing) -> User | None:
    """Raises: PermissionDenied."""
    user = rules.require(actor, "confirm_project", easing.project)
    if user is not None and not rules.may_ease(user, easing):
        raise PermissionDenied("confirm_project")
    return user


def _settle(
    easing: Easing, state: str, user: User | None, moment: datetime, answer: str = ""
) -> None:
    waits = Easing.objects.filter(pk=easing.pk, state=State.OPEN)
    if not waits.update(
        state=state, settled_by=user, settled_by_name=str(user) if user else "Jiulong",
        settled_at=moment, answer=answer,
    ):  # fmt: skip
        raise ValidationError({"state": [_("This does not wait any more.")]})
    easing.refresh_from_db()


def _record(easing: Easing) -> dict[str, Any]:
    return {"kind": easing.kind, "reason": easing.reason, "told": easing.told}


def _plan(project: Project, easing: Easing, moment: datetime) -> None:
    wanted = easing.wanted
    plans = YearPlan.objects.select_for_update()  # nobody plans between the look and the write
    known = plans.filter(project=project, year=wanted["year"]).first()
    if known is None or known.revised_at.isoformat() != wanted["stood"]:
        raise ChangedMeanwhileError
    writing.write_plan(project, wanted["year"], writing.Fresh.read(wanted), moment)


def _change(project: Project, easing: Easing, moment: datetime) -> None:
    fresh: dict[str, Any] = {}
    for name, (was, value) in easing.wanted.items():
        if stored(project, name) != was:
            raise ChangedMeanwhileError
        fresh[KEYS.get(name, name)] = None if value is None else READ[name](value)
    for name, value in fresh.items():
        setattr(project, name, value)
    check(project)
    writing.write_values(project, fresh, moment)


def _drop(project: Project, easing: Easing, moment: datetime) -> None:
    if not writing.write_drop(project, easing.reason, moment):
        raise ChangedMeanwhileError


def stored(project: Project, name: str) -> str | None:
    """A field's value as a wish keeps it: text, of another row its key."""
    value = getattr(project, KEYS.get(name, name))
    return None if value is None else str(value)


#: Fields that hold the key of another row.
KEYS: Final = {name: f"{name}_id" for name in guarding.WATCHERS}
#: From the text that a wish keeps.
READ: Final[dict[str, Callable[[str], Any]]] = {
    **dict.fromkeys(guarding.DATES, date.fromisoformat),
    **dict.fromkeys(guarding.SUMS, Decimal),
    **dict.fromkeys(guarding.WATCHERS, int),
}
#: What is done when it is granted.
DONE: Final[dict[str, Callable[[Project, Easing, datetime], None]]] = {
    Easing.Kind.PLAN: _plan,
    Easing.Kind.CHANGE: _change,
    Easing.Kind.DROP: _drop,
}
