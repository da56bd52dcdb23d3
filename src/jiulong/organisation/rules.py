"""Who may do what: roles are sets of verbs, and a viewer's sight is all or their own unit."""

from __future__ import annotations

from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from jiulong.organisation.models import User

Viewer = User | AnonymousUser

#: Every verb that needs a right. `see_all` lifts the limit to one's own unit.
ROLE_VERBS: Final[dict[str, frozenset[str]]] = {
    User.Role.ADMINISTRATOR: frozenset(
        {
            "see_all",
            "see_raw",
            "adopt_logger",
            "edit_logger",
            "replay_quarantine",
            "seal",
            "manage_accounts",
            "edit_enterprise",
            "edit_point",
            "set_limit",
        }
    ),
    User.Role.OFFICER: frozenset(
        {"see_all", "see_raw", "command_logger", "acknowledge_finding", "seal", "set_limit"}
    ),
    User.Role.OBSERVER: frozenset({"see_all"}),
    User.Role.ENTERPRISE: frozenset({"acknowledge_finding"}),
}


def may(viewer: Viewer, verb: str) -> bool:
    """Whether the viewer's role holds the verb. Nobody inactive or anonymous may anything."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return False
    return verb in ROLE_VERBS.get(viewer.role, frozenset())


def require(viewer: Viewer, verb: str) -> User:
    """The acting user, if they may.

    Raises:
        PermissionDenied: the viewer's role does not hold the verb.
    """
    if not isinstance(viewer, User) or not may(viewer, verb):
        raise PermissionDenied(verb)
    return viewer


def require_or_system(actor: Viewer | None, verb: str) -> User | None:
    """The acting user, if they may; None stays None: the system itself.

    Only code that runs from the machine's command line may pass None. Views and the API always
    pass their viewer.

    Raises:
        PermissionDenied: the actor's role does not hold the verb.
    """
    return None if actor is None else require(actor, verb)
