"""Every write about units and accounts. `actor` None is the machine's command line alone."""

from __future__ import annotations

from typing import Any, Final

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from jiulong.organisation import events
from jiulong.organisation.models import Role, Unit, User
from jiulong.organisation.roles import BUILT_IN
from jiulong.organisation.rules import Viewer, require_or_system

#: What `update_user` may change. A name once used in an event stays with its account.
CHANGEABLE: Final = frozenset({"role", "unit", "first_name", "last_name", "email", "is_active"})


def create_unit(
    *, actor: Viewer | None, code: str, name: str, kind: str, parent: Unit | None = None
) -> Unit:
    """Enter a part of the organisation.

    Raises:
        PermissionDenied: the actor's role lacks `manage_accounts`.
        ValidationError: a field is wrong, or the code is taken; it says which.
    """
    user = require_or_system(actor, "manage_accounts")
    unit = Unit(code=code, name=name, kind=kind, parent=parent)
    unit.full_clean()
    with transaction.atomic():
        unit.save()
        told = {"code": code, "name": name, "kind": kind}
        events.record(actor=user, verb="create_unit", subject=unit, data=told)
    return unit


def create_user(
    *,
    actor: Viewer | None,
    username: str,
    password: str,
    role: str,
    unit: Unit | None = None,
    name: str = "",
) -> User:
    """Give a person an account. The password must pass the validators of the settings.

    Raises:
        PermissionDenied: the actor's role lacks `manage_accounts`.
        ValidationError: a field is wrong, the name taken or the password weak; it says which.
    """
    manager = require_or_system(actor, "manage_accounts")
    user = User(username=username, role=role, unit=unit, first_name=name)
    _check_role(user)
    _check_unit(user)
    _check_password(password, user)
    user.set_password(password)
    user.full_clean()
    with transaction.atomic():
        user.save()
        told = {"username": username, "role": role, "unit": unit.code if unit else None}
        events.record(actor=manager, verb="create_user", subject=user, data=told)
    return user


def update_user(*, actor: Viewer | None, user: User, **changes: Any) -> User:
    """Change role, unit, name, mail or `is_active`; not one's own role and access.

    Raises:
        PermissionDenied: the actor's role lacks `manage_accounts`.
        TypeError: a field is not among CHANGEABLE.
        ValidationError: a value is wrong; it says which.
    """
    manager = require_or_system(actor, "manage_accounts")
    if unknown := changes.keys() - CHANGEABLE:
        raise TypeError(f"cannot change {', '.join(sorted(unknown))}")
    with transaction.atomic():
        current = User.objects.select_for_update().get(pk=user.pk)  # before and after must be true
        if manager == current and changes.keys() & {"role", "is_active"}:
            raise ValidationError(_("Somebody else must change your own role or access."))
        told = {}
        for field, value in changes.items():
            told[field] = [_told(getattr(current, field)), _told(value)]
            setattr(current, field, value)
        _check_role(current)
        _check_unit(current)
        untouched = {field.name for field in User._meta.fields} - changes.keys()  # noqa: SLF001
        current.full_clean(exclude=untouched)
        current.save(update_fields=list(changes))
        events.record(actor=manager, verb="update_user", subject=current, data=told)
    return current


def set_password(*, actor: Viewer | None, user: User, password: str) -> None:
    """Set a new password: one's own, or anybody's with `manage_accounts`.

    Raises:
        PermissionDenied: neither one's own nor with `manage_accounts`.
        ValidationError: the password is weak; it says why.
    """
    own = isinstance(actor, User) and actor.is_active and actor.pk == user.pk
    setter = (
        actor if own and isinstance(actor, User) else require_or_system(actor, "manage_accounts")
    )
    _check_password(password, user)
    user.set_password(password)
    with transaction.atomic():
        user.save(update_fields=["password"])
        events.record(actor=setter, verb="set_password", subject=user, data={})


def enter_built_in_roles() -> None:
    """Make the table's built-in roles those of this version, but for what the site has changed.

    Runs after every migration; also where tests have emptied the tables.
    """
    for role in BUILT_IN.values():
        fields = {
            "names": {"zh": role.zh, "en": role.en},
            "verbs": sorted(role.verbs.split()),
            "scope": role.scope,
            "built_in": True,
        }
        Role.objects.get_or_create(code=role.code, defaults=fields)
        Role.objects.filter(code=role.code, changed_at=None).update(**fields)


def _check_role(user: User) -> None:
    if not Role.objects.filter(code=user.role).exists():
        raise ValidationError({"role": _("There is no such role.")})


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
