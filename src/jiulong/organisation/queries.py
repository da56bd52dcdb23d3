"""Every read of units, accounts, roles and logs for pages and the API."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from jiulong.organisation.models import LogLine, Post, ReadRecord, Role, Session, Unit, User
from jiulong.organisation.rules import Viewer, may


def keeps_house(viewer: Viewer) -> bool:
    """Whether the viewer may look into the house's books: its units, people and roles."""
    return may(viewer, "keep_house")


def offices(viewer: Viewer) -> QuerySet[Unit]:
    """Open units that are no enterprises: what authorities there are is no secret to accounts."""
    if not isinstance(viewer, User) or not viewer.is_active:
        return Unit.objects.none()
    return Unit.objects.filter(closed_on=None).exclude(kind=Unit.Kind.ENTERPRISE)


def units(
    viewer: Viewer,
    *,
    text: str = "",
    kind: str = "",
    parent: Unit | None = None,
    closed: bool | None = None,
) -> QuerySet[Unit]:
    """The unit tree, for administrators; `people` counts active accounts. Others see no unit."""
    if not keeps_house(viewer):
        return Unit.objects.none()
    found = Unit.objects.select_related("parent")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(code__istartswith=text))
    if kind:
        found = found.filter(kind=kind)
    if parent is not None:
        found = found.filter(path__startswith=parent.path)
    if closed is not None:
        found = found.filter(closed_on__isnull=not closed)
    active = User.objects.filter(unit=OuterRef("pk"), is_active=True).order_by().values("unit")
    return found.annotate(people=Subquery(active.annotate(n=Count("pk")).values("n")))


def ancestors(unit: Unit) -> Sequence[Unit]:
    """The units above, the highest first."""
    ids = [int(part) for part in unit.path.split("/") if part][:-1]
    rows = Unit.objects.in_bulk(ids)
    return [rows[pk] for pk in ids]


def people(
    viewer: Viewer,
    *,
    text: str = "",
    role: str = "",
    unit: Unit | None = None,
    active: bool | None = None,
    locked: bool | None = None,
) -> QuerySet[User]:
    """Accounts, for administrators; a role counts where it is held by a further post today too."""
    if not keeps_house(viewer):
        return User.objects.none()
    found = User.objects.with_rights().select_related("unit")
    if text:
        found = found.filter(
            Q(username__icontains=text) | Q(first_name__icontains=text)
            | Q(last_name__icontains=text) | Q(unit__name__icontains=text)
        )  # fmt: skip
    if role:
        held = Post.objects.filter(_today(), role=role)
        found = found.filter(Q(role=role) | Q(pk__in=held.values("user")))
    if unit is not None:
        there = Post.objects.filter(_today(), unit__path__startswith=unit.path)
        found = found.filter(Q(unit__path__startswith=unit.path) | Q(pk__in=there.values("user")))
    if active is not None:
        found = found.filter(is_active=active)
    if locked is not None:
        shut = Q(locked_until__gt=timezone.now())
        found = found.filter(shut if locked else ~shut)
    return found


def posts(viewer: Viewer, user: User) -> QuerySet[Post]:
    """An account's further posts: for administrators, and one's own."""
    if not keeps_house(viewer) and viewer != user:
        return Post.objects.none()
    found = Post.objects.filter(user=user).select_related("unit", "role")
    return found.prefetch_related("named")


def roles(viewer: Viewer) -> QuerySet[Role]:
    """Roles with the number of accounts whose main role it is, for administrators."""
    if not keeps_house(viewer):
        return Role.objects.none()
    holders = User.objects.filter(role=OuterRef("pk"), is_active=True).order_by().values("role")
    return Role.objects.annotate(
        holders=Subquery(holders.annotate(n=Count("pk")).values("n")),
        further=Count("posts", filter=_today("posts__")),
    )


def sign_ins(viewer: Viewer, user: User) -> QuerySet[Session]:
    """Where an account is signed in: its own, or for who manages accounts."""
    if viewer != user and not may(viewer, "manage_accounts"):
        return Session.objects.none()
    live = Session.objects.filter(user=user, expire_date__gt=timezone.now())
    return live.order_by("-began_at")


def login_lines(
    viewer: Viewer,
    *,
    text: str = "",
    kind: str = "",
    good: bool | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[LogLine]:
    """The login log, for the auditor."""
    if not may(viewer, "see_logs"):
        return LogLine.objects.none()
    found = LogLine.objects.select_related("user")
    if text:
        found = found.filter(Q(name__icontains=text) | Q(address__istartswith=text))
    if kind:
        found = found.filter(kind=kind)
    if good is not None:
        found = found.filter(good=good)
    return found.filter(_between(since, until))


def read_records(
    viewer: Viewer,
    *,
    text: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[ReadRecord]:
    """Who read which masked field, for the auditor."""
    if not may(viewer, "see_logs"):
        return ReadRecord.objects.none()
    found = ReadRecord.objects.all()
    if text:
        found = found.filter(
            Q(user_name__icontains=text) | Q(subject_id=text) | Q(field__icontains=text)
            | Q(reason__icontains=text)
        )  # fmt: skip
    return found.filter(_between(since, until))


def _between(since: datetime | None, until: datetime | None) -> Q:
    found = Q() if since is None else Q(at__gte=since)
    return found if until is None else found & Q(at__lt=until)


def _today(prefix: str = "") -> Q:
    day = timezone.localdate()
    ends = Q(**{f"{prefix}to_on": None}) | Q(**{f"{prefix}to_on__gte": day})
    return Q(**{f"{prefix}from_on__lte": day}) & ends
