"""Roles: which verbs they hold, and where."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation import events
from jiulong.organisation.actions.separation import refuse_mixed_verbs, refuse_two_administrators
from jiulong.organisation.models import Role, User
from jiulong.organisation.roles import BUILT_IN, SEPARATE
from jiulong.organisation.rules import Viewer, require_or_system
from jiulong.organisation.verbs import VERBS


def create_role(
    *,
    actor: Viewer | None,
    code: str,
    names: Mapping[str, str],
    verbs: Iterable[str],
    scope: str,
    pack: str = "",
) -> Role:
    """Make a role; `names` are its names by language, `{"zh": …, "en": …}`.

    Raises:
        PermissionDenied: the actor's role lacks `manage_roles`.
        ValidationError: a field is wrong; it says which.
    """
    user = require_or_system(actor, "manage_roles")
    role = Role(code=code, pack=pack)
    _fill(role, names=names, verbs=verbs, scope=scope)
    role.full_clean()
    with transaction.atomic():
        role.save(force_insert=True)
        events.record(actor=user, verb="create_role", subject=role, data=_told(role))
    return role


def update_role(
    *,
    actor: Viewer | None,
    role: Role,
    names: Mapping[str, str] | None = None,
    verbs: Iterable[str] | None = None,
    scope: str | None = None,
) -> Role:
    """Change what a role holds and where, for everybody who has it, at once.

    Raises:
        PermissionDenied: the actor's role lacks `manage_roles`.
        ValidationError: a field is wrong, or somebody would be two of the three administrators.
    """
    user = require_or_system(actor, "manage_roles")
    with transaction.atomic():
        current = Role.objects.select_for_update().get(pk=role.pk)
        before = _told(current)
        _fill(current, names=names, verbs=verbs, scope=scope)
        current.full_clean()
        current.changed_at = timezone.now()
        current.save()
        if SEPARATE & set(current.verbs) - set(before["verbs"]):
            for holder in User.objects.filter(Q(role=current.pk) | Q(posts__role=current)):
                refuse_two_administrators(holder)
        after = _told(current)
        told = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
        events.record(actor=user, verb="update_role", subject=current, data=told)
    return current


def put_role(
    *, code: str, names: Mapping[str, str], verbs: Iterable[str], scope: str, pack: str
) -> tuple[Role, bool]:
    """What a pack says of a role, for whoever applies packs; True where it changed something.

    A built-in role and one that the site changed by hand stay as they are.

    Raises:
        ValidationError: a verb is unknown, an administrator's, or the scope is none.
    """
    asked = set(verbs)
    if SEPARATE & asked:
        raise ValidationError({"verbs": _("A pack brings no administrators.")})
    with transaction.atomic():
        role = Role.objects.select_for_update().filter(pk=code).first() or Role(code=code)
        if role.built_in or role.changed_at is not None:
            return role, False
        before = _told(role) if role.pack else None
        role.pack = pack
        _fill(role, names=names, verbs=asked, scope=scope)
        if _told(role) == before:
            return role, False
        role.full_clean(validate_unique=False)
        role.save()
    return role, True


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


def _fill(
    role: Role,
    *,
    names: Mapping[str, str] | None,
    verbs: Iterable[str] | None,
    scope: str | None,
) -> None:
    if names is not None:
        role.names = {language: name for language, name in names.items() if name}
        if not role.names:
            raise ValidationError({"names": _("A role needs a name.")})
    if verbs is not None:
        role.verbs = sorted(set(verbs))
        if unknown := set(role.verbs) - VERBS.keys():
            text = _("There is no verb %(verb)s.") % {"verb": ", ".join(sorted(unknown))}
            raise ValidationError({"verbs": text})
        refuse_mixed_verbs(role.verbs)
    if scope is not None:
        role.scope = scope


def _told(role: Role) -> dict[str, Any]:
    return {"names": role.names, "verbs": role.verbs, "scope": role.scope}
