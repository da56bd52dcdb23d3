"""The district at work: packs, invented people in every unit, and what is on their desks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from jiulong.bulletins import demo as bulletins
from jiulong.cases.models import Notice
from jiulong.demo import standards
from jiulong.evidence.actions import record_event
from jiulong.monitoring.models import Point
from jiulong.organisation.models import Unit, User
from jiulong.packs.actions import apply_packs

#: The district's own pack: units, grids and roles. The others stand on it.
GROUND: Final = "xiangcheng"
#: What people there are in a unit of a kind: role, and what they are called.
STAFF: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    Unit.Kind.DEPARTMENT: (
        (User.Role.LEADER, "负责人"),
        (User.Role.HANDLER, "承办员"),
        ("desk_officer", "归口办理员"),
    ),
    Unit.Kind.STREET: (
        (User.Role.LEADER, "负责人"),
        (User.Role.STREET_STAFF, "综合执法员"),
        ("desk_officer", "综合办"),
    ),
    Unit.Kind.ZONE: ((User.Role.LEADER, "负责人"), (User.Role.HANDLER, "承办员")),
    Unit.Kind.COMMUNITY: (("community_staff", "网格管理员"),),
    Unit.Kind.GRID: ((User.Role.GRID_WORKER, "网格员"),),
    Unit.Kind.ENTERPRISE: ((User.Role.ENTERPRISE, "环保负责人"),),
}
#: In firms that operate stations for others.
OPERATORS: Final = ((User.Role.OPERATOR, "运维员"),)
#: Older notices of the demo have been read, each within this time.
READ_AFTER: Final = timedelta(hours=20)
READ_WITHIN: Final = timedelta(minutes=40)


def lay_ground(*, now: datetime) -> None:
    """Units, grids and roles of the district."""
    apply_packs(actor=None, paths=[GROUND], now=now)


def furnish(*, now: datetime, packs: Iterable[str] | None = None) -> int:
    """People for every unit, then the other packs (or those named) with their demo records.

    Returns how many people. They have no password: nobody can sign in as one of them. They are
    invented, and named after what they do.
    """
    with transaction.atomic():
        people = User.objects.bulk_create(_staff())
        for unit in Unit.objects.filter(kind=Unit.Kind.DISTRICT):
            record_event(
                actor=None, verb="demo_staff", subject=unit, data={"people": len(people)}, at=now
            )
    if packs is None:
        packs = sorted(path.parent.name for path in settings.PACKS.glob("*/pack.yaml"))
    for name in packs:  # one by one: what is there can be looked at meanwhile
        if name != GROUND:
            apply_packs(actor=None, paths=[name], demo=True, now=now)
    standards.hold(now)
    bulletins.furnish(now)
    # People read what they are told; only what came lately is new to them.
    Notice.objects.filter(at__lt=now - READ_AFTER).update(read_at=F("at") + READ_WITHIN)
    return len(people)


def _staff() -> Iterator[User]:
    known = set(User.objects.values_list("username", flat=True))
    nobody = make_password(None)
    operators = set(Point.objects.values_list("operator", flat=True))
    for unit in Unit.objects.all():
        staff = OPERATORS if unit.pk in operators else STAFF.get(unit.kind, ())
        for role, title in staff:
            name = f"{unit.code}.{role}"
            if name not in known:
                yield User(
                    username=name, role=role, unit=unit, first_name=f"{unit.name}{title}",
                    password=nobody,
                )  # fmt: skip
