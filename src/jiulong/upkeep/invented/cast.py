"""Who hands in and who reviews in the demo, and dice that fall alike each time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, Final

from django.utils import timezone

from jiulong.monitoring.models import Factor, Limit, Point
from jiulong.organisation.models import User
from jiulong.upkeep.provisions import Rulebook, rulebook

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
SURNAMES: Final = "陈林黄张吴李郑王许蔡"


@dataclass(frozen=True)
class Cast:
    """The people of the play. Whoever has no account signs by the name of the firm."""

    now: datetime
    days: int
    book: Rulebook
    users: dict[int, User]  # unit → an account of it that marks data
    reviewer: User | None
    factors: dict[int, list[Factor]]  # point → what it has limits for

    @classmethod
    def found(cls, now: datetime, days: int) -> Cast:
        """Those who are there."""
        users = {
            user.unit_id: user
            for user in User.objects.filter(role__in=("enterprise", "operator"))
            if user.unit_id is not None
        }
        factors: dict[int, list[Factor]] = {}
        rows = Limit.objects.filter(valid_to=None).select_related("factor").order_by("factor__code")
        for limit in rows:
            known = factors.setdefault(limit.point_id, [])
            if limit.factor not in known:
                known.append(limit.factor)
        reviewer = User.objects.filter(role="monitor").order_by("pk").first()
        return cls(now, days, rulebook(), users, reviewer, factors)

    @property
    def today(self) -> date:
        """The local day."""
        return timezone.localdate(self.now)

    def signed(self, point: Point, at: datetime) -> dict[str, Any]:
        """Handed in by whoever looks after the point."""
        unit = point.operator or point.outfall.enterprise.unit
        user = self.users.get(unit.pk)
        name = str(user) if user else unit.name
        return {"by": user, "by_name": name, "by_unit": unit, "entered_at": at}

    def actor(self, point: Point) -> User | None:
        """The account of whoever looks after the point, if there is one."""
        unit = point.operator or point.outfall.enterprise.unit
        return self.users.get(unit.pk)


def dice(point: Point, what: str) -> Random:
    """Chances of one point, the same each time."""
    return Random(f"{point.code} {what}")  # noqa: S311 - a play, no secret


def local(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a local day."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def people(chance: Random) -> str:
    """Two invented names."""
    return " ".join(f"{chance.choice(SURNAMES)}某" for _one in range(2))
