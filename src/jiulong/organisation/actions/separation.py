"""Three administrators who are three persons: one for accounts, one for roles, one who audits."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation.models import Role, User
from jiulong.organisation.roles import SEPARATE
from jiulong.organisation.rules import held_by, may


def refuse_mixed_verbs(verbs: Iterable[str]) -> None:
    """Refuse a role that would be two administrators at once.

    Raises:
        ValidationError: it holds more than one of the three administrators' verbs.
    """
    if len(SEPARATE & set(verbs)) > 1:
        text = _("One role cannot manage accounts, manage roles and read the logs: only one of it.")
        raise ValidationError({"verbs": text})


def refuse_two_administrators(user: User) -> None:
    """Refuse what an account would hold now or later, read freshly from the database.

    Raises:
        ValidationError: the person would be two of the three administrators.
    """
    user.forget_rights()
    today = timezone.localdate()
    lasting = [held for held in held_by(user) if held.to_on is None or held.to_on >= today]
    if len(SEPARATE & frozenset().union(*(held.verbs for held in lasting))) > 1:
        text = _("%(name)s would be two of the three administrators; they must be three persons.")
        raise ValidationError({"role": text % {"name": user}})


def require_role_grant(actor: User | None, role: Role) -> None:
    """Administrators' roles are given and taken by who manages roles; others by who has accounts.

    Raises:
        PermissionDenied: the actor may not give this role.
    """
    if actor is None or may(actor, "manage_roles"):
        return
    if SEPARATE & set(role.verbs) or not may(actor, "manage_accounts"):
        raise PermissionDenied("manage_roles")
