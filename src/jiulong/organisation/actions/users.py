"""Every write about accounts."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation import events, sessions
from jiulong.organisation.actions.separation import refuse_two_administrators, require_role_grant
from jiulong.organisation.models import Role, Unit, User
from jiulong.organisation.rules import Viewer, may, require_or_system

#: What `update_user` may change. A name once used in an event stays with its account.
CHANGEABLE: Final = frozenset({"role", "unit", "first_name", "last_name", "email", "is_active"})


def create_user(
    *,
    actor: Viewer | None,
    username: str,
    password: str,
    role: str,
    unit: Unit | None = None,
    name: str = "",
    email: str = "",
    temporary: bool | None = None,
) -> User:
    """Give a person an account. The password must pass the validators of the settings.

    A `temporary` password must be changed at the first sign-in: so is everyone's whom another
    gave it; the command line may say otherwise.

    Raises:
        PermissionDenied: the actor's role lacks `manage_accounts`, or may not give this role.
        ValidationError: a field is wrong, the name taken or the password weak; it says which.
    """
    manager = require_or_system(actor, "manage_accounts")
    user = User(username=username, role=role, unit=unit, first_name=name, email=email)
    require_role_grant(manager, _role(role))
    _check_unit(user)
    _check_password(password, user)
    user.set_password(password)
    user.must_change_password = manager is not None if temporary is None else temporary
    user.password_set_at = timezone.now()
    user.full_clean()
    with transaction.atomic():
        user.save()
        told = {"username": username, "role": role, "unit": unit.code if unit else None}
        events.record(actor=manager, verb="create_user", subject=user, data=told)
    return user


def update_user(*, actor: Viewer | None, user: User, **changes: Any) -> User:
    """Change role, unit, name, mail or `is_active`; not one's own role and access.

    Who manages accounts may all but the administrators' roles; who manages roles may `role`.

    Raises:
        PermissionDenied: the actor may not.
        TypeError: a field is not among CHANGEABLE.
        ValidationError: a value is wrong; it says which.
    """
    manager = _manager(actor, changes)
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"cannot change {', '.join(sorted(unknown))}")
    with transaction.atomic():
        current = User.objects.select_for_update().get(pk=user.pk)  # before and after must be true
        if manager == current and changes.keys() & {"role", "is_active"}:
            raise ValidationError(_("Somebody else must change your own role or access."))
        if changes.get("role", current.role) != current.role:
            require_role_grant(manager, _role(current.role))
            require_role_grant(manager, _role(changes["role"]))
        told = {}
        for field, value in changes.items():
            told[field] = [_told(getattr(current, field)), _told(value)]
            setattr(current, field, value)
        _check_unit(current)
        untouched = {field.name for field in User._meta.fields} - changes.keys()  # noqa: SLF001
        current.full_clean(exclude=untouched)
        current.save(update_fields=list(changes))
        if "role" in changes:
            refuse_two_administrators(current)
        if not current.is_active:
            sessions.end_all(current)
        events.record(actor=manager, verb="update_user", subject=current, data=told)
    return current


def set_password(
    *, actor: Viewer | None, user: User, password: str, temporary: bool | None = None
) -> None:
    """Set a new password: one's own, or anybody's with `manage_accounts`.

    What another sets is `temporary` and ends the account's sessions; one's own ends the others by
    Django's session hash.

    Raises:
        PermissionDenied: neither one's own nor with `manage_accounts`; or an administrator's, whose
            password only who manages roles may set.
        ValidationError: the password is weak; it says why.
    """
    own = isinstance(actor, User) and actor.is_active and actor.pk == user.pk
    setter = actor if own and isinstance(actor, User) else _resetter(actor, user)
    _check_password(password, user)
    user.set_password(password)
    user.password_set_at = timezone.now()
    user.must_change_password = (setter is not None and not own) if temporary is None else temporary
    user.failed_logins, user.locked_until = 0, None
    fields = ["password", "password_set_at", "must_change_password", "failed_logins",
              "locked_until"]  # fmt: skip
    with transaction.atomic():
        user.save(update_fields=fields)
        if not own:
            sessions.end_all(user)
        events.record(actor=setter, verb="set_password", subject=user, data={})


def unlock_user(*, actor: Viewer | None, user: User) -> bool:
    """Let an account in again that too many wrong passwords had locked; False: it was open.

    Raises:
        PermissionDenied: the actor's role lacks `manage_accounts`.
    """
    manager = require_or_system(actor, "manage_accounts")
    with transaction.atomic():
        locked = User.objects.filter(pk=user.pk).exclude(locked_until=None, failed_logins=0)
        if not locked.update(locked_until=None, failed_logins=0):
            return False
        events.record(actor=manager, verb="unlock_user", subject=user, data={})
    return True


def end_sessions(*, actor: Viewer | None, user: User, but: str | None = None) -> int:
    """Sign an account out everywhere, except of the session with the key `but`.

    Raises:
        PermissionDenied: neither one's own nor with `manage_accounts`.
    """
    own = isinstance(actor, User) and actor.is_active and actor.pk == user.pk
    manager = (
        actor if own and isinstance(actor, User) else require_or_system(actor, "manage_accounts")
    )
    with transaction.atomic():
        ended = sessions.end_all(user, but=but)
        events.record(actor=manager, verb="end_sessions", subject=user, data={"ended": ended})
    return ended


def _manager(actor: Viewer | None, changes: dict[str, Any]) -> User | None:
    if isinstance(actor, User) and changes.keys() == {"role"} and may(actor, "manage_roles"):
        return actor
    return require_or_system(actor, "manage_accounts")


def _resetter(actor: Viewer | None, user: User) -> User | None:
    """Who sets an administrator's password could act as them: not one administrator's alone."""
    if isinstance(actor, User) and may(actor, "manage_roles"):
        return actor
    manager = require_or_system(actor, "manage_accounts")
    require_role_grant(manager, _role(user.role))
    return manager


def _role(code: str) -> Role:
    role = Role.objects.filter(code=code).first()
    if role is None:
        raise ValidationError({"role": _("There is no such role.")})
    return role


def _check_unit(user: User) -> None:
    if user.role == User.Role.ENTERPRISE and user.unit is None:
        raise ValidationError({"unit": _("An enterprise account needs its enterprise's unit.")})


def _check_password(password: str, user: User) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error


def _told(value: Any) -> Any:
    return value.code if isinstance(value, Unit) else value
