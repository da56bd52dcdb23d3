"""Posts: further roles of a person in a unit, for a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jiulong.organisation import events
from jiulong.organisation.actions.separation import refuse_two_administrators, require_role_grant
from jiulong.organisation.models import Post, Role, Unit, User
from jiulong.organisation.rules import Viewer


def give_post(
    *,
    actor: Viewer | None,
    user: User,
    unit: Unit,
    role: Role,
    title: str = "",
    from_on: date | None = None,
    to_on: date | None = None,
    named: Sequence[Unit] = (),
) -> Post:
    """Give a person a role in a unit, from today unless told otherwise; both days are included.

    Raises:
        PermissionDenied: the actor may not give this role, or gives it to themselves.
        ValidationError: a field is wrong, or they would be two of the three administrators.
    """
    require_role_grant(_user(actor), role)
    _refuse_self(actor, user)
    post = Post(user=user, unit=unit, role=role, title=title, to_on=to_on,
                from_on=from_on or timezone.localdate())  # fmt: skip
    post.full_clean()
    if role.scope == Role.Scope.NAMED and not named:
        raise ValidationError({"named": _("Name the units that this role reaches.")})
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two posts at once must see each other
        post.save()
        post.named.set(named)
        refuse_two_administrators(user)
        events.record(actor=_user(actor), verb="give_post", subject=user, data=_told(post))
    return post


def end_post(*, actor: Viewer | None, post: Post, on: date | None = None) -> Post:
    """End a post: `on` is its last day, yesterday unless told otherwise, so that it ends at once.

    Raises:
        PermissionDenied: the actor may not take this role, or it is their own.
        ValidationError: it would end before it began by more than that.
    """
    require_role_grant(_user(actor), post.role)
    _refuse_self(actor, post.user)
    last = on or timezone.localdate() - timedelta(days=1)
    with transaction.atomic():
        current = Post.objects.select_for_update(of=("self",)).get(pk=post.pk)
        if on is not None and on < current.from_on:
            raise ValidationError({"to_on": _("It began later.")})
        if last < current.from_on:  # begun today: it never was
            told = _told(current)
            current.named.clear()
            current.delete()
        else:
            current.to_on = last
            current.save(update_fields=["to_on"])
            told = _told(current)
        current.user.forget_rights()
        events.record(actor=_user(actor), verb="end_post", subject=current.user, data=told)
    return current


def _user(actor: Viewer | None) -> User | None:
    if actor is not None and not isinstance(actor, User):
        raise PermissionDenied("manage_accounts")
    return actor


def _refuse_self(actor: Viewer | None, user: User) -> None:
    if isinstance(actor, User) and actor.pk == user.pk:
        raise ValidationError(_("Somebody else must change your own role or access."))


def _told(post: Post) -> dict[str, str | None]:
    return {
        "role": post.role_id,
        "unit": post.unit.code,
        "title": post.title,
        "from": post.from_on.isoformat(),
        "to": post.to_on.isoformat() if post.to_on else None,
    }
