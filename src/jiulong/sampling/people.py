"""Who works where: laboratories, and who may see which sample. Reads only."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from jiulong.organisation.models import Post, Role, Unit, User


def laboratories() -> QuerySet[Unit]:
    """Units in which somebody may enter results."""
    roles = list(Role.objects.filter(verbs__contains=["enter_result"]).values_list("pk", flat=True))
    main = User.objects.filter(role__in=roles, is_active=True).exclude(unit=None)
    further = Post.objects.filter(role__in=roles)
    works = Q(pk__in=main.values("unit")) | Q(pk__in=further.values("unit"))
    return Unit.objects.filter(works, closed_on=None).order_by("name")


def is_laboratory(unit: Unit) -> bool:
    """Whether somebody there may enter results."""
    return laboratories().filter(pk=unit.pk).exists()
