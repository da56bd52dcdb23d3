"""The district's calendar: everybody reads it, the system administrator changes it."""

from __future__ import annotations

from datetime import date

from jiulong.calendar.models import OfficeHours
from tests.organisation.matrix import holders, signed_in
from tests.organisation.matrix.world import World


def office_hours(world: World) -> OfficeHours:
    return OfficeHours.objects.create(spans="08:00-12:00")


ROWS = {
    "calendar:year": signed_in(),
    "calendar:of_year": signed_in(args=lambda _world: [2026]),
    "calendar:day": holders("administrator", args=lambda _world: [date(2026, 5, 1)], post={}),
    "calendar:notice": holders("administrator", post={}),
    "calendar:hours": holders("administrator", post={}),
    "calendar:remove_hours": holders(
        "administrator", args=lambda world: [world.get(office_hours).pk], post={}
    ),
}
